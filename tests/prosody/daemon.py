"""A server as an init script starts it, with -D: what was started ends, and a process that it forked goes on.

Prosody 0.12 forks when everything is loaded (mod_posix), 13.0 before. The orphan becomes a child of this process, so that it
is waited for like any other."""

import os
import signal
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

from server import LIBC, START_SECONDS, Server

PR_SET_CHILD_SUBREAPER = 36


@contextmanager
def adopting():
    LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        LIBC.prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


class Orphan:
    """What `subprocess.Popen` would be of a process that somebody else has started."""

    def __init__(self, pid):
        self.pid, self.args, self.returncode = pid, ["prosody", "-D"], None

    def poll(self):
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.returncode = os.waitstatus_to_exitcode(status) if pid else None
        return self.returncode

    def wait(self, timeout=float("inf")):
        deadline = time.monotonic() + timeout
        while self.poll() is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(self.args, timeout)
            time.sleep(0.01)
        return self.returncode

    def terminate(self):
        os.kill(self.pid, signal.SIGTERM)

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)


class Daemon(Server):
    """To be used inside of `adopting`."""

    def start(self):
        self.options["daemonize"] = None  # what is configured would count for more than -D
        self.write_configuration()
        pid_file = self.folder / "prosody.pid"
        pid_file.unlink(missing_ok=True)
        with open(self.folder / "output.txt", "ab") as output:
            subprocess.run([self.folder / "prosody", "-D"], cwd=self.folder, env=self._environment(), stdin=subprocess.DEVNULL,
                           stdout=output, stderr=output, timeout=START_SECONDS, check=True)
        deadline = time.monotonic() + START_SECONDS
        while not (pid_file.exists() and pid_file.read_text().strip()):
            assert time.monotonic() < deadline, self.output() + self.log()[-4000:]
            time.sleep(0.02)
        self.process = Orphan(int(pid_file.read_text()))
        self._wait_until_ready()
        return self


def threads(pid):
    """The names of a process's threads."""
    return sorted((path / "comm").read_text().strip() for path in Path(f"/proc/{pid}/task").iterdir())
