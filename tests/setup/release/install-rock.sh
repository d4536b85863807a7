#!/usr/bin/env bash
# Installs what was built as LuaRocks wants it.   install-rock.sh LUADIR BINDIR ROCKDIR
# LuaRocks knows Lua files and programs. Whatever the module needs beside itself is therefore in the module's own folder.
set -euo pipefail
lua=${1:?usage: install-rock.sh LUADIR BINDIR ROCKDIR} programs=$2 rock=$3
cd "$(dirname "$0")/../../.."

installed=$(mktemp --directory)
trap 'rm -rf "$installed"' EXIT
make --no-print-directory install DESTDIR="$installed" PREFIX=/usr
modules=$installed/usr/lib/prosody/modules

mkdir -p "$lua" "$programs" "$rock/doc"
# LuaRocks follows links: the library would be there twice. The module finds the one with a name of its own.
rm "$modules/mod_wasm/prosody_wasm.so"
cp -R "$modules"/* "$lua/"
cp -R "$installed/usr/lib/prosody/wasm" "$lua/mod_wasm/policies"
cp "$installed/usr/bin/prosody-wasm" "$programs/"
cp -R "$installed/usr/share/doc/mod-wasm"/* "$rock/doc/"
