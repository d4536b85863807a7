/* Preloaded into a server: while the file exists that BROKEN_CLOCK names, the time of day is refused to mod_wasm's library, and
 * to nobody else. Rust's standard library panics at that, so a panic can be had in the library as it is shipped. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *time) {
	const char *flag = getenv("BROKEN_CLOCK");
	Dl_info caller;
	if (clock == CLOCK_REALTIME && flag && access(flag, F_OK) == 0
		&& dladdr(__builtin_return_address(0), &caller) && caller.dli_fname && strstr(caller.dli_fname, "prosody_wasm")) {
		errno = EINVAL;
		return -1;
	}
	return syscall(SYS_clock_gettime, clock, time);
}
