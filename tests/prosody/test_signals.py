"""Signals belong to Prosody: they neither end a decision nor a staging, and no thread of ours takes them."""

import random
import re
import signal
import threading
import time
from pathlib import Path

import pytest

from client import Client
from configuration import MODULES, Host
from marking import HOST, POLICY, RUST, Running, entry, variant
from server import Server
from shell import Shell, command
from traffic import Swaps, Traffic
from world import PASSWORD, shared_cache, wait_until_settled, with_wasm

SECONDS = 2.5
SECONDS_BETWEEN = 0.03


class Signals(threading.Thread):
    """Sends one of them every so often while it is used."""

    def __init__(self, server, numbers):
        super().__init__(daemon=True)
        self.server, self.numbers, self.ended, self.sent = server, numbers, threading.Event(), 0

    def run(self):
        while not self.ended.wait(SECONDS_BETWEEN):
            self.server.process.send_signal(random.choice(self.numbers))
            self.sent += 1

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *error):
        self.ended.set()
        self.join()


def test_reloading_and_other_signals(version, tmp_path):
    with Running(version) as it:
        traffic = Traffic(it.server, [("alice", "bob"), ("bob", "carol")])
        # Compiled, loaded and put into force meanwhile.
        choices = [(variant(RUST, f"signals-{number}", tmp_path), {"settings": {"version": "two"}}) for number in range(3)]
        swaps = Swaps(it.server, choices)
        with Signals(it.server, [signal.SIGHUP, signal.SIGCHLD, signal.SIGWINCH, signal.SIGCONT]) as signals:
            traffic.run(SECONDS, swaps)
            traffic.settle(swaps)
        assert signals.sent > 20 and swaps.done and swaps.failed == []
        assert traffic.lost() == [] and traffic.doubled() == [] and traffic.reordered() == []
        assert traffic.not_marked_once() == [] and traffic.unexpected == []
        assert traffic.canaries_delivered == 0 and traffic.canaries_refused() == traffic.canaries_sent()
        traffic.close()
        assert "Traceback" not in it.server.log()
        assert it.server.stop() == 0


@pytest.mark.parametrize("version, moment", [("13.0", 0.0), ("0.12", 0.02), ("13.0", 0.1)])
def test_ending_while_a_policy_is_staged(version, moment, tmp_path):
    with Running(version, {POLICY: entry()}) as it:
        Shell(it.server).start(command("swap", HOST, POLICY, variant(RUST, f"ending-{moment}", tmp_path)))
        time.sleep(moment)  # a point of time within the staging, whichever it is on this machine
        assert it.server.stop() == 0


def signals_of(status):
    return {name: {number for number in range(1, 65) if int(mask, 16) & 1 << number - 1} for name, mask in
            re.findall(r"^(Sig\w+):\t(\w+)$", status, re.MULTILINE)}


def test_nobody_else_takes_what_a_trap_comes_as(version):
    """A library that took it without passing on what is not its own would make a trap the end of the server."""
    traps = {signal.SIGSEGV, signal.SIGILL, signal.SIGFPE}
    for is_loaded in (False, True):
        wasm = with_wasm({POLICY: entry()}) if is_loaded else {}
        modules = [*MODULES, "mam", "offline", "smacks", "csi_simple", "cloud_notify", "bosh", "websocket", "register_ibr"]
        with Server(version, [Host(HOST, wasm, users={"alice": PASSWORD})], {**shared_cache(), "modules_enabled": modules}) as server:
            wait_until_settled(server)
            Client(server, f"alice@{HOST}", PASSWORD).close()
            caught = signals_of(Path(f"/proc/{server.process.pid}/status").read_text())["SigCgt"]
            assert caught & traps == (traps if is_loaded else set())


def test_our_threads_take_no_signal(version):
    """But those that a thread brings upon itself, and those that cannot be blocked."""
    own = {signal.SIGILL, signal.SIGBUS, signal.SIGFPE, signal.SIGSEGV, signal.SIGKILL, signal.SIGSTOP}
    with Running(version) as it:
        assert it.mark()
        tasks = [(task / "status").read_text() for task in Path(f"/proc/{it.server.process.pid}/task").iterdir()]
        ours = [signals_of(task)["SigBlk"] for task in tasks if task.startswith("Name:\twasm-")]
        assert ours and all(set(range(1, 32)) - blocked <= own for blocked in ours), ours
