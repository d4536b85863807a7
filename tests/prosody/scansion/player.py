"""Plays one script against a server: a client for each person, what each is sent, and the step that failed, if any."""

import re
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field

from client import Login
from stream import Closed

from .comparable import comparable
from .matching import expected, matches

# Seconds for what does not come as soon as it is sent; what does has arrived when the sender has an answer to its ping.
PATIENCE = 2
_VARIABLE = re.compile(r"\$\{(.+?)\}")


class Failed(Exception):
    pass


@dataclass
class Outcome:
    """`received` has what came for each person, in its order, so that two runs can be compared."""

    failure: str = ""
    received: dict = field(default_factory=dict)


class Player:
    """`server` has `ports["c2s"]`, on loopback."""

    def __init__(self, server, script, patience=PATIENCE):
        self.server = server
        self.script = script
        self.patience = patience
        self.streams = {}
        # What came and was not expected yet, in the order of arrival.
        self.waiting = {name: [] for name in script.people}
        self.outcome = Outcome(received={name: [] for name in script.people})
        self.variables = {}
        for person in script.people.values():
            self.variables[f"{person.name}'s JID"] = person.address
            self.variables[f"{person.name}'s full JID"] = person.full

    def play(self):
        try:
            for step in self.script.steps:
                self._take(step)
        finally:
            for name in list(self.streams):
                self._leave(name)
        return self.outcome

    def _take(self, step):
        if self.outcome.failure:
            return
        try:
            getattr(self, f"_{step.verb}")(step.person, self._filled_in(step.xml))
        except (Failed, Closed, TimeoutError, ElementTree.ParseError) as error:
            self.outcome.failure = f"{step}: {error}"

    def _filled_in(self, xml):
        return _VARIABLE.sub(lambda variable: self.variables[variable[1]], xml)

    def _connects(self, person, _):
        stream = Login(self.server, person.address, person.options.get("password", ""))
        self.streams[person.name] = stream
        if stream.bind(person.resource) != person.full:
            raise Failed(f"the server gave {person.name} another address than {person.full}")

    def _disconnects(self, person, _):
        self._leave(person.name)

    # The next step is of another client, perhaps, and shall not come before this one. One script ends with a client that
    # sends something after it has left.
    def _sends(self, person, xml):
        if person.name in self.streams:
            self.streams[person.name].send(xml)
            self._synchronise(person.name)

    def _receives(self, person, xml):
        for wanted in expected(xml):
            self._receive(person.name, wanted)

    def _receive(self, name, wanted):
        deadline = time.monotonic() + self.patience
        while True:
            captured = {}
            found = next((stanza for stanza in self.waiting[name] if matches(wanted, stanza, captured)), None)
            if found is not None:
                self.waiting[name].remove(found)
                self.variables.update(captured)
                return
            try:
                self._note(name, [self.streams[name].receive(max(0, deadline - time.monotonic()))])
            except TimeoutError:
                raise Failed(f"nothing that came matches; came and was not expected:\n{self._shown(name)}") from None

    def _note(self, name, stanzas):
        self.waiting[name] += stanzas
        self.outcome.received[name] += (comparable(stanza, self.script.text) for stanza in stanzas)

    def _shown(self, name):
        return "\n".join(f"  {written(stanza)}" for stanza in self.waiting[name]) or "  nothing"

    # With what was on its way.
    def _leave(self, name):
        if name in self.streams:
            self._synchronise(name)
            self.streams.pop(name).close()

    # What is sent may end the stream.
    def _synchronise(self, name):
        stream = self.streams[name]
        try:
            self._note(name, stream.synchronise())
        except (Closed, TimeoutError, OSError):
            self._note(name, stream.stanzas)
            stream.stanzas.clear()


def written(stanza):
    return ElementTree.canonicalize(ElementTree.tostring(stanza), strip_text=True)
