#!/usr/bin/env bash
# Installs what was built.   install.sh PREFIX POLICY...
# Every file is written beside its place and renamed into it, so that a running server never sees half a file and
# keeps the library that it has mapped.
set -euo pipefail
prefix=${1:?usage: install.sh PREFIX POLICY...}
shift
cd "$(dirname "$0")/../.."

# put MODE FILE PLACE [strip]
put() {
	local new=$3.new.$$
	[ -e "$2" ] || { echo "error: $2 is missing: run 'make build' first" >&2; exit 1; }
	install -D -m "$1" ${4:+--strip} "$2" "$new"
	mv -f "$new" "$3"
}

# put_folder FOLDER PLACE: as a whole, without what an older version had in it.
put_folder() {
	[ -d "$1" ] || { echo "error: $1 is missing: run 'make build' first" >&2; exit 1; }
	rm -rf "$2.new"
	mkdir -p "$2.new"
	cp --recursive --dereference "$1/." "$2.new"
	chmod -R u=rwX,go=rX "$2.new"
	rm -rf "$2"
	mv "$2.new" "$2"
}

size() {
	numfmt --to=si --suffix=B "$(stat -c %s "$1")"
}

modules=$prefix/lib/prosody/modules
module=$modules/mod_wasm
for file in lua-shim/mod_*/*.lua; do
	put 644 "$file" "$modules/${file#lua-shim/}"
done
# The library has a name of its own for each build, so that a running server can load it beside the one it has.
library=prosody_wasm-$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)-$(sha256sum target/module/libprosody_wasm.so | cut -c 1-12).so
put 644 target/module/libprosody_wasm.so "$module/$library" strip
ln -s "$library" "$module/prosody_wasm.so.new.$$"
mv -fT "$module/prosody_wasm.so.new.$$" "$module/prosody_wasm.so"
for file in "$module"/prosody_wasm-*.so; do
	[ "$file" = "$module/$library" ] || rm -f "$file"
done
# What an older version had and this one has not.
for ours in lua-shim/mod_*; do
	for file in "$modules/${ours#lua-shim/}"/*.lua; do
		[ -e "$ours/$(basename "$file")" ] || rm -f "$file"
	done
done
# A policy carries the schema of its settings. Names and lines of its source stay in the file that was built, for
# `prosody-wasm explain --debug`.
mkdir -p target/policies
for policy in "$@"; do
	built=target/wasm32-unknown-unknown/guest/$policy.wasm carried=target/policies/$policy.wasm
	[ -e "$built" ] || { echo "error: $built is missing: run 'make build' first" >&2; exit 1; }
	target/release/prosody-wasm strip "$built" "$carried" >/dev/null
	target/release/prosody-wasm schema "$carried" "guest-plugins/$policy/settings.schema.json" --output "$carried.new" >/dev/null
	mv -f "$carried.new" "$carried"
	put 644 "$carried" "$prefix/lib/prosody/wasm/$policy.wasm"
done
# Files for a policy's option `files`.
for rules in guest-plugins/*/rules/*.pfw; do
	[ ! -e "$rules" ] || put 644 "$rules" "$prefix/lib/prosody/wasm/rules/$(basename "$rules")"
done
put 755 target/release/prosody-wasm "$prefix/bin/prosody-wasm" strip
# What the program says about itself.
for page in target/pages/*.1; do
	put 644 "$page" "$prefix/share/man/man1/$(basename "$page")"
done
put 644 target/pages/prosody-wasm.bash "$prefix/share/bash-completion/completions/prosody-wasm"
put 644 target/pages/prosody-wasm.fish "$prefix/share/fish/vendor_completions.d/prosody-wasm.fish"
put 644 target/pages/_prosody-wasm "$prefix/share/zsh/site-functions/_prosody-wasm"
# What authors of policies build with.
put_folder target/sdk/rust "$prefix/share/prosody-wasm/sdk/rust"
for language in javascript python c; do
	put_folder "guest-plugins/sdk-$language" "$prefix/share/prosody-wasm/sdk/$language"
done
put_folder wit/v0.1 "$prefix/share/prosody-wasm/wit"
# In the same folders as here: the pages link to each other.
for document in README.md ARCHITECTURE.md CHANGELOG.md LICENSE docs/*.md docs/*/* wit/README.md wit/v0.1/*.wit guest-plugins/*/README.md; do
	put 644 "$document" "$prefix/share/doc/mod-wasm/$document"
done

echo "Installed under $prefix: mod_wasm (library $(size "$module/$library")), policies: $*, prosody-wasm ($(size "$prefix/bin/prosody-wasm"))"
