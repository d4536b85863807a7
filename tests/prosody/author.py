"""What an author does: `prosody-wasm` in a project's folder, and a Prosody started by `prosody-wasm run`."""

import os
import re
import shlex
import signal
import subprocess
import threading
import time
from types import SimpleNamespace

from client import Client
from places import PROJECT, STAGE, unpacked_prosody

PROGRAM = STAGE / "bin" / "prosody-wasm"
BUILD_SECONDS = 600
SECONDS = 60
END_SECONDS = 20


class Author:
    """Sits in a folder and types commands."""

    def __init__(self, folder, target):
        self.folder = folder
        # Nothing of this checkout but what it installed; the cache of cargo is shared between runs. What is killed leaves
        # its folder behind: here, that goes with the test's.
        self.environment = {**os.environ, "CARGO": str(PROJECT / "tests/setup/guest-cargo.sh"),
                            "CARGO_TARGET_DIR": str(target), "TMPDIR": str(folder)}
        self.environment.pop("PROSODY_WASM_SDK", None)

    def enter(self, folder):
        self.folder = self.folder / folder

    def type(self, line):
        """Runs a line that begins with `prosody-wasm`; returns (exit status, what was printed)."""
        name, *words = shlex.split(line)
        assert name == "prosody-wasm", line
        started = time.monotonic()
        result = subprocess.run([PROGRAM, *words], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                                capture_output=True, text=True, timeout=BUILD_SECONDS)
        print(f"{time.monotonic() - started:6.2f} s  {line}  → {result.returncode}")
        return result.returncode, result.stdout + result.stderr

    def done(self, line):
        """What a command printed that went well."""
        status, printed = self.type(line)
        assert status == 0, printed
        return printed

    def replace(self, path, old, new):
        """Edits a file."""
        text = (self.folder / path).read_text()
        assert text.count(old) == 1, f"{path}: {old}"
        (self.folder / path).write_text(text.replace(old, new))


class Running:
    """`prosody-wasm run`, until the end of the block; `version` is that of an unpacked Prosody."""

    def __init__(self, author, version):
        environment = {**author.environment, "PROSODY_WASM_PROSODY": str(unpacked_prosody(version))}
        self.lines = []
        self.changed = threading.Condition()
        self.process = subprocess.Popen([PROGRAM, "run"], cwd=author.folder, env=environment, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            with self.changed:
                self.lines.append(line.rstrip("\n"))
                self.changed.notify_all()

    def wait_for(self, pattern, after=0, seconds=SECONDS):
        """Waits for a line from this one on; returns the number of the next one, and what was found."""
        def found():
            for number, line in enumerate(self.lines[after:], after):
                if match := re.search(pattern, line):
                    return number + 1, match
        with self.changed:
            result = self.changed.wait_for(found, seconds)
            assert result, f"no line {pattern} in:\n" + "\n".join(self.lines[after:])
            return result

    def log_in(self, user):
        _, port = self.wait_for(r"port (\d+)")
        return Client(SimpleNamespace(ports={"c2s": int(port[1])}), f"{user}@localhost", "secret")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self, how=signal.SIGINT):
        """Ends it as Ctrl-C would; returns its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            return self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        finally:
            self.reader.join(END_SECONDS)
