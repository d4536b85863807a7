#!/usr/bin/env bash
# cargo for guests: uses the compiler that wasm-target-from-debian.sh made, if it was needed.
compiler=$(cd "$(dirname "$0")/../.." && pwd)/target/setup/wasm-rust/rustc
[ ! -x "$compiler" ] || export RUSTC=$compiler
exec cargo "$@"
