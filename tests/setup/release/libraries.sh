#!/usr/bin/env bash
# The Rust libraries inside the program and inside the library of the server, with their licences.   libraries.sh FILE
set -euo pipefail
cd "$(dirname "$0")/../../.."
cargo tree --offline --edges normal --prefix none --format '{p} {l}' --package prosody-wasm-cli --package prosody-wasm-module |
	sed -e 's/ (\*)$//' -e '/ (\//d' -e '/^$/d' -e 's/ (proc-macro)//' | LC_ALL=C sort --unique >"$1"
