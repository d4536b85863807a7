"""mod_wasm works under the drop-in for systemd that we give away, and says what is wrong under a stricter one."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import unit_file
from configuration import Host
from other_user import AsOtherUser
from plaintext import is_refused
from world import PASSWORD, STRICT, wait_until_settled, with_wasm

HOST = "local.test"
# Its limit of tasks counts what this user runs, and nobody else is this user.
USER = 58_713
LAUNCHER = Path(__file__).resolve().parent / "hardened.py"
MOUNTS = 'mount --bind "$1" "$1" && mount -o remount,bind,ro / && shift && exec "$@"'
# Of 10, without the drop-in 9.2.
MOST_EXPOSURE = 1.5

pytestmark = pytest.mark.skipif(os.getuid() != 0 or not shutil.which("systemd-analyze"),
                                reason="what systemd would do is done by root here, with the lists of systemd-analyze")


class Hardened(AsOtherUser):
    """A server under the drop-in, or under one with other lines."""

    user = USER

    def __init__(self, version, drop_in=unit_file.DROP_IN):
        wasm = with_wasm({"e2ee": {"settings": STRICT}})
        super().__init__(version, [Host(HOST, wasm, users=dict.fromkeys(("alice", "bob"), PASSWORD))])
        program = self.folder / "prosody"
        program.rename(self.folder / "prosody.program")
        words = ["unshare", "--mount", "sh", "-c", MOUNTS, "sh", self.folder, "env", f"DROP_IN={drop_in}",
                 sys.executable, LAUNCHER, USER, self.folder / "prosody.program"]
        program.write_text("#!/bin/sh\nexec " + " ".join(f"'{word}'" for word in words) + ' "$@"\n')
        program.chmod(0o755)

    def status(self, name):
        return re.search(rf"^{name}:\s+(.*)$", Path(f"/proc/{self.process.pid}/status").read_text(), re.MULTILINE)[1]


@pytest.fixture
def stricter(tmp_path):
    def write(old, new):
        text = unit_file.DROP_IN.read_text()
        assert old in text
        (tmp_path / "stricter.conf").write_text(text.replace(old, new))
        return tmp_path / "stricter.conf"
    return write


def test_it_works_under_the_drop_in(version):
    with Hardened(version) as server:
        assert server.status("Seccomp") == "2" and server.status("NoNewPrivs") == "1"
        assert int(server.status("CapBnd"), 16) == 0 and server.status("Uid").split()[0] == str(USER)
        listing = wait_until_settled(server)
        assert "running" in listing, listing + server.log()[-4000:]
        assert is_refused(server, HOST)
        assert server.log_lines("error") == []
        assert server.stop() == 0


FORBIDDEN = [
    ("MemoryDenyWriteExecute=no", "MemoryDenyWriteExecute=yes", "set MemoryDenyWriteExecute=no"),
    ("TasksMax=64", "TasksMax=1", "raise TasksMax"),
]


@pytest.mark.parametrize("old, new, remedy", FORBIDDEN, ids=["memory", "tasks"])
def test_what_is_forbidden_closes_and_is_said(version, stricter, old, new, remedy):
    with Hardened(version, stricter(old, new)) as server:
        listing = wait_until_settled(server)
        assert "failed" in listing and "running" not in listing
        assert [text for _, text in server.log_lines("error") if remedy in text], server.log_lines("error")
        assert is_refused(server, HOST)


def test_exposure(tmp_path):
    """As systemd sees it: the service of Debian's package, with the drop-in."""
    folder = tmp_path / "prosody.service.d"
    folder.mkdir()
    (tmp_path / "prosody.service").write_text("[Service]\nExecStart=/usr/bin/prosody -F\nUser=prosody\nGroup=prosody\n")
    shutil.copy(unit_file.DROP_IN, folder)
    result = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager", tmp_path / "prosody.service"],
                            capture_output=True, text=True)
    found = re.search(r"Overall exposure level for prosody.service: ([\d.]+)", result.stdout)
    assert found and float(found[1]) <= MOST_EXPOSURE, result.stdout + result.stderr
    assert "Unknown" not in result.stderr, result.stderr
