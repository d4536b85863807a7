"""The distribution's own Prosody in a clean Debian: its configuration file as it comes, with one more in conf.d."""

import re
import time
from pathlib import Path

from client import HEADER
from configuration import Host
from lua import assignments
from network import LOOPBACK, free_ports
from stream import connect
from world import COMPILE_SECONDS, PASSWORD, STRICT, is_compiling

HOST = "local.test"
CONFIGURATION = "/etc/prosody/conf.d/local.cfg.lua"
LOG = "/var/log/prosody/prosody.log"
START_SECONDS = 30


class DebianProsody:
    def __init__(self, debian):
        self.debian = debian
        self.ports = dict(zip(("c2s", "s2s", "http"), free_ports(3)))
        self.is_old = debian.name == "bookworm"
        self.process = None

    def configure(self):
        """A host with a policy, as README.Debian says, and what lets the tests talk to it."""
        everywhere = {
            "interfaces": [LOOPBACK], "c2s_ports": [self.ports["c2s"]], "s2s_ports": [self.ports["s2s"]],
            "http_ports": [self.ports["http"]], "https_ports": [], "c2s_direct_tls_ports": [], "s2s_direct_tls_ports": [],
            "c2s_require_encryption": False, "allow_unencrypted_plain_auth": True, "authentication": "internal_plain",
            "log": [{"levels": {"min": "info"}, "to": "file", "filename": LOG}],
        }
        host = Host(HOST, {"modules_enabled": ["wasm"], "wasm_policies": {"e2ee": {"settings": STRICT}}})
        self.debian.path(CONFIGURATION).write_text(assignments(everywhere) + host.section())
        self.debian.run("install", "-d", "-o", "prosody", "-g", "prosody", "/run/prosody")
        for user in ("alice", "bob"):
            self.debian.run("prosodyctl", "register", user, HOST, PASSWORD)

    def start(self):
        self.process = self.debian.start("prosody", "-F", user="prosody", output=self.debian.folder / "output.txt")
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert self.process.poll() is None, (self.debian.folder / "output.txt").read_text() + self.log()
            if self._answers():
                return
            time.sleep(0.1)
        raise TimeoutError(f"Prosody did not answer within {START_SECONDS} s:\n{self.log()}")

    # The port listens before everything is loaded; only a server that has loaded it answers.
    def _answers(self):
        try:
            with connect(self.ports["c2s"]) as probe:
                probe.sendall(HEADER.format(HOST).encode())
                return bool(probe.recv(1))
        except OSError:
            return False

    def stop(self):
        if self.process is None:
            return None
        self.process.terminate()
        status = self.process.wait(START_SECONDS)
        self.process = None
        return status

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *error):
        self.stop()

    def wasm(self, verb):
        """What `prosodyctl shell wasm VERB` says."""
        return self.debian.run("prosodyctl", "shell", *([f"wasm:{verb}()"] if self.is_old else ["wasm", verb]))

    def settled(self):
        """What `wasm list` says once nothing is being compiled any more."""
        deadline = time.monotonic() + COMPILE_SECONDS
        while is_compiling(listing := self.wasm("list")):
            assert time.monotonic() < deadline, listing
            time.sleep(0.2)
        return listing

    def libraries(self):
        """Builds of our library that the server has loaded."""
        maps = Path(f"/proc/{self.process.pid}/maps").read_text()
        return set(re.findall(r"prosody_wasm-[\w.-]+\.so", maps))

    def log(self):
        path = self.debian.path(LOG)
        return path.read_text(errors="replace") if path.exists() else ""
