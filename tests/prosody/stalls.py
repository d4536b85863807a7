"""What modules/mod_loop_stall.lua measured: how long the event loop kept everybody waiting."""

import math

from shell import Shell


def percentile(values, share):
    """The value that `share` of all do not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0


class Stalls:
    def __init__(self, server):
        self.server = server
        self.shell = Shell(server)
        assert self.shell.run("stall:clear()").ok

    def read(self, of_processor=False):
        """Returns (moment, seconds) of each stall of at least 0.1 ms, on the clock of time.monotonic(); the seconds on the
        wall, or those of the processor."""
        path = self.server.folder / "stalls.txt"
        answer = self.shell.run(f'stall:dump("{path}", {"true" if of_processor else "false"})')
        assert answer.ok, answer
        return [tuple(map(float, line.split())) for line in path.read_text().splitlines()]


def longest_in_windows(stalls, moments, seconds):
    """For each moment, the longest stall that began in the seconds after it."""
    return [max((length for moment, length in stalls if start <= moment < start + seconds), default=0.0) for start in moments]
