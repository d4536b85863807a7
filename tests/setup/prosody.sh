#!/usr/bin/env bash
# Unpacks a Debian build of Prosody under target/prosody/VERSION, without installing it.
#   prosody.sh 13.0 | 0.12 | 13.0.7
# 13.0 (which is 13.0.1) is in bookworm-backports, 0.12 in bookworm. 13.0.7 is in sid, whose libraries want a newer
# glibc than bookworm's: its Lua files run with the libraries of 13.0. When sid and forky have another 13.x by now, the
# newest that starts is taken instead.
source "$(dirname "$0")/step.sh"
source "$(dirname "$0")/debian.sh"

version=${1:-}
case $version in
13.0 | 0.12 | 13.0.7) ;;
*) fail "usage: prosody.sh 13.0 | 0.12 | 13.0.7" ;;
esac

prosodies=$project/target/prosody
root=$prosodies/$version
[ ! -e "$root/.unpacked" ] || exit 0

# Shared libraries that the machine lacks are unpacked beside Prosody; the test server adds them to its library path.
download_missing_libraries() {
	local package
	for package in $(dpkg-deb -f "$apt"/debs/prosody/*.deb Depends | tr ',' '\n' | sed 's/[(|].*//; s/ //g' | grep '^lib'); do
		[ "$(dpkg-query --show --showformat '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
			download "$package" /bookworm "$1"
	done
}

# accept FOLDER VERSION: puts what was unpacked into its place.
accept() {
	echo "$2" >"$1/.unpacked"
	rm -rf "$root"
	mv "$1" "$root"
}

fetch_from() {
	use_suites apt bookworm bookworm-backports
	rm -rf "$root.new"
	download prosody "/$1" "$root.new"
	download_missing_libraries "$root.new"
	accept "$root.new" "$version"
}

newer_versions() {
	with_own_sources apt-cache madison prosody | awk '{ print $3 }' | grep '^13\.' | sort --version-sort --reverse --unique
}

# Everything compiled is that of 13.0.
borrow_libraries() {
	local library
	find "$1/usr/lib" -name '*.so' -delete
	cp "$prosodies/13.0"/usr/lib/prosody/util/*.so "$1/usr/lib/prosody/util/"
	for library in "$prosodies/13.0"/usr/lib/*-linux-*; do
		[ ! -d "$library" ] || cp -r "$library" "$1/usr/lib/"
	done
}

fetch_newer() {
	local found
	[ -e "$prosodies/13.0/.unpacked" ] || fail "13.0.7 needs the libraries of 13.0: run prosody.sh 13.0 first"
	use_suites apt-sid sid forky
	for found in $(newer_versions); do
		rm -rf "$root.new"
		download prosody "=$found" "$root.new"
		borrow_libraries "$root.new"
		if "$(dirname "$0")/prosody-starts.sh" "$root.new"; then
			accept "$root.new" "$found"
			return
		fi
	done
	fail "no 13.x of sid or forky starts with the libraries of 13.0 (found: $(newer_versions | tr '\n' ' '))"
}

case $version in
13.0) step "fetching Prosody 13.0 from bookworm-backports" fetch_from bookworm-backports ;;
0.12) step "fetching Prosody 0.12 from bookworm" fetch_from bookworm ;;
13.0.7)
	step "fetching Prosody 13.0.7 from sid" fetch_newer
	grep -q '^13\.0\.7-' "$root/.unpacked" || echo "sid has no 13.0.7 any more: target/prosody/13.0.7 is $(cat "$root/.unpacked")"
	;;
esac
