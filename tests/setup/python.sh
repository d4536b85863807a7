#!/usr/bin/env bash
# Makes target/venv, with the Python packages of tests/prosody/requirements.txt, from the system's Python.
source "$(dirname "$0")/step.sh"

venv=$project/target/venv
requirements=$project/tests/prosody/requirements.txt
cmp -s "$requirements" "$venv/installed.txt" && exit 0

python=/usr/bin/python3
[ -x "$python" ] || python=$(command -v python3) || fail "Python 3 is missing"

make_venv() {
	rm -rf "$venv"
	"$python" -m venv "$venv"
	"$venv/bin/pip" install --disable-pip-version-check --requirement "$requirements"
	cp "$requirements" "$venv/installed.txt"
}
step "installing Python packages into target/venv" make_venv
