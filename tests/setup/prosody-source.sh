#!/usr/bin/env bash
# Unpacks the source of a Debian build of Prosody under target/prosody-source/VERSION, for the tests that come with it: specs
# for busted, scripts for scansion. What is compiled is taken from the package.
#   prosody-source.sh 13.0 | 0.12
# Mirrors may have dropped the source of 0.12. Then its scripts are those of 13.0, and there are no specs for it.
source "$(dirname "$0")/step.sh"
source "$(dirname "$0")/debian.sh"

version=${1:-}
case $version in
13.0) suite=bookworm-backports ;;
0.12) suite=bookworm ;;
*) fail "usage: prosody-source.sh 13.0 | 0.12" ;;
esac

sources=$project/target/prosody-source
root=$sources/$version
[ ! -e "$root/spec" ] || exit 0

download_source() {
	rm -rf "$root" "$root.new" "$folder"
	mkdir -p "$root.new" "$folder"
	types=deb-src use_suites apt-source bookworm bookworm-backports
	cd "$folder" && with_own_sources apt-get source --download-only --tar-only "prosody/$suite"
}

# Chained: bash goes on after an error in what is part of a condition, as this is.
fetch() {
	download_source &&
		tar --extract --file "$folder"/prosody_*.orig.tar.gz --directory "$root.new" --strip-components 1 &&
		cp "$project/target/prosody/$version"/usr/lib/prosody/util/*.so "$root.new/util/" &&
		mv -T "$root.new" "$root"
}

folder=$setup/prosody-source-$version
if (step "fetching the source of Prosody $version from $suite" fetch); then
	exit 0
fi
[ "$version" = 0.12 ] && [ -e "$sources/13.0/spec" ] || exit 1
rm -rf "$root.new"
echo "· scripts for Prosody 0.12 are those of 13.0"
mkdir -p "$root/spec"
ln -s "../../13.0/spec/scansion" "$root/spec/scansion"
