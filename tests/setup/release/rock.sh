#!/usr/bin/env bash
# Makes a folder of rocks that `prosodyctl install --server=` takes, in target/dist/rocks.   rock.sh [REVISION]
source "$(dirname "$0")/version.sh"

name=mod_wasm-$version-${1:-1}
rocks=$dist/rocks
build=$(mktemp --directory --tmpdir="$setup")
trap 'rm -rf "$build"' EXIT
source_tarball=mod_wasm-$version.tar.gz

make_rocks() {
	rm -rf "$rocks"
	mkdir -p "$rocks" "$build/rock"
	tests/setup/release/install-rock.sh "$build/rock/lua" "$build/rock/bin" "$build/rock"
	tests/setup/release/source.sh "$build/$source_tarball"
	sed -e "s/@version@/$version/g; s/@revision@/${1:-1}/; s/@source@/$source_tarball/" \
		tests/setup/release/mod_wasm.rockspec >"$rocks/$name.rockspec"
	python3 tests/setup/release/rock.py "$rocks/$name.rockspec" "$build/rock" "$build/$source_tarball" "linux-$(uname -m)" "$rocks"
	luarocks-admin --lua-version=5.4 make-manifest "$rocks"
}

step "making rocks of $name" make_rocks "$@"
ls "$rocks"/*.rock
