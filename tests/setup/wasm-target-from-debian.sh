#!/usr/bin/env bash
# For machines where rustup cannot fetch the target: builds Rust's standard library for wasm32-unknown-unknown with
# Debian's newest Rust (packages rustc-web, rust-web-src), and leaves a compiler that has it.
#   wasm-target-from-debian.sh FOLDER      afterwards: RUSTC=FOLDER/rustc cargo build --target wasm32-unknown-unknown
# Linkers come from the installed Rust, because Debian's are in packages which are not needed otherwise.
source "$(dirname "$0")/step.sh"

folder=${1:?usage: wasm-target-from-debian.sh FOLDER}
target=wasm32-unknown-unknown
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

"$(dirname "$0")/packages.sh" rustc-web rust-web-src
debian=/usr/bin/rustc
version=$("$debian" -vV)
host=$(sed -n 's/^host: //p' <<<"$version")
[ ! -x "$folder/rustc" ] || [ "$(cat "$folder/version" 2>/dev/null)" != "$version" ] || exit 0

write_empty_crate() {
	rm -rf "$folder/build"
	mkdir -p "$folder/build/src"
	printf '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n' >"$folder/build/Cargo.toml"
	echo '#![no_std]' >"$folder/build/src/lib.rs"
}

# Building std is an unstable feature of cargo; without embedded bitcode, guests could not be built with LTO.
build_standard_library() {
	write_empty_crate
	cd "$folder/build"
	RUSTC=$debian RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Cembed-bitcode=yes CARGO_TARGET_DIR="$folder/build/target" \
		cargo build -Zbuild-std=std,panic_abort --target "$target" --release
}

# A sysroot of links, with the one part in it that Debian does not have.
lay_out_sysroot() {
	local rustlib=$folder/sysroot/lib/rustlib
	rm -rf "$folder/sysroot"
	mkdir -p "$rustlib/$host" "$rustlib/$target/lib"
	ln -s "$("$debian" --print sysroot)/lib/rustlib/$host/lib" "$rustlib/$host/lib"
	ln -s "$(rustc --print sysroot)/lib/rustlib/$host/bin" "$rustlib/$host/bin"
	cp "$folder/build/target/$target"/release/deps/lib*.rlib "$rustlib/$target/lib/"
	rm "$rustlib/$target"/lib/libempty-*.rlib
}

write_compiler() {
	printf '#!/bin/sh\nexec %s --sysroot=%q "$@"\n' "$debian" "$folder/sysroot" >"$folder/rustc"
	chmod +x "$folder/rustc"
	printf '%s\n' "$version" >"$folder/version"
	rm -rf "$folder/build"
}

step "building Rust's standard library for $target (about a minute)" build_standard_library
lay_out_sysroot
write_compiler
