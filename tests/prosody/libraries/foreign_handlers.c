/* A library that takes the signals of faults, as collectors, profilers and reporters of crashes do. Without Lua's headers,
 * which tests do not need otherwise: what it calls of Lua is declared here, and found in the program that loads it. */
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>

typedef struct lua_State lua_State;
extern void lua_pushinteger(lua_State *lua, long long number);
extern int lua_toboolean(lua_State *lua, int index);

static const int faults[] = { SIGSEGV, SIGILL, SIGFPE };
static struct sigaction before[65];
static sigjmp_buf own;
static volatile sig_atomic_t is_own, passes_on, of_own, of_others;

static void handler(int number, siginfo_t *info, void *context) {
	const struct sigaction *next = &before[number];
	if (is_own) {
		is_own = 0;
		of_own++;
		siglongjmp(own, 1);
	}
	of_others++;
	if (passes_on && next->sa_flags & SA_SIGINFO) {
		next->sa_sigaction(number, info, context);
	} else if (passes_on && next->sa_handler != SIG_DFL && next->sa_handler != SIG_IGN) {
		next->sa_handler(number);
	} else {
		/* It comes again, and ends the process. */
		signal(number, SIG_DFL);
	}
}

/* install(passes on what is not its own): how many of them somebody else had. */
int install(lua_State *lua) {
	struct sigaction action = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
	int taken = 0;
	passes_on = lua_toboolean(lua, 1);
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		sigaction(faults[i], &action, &before[faults[i]]);
		taken += before[faults[i]].sa_handler != SIG_DFL;
	}
	lua_pushinteger(lua, taken);
	return 1;
}

/* fault(): one of its own, of each kind; how many of its own it has seen so far. */
int fault(lua_State *lua) {
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		if (sigsetjmp(own, 1) == 0) {
			is_own = 1;
			if (faults[i] == SIGSEGV) *(volatile int *)8 = 1;
			raise(faults[i]);
		}
	}
	lua_pushinteger(lua, of_own);
	return 1;
}

/* others(): how many it got that were not its own. */
int others(lua_State *lua) {
	lua_pushinteger(lua, of_others);
	return 1;
}
