"""Servers under a limit of the process."""

import shutil
import sys
from pathlib import Path

from configuration import Host
from other_user import AsOtherUser
from world import PASSWORD, STRICT, with_wasm

HOST = "local.test"
# A limit of processes counts what this user runs, and nobody else is this user.
USER = 58_714
WITHOUT_SYSTEM_CALL = Path(__file__).resolve().parent / "without_system_call.py"


class Confined(AsOtherUser):
    """`limits` are words for the shell's ulimit; `without` is a system call that is refused (EPERM)."""

    user = USER

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


is_possible = shutil.which("setpriv") is not None
