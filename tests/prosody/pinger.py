"""A client that does nothing but ping, in a process of its own, so that what it measures is the server."""

import multiprocessing
import time

from client import Client
from marking import HOST
from world import PASSWORD

# Whether an answer took too long is for those to say who look at the figures.
PATIENCE = 120


def _ping(server, user, seconds_between, stop, results):
    client = Client(server, f"{user}@{HOST}", PASSWORD, resource="pinger")
    found = []
    results.send("ready")
    while not stop.is_set():
        before = time.monotonic()
        client.send("<iq type='get' id='ping'><ping xmlns='urn:xmpp:ping'/></iq>")
        client.receive_until(lambda stanza: stanza.get("id") == "ping", PATIENCE)
        found.append((before, time.monotonic() - before))
        time.sleep(seconds_between)
    client.close()
    results.send(found)


class Pinger:
    """As a context manager; afterwards `found` is a list of (moment, seconds until the answer)."""

    def __init__(self, server, user, seconds_between=0.003):
        context = multiprocessing.get_context("fork")
        self.stop = context.Event()
        self.results, child = context.Pipe()
        self.process = context.Process(target=_ping, args=(server, user, seconds_between, self.stop, child), daemon=True)

    def __enter__(self):
        self.process.start()
        assert self.results.poll(20) and self.results.recv() == "ready"
        return self

    def __exit__(self, *error):
        self.stop.set()
        self.found = self.results.recv() if self.results.poll(40) else []
        self.process.join(5)
        if self.process.is_alive():
            self.process.kill()

    def longest(self, began=0.0, ended=float("inf")):
        """The longest answer time of those that were waited for between two moments, in seconds."""
        return max((seconds for moment, seconds in self.found if moment + seconds >= began and moment <= ended), default=0.0)
