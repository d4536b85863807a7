"""What a server takes of the machine while it runs: memory, descriptors, threads, mappings."""

from dataclasses import dataclass
from pathlib import Path
from statistics import linear_regression

SECONDS_BETWEEN = 1
# Policies come into their memory, caches fill and archives begin in the first part of a run. What grows afterwards, grows.
WARM_UP = 0.3
# Seconds from which on a slope says something, and the most that it may be: the archives' indexes and Lua's heap go up and down by
# some MiB, so this is what would be noticed in a day, and not what is expected.
LONG_ENOUGH = 600
MOST_KIBIBYTES_A_MINUTE = 1024
# In a shorter run: what no leak of a page for each stanza would leave.
MOST_KIBIBYTES = 96 * 1024
MOST = {"descriptors": 64, "threads": 8, "mappings": 400}


@dataclass
class Moment:
    at: float
    resident: int  # KiB
    descriptors: int
    threads: int
    mappings: int


class Resources:
    def __init__(self, process):
        self.process = Path("/proc") / str(process)
        self.moments = []

    def look(self, now):
        if self.moments and now < self.moments[-1].at + SECONDS_BETWEEN:
            return
        status = dict(line.split(":", 1) for line in (self.process / "status").read_text().splitlines())
        self.moments.append(Moment(now, int(status["VmRSS"].split()[0]), len(list((self.process / "fd").iterdir())),
                                   int(status["Threads"]), len((self.process / "maps").read_text().splitlines())))

    def warm(self):
        return self.moments[int(len(self.moments) * WARM_UP):]

    def slope(self):
        """KiB a minute, after the warm-up."""
        warm = self.warm()
        return linear_regression([moment.at / 60 for moment in warm], [moment.resident for moment in warm]).slope

    def grown(self, name):
        warm = self.warm()
        return getattr(warm[-1], name) - getattr(warm[0], name)

    def excesses(self):
        found = [f"{name} by {self.grown(name)}" for name, most in MOST.items() if self.grown(name) > most]
        if self.moments[-1].at - self.moments[0].at >= LONG_ENOUGH:
            if self.slope() > MOST_KIBIBYTES_A_MINUTE:
                found.append(f"memory by {self.slope():.0f} KiB a minute")
        elif self.grown("resident") > MOST_KIBIBYTES:
            found.append(f"memory by {self.grown('resident')} KiB")
        return found

    def rows(self):
        warm, last = self.warm()[0], self.moments[-1]
        yield "resident, MiB", f"{self.moments[0].resident / 1024:.1f} → {warm.resident / 1024:.1f} warm → {last.resident / 1024:.1f}"
        yield "slope after warm-up", f"{self.slope():.0f} KiB a minute"
        for name in ("descriptors", "threads", "mappings"):
            yield name, f"{getattr(warm, name)} → {getattr(last, name)}"
