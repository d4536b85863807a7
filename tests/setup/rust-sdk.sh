#!/usr/bin/env bash
# Lays out what authors in Rust link against: the packages as they would be published, one inside the other, so that a
# path is all that a project needs.
#   rust-sdk.sh FOLDER
set -euo pipefail
folder=${1:?usage: rust-sdk.sh FOLDER}
cd "$(dirname "$0")/../.."

rm -f target/package/prosody-{policy,stanza}-*.crate
cargo package --quiet --no-verify --allow-dirty --exclude-lockfile --offline -p prosody-stanza -p prosody-policy 2>/dev/null ||
	cargo package --quiet --no-verify --allow-dirty --exclude-lockfile -p prosody-stanza -p prosody-policy

# unpack PACKAGE PLACE
unpack() {
	mkdir -p "$2"
	tar --extract --gzip --strip-components=1 --directory "$2" --exclude=.cargo_vcs_info.json --exclude=Cargo.toml.orig \
		--file target/package/"$1"-[0-9]*.crate
}

rm -rf "$folder.new"
unpack prosody-policy "$folder.new"
unpack prosody-stanza "$folder.new/stanza"
sed -i '/dependencies\.prosody-stanza\]$/a path = "stanza"' "$folder.new/Cargo.toml"
[ "$(grep -c '^path = "stanza"$' "$folder.new/Cargo.toml")" -ge 1 ]
rm -rf "$folder"
mv "$folder.new" "$folder"
