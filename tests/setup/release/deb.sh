#!/usr/bin/env bash
# Makes the Debian packages in target/dist from what `make build` built.   deb.sh [REVISION]
# Without debhelper: what is installed, and where, stands in one place (install.sh) for all ways to install.
source "$(dirname "$0")/version.sh"

revision=$version-${1:-1}
maintainer=${MAINTAINER:-The mod_wasm authors <mod-wasm@localhost>}
architecture=$(dpkg --print-architecture)
files=tests/setup/release/debian
build=$(mktemp --directory --tmpdir="$setup")
trap 'rm -rf "$build"' EXIT
module=$build/prosody-mod-wasm
developers=$build/prosody-wasm-dev

# move FROM TO: a folder of the first package, or of another; parents are made.
move() {
	mkdir -p "$(dirname "$2")"
	mv "$1" "$2"
}

# documents PACKAGE: what Debian wants to find in the folder of documents.
documents() {
	local folder=$build/$1/usr/share/doc/$1
	mkdir -p "$folder"
	{
		cat "$files/copyright"
		sed -n '5,$ { s/^$/./; s/^/ /p }' LICENSE
	} >"$folder/copyright"
	printf 'mod-wasm (%s) unstable; urgency=medium\n\n  * See CHANGELOG.md.\n\n -- %s  %s\n' "$revision" \
		"$maintainer" "$(date --utc --rfc-email --date="@$SOURCE_DATE_EPOCH")" |
		gzip -9n >"$folder/changelog.Debian.gz"
}

lay_out_module() {
	local share=$module/usr/share
	make --no-print-directory install DESTDIR="$module" PREFIX=/usr
	move "$share/doc/mod-wasm" "$share/doc/prosody-mod-wasm"
	rm "$share/doc/prosody-mod-wasm/LICENSE"
	mv "$share/doc/prosody-mod-wasm/CHANGELOG.md" "$share/doc/prosody-mod-wasm/changelog"
	gzip -9n "$share/doc/prosody-mod-wasm/changelog" "$share"/man/man1/*
	move "$share/zsh/site-functions" "$share/zsh/vendor-completions"
	install -m 644 "$files/README.Debian" "$share/doc/prosody-mod-wasm/"
	tests/setup/release/libraries.sh "$share/doc/prosody-mod-wasm/libraries.txt"
	documents prosody-mod-wasm
}

lay_out_developers() {
	move "$module/usr/share/prosody-wasm" "$developers/usr/share/prosody-wasm"
	documents prosody-wasm-dev
}

# What the symbols need that program and library use: of an older C library than the one of this machine.
needed_libraries() {
	mkdir -p "$build/debian"
	printf 'Source: mod-wasm\n\nPackage: prosody-mod-wasm\nArchitecture: any\n' >"$build/debian/control"
	(cd "$build" && dpkg-shlibdeps -O --warnings=0 prosody-mod-wasm/usr/bin/prosody-wasm \
		prosody-mod-wasm/usr/lib/prosody/modules/mod_wasm/prosody_wasm-*.so) | sed 's/^shlibs:Depends=//'
}

# pack PACKAGE ARCHITECTURE CONTROL SCRIPT…
pack() {
	local root=$build/$1 control=$build/$1/DEBIAN libraries script size
	libraries=$([ "$2" = all ] || needed_libraries)
	size=$(du --summarize --block-size=1024 --apparent-size "$root" | cut -f 1)
	mkdir "$control"
	(cd "$root" && find usr -type f -print0 | LC_ALL=C sort --zero-terminated | xargs --null md5sum) >"$control/md5sums"
	sed -e "s/@version@/$revision/; s/@maintainer@/$maintainer/; s/@architecture@/$2/; s/@libraries@/$libraries/; s/@size@/$size/" "$files/$3" >"$control/control"
	for script in "${@:4}"; do
		install -m 755 "$files/$script" "$control/$script"
	done
	dpkg-deb --root-owner-group -Zxz -z2 --build "$root" "$dist/$1_${revision}_$2.deb"
}

make_packages() {
	lay_out_module
	lay_out_developers
	pack prosody-mod-wasm "$architecture" control postinst prerm postrm
	pack prosody-wasm-dev all control-dev
}

step "making Debian packages of $revision" make_packages
ls "$dist"/*_"$revision"_*.deb
