#!/usr/bin/env bash
# The files of the last commit, as a tarball.   source.sh FILE
source "$(dirname "$0")/version.sh"
git archive --format=tar --prefix="mod_wasm-$version/" HEAD | gzip -9n >"$1"
