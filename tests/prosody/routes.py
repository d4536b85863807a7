"""The ways a stanza of a corpus takes through real connections, and what is seen at both ends."""

from dataclasses import dataclass, field

import corpus
from world import LOCAL_ROOM, REMOTE_ROOM


@dataclass
class Outcome:
    sent: str
    arrived: list = field(default_factory=list)
    returned: list = field(default_factory=list)

    def errors(self):
        return [stanza for stanza in self.returned if stanza.get("type") == "error"]

    def error_text(self):
        for stanza in self.errors():
            text = stanza.findtext("{*}error/{urn:ietf:params:xml:ns:xmpp-stanzas}text")
            if text:
                return text


def routes(row):
    """Names of the routes for one row, by the direction that the corpus gives it."""
    to = corpus.attribute(row["xml"], "to") or ""
    if "@muc" in to or "@conference" in to:
        return ["to-room"]
    return {
        "out": ["to-local", "to-remote"],
        "out-s2s": ["to-remote"],
        "in": ["from-remote", "from-component"],
        "in-s2s": ["from-remote"],
        "in-comp": ["from-component"],
        "in-muc": ["from-local-room", "from-remote-room"],
        "iq": ["to-local"],
        "pres": ["to-local"],
    }[row["dir"]]


def travel(world, route, xml):
    """Sends one stanza, then markers both ways, so that whatever it causes has arrived before they do."""
    outcome = TRAVEL[route](world, xml)
    return Outcome(outcome.sent, without_markers(outcome.arrived), without_markers(outcome.returned))


# Markers of other rows that reach a client later, through a room, say nothing about this one.
def without_markers(stanzas):
    return [stanza for stanza in stanzas if not stanza.get("id", "").startswith("marker-")]


# An error is never delivered to a bare address, so those of the corpus go to the full one.
def target(client, xml):
    to = corpus.attribute(xml, "to") or ""
    return client.full if "/" in to or corpus.attribute(xml, "type") == "error" else client.bare


def inner(sender, recipient):
    return {"b@x": recipient.bare, "a@r": sender, "b@remote": recipient.bare, "c@x": "carol@local.test",
            "r@muc.x": LOCAL_ROOM, "room@muc.x": LOCAL_ROOM}


def between(sender, recipient, xml):
    xml = corpus.addressed(xml, target(recipient, xml), inner=inner(sender.bare, recipient))
    sender.send(xml)
    arrived = recipient.receive_marker(sender.mark(recipient.full))
    returned = sender.receive_marker(recipient.mark(sender.full)) + sender.synchronise()
    return Outcome(xml, arrived, returned)


def from_component(world, xml):
    sender = f"anne@{world.bridge.name}"
    xml = corpus.addressed(xml, target(world.bob, xml), sender, inner(sender, world.bob))
    world.bridge.send(xml)
    arrived = world.bob.receive_marker(world.bridge.mark(sender, world.bob.full))
    returned = world.bridge.receive_marker(world.bob.mark(sender))
    return Outcome(xml, arrived, returned)


# The room of the corpus, entered; a nick in it is bob's, who is the one to watch.
def to_room(world, xml):
    private = "/" in corpus.attribute(xml, "to")
    place = f"{LOCAL_ROOM}/bob" if private else LOCAL_ROOM
    xml = corpus.addressed(xml, place, inner=inner(world.alice.bare, world.bob))
    world.alice.send(xml)
    marker = world.alice.mark(place, "chat" if private else "groupchat")
    arrived = world.bob.receive_marker(marker)
    if not private:
        arrived += [stanza for stanza in world.rose.receive_marker(marker) if corpus.carries(stanza, corpus.canaries(xml))]
    return Outcome(xml, arrived, world.alice.synchronise())


def from_room(room):
    def through(world, xml):
        xml = corpus.addressed(xml, room, inner=inner(world.rose.bare, world.bob))
        if corpus.attribute(xml, "type") != "groupchat":
            xml = corpus.addressed(xml, f"{room}/bob")
        world.rose.send(xml)
        arrived = world.bob.receive_marker(world.rose.mark(room, "groupchat"))
        returned = world.rose.receive_marker(world.bob.mark(world.rose.full)) + world.rose.synchronise()
        return Outcome(xml, arrived, returned)
    return through


TRAVEL = {
    "to-local": lambda world, xml: between(world.alice, world.bob, xml),
    "to-remote": lambda world, xml: between(world.alice, world.rose, xml),
    "from-remote": lambda world, xml: between(world.rose, world.bob, xml),
    "from-component": from_component,
    "to-room": to_room,
    "from-local-room": from_room(LOCAL_ROOM),
    "from-remote-room": from_room(REMOTE_ROOM),
}
