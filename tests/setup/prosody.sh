#!/usr/bin/env bash
# Unpacks a Debian build of Prosody under target/prosody/VERSION, without installing it.
#   prosody.sh 13.0 | 0.12
# 13.0 is in bookworm-backports, 0.12 in bookworm. The machine's own package sources are neither changed nor
# relied on: apt gets sources, lists and cache of its own under target/setup/apt.
source "$(dirname "$0")/step.sh"

version=${1:-}
case $version in
13.0) release=bookworm-backports ;;
0.12) release=bookworm ;;
*) fail "usage: prosody.sh 13.0 | 0.12" ;;
esac

root=$project/target/prosody/$version
[ ! -e "$root/.unpacked" ] || exit 0
apt=$setup/apt

# The mirror that the machine itself uses for Debian's main archive.
mirror() {
	apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Identifier: Packages' 2>/dev/null |
		awk '$1 == "bookworm" && !found { print $2; found = 1 }'
}

write_sources() {
	local uri
	uri=$(mirror)
	mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial"
	cat >"$apt/debian.sources" <<-EOF
		Types: deb
		URIs: ${uri:-http://deb.debian.org/debian/}
		Suites: bookworm bookworm-backports
		Components: main
		Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
	EOF
}

# apt-get with the sources above. The sandbox user of apt may not be able to read a checkout in someone's home.
own_apt() {
	apt-get -o Dir::State="$apt/state" -o Dir::State::status=/var/lib/dpkg/status -o Dir::Cache="$apt/cache" \
		-o Dir::Etc::sourcelist="$apt/debian.sources" -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
		-o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false -o Acquire::Languages=none \
		-o APT::Sandbox::User="$(id -un)" "$@"
}

# download PACKAGE RELEASE FOLDER: fetches one .deb (apt-get checks its signature chain) and unpacks it.
download() {
	local debs=$apt/debs/$1
	rm -rf "$debs"
	mkdir -p "$debs"
	(cd "$debs" && own_apt download --quiet "$1/$2")
	mkdir -p "$3"
	dpkg-deb -x "$debs"/*.deb "$3"
}

# Shared libraries that the machine lacks are unpacked beside Prosody; the test server adds them to its library path.
download_missing_libraries() {
	local package
	for package in $(dpkg-deb -f "$apt"/debs/prosody/*.deb Depends | tr ',' '\n' | sed 's/[(|].*//; s/ //g' | grep '^lib'); do
		[ "$(dpkg-query --show --showformat '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
			download "$package" bookworm "$1"
	done
}

fetch() {
	write_sources
	own_apt update
	rm -rf "$root.new"
	download prosody "$release" "$root.new"
	download_missing_libraries "$root.new"
	touch "$root.new/.unpacked"
	rm -rf "$root"
	mv "$root.new" "$root"
}

step "fetching Prosody $version from $release" fetch
