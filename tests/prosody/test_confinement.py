"""Limits of the process that an operator or a system sets: policies work within them, or stay closed and say what to do."""

import os
import subprocess
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from canaries import CANARY
from client import Client
from confined import HOST, Confined, is_possible
from places import TEST_GUESTS
from plaintext import is_refused
from test_guests import say
from world import PASSWORD, wait_until_settled

pytestmark = pytest.mark.skipif(os.getuid() != 0 or not is_possible, reason="limits are set by root, for another user")

def test_it_works():
    with Confined("13.0", "-v 4000000 -n 100 -c 0 -l 0") as server:
        assert "running" in wait_until_settled(server)
        assert is_refused(server, HOST)
        assert server.log_lines("error") == []
        assert server.stop() == 0


CLOSED = {
    "address-space": ({"limits": "-v 170000"}, "raise ulimit -v"),
    "stack": ({"limits": "-s 512"}, "raise ulimit -s"),
}


@pytest.mark.parametrize("confinement, remedy", CLOSED.values(), ids=CLOSED)
def test_it_is_closed_and_says_what_to_do(confinement, remedy):
    with Confined("13.0", **confinement) as server:
        listing = wait_until_settled(server)
        assert "failed" in listing and "running" not in listing
        assert [text for _, text in server.log_lines("error") if remedy in text], server.log_lines("error")
        assert is_refused(server, HOST)
        assert server.stop() == 0


def test_no_thread_is_to_be_had():
    """What is compiled already is loaded without one; but nothing is asked that could not be cut."""
    with Confined("13.0") as server:
        assert "running" in wait_until_settled(server)
        assert server.stop() == 0
        server.confine("-u 1")
        server.start()
        listing = wait_until_settled(server)
        assert "failed" in listing and "running" not in listing
        assert [text for _, text in server.log_lines("error") if "raise TasksMax" in text], server.log_lines("error")
        assert is_refused(server, HOST)
        assert server.stop() == 0


def test_recursion_ends_within_a_small_stack():
    """The smallest that is taken: a policy comes to the end of its share before the stack does."""
    policy = {"path": str(TEST_GUESTS / "misbehaving.wasm"), "settings": {"how": "recurse", "when": "decide", "only": CANARY}}
    with Confined("0.12", "-s 768", policies={"guest": policy}) as server:
        assert "running" in wait_until_settled(server)
        alice, bob = (Client(server, f"{user}@{HOST}", PASSWORD) for user in ("alice", "bob"))
        for _ in range(2):
            assert not say(alice, bob, CANARY)
        assert say(bob, alice, "Lunch at noon?")
        alice.close(), bob.close()
        assert server.stop() == 0


@contextmanager
def without_execution(folder):
    subprocess.run(["mount", "--bind", folder, folder], check=True)
    try:
        subprocess.run(["mount", "-o", "remount,bind,noexec,nosuid,nodev", folder], check=True)
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def mapped_code(server):
    """What may be executed, and has no name."""
    lines = Path(f"/proc/{server.process.pid}/maps").read_text().splitlines()
    return [line for line in lines if " r-xp " in line and "wasm-cache" in line and line.endswith("(deleted)")]


def test_no_file_in_memory_is_needed_beside_mapped_code():
    with Confined("13.0", without="memfd_create") as server:
        assert "running" in wait_until_settled(server)
        assert mapped_code(server)
        assert is_refused(server, HOST)
        assert server.stop() == 0


def test_data_need_not_be_executable():
    """Then compiled policies are read into memory; where that is forbidden, too, they are closed."""
    server = Confined("0.12")
    with ExitStack() as started:
        (server.folder / "data").mkdir(exist_ok=True)
        started.enter_context(without_execution(server.folder / "data"))
        started.enter_context(server)
        assert "running" in wait_until_settled(server)
        assert is_refused(server, HOST)
        assert list((server.folder / "data" / "wasm-cache").glob("*.cwasm")) != []
        assert mapped_code(server) == []
        assert server.stop() == 0
        server.confine(without="memfd_create")
        server.start()
        listing = wait_until_settled(server)
        assert "failed" in listing and "running" not in listing
        remedy = "allow memfd_create in SystemCallFilter"
        assert [text for _, text in server.log_lines("error") if remedy in text], server.log_lines("error")
        assert is_refused(server, HOST)
        assert server.stop() == 0
    server.remove()


CONTROL_GROUP = Path("/sys/fs/cgroup/memory")
MOST_MEMORY = 128 * 1024 * 1024


@pytest.mark.skipif(not (CONTROL_GROUP / "memory.limit_in_bytes").exists(), reason="there are no control groups of memory (version 1) here")
def test_it_works_in_a_small_control_group():
    """As MemoryMax=128M: what is reserved and never touched does not count."""
    group = CONTROL_GROUP / f"mod-wasm-{os.getpid()}"
    group.mkdir()
    try:
        (group / "memory.limit_in_bytes").write_text(str(MOST_MEMORY))
        with Confined("13.0") as server:
            (group / "cgroup.procs").write_text(str(server.process.pid))
            assert "running" in wait_until_settled(server)
            server.shell("module:reload('wasm')")
            assert "running" in wait_until_settled(server)
            assert is_refused(server, HOST)
            assert server.stop() == 0
    finally:
        group.rmdir()
