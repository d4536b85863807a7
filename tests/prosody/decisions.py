"""The decisions that mod_wasm wrote into the debug log of a server."""

import re
from dataclasses import dataclass

LINE = re.compile(r"decision policy=(?P<policy>\S+) hook=\S+ kind=(?P<kind>\S+) direction=(?P<direction>\S+) "
                  r"verdict=(?P<verdict>\S+) reason=(?P<reason>.*) us=(?P<microseconds>[\d.]+)")


@dataclass
class Decision:
    policy: str
    kind: str
    direction: str
    verdict: str
    reason: str
    microseconds: float


class DecisionLog:
    def __init__(self, server):
        self.path = server.log_path
        self.offset = self.path.stat().st_size

    def skip(self):
        self.offset = self.path.stat().st_size

    def since(self, kind):
        """The decisions about stanzas of this kind since `skip`."""
        with open(self.path, errors="replace") as log:
            log.seek(self.offset)
            found = [LINE.search(line) for line in log]
        decisions = [Decision(**{**line.groupdict(), "microseconds": float(line["microseconds"])}) for line in found if line]
        return [decision for decision in decisions if decision.kind == kind]


def decisive(decisions):
    """A stanza between two local users is judged when it leaves and when it arrives: the one that changed its fate."""
    return next((decision for decision in decisions if decision.verdict != "pass"), decisions[0] if decisions else None)
