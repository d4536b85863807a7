#!/usr/bin/env bash
# Unpacks single modules of Debian's prosody-modules under target/prosody-modules/VERSION, for the tests of pushes and rules.
#   prosody-modules.sh 13.0 | 0.12
# 0.12 has no mod_cloud_notify of its own. What encrypts pushes is in newer packages only, and wants the util.crypto of 13.0.
# mod_firewall comes with the rule files that it ships.
source "$(dirname "$0")/step.sh"
source "$(dirname "$0")/debian.sh"

version=${1:-}
case $version in
13.0) suite=bookworm-backports modules="cloud_notify_encrypted cloud_notify_priority_tag firewall" ;;
0.12) suite=bookworm modules="cloud_notify firewall" ;;
*) fail "usage: prosody-modules.sh 13.0 | 0.12" ;;
esac

root=$project/target/prosody-modules/$version

has_all() {
	local name
	for name in $modules; do
		[ -e "$root/mod_$name" ] || return 1
	done
}
has_all && exit 0

# Only what is named: no other test shall find a module there that its Prosody does not have.
fetch() {
	local name package=$setup/prosody-modules-$version
	use_suites apt bookworm bookworm-backports
	rm -rf "$package" "$root.new"
	download prosody-modules "/$suite" "$package"
	mkdir -p "$root.new"
	for name in $modules; do
		mv "$package/usr/lib/prosody/modules/mod_$name" "$root.new/"
	done
	rm -rf "$package" "$root"
	mv "$root.new" "$root"
}

step "fetching modules for Prosody $version from $suite" fetch
