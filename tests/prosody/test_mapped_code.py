"""Compiled policies are mapped from copies without a name. Where there can be none, they are read into memory, and work as well."""

import os
import subprocess
from contextlib import contextmanager

import pytest

from places import PROJECT, STAGE, TEST_GUESTS

pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="only root may put a small file system in a folder's place")

GUEST = TEST_GUESTS / "echoing.wasm"
# What a policy decides, and how often code without a name is mapped from the cache's folder.
SCRIPT = """
package.path = "tests/lua/?.lua;"..package.path;
local native = require "native";
local chain = native.chain(native.load(), native.guests.."/echoing.wasm");
local verdict = chain:decide(require "util.stanza".message({ to = "b@x" }), chain:question("message", "outgoing", "user", "user"));
local mapped = 0;
for line in io.lines("/proc/self/maps") do
	if line:find(native.cache, 1, true) and line:find(" r-xp ", 1, true) and line:find("(deleted)", 1, true) then mapped = mapped + 1; end
end
print(verdict, mapped);
"""


@contextmanager
def mounted(folder):
    """In the folder's place an empty file system, with room for one artifact and its copy."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m,mode=0700", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def fill(folder):
    with open(folder / "ballast", "wb", buffering=0) as ballast, pytest.raises(OSError):
        while True:
            ballast.write(bytes(4096))


def make_room(folder):
    """For a part of a copy."""
    fill(folder)
    os.truncate(folder / "ballast", os.path.getsize(folder / "ballast") - 64 * 1024)


def remount(*options):
    return lambda folder: subprocess.run(["mount", "-o", ",".join(("remount", *options)), folder], check=True)


DISKS = {
    "usual": (lambda folder: None, 1),
    "full": (fill, 0),
    "almost full": (make_room, 0),
    "read-only": (remount("ro"), 0),
    "not executable": (remount("noexec"), 0),
}


@pytest.mark.parametrize("disk", DISKS)
def test_a_disk_that_is(disk, tmp_path):
    change, mapped = DISKS[disk]
    with mounted(tmp_path / "cache") as cache:
        subprocess.run([STAGE / "bin" / "prosody-wasm", "compile", GUEST, "--cache", cache], check=True, capture_output=True)
        change(cache)
        before = sorted(cache.iterdir())
        found = subprocess.run(["lua5.4", "-e", SCRIPT], cwd=PROJECT, env={**os.environ, "MOD_WASM_CACHE": str(cache)},
                               capture_output=True, text=True)
        assert (found.stdout, found.stderr) == (f"pass\t{mapped}\n", "")
        assert sorted(cache.iterdir()) == before
