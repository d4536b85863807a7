"""A panic of the library in the middle of a decision: the stanza is not delivered, and the server goes on.

Panics below a policy's call are tried in tests/sandbox/host_functions.rs.
"""

import re
import subprocess
from pathlib import Path

import pytest

from configuration import Host
from marking import HOST, POLICY, entry, exchange, judged_by, log_in
from server import Server
from world import PASSWORD, shared_cache, wait_until_settled, with_wasm

SOURCE = Path(__file__).parent / "libraries" / "broken_clock.c"


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    path = tmp_path_factory.mktemp("clock") / "broken_clock.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-Wall", "-Werror", "-o", path, SOURCE], check=True)
    return path


class WithoutTime(Server):
    """`preloaded` refuses the library the time while `flag` is there."""

    preloaded = None

    @property
    def flag(self):
        return self.folder / "no-time"

    def _environment(self):
        return {**super()._environment(), "LD_PRELOAD": str(self.preloaded), "BROKEN_CLOCK": str(self.flag)}


@pytest.mark.parametrize("on_error", ["deny", "pass"])
def test_what_it_was_asked_about_is_not_delivered(version, library, on_error):
    users = dict.fromkeys(("alice", "bob"), PASSWORD)
    server = WithoutTime(version, [Host(HOST, with_wasm({POLICY: entry(on_error=on_error)}), users=users)], shared_cache())
    server.preloaded = library
    with server:
        assert " running " in wait_until_settled(server)
        alice, bob = log_in(server, "alice", "bob")
        assert judged_by(alice, bob)["version"] == "one"
        server.flag.touch()
        for _ in range(3):
            assert exchange(alice, bob) is None
        server.flag.unlink()
        assert judged_by(alice, bob)["version"] == "one"
        # Where it was, and not what it said: that could be made of a stanza.
        said = [line for line in server.output().splitlines() if line.startswith("mod_wasm ")]
        assert len(said) == 3 and all(re.fullmatch(r"mod_wasm \S+ panicked at \S+\.rs:\d+:\d+", line) for line in said), said
        assert "Invalid argument" not in server.output()
        assert "internal-error" in server.log()
        assert "raceback" not in server.log()
