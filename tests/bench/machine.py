"""On what was measured: the processor and the versions, and nothing that names the machine."""

import os
import re
import subprocess
from pathlib import Path

from places import PROJECT, unpacked_prosody


def first_line(*command):
    return subprocess.run(command, capture_output=True, text=True, cwd=PROJECT).stdout.strip().partition("\n")[0]


def locked(crate):
    """The version of a crate in Cargo.lock."""
    found = re.search(rf'name = "{crate}"\nversion = "(.*)"', (PROJECT / "Cargo.lock").read_text())
    return found[1] if found else "?"


def prosody_version():
    text = unpacked_prosody("13.0") / "usr/lib/prosody/prosody.version"
    return text.read_text().strip() if text.exists() else "13.0"


def processor():
    names = re.findall(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return names[0] if names else os.uname().machine


def described():
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "kernel": os.uname().release.split("-")[0],
        "Lua": first_line("lua5.4", "-v").split()[1],
        "Prosody": prosody_version(),
        "Rust": first_line("rustc", "--version").split()[1],
        "wasmtime": locked("wasmtime"),
        "mlua": locked("mlua"),
    }
