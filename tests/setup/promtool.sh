#!/usr/bin/env bash
# Unpacks Debian's promtool under target/promtool: it checks the alert rules.
source "$(dirname "$0")/step.sh"
source "$(dirname "$0")/debian.sh"

promtool=$project/target/promtool
[ ! -x "$promtool" ] || exit 0

# The server that comes with it is not wanted.
fetch() {
	local package=$setup/prometheus
	use_suites apt bookworm bookworm-backports
	rm -rf "$package"
	download prometheus /bookworm "$package"
	mv "$package/usr/bin/promtool" "$promtool"
	rm -rf "$package" "$apt/debs/prometheus"
}

step "fetching promtool from bookworm" fetch
