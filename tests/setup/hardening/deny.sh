#!/usr/bin/env bash
# What we depend on: licences, bans, where it comes from; and known holes, from a copy of RustSec's database in $ADVISORY_DB
# (https://github.com/rustsec/advisory-db), which no package registry has.
source "$(dirname "$0")/../step.sh"

tool() {
	command -v "$1" >/dev/null || [ -x "target/tools/bin/$1" ] ||
		step "building $1" cargo install --locked --quiet --root target/tools "$1"
}
PATH=$PATH:$PWD/target/tools/bin

tool cargo-deny
for lock in Cargo.lock tests/fuzz/Cargo.lock; do
	cargo deny --offline --manifest-path "$(dirname "$lock")/Cargo.toml" --config deny.toml check licenses bans sources
done

if [ -z "${ADVISORY_DB:-}" ]; then
	echo "· Known holes were NOT looked for: that needs a copy of RustSec's database. make deny ADVISORY_DB=folder"
	exit 0
fi
[ -d "$ADVISORY_DB/crates" ] || fail "$ADVISORY_DB has no folder crates: it is no copy of https://github.com/rustsec/advisory-db"
tool cargo-audit
for lock in Cargo.lock tests/fuzz/Cargo.lock; do
	cargo audit --no-fetch --stale --db "$ADVISORY_DB" --deny warnings --file "$lock"
done
