"""What was to be reached, and the rows that tell whether it was."""

import math
import re
from dataclasses import dataclass


@dataclass
class Goal:
    """At most `limit` for each row whose case and `what` fit; the worst of them is told."""

    text: str
    limit: float
    unit: str  # or × for the ratio of the row
    group: str
    case: str
    what: str

    def figure(self, rows):
        """None where it was not measured. What cannot be told is not reached: a reference that is lost in the noise."""
        column = "ratio" if self.unit == "×" else "median"
        fitting = [row[column] for row in rows if row["group"] == self.group
                   and re.fullmatch(self.case, row["case"]) and re.fullmatch(self.what, row["what"])]
        return max((math.inf if value is None else value for value in fitting), default=None)


GOALS = [
    Goal("a stanza that no policy wants", 0.25, "µs", "uninterested", ".*", "no policy wants it"),
    Goal("an empty hook, beside a bare call of the component", 1.5, "×", "floor", "empty hook", "the hook, chat"),
    Goal("five look-ups, whatever the stanza", 1.0, "µs", "crossing", ".*: 5 look-ups", "policy"),
    Goal("five look-ups, beside Lua doing the same", 1.0, "×", "crossing", ".*: 5 look-ups", "policy"),
    Goal("a whole OMEMO message with 8 keys, read by the policy", 3.0, "µs", "crossing", "OMEMO, 8 keys: whole stanza", "policy"),
    Goal("instructions that `e2ee` adds to a message, beside what mod_firewall with three rules adds", 0.5, "×", "server-instructions", "[^:]*8 keys: added|chat: added", "e2ee"),
    Goal("instructions that all bundled policies add, beside the same", 1.0, "×", "server-instructions", ".* more: added", "all bundled policies"),
    Goal("private memory of a further policy, or host", 64, "KiB", "footprint", "private memory", ".*"),
    Goal("start with ten policies that are compiled", 20, "ms", "footprint", "start with 10 policies", "compiled before"),
    Goal("the library, stripped", 3.0, "MB", "footprint", "the library", ".*"),
]
