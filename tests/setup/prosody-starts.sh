#!/usr/bin/env bash
# Whether an unpacked Prosody starts, and ends with status 0 when it is told to. It listens on no port.
#   prosody-starts.sh FOLDER
set -euo pipefail

package=${1:?usage: prosody-starts.sh FOLDER}
seconds=20
folder=$(mktemp --directory)
trap 'rm -rf "$folder"' EXIT

cat >"$folder/prosody.cfg.lua" <<-LUA
	run_as_root = true
	pidfile = "$folder/pid"
	modules_enabled = { "roster", "saslauth", "disco", "message", "carbons", "pep" }
	c2s_ports = {}; s2s_ports = {}; c2s_direct_tls_ports = {}; s2s_direct_tls_ports = {}
	VirtualHost "start.test"
LUA
sed -e "s#^CFG_SOURCEDIR=.*#CFG_SOURCEDIR='$package/usr/lib/prosody';#" -e "s#^CFG_CONFIGDIR=.*#CFG_CONFIGDIR='$folder';#" \
	-e "s#^CFG_PLUGINDIR=.*#CFG_PLUGINDIR='$package/usr/lib/prosody/modules/';#" \
	-e "s#^CFG_DATADIR=.*#CFG_DATADIR='$folder/data';#" "$package/usr/bin/prosody" >"$folder/prosody"
chmod +x "$folder/prosody"

libraries=$(find "$package/usr/lib" -maxdepth 1 -name '*-linux-*' | head -n 1)
LD_LIBRARY_PATH=$libraries "$folder/prosody" -F &
process=$!
deadline=$((SECONDS + seconds))
while [ ! -s "$folder/pid" ] && kill -0 "$process" 2>/dev/null && [ $SECONDS -lt $deadline ]; do
	sleep 0.1
done
has_started=$([ ! -s "$folder/pid" ] || echo yes)
kill "$process" 2>/dev/null || true
wait "$process"
[ "$has_started" = yes ]
