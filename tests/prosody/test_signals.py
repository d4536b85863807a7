"""Signals belong to Prosody: they neither end a decision nor a staging, and no thread of ours takes them."""

import random
import signal
import threading
import time
from pathlib import Path

import pytest

from marking import HOST, POLICY, RUST, Running, entry, variant
from shell import Shell, command
from traffic import Swaps, Traffic

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


@pytest.mark.parametrize("moment", [0.0, 0.02, 0.1])
def test_ending_while_a_policy_is_staged(version, moment, tmp_path):
    with Running(version, {POLICY: entry()}) as it:
        Shell(it.server).start(command("swap", HOST, POLICY, variant(RUST, f"ending-{moment}", tmp_path)))
        time.sleep(moment)  # a point of time within the staging, whichever it is on this machine
        assert it.server.stop() == 0


def test_our_threads_take_no_signal(version):
    """Only those that a thread brings upon itself: SIGILL, SIGBUS, SIGFPE, SIGSEGV; and none can block SIGKILL and SIGSTOP."""
    own = {signal.SIGILL, signal.SIGBUS, signal.SIGFPE, signal.SIGSEGV, signal.SIGKILL, signal.SIGSTOP}
    with Running(version) as it:
        assert it.mark()
        found = 0
        for name, blocked in blocked_signals(it.server.process.pid):
            if name.startswith("wasm-"):
                found += 1
                free = {number for number in range(1, 32) if not blocked & 1 << number - 1}
                assert free <= {int(number) for number in own}, (name, free)
        assert found > 0


def blocked_signals(pid):
    for task in Path(f"/proc/{pid}/task").iterdir():
        status = dict(line.split(":\t", 1) for line in (task / "status").read_text().splitlines() if ":\t" in line)
        yield status["Name"], int(status["SigBlk"], 16)
