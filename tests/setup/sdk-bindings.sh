#!/usr/bin/env bash
# Makes anew what is generated from wit/ in the SDKs for JavaScript, Python and C, and notes from which wit/ it was made:
# tests/sandbox/wit.rs compares that note. Needs Node.js, npm and Python; its tools go into target/sdk-bindings.
source "$(dirname "$0")/step.sh"

folder=$project/target/sdk-bindings
plugins=$project/guest-plugins
contract=$project/wit/v0.1
mkdir -p "$folder"

# The newest jco-transpile that reads folders of this Node.js 20: later ones say "No such file or directory".
jco=@bytecodealliance/jco-transpile@0.3.3
wit_bindgen=wit-bindgen-cli@0.63.0
componentize_py=$(cat "$plugins/templates/python/requirements.txt")

install_tools() {
	npm install --prefix "$folder" --no-audit --no-fund "$jco"
	python3 -m venv "$folder/venv"
	"$folder/venv/bin/pip" install --disable-pip-version-check "$componentize_py"
	cargo install --locked "$wit_bindgen" --no-default-features --features c --root "$folder"
}

# componentize-qjs has a number where jco has a bigint.
javascript() {
	cat >"$folder/types.mjs" <<-EOF
		import { generateGuestTypes } from '@bytecodealliance/jco-transpile';
		const files = await generateGuestTypes('$contract', { worldName: 'policy', outDir: '' });
		const texts = Object.keys(files).filter((name) => name.includes('interfaces/')).sort().map((name) => files[name]);
		const lines = texts.map((bytes) => new TextDecoder().decode(bytes)).join('').split('\n');
		const own = lines.filter((line) => !line.startsWith('/// <reference')).map((line) => line.replace(/\bbigint\b/g, 'number'));
		process.stdout.write('// Made by \`make sdk-bindings\` from wit/.\n' + own.join('\n').trimEnd() + '\n');
	EOF
	node "$folder/types.mjs" >"$plugins/sdk-javascript/types/wit.d.ts"
}

# What checkers of types read; the component gets what componentize-py makes while it builds it.
python() {
	local stubs=$plugins/sdk-python/stubs
	rm -rf "$folder/python" "$stubs"
	"$folder/venv/bin/componentize-py" --wit-path "$contract" --world policy bindings "$folder/python"
	mkdir -p "$stubs"
	cp -r "$folder/python/wit_world" "$folder/python/componentize_py_types.py" "$stubs"
	touch "$stubs/wit_world/py.typed"
}

c() {
	"$folder/bin/wit-bindgen" c "$contract" --world policy --no-object-file --out-dir "$folder/c"
	python3 "$project/tests/setup/split-c-bindings.py" "$folder/c" "$plugins/sdk-c"
}

# Where the SDK itself names an interface.
version() {
	local version
	version=$(sed -n 's/^package prosody:policy@\(.*\);$/\1/p' "$contract/types.wit")
	sed -i -E "s|(prosody:policy/[a-z-]+@)[0-9.]+'|\1$version'|" "$plugins"/sdk-javascript/{src/*.js,types/*.d.ts}
}

note() {
	cat "$contract"/*.wit | sha256sum | cut -d ' ' -f 1 >"$project/tests/setup/sdk-bindings.sha256"
}

[ -x "$folder/bin/wit-bindgen" ] || step "installing the tools into target/sdk-bindings (some minutes)" install_tools
step "bindings for JavaScript" javascript
step "the version of the contract" version
step "bindings for Python" python
step "bindings for C" c
note
