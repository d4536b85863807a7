"""Servers under a limit of the process, as another user than root: root may pass beyond most of them."""

import shutil
import subprocess
import sys
from pathlib import Path

from configuration import Host
from server import Server
from world import PASSWORD, STRICT, with_wasm

HOST = "local.test"
# A limit of processes counts what this user runs, and nobody else is this user.
USER = 58_714
WITHOUT_SYSTEM_CALL = Path(__file__).resolve().parent / "without_system_call.py"


class Confined(Server):
    """`limits` are words for the shell's ulimit; `without` is a system call that is refused (EPERM)."""

    def __init__(self, version, limits="", without=None, policies=None):
        wasm = with_wasm(policies or {"e2ee": {"settings": STRICT}})
        super().__init__(version, [Host(HOST, wasm, users=dict.fromkeys(("alice", "bob", "carol"), PASSWORD))], {"run_as_root": None})
        (self.folder / "prosody").rename(self.folder / "prosody.program")
        self.confine(limits, without)

    def confine(self, limits="", without=None):
        """From the next start on."""
        program = self.folder / "prosody"
        start = f"'{self.folder}/prosody.program' \"$@\""
        if without:
            start = f"'{sys.executable}' '{WITHOUT_SYSTEM_CALL}' {without} {start}"
        limit = f"ulimit {limits} && " if limits else ""
        program.write_text(f"#!/bin/bash\n{limit}exec setpriv --reuid={USER} --regid={USER} --clear-groups {start}\n")
        program.chmod(0o755)

    def start(self):
        self.write_configuration()
        subprocess.run(["chown", "-R", f"{USER}:{USER}", self.folder], check=True)
        self.folder.chmod(0o755)
        return super().start()


is_possible = shutil.which("setpriv") is not None
