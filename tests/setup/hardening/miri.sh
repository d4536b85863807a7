#!/usr/bin/env bash
# The pure crates' own tests under Miri, which sees undefined behaviour where a test sees a result. Needs a nightly
# toolchain of rustup with the components miri and rust-src.
source "$(dirname "$0")/../step.sh"

toolchain=$(rustup toolchain list 2>/dev/null | grep --max-count=1 '^nightly' | cut -d' ' -f1)
if [ -z "$toolchain" ]; then
	fail "Miri needs a nightly toolchain, and there is none: rustup toolchain install nightly --component miri,rust-src"
fi
if ! cargo "+$toolchain" miri --version >/dev/null 2>&1; then
	rustup component add --toolchain "$toolchain" miri rust-src ||
		fail "$toolchain has no Miri, and rustup could not add it: rustup component add --toolchain $toolchain miri rust-src"
fi

# Without isolation, because tests read their cases from files.
export MIRIFLAGS="-Zmiri-disable-isolation -Zmiri-strict-provenance"
export CARGO_TARGET_DIR=target/miri
# Who has unit tests, of what no C and no machine code is part of.
pure=(prosody-stanza prosody-policy recognition e2ee firewall push rooms upload)
exec cargo "+$toolchain" miri test --lib "${pure[@]/#/--package=}" "$@"
