#!/bin/sh
# Installs what is beside this script.   install.sh [PREFIX], /usr by default
# Every file is written beside its place and renamed into it, so that a running server never sees half a file.
set -eu
prefix=${1:-/usr}
cd "$(dirname "$0")"
sha256sum --check --quiet SHA256SUMS

find bin lib share -type f -o -type l | while read -r file; do
	mkdir -p "$prefix/$(dirname "$file")"
	cp -d --preserve=mode "$file" "$prefix/$file.new.$$"
	mv -fT "$prefix/$file.new.$$" "$prefix/$file"
done
# Builds of the library that an older version left.
for file in "$prefix"/lib/prosody/modules/mod_wasm/prosody_wasm-*.so; do
	[ -e "lib/prosody/modules/mod_wasm/$(basename "$file")" ] || rm -f "$file"
done
echo "Installed under $prefix. A running Prosody goes over to it with: prosodyctl shell wasm takeover"
