#!/usr/bin/env bash
# Builds target/javascript/marking.wasm, a policy in JavaScript with a whole engine inside (StarlingMonkey, 12 MB).
# Needs node and npm; the packages, with the versions of package-lock.json, go into target/javascript.
source "$(dirname "$0")/step.sh"

source=$project/tests/guests/javascript
folder=$project/target/javascript
component=$folder/marking.wasm

is_current() {
	[ -e "$component" ] && [ -z "$(find "$source" "$project/wit/frozen/0.1.0" -type f -newer "$component")" ]
}
! is_current || exit 0
command -v node >/dev/null && command -v npm >/dev/null || fail "building the JavaScript guest needs Node.js and npm"
mkdir -p "$folder"

# Not `npm ci`: it wants the packages of every other platform in the file too, which npm itself does not write there.
install_tools() {
	cp "$source/package.json" "$source/package-lock.json" "$folder"
	npm install --prefix "$folder" --no-audit --no-fund
	cp "$source/package-lock.json" "$folder/installed.json"
}

# Every feature that would import WASI is left out.
build() {
	rm -rf "$folder/wit"
	mkdir -p "$folder/wit/deps/policy"
	cp "$source/policy.wit" "$folder/wit"
	cp "$project"/wit/frozen/0.1.0/*.wit "$folder/wit/deps/policy"
	"$folder/node_modules/.bin/componentize-js" "$source/marking.js" --wit "$folder/wit" --world-name policy \
		--disable stdio random clocks http fetch-event --out "$component.new"
	mv "$component.new" "$component"
}

cmp -s "$source/package-lock.json" "$folder/installed.json" || step "installing componentize-js into target/javascript" install_tools
step "building a policy in JavaScript" build
