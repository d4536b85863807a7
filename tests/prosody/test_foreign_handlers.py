"""Beside another library that takes the signals of faults, which is how traps of policies come.

Installed before mod_wasm's, its handlers are passed on to. Installed later they come first: all is well if they pass on what is not
their own; if they do not, a trap ends the server, and what is promised of a restart holds.
"""

import signal
import subprocess
from pathlib import Path

import pytest

from canaries import CANARY
from configuration import MODULES
from marking import HOST, POLICY, Running, delivers_canary, exchange
from places import PROJECT, TARGET, TEST_GUESTS
from stream import Closed
from world import wait_until_settled

SOURCE = Path(__file__).parent / "libraries" / "foreign_handlers.c"
ASSEMBLER = TARGET / "release" / "examples" / "assemble"
TRAPS = PROJECT / "tests" / "mistakes" / "traps.wat"
# In the thread that stages: what {"how": 1} and so on is said to do.
STAGED = ["it panicked or reached unreachable code", "it accessed memory out of bounds", "it divided by zero", "its stack overflowed",
          "it trapped", "it trapped"]
# In the event loop: the latter ends at the end of its memory.
JUDGED = ["panic", "recurse"]
KINDS = 3
FAULTS = {-signal.SIGSEGV, -signal.SIGILL, -signal.SIGFPE}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """-> (the library, the policy that traps while it is staged)"""
    folder = tmp_path_factory.mktemp("foreign")
    library, policy = folder / "foreign_handlers.so", folder / "traps.wasm"
    subprocess.run(["gcc", "-shared", "-fPIC", "-Wall", "-Werror", "-o", library, SOURCE], check=True)
    subprocess.run([ASSEMBLER, TRAPS, policy], check=True)
    return library, policy


def settings(how):
    return {"how": how, "when": "decide", "only": CANARY}


def beside(version, library, **host_options):
    policy = {"path": str(TEST_GUESTS / "misbehaving.wasm"), "settings": settings("log-flood")}
    options = {"modules_enabled": [*MODULES, "foreign_handlers"], "foreign_handlers_library": str(library)}
    return Running(version, {POLICY: policy}, options, **host_options)


def said(it, command):
    answer = it.shell.run(f"foreign:{command}")
    assert answer.ok, answer
    return int(answer.text.removeprefix("OK: "))


def check_traps(it, policy):
    """Each is caught, and the server goes on."""
    for how in JUDGED:
        assert it.swap(settings=settings(how)).ok
        assert not delivers_canary(it.alice, it.bob)
        assert it.shell.info(HOST, POLICY)["Last failure"] != "-"
        assert exchange(it.bob, it.alice) is not None
    for number, words in enumerate(STAGED, 1):
        answer = it.shell.wasm("stage", HOST, POLICY, policy, settings={"how": number})
        assert not answer.ok and words in answer.text, answer
    assert exchange(it.bob, it.alice) is not None


def test_handlers_from_before_are_passed_on_to(version, built):
    library, policy = built
    # mod_wasm is configured, and loaded afterwards.
    it = beside(version, library, modules_enabled=[])
    with it.server:
        it.connect()
        assert said(it, "install(true)") == 0
        assert it.shell.run(f'module:load("wasm", "{HOST}")').ok
        assert " running " in wait_until_settled(it.server)
        it.connect()  # a shell has the commands that were there when it was opened
        check_traps(it, policy)
        assert said(it, "fault()") == KINDS
        check_traps(it, policy)
        assert said(it, "others()") == 0


def test_handlers_that_come_later_and_pass_on(version, built):
    library, policy = built
    with beside(version, library) as it:
        assert said(it, "install(true)") == KINDS
        check_traps(it, policy)
        assert said(it, "fault()") == KINDS
        check_traps(it, policy)
        # Otherwise this tests nothing.
        assert said(it, "others()") > 0


def test_handlers_that_come_later_and_keep(version, built):
    """As SECURITY.md says: nothing is let through, but the server ends."""
    library, _ = built
    with beside(version, library) as it:
        assert it.swap(settings=settings("panic")).ok
        assert said(it, "install(false)") == KINDS
        with pytest.raises((Closed, OSError)):
            delivers_canary(it.alice, it.bob)
        assert it.server.process.wait(60) in FAULTS
        it.restart()
        assert not delivers_canary(it.alice, it.bob)
        assert exchange(it.bob, it.alice) is not None
