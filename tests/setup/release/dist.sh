#!/usr/bin/env bash
# Makes the release in target/dist: the source, what was built from it, and the checksums of both.
source "$(dirname "$0")/version.sh"

name=mod_wasm-$version
built=$name-linux-$(uname -m)
build=$(mktemp --directory --tmpdir="$setup")
trap 'rm -rf "$build"' EXIT

lay_out() {
	make --no-print-directory install DESTDIR="$build/$built" PREFIX=
	cp README.md LICENSE "$build/$built/"
	install -m 755 tests/setup/release/install-built.sh "$build/$built/install.sh"
	tests/setup/release/libraries.sh "$build/$built/libraries.txt"
	(cd "$build/$built" && find . -type f -print0 | LC_ALL=C sort --zero-terminated | xargs --null sha256sum) >"$build/SHA256SUMS"
	mv "$build/SHA256SUMS" "$build/$built/"
}

make_tarballs() {
	lay_out
	tests/setup/release/source.sh "$dist/$name.tar.gz"
	tar --create --directory="$build" --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner \
		--format=gnu "$built" | gzip -9n >"$dist/$built.tar.gz"
	(cd "$dist" && sha256sum "$name.tar.gz" "$built.tar.gz" >"$name.sha256")
}

step "making tarballs of $version" make_tarballs
ls "$dist/$name.tar.gz" "$dist/$built.tar.gz" "$dist/$name.sha256"
