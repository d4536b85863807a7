#!/usr/bin/env bash
# What we depend on: licences, bans, where it comes from; and known holes, from the few advisories that are pinned beside this
# script, or from a copy of RustSec's whole database (https://github.com/rustsec/advisory-db) in $ADVISORY_DB.
source "$(dirname "$0")/../step.sh"
export LC_ALL=C

pinned=tests/setup/hardening/advisories
advisories=${ADVISORY_DB:-$pinned}
locks=(Cargo.lock tests/fuzz/Cargo.lock tests/fuzz/lua/Cargo.lock)
[ -d "$advisories/crates" ] || fail "$advisories has no folder crates: it is no copy of https://github.com/rustsec/advisory-db"

PATH=$PATH:$PWD/target/tools/bin
tool() {
	command -v "${1%@*}" >/dev/null || step "building $1" cargo install --locked --quiet --root target/tools "$1"
}
tool cargo-deny@0.20.2
tool cargo-audit@0.22.2

# One deny.toml for all of them: what it allows, and one of them does not have, is no mistake.
unused=(--allow unused-wrapper --allow license-not-encountered --allow license-exception-not-encountered)
failed=
for lock in "${locks[@]}"; do
	printf '· %s\n' "$lock"
	cargo deny --frozen --manifest-path "$(dirname "$lock")/Cargo.toml" --config deny.toml \
		check "${unused[@]}" licenses bans sources || failed="$failed $lock"
	# Whether a version was taken back is asked of the registry, which is not there without a network.
	cargo audit --no-fetch --no-yanked --db "$advisories" --deny warnings --file "$lock" || failed="$failed $lock"
done

# The list does not grow with the lock files.
if [ "$advisories" = "$pinned" ]; then
	unasked=$(awk -F '"' '/^name = / { name = $2 } /^source = / { print name }' "${locks[@]}" | sort -u |
		comm -23 - "$pinned/asked.txt")
	[ -z "$unasked" ] || printf '! The pinned advisories were chosen without these, so nobody looked:%s\n' " ${unasked//$'\n'/ }"
fi
newest=$(grep -rhoP '^date = "\K[0-9-]+' "$advisories/crates" | sort | tail -n 1)
printf '! Holes known later than %s, which is %s days ago, were NOT looked for: the newest advisory in %s is of that day.\n' \
	"$newest" $((($(date +%s) - $(date -d "$newest" +%s)) / 86400)) "$advisories"
[ "$advisories" != "$pinned" ] || printf '  A full copy of the database: make deny ADVISORY_DB=folder\n'
[ -z "$failed" ] || fail "see above:$failed"
