# Sourced: what a release is called, and the time that its files bear.
source "$(dirname "${BASH_SOURCE[0]}")/../step.sh"
cd "$project"

version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
dist=${DIST:-target/dist}

# Not the time of building: the same commit makes the same bytes.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH
umask 022
mkdir -p "$dist"
