"""A clock that a test can move, for the server alone (libfaketime)."""

import socket
from pathlib import Path

from network import LOOPBACK
from server import Server

HOUR = 3600


def library():
    return next(Path("/usr/lib").glob("*-linux-gnu/faketime/libfaketime.so.1"))


class Clocked(Server):
    """Its clocks, that of timers too, are as many hours ahead as `go_to` says."""

    def _environment(self):
        self.clock = self.folder / "clock"
        if not self.clock.exists():
            self.go_to(0)
        return {**super()._environment(), "LD_PRELOAD": str(library()), "FAKETIME_TIMESTAMP_FILE": str(self.clock),
                "FAKETIME_NO_CACHE": "1"}

    def go_to(self, hours):
        # Never back: what reads the file while it is written sees the old or the new one.
        fresh = self.folder / "clock.new"
        fresh.write_text(f"+{hours * HOUR:.0f}\n")
        fresh.replace(self.clock)
        if self.alive:  # it sleeps until its next timer by the old clock: a connection wakes it
            socket.create_connection((LOOPBACK, self.ports["c2s"])).close()
