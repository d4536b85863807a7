#!/usr/bin/env bash
# Installs those of the named Debian packages that are missing. Says nothing when none is.
#   packages.sh PACKAGE...
source "$(dirname "$0")/step.sh"

missing=()
for package in "$@"; do
	[ "$(dpkg-query --show --showformat '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
[ ${#missing[@]} != 0 ] || exit 0

echo "Debian packages that are missing: ${missing[*]}"
as_root=()
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null || fail "installing them needs root. As root, run:  apt-get install ${missing[*]}"
	as_root=(sudo)
	sudo -v
fi

apt_get_install() {
	"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "${missing[@]}"
}

# The package lists may be absent or old: they are fetched again only if the install fails without that.
# A source that cannot be reached (a third party's, say) is no reason to stop: the second install decides.
install_missing() {
	apt_get_install || {
		"${as_root[@]}" apt-get update || true
		apt_get_install
	}
}
step "installing Debian packages" install_missing
