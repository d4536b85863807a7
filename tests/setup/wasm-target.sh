#!/usr/bin/env bash
# Makes the Rust target wasm32-unknown-unknown available: from rustup, or built from Debian's Rust where rustup cannot
# fetch it.
source "$(dirname "$0")/step.sh"

has_target() {
	[ -n "$(ls "$(rustc --print sysroot)"/lib/rustlib/wasm32-unknown-unknown/lib/libstd-*.rlib 2>/dev/null)" ]
}
! has_target || exit 0
[ ! -x "$setup/wasm-rust/rustc" ] || exit 0

echo "The Rust target wasm32-unknown-unknown is missing."
if command -v rustup >/dev/null && rustup target add wasm32-unknown-unknown && has_target; then
	exit 0
fi
echo "rustup could not add it; building its standard library with Debian's Rust instead."
exec "$(dirname "$0")/wasm-target-from-debian.sh" "$setup/wasm-rust"
