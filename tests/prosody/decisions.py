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


def decisions(text):
    found = (LINE.search(line) for line in text.splitlines())
    return [Decision(**{**line.groupdict(), "microseconds": float(line["microseconds"])}) for line in found if line]


def decisions_about(server, stanza_id):
    """Those between the line that says this stanza was received and the line that says so of the next one."""
    received = re.search(rf"Received\[[^\n]* id='{re.escape(stanza_id)}'[^\n]*\n(.*?)(?=\n[^\n]*\tReceived\[|\Z)", server.log(), re.DOTALL)
    return decisions(received[1]) if received else []


def decisive(decisions):
    """A stanza may be judged when it leaves and when it arrives: the decision that changed its fate, else the first."""
    return next((decision for decision in decisions if decision.verdict != "pass"), decisions[0] if decisions else None)
