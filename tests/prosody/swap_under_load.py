"""One scenario for the test and the bench: messages all the time, swaps in some of it, and what that cost."""

import time
from dataclasses import dataclass

from marking import JAVASCRIPT, JAVASCRIPT_LIMITS, POLICY, RUST, entry, marking_server, variant
from pinger import Pinger
from shell import Shell
from stalls import Stalls, longest_in_windows
from traffic import Swaps, Traffic
from world import wait_until_settled

PAIRS = [("alice", "bob"), ("bob", "carol"), ("carol", "alice"), ("dave", "alice")]
SECONDS_BETWEEN = 0.25
COMPILE_SECONDS = 900
# A policy in JavaScript takes more than a millisecond for its first messages.
JAVASCRIPT_OPTIONS = {"limits": JAVASCRIPT_LIMITS, "probation": {"microseconds": 100_000}}
POLICIES = {"rust": (RUST, {}), "javascript": (JAVASCRIPT, JAVASCRIPT_OPTIONS)}


@dataclass
class Phase:
    swaps: bool
    began: float
    ended: float
    resident: int


class Run:
    """Phases of `(seconds, whether policies are swapped)`, one after the other, against one server.

    Lua's garbage collector alone stalls Prosody for 2 to 5 ms many times a second, whatever is loaded. To see what a
    swap adds, it is held off during a phase and made to collect between phases.
    """

    def __init__(self, version, kind, phases, options=None, holds_collector=False):
        self.holds_collector = holds_collector
        path, entry_options = POLICIES[kind]
        options = {"wasm_compile_seconds": COMPILE_SECONDS, **(options or {})}
        self.server = marking_server(version, {POLICY: entry(path=path, **entry_options)}, options)
        # Two versions that differ in their bytes and in what they write; the second is compiled before it counts.
        self.choices = [(variant(path, "two"), {"settings": {"version": "two"}}), (path, {"settings": {"version": "one"}})]
        with self.server:
            assert " running " in wait_until_settled(self.server, COMPILE_SECONDS)
            self.traffic = Traffic(self.server, PAIRS)
            self.swaps = Swaps(self.server, self.choices, SECONDS_BETWEEN)
            self._warm_up()
            self.collector = Shell(self.server)
            stalls = Stalls(self.server)
            with Pinger(self.server, "dave") as self.pinger:
                self.phases = [self._phase(seconds, swaps) for seconds, swaps in phases]
                self.traffic.settle(self.swaps)
            self.stalls = stalls.read()
            self.log_of_errors = self.server.log_lines("error")
            self.traffic.close()

    def _warm_up(self):
        """Both generations once: compiled, kept, and named in the history."""
        for line in self.swaps.lines:
            answer = self.swaps.shell.run(line, COMPILE_SECONDS)
            assert answer.ok, answer

    def _phase(self, seconds, swaps):
        if self.holds_collector:
            self.collector.run('>collectgarbage("collect")')
            self.collector.run('>collectgarbage("stop")')
        began = time.monotonic()
        self.traffic.run(seconds, self.swaps if swaps else None)
        phase = Phase(swaps, began, time.monotonic(), self.server.resident_kilobytes())
        if self.holds_collector:
            self.collector.run('>collectgarbage("restart")')
        return phase

    def pings(self, with_swaps):
        return [seconds for phase in self.phases if phase.swaps == with_swaps
                for moment, seconds in self.pinger.found if phase.began <= moment < phase.ended]

    # Not those whose quarter of a second ends after the phase, when the collector works.
    @staticmethod
    def _holds(phase, swap):
        return phase.swaps and phase.began <= swap.began <= phase.ended - SECONDS_BETWEEN

    def longest_stalls(self, with_swaps):
        """The longest stall of the event loop in each quarter of a second: after the start of a swap, or of any other."""
        if with_swaps:
            moments = [swap.began for swap in self.swaps.done if any(self._holds(phase, swap) for phase in self.phases)]
        else:
            moments = [phase.began + SECONDS_BETWEEN * number for phase in self.phases if not phase.swaps
                       for number in range(int((phase.ended - phase.began) / SECONDS_BETWEEN))]
        return longest_in_windows(self.stalls, moments, SECONDS_BETWEEN)
