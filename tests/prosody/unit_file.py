"""The drop-in for systemd, read as systemd reads it, as far as it is of use here."""

import re
import subprocess

from places import PROJECT

DROP_IN = PROJECT / "docs" / "prosody.service.d" / "mod_wasm.conf"


def directives(text=None):
    """[(name, value)] in the order of the file."""
    return re.findall(r"^(\w+)=(.*)$", DROP_IN.read_text() if text is None else text, re.MULTILINE)


def value(name, text=None):
    values = [found for known, found in directives(text) if known == name]
    assert values, f"the drop-in does not set {name}"
    return values[-1]


def _members(word):
    """The system calls of a set such as @system-service."""
    if not word.startswith("@"):
        return {word}
    listed = subprocess.run(["systemd-analyze", "syscall-filter", word], check=True, capture_output=True, text=True).stdout
    names = [line.strip() for line in listed.splitlines()[1:] if line.strip() and not line.strip().startswith("#")]
    return set().union(*map(_members, names))


def allowed_system_calls(text=None):
    """The first line says whether what is listed is allowed; a `~` takes away what was listed before."""
    allowed = set()
    for name, words in directives(text):
        if name == "SystemCallFilter":
            members = set().union(*map(_members, words.removeprefix("~").split()))
            allowed = allowed - members if words.startswith("~") else allowed | members
    return allowed
