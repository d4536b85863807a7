"""A phone for each thing that can happen in each state, on one server; then it all happens."""

import itertools
import time

from client import Client
from phone import OPTIONS, STATES, Phone
from push_rows import ASLEEP, CONNECTED, ROWS
from push_server import APP_SECRET, PAYLOAD, PRESENT, SERVICE, PushServer
from world import PASSWORD

SECONDS = 30


def user_of(state, row):
    return f"{row.name}.{state.replace(' ', '.')}"


class Scene:
    """After `play`, the server is gone and `pushes` tells what the app server learned."""

    def __init__(self, version, policies, **options):
        self.cases = [(state, row) for state in (*ASLEEP, *CONNECTED) for row in ROWS]
        users = ["alice", *(user_of(state, row) for state, row in self.cases)]
        self.server = PushServer(version, users, policies, **{**PRESENT, **options})
        self.numbers = itertools.count(1)
        self.desks = {}
        self.phones = {}

    def play(self):
        with self.server:
            self.app_server = self.server.app_server()
            self.alice = Client(self.server, "alice@local.test", PASSWORD, "desk")
            for state, row in self.cases:
                self._put_to_sleep(state, row)
            self._wait_until("hibernating", len(ROWS))
            for state, row in self.cases:
                row.happen(self, self.phones[state, row.name])
            self._wait_until_pushed()
            self._close()
        return self

    def number(self):
        return f"number-{next(self.numbers)}"

    def pushes(self, state, row):
        return [push for push in self.app_server.pushes if push.device == node_of(state, row)]

    def _put_to_sleep(self, state, row):
        user = user_of(state, row)
        phone = Phone(self.server, user)
        answer = phone.enable(SERVICE, node_of(state, row), OPTIONS.format(APP_SECRET), attributes=PAYLOAD)
        assert answer.get("type") == "result", answer
        row.prepare(self, phone)
        if row.has_desk or state == "beside a desk":
            self.desks[phone.bare] = Client(self.server, phone.bare, PASSWORD, "desk")
        STATES.get(state, STATES["gone"])(phone)
        self.phones[state, row.name] = phone

    def _wait_until(self, what, number):
        deadline = time.monotonic() + SECONDS
        while (counted := self.server.census())[what] != number:
            assert time.monotonic() < deadline, counted
            time.sleep(0.05)

    # What broken or overdue connections are pushed for waits for timers, which Prosody starts when it asks for an answer.
    def _wait_until_pushed(self):
        self.alice.synchronise()
        for desk in self.desks.values():
            desk.synchronise()
        for row in ROWS:
            self.phones["silent", row.name].receive_until(lambda stanza: stanza.tag == "{urn:xmpp:sm:3}r")
        self._wait_until("waiting", 0)
        self.app_server.collect()

    def _close(self):
        for client in (self.app_server, self.alice, *self.desks.values()):
            client.close()
        for state, row in self.cases:
            if state in ("silent", *CONNECTED):
                self.phones[state, row.name].close()


# Says nothing about who it is.
def node_of(state, row):
    return f"node-{ROWS.index(row)}-{state[0]}"
