# Sourced after step.sh by scripts that unpack Debian packages without installing them. The machine's own package
# sources are neither changed nor relied on: apt gets sources, lists and cache of its own under target/setup.

# The mirror that the machine itself uses for Debian's main archive.
mirror() {
	apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Identifier: Packages' 2>/dev/null |
		awk '$1 == "bookworm" && !found { print $2; found = 1 }'
}

# use_suites FOLDER SUITE…: what the functions below ask from now on, with its state in target/setup/FOLDER.
# Of packages, unless `types` is deb-src.
use_suites() {
	local uri
	apt=$setup/$1
	shift
	uri=$(mirror)
	mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial"
	cat >"$apt/debian.sources" <<-SOURCES
		Types: ${types:-deb}
		URIs: ${uri:-http://deb.debian.org/debian/}
		Suites: $*
		Components: main
		Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
	SOURCES
	with_own_sources apt-get update
}

# apt-get or apt-cache with the sources above. The sandbox user of apt may not be able to read a checkout in someone's home.
with_own_sources() {
	local program=$1
	shift
	"$program" -o Dir::State="$apt/state" -o Dir::State::status=/var/lib/dpkg/status -o Dir::Cache="$apt/cache" \
		-o Dir::Etc::sourcelist="$apt/debian.sources" -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
		-o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false -o Acquire::Languages=none \
		-o APT::Sandbox::User="$(id -un)" "$@"
}

# download PACKAGE VERSION FOLDER: fetches one .deb (apt-get checks its signature chain) and unpacks it. The version
# is as apt-get takes it: /SUITE or =VERSION.
download() {
	local debs=$apt/debs/$1
	rm -rf "$debs"
	mkdir -p "$debs"
	(cd "$debs" && with_own_sources apt-get download --quiet "$1$2")
	mkdir -p "$3"
	dpkg-deb -x "$debs"/*.deb "$3"
}
