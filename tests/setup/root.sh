#!/usr/bin/env bash
# A clean Debian with Prosody in it, for the tests of packages, under target/roots/NAME. Needs root.
#   root.sh bookworm | bookworm-backports | trixie
source "$(dirname "$0")/step.sh"
source "$(dirname "$0")/debian.sh"

name=${1:-}
root=$project/target/roots/$name
case $name in
bookworm) suites="bookworm" package=prosody ;;
bookworm-backports) suites="bookworm bookworm-backports" package=prosody/bookworm-backports ;;
trixie) suites="trixie" package=prosody ;;
*) fail "usage: root.sh bookworm | bookworm-backports | trixie" ;;
esac
[ ! -e "$root/.complete" ] || exit 0
[ "$(id -u)" = 0 ] || fail "a clean Debian under target/roots can only be made by root"
"$(dirname "$0")/packages.sh" mmdebstrap

make_root() {
	local uri suite sources=()
	uri=$(mirror)
	for suite in $suites; do
		sources+=("deb ${uri:-http://deb.debian.org/debian/} $suite main")
	done
	rm -rf "$root.new"
	mkdir -p "$project/target/roots"
	mmdebstrap --mode=root --variant=minbase --include="$package" --aptopt='APT::Install-Recommends "false"' \
		--aptopt='Acquire::Languages "none"' "${suites%% *}" "$root.new" "${sources[@]}"
	touch "$root.new/.complete"
	rm -rf "$root"
	mv "$root.new" "$root"
}

step "making a clean Debian ($name) with Prosody under target/roots" make_root
