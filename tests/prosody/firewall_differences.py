"""Where mod_firewall and the policy do not do the same, and why. A row that is here and does not differ is a mistake, too."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Difference:
    """`rules` are names of sets, `rows` says of a row's name whether it is meant; `versions` of Prosody, all if empty."""

    rules: tuple
    rows: Callable
    reason: str
    versions: tuple = ()

    def covers(self, version, name, row):
        return (not self.rules or name in self.rules) and (not self.versions or version in self.versions) and bool(self.rows(row))


TABLE = []
