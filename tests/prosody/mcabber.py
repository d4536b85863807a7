"""A real messenger, mcabber (which has OTR through libotr), on a terminal of its own and driven by its command pipe."""

import os
import pty
import shutil
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from network import LOOPBACK
from otr import private_key
from places import RUNS
from server import end_with_parent

SECONDS = 20
SETTINGS = """\
set jid = {address}
set password = {password}
set server = {loopback}
set port = {port}
set tls = 0
set resource = {resource}
set priority = 0
set carbons = {carbons}
set otr = 1
set otr_dir = {folder}/otr
set logging = 1
set logging_dir = {folder}/history/
module load fifo
set fifo_name = {folder}/commands
otrpolicy default opportunistic
"""


class Mcabber:
    """Logs in; `watcher` is a device of the same account, which sees it come."""

    def __init__(self, server, address, password, resource, watcher, carbons):
        self.watcher = watcher
        self.folder = Path(tempfile.mkdtemp(prefix="mcabber-", dir=RUNS))
        for name in ("otr", "history"):
            (self.folder / name).mkdir(mode=0o700)
        # It makes a key of its own at the first message, which takes seconds.
        (self.folder / "otr" / f"{address}.key").write_bytes(private_key(address.encode()))
        settings = self.folder / "mcabberrc"
        settings.write_text(SETTINGS.format(address=address, password=password, resource=resource, loopback=LOOPBACK,
                                            port=server.ports["c2s"], carbons=int(carbons), folder=self.folder))
        settings.chmod(0o600)
        # One that logged in within the same second had the same resource.
        before = len(server.log())
        self._start(settings)
        try:
            self.full = self._presence(lambda name: name.startswith(f"{address}/{resource}"))
            if carbons:
                self._wait_until(lambda: f"{self.full} enabled carbons" in server.log()[before:])
        except BaseException:
            self.close()
            raise

    def _start(self, settings):
        self.terminal, screen = pty.openpty()
        environment = {"TERM": "xterm", "LANG": "C.UTF-8", "HOME": str(self.folder), "PATH": "/usr/bin:/bin"}
        self.process = subprocess.Popen(["mcabber", "-f", settings], stdin=screen, stdout=screen, stderr=screen,
                                        env=environment, preexec_fn=end_with_parent)
        os.close(screen)
        # A screen that nobody reads would make it wait.
        threading.Thread(target=self._read_screen, daemon=True).start()

    def _read_screen(self):
        try:
            while os.read(self.terminal, 65536):
                pass
        except OSError:
            pass

    def _wait_until(self, is_so):
        deadline = time.monotonic() + SECONDS
        while not is_so():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise TimeoutError("mcabber did not get that far")
            time.sleep(0.02)

    def _presence(self, is_wanted):
        while True:
            stanza = self.watcher.receive(SECONDS)
            if stanza.tag == "{jabber:client}presence" and is_wanted(stanza.get("from")):
                return stanza.get("from")

    def command(self, text):
        with open(self.folder / "commands", "w") as commands:
            commands.write(f"/{text}\n")

    def turn(self):
        """It reads and answers by itself; by its answer to a ping it has done so with all that was sent before."""
        self.watcher.ping(self.full)
        return False

    def history(self, peer):
        """What its screen showed of a conversation, as (MR for received or MS for sent, text)."""
        path = self.folder / "history" / peer
        lines = path.read_text().splitlines() if path.exists() else []
        fields = (line.split(" ", 3) for line in lines if line[:2] in ("MR", "MS"))
        return [(kind, text.strip()) for kind, _, _, text in fields]

    def close(self):
        """Quits as its user would; whatever does not end is ended."""
        try:
            if self.process.poll() is None:
                self.command("quit")
            self.process.wait(SECONDS)
        except (OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        os.close(self.terminal)
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()
