"""A clean Debian of target/roots, changed by nobody: its changes go into a layer above it, in a mount namespace of its own.

Processes run in it by chroot, and share the loopback interface with the tests."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from places import RUNS, TARGET
from server import end_with_parent

ROOTS = ["bookworm", "bookworm-backports", "trixie"]
# Ends when its standard input does, and the mounts end with it.
MOUNTS = """
mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$2/root" &&
mount -t proc proc "$2/root/proc" && echo mounted && exec cat
"""


def lower(name):
    return TARGET / "roots" / name


def obstacle(name):
    """Why there can be no such Debian here; None when it can."""
    if os.getuid() != 0:
        return "only root can change the root folder of a process"
    if not (lower(name) / ".complete").exists():
        return f"there is no clean Debian: tests/setup/root.sh {name} makes it"
    if subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode != 0:
        return "mount namespaces are not allowed here"
    return None


class CleanDebian:
    """Used as a context manager."""

    def __init__(self, name):
        self.name = name
        RUNS.mkdir(parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix=f"debian-{name}-", dir=RUNS))
        self.folder.chmod(0o755)
        for part in ("upper", "work", "root"):
            (self.folder / part).mkdir()

    def __enter__(self):
        self.holder = subprocess.Popen(["unshare", "--mount", "sh", "-c", MOUNTS, "sh", lower(self.name), self.folder],
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE, preexec_fn=end_with_parent)
        assert self.holder.stdout.readline() == b"mounted\n", "the layers of the clean Debian were not mounted"
        return self

    def __exit__(self, *error):
        self.holder.stdin.close()
        self.holder.wait()
        self.holder.stdout.close()
        shutil.rmtree(self.folder)

    def _inside(self, words, user):
        return ["nsenter", "--target", str(self.holder.pid), "--mount", "chroot", f"--userspec={user}:{user}",
                self.folder / "root", *words]

    def _options(self):
        return {"env": {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"},
                "stdin": subprocess.DEVNULL, "stderr": subprocess.STDOUT}

    def run(self, *words, user="root"):
        """Runs a program to its end and returns what it said; its status has to be 0."""
        result = subprocess.run(self._inside(words, user), stdout=subprocess.PIPE, text=True, timeout=120, **self._options())
        assert result.returncode == 0, f"{words}: status {result.returncode}: {result.stdout}"
        return result.stdout

    def start(self, *words, user, output):
        """Starts a program, which writes into the file `output` of the tests; it is the caller's to end."""
        with open(output, "ab") as file:
            return subprocess.Popen(self._inside(words, user), stdout=file, preexec_fn=end_with_parent, **self._options())

    def path(self, inside):
        """A file of this Debian, as the tests can open it."""
        return Path(f"/proc/{self.holder.pid}/root{self.folder}/root{inside}")

    def put(self, file, inside):
        target = self.path(inside)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)

    def files(self):
        """Every path of this Debian, seen from inside; not what the kernel shows under /proc."""
        found = self.run("find", "/", "-xdev", "-path", "/proc", "-prune", "-o", "-print0")
        return set(found.split("\0"))
