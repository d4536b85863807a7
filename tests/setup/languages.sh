#!/usr/bin/env bash
# Installs what policies in other languages than Rust are built with, in the versions that the templates name, and what
# checks their types: from Debian for C, from npm and PyPI into target/languages.
source "$(dirname "$0")/step.sh"

templates=$project/guest-plugins/templates
folder=$project/target/languages
typescript=typescript@5.9.3
mypy=mypy==2.4.1
mkdir -p "$folder/javascript"

"$project/tests/setup/packages.sh" clang lld python3 python3-venv
# Node.js may come from elsewhere than Debian.
command -v node >/dev/null && command -v npm >/dev/null || "$project/tests/setup/packages.sh" nodejs npm

# The packages are kept as npm keeps them, so that the projects of the tests find them there.
javascript() {
	sed 's/{{name}}/setup/' "$templates/javascript/package.json" >"$folder/javascript/package.json"
	npm install --prefix "$folder/javascript" --cache "$folder/npm" --no-audit --no-fund
	npm install --prefix "$folder/javascript" --cache "$folder/npm" --no-audit --no-fund --no-save "$typescript"
	cp "$templates/javascript/package.json" "$folder/javascript/installed.json"
}

python() {
	rm -rf "$folder/python"
	/usr/bin/python3 -m venv "$folder/python"
	"$folder/python/bin/pip" install --disable-pip-version-check "$mypy" --requirement "$templates/python/requirements.txt"
	cp "$templates/python/requirements.txt" "$folder/python/installed.txt"
}

cmp -s "$templates/javascript/package.json" "$folder/javascript/installed.json" ||
	step "installing componentize-qjs into target/languages" javascript
cmp -s "$templates/python/requirements.txt" "$folder/python/installed.txt" ||
	step "installing componentize-py into target/languages" python
