#!/usr/bin/env bash
# The Lua tests with a library that was built under AddressSanitizer, in a plain lua5.4. What it finds ends the test.
source "$(dirname "$0")/../step.sh"

runtime=$(gcc -print-file-name=libasan.so)
[ -e "$runtime" ] || fail "the runtime of AddressSanitizer is missing; it comes with gcc: apt-get install libgcc-12-dev"
host=$(rustc --version --verbose | sed -n 's/^host: //p')
built=target/asan

# A target is named so that programs that run while building are not instrumented. The flag is unstable.
RUSTC_BOOTSTRAP=1 RUSTFLAGS="-Zsanitizer=address" CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_TARGET_DIR=$built \
	cargo build --release --target "$host" -p prosody-wasm-module

rm -rf "$built/stage"
cp -a "${STAGE:-target/stage}" "$built/stage"
cp "$built/$host/release/libprosody_wasm.so" "$built/stage/usr/lib/prosody/modules/mod_wasm/prosody_wasm.so"

# Lua and busted are not instrumented: what they keep until the end is no leak of ours.
export ASAN_OPTIONS="detect_leaks=0:detect_stack_use_after_return=0:abort_on_error=1:allocator_may_return_null=1"
export MOD_WASM_STAGE=$built/stage/usr MOD_WASM_CACHE=$built/cache
# It keeps what was given back for a while, and makes code larger: sizes say nothing here.
LD_PRELOAD=$runtime busted --lua=/usr/bin/lua5.4 --pattern=_spec --exclude-tags=measured tests/lua "$@"
