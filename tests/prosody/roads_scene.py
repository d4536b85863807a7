"""The roads by which a stanza comes to a host with a policy, or leaves it.

local.test          alice, bob · open.local.test, rooms without mod_wasm · bridge.local.test, an external component
rooms.local.test    rooms with mod_wasm
remote.test         rose, lily · rooms.remote.test; nobody decides there
"""

from contextlib import ExitStack
from dataclasses import dataclass

import corpus
from client import RECEIPT, Client, new_marker
from component import Component
from configuration import Host
from server import Server
from world import PASSWORD, SECRET, bundled, introduce, shared_cache, wait_until_settled, with_wasm

GUARDED_ROOM, OPEN_ROOM, REMOTE_ROOM = "room@rooms.local.test", "room@open.local.test", "room@rooms.remote.test"
# In which everybody may do what the corpora do.
UNLOCKED = {"muc_room_locking": False, "muc_room_default_change_subject": True}


@dataclass
class Road:
    sender: str
    recipient: str
    room: str | None = None


# Of two that judge a stanza, one may fail unseen. So each road but the first is judged once.
ROADS = {
    "to a user here": Road("alice", "bob"),
    "out over s2s": Road("alice", "rose"),
    "out to a component": Road("alice", "bridge"),
    "out to a room here": Road("alice", "rose", OPEN_ROOM),
    "out to a room elsewhere": Road("alice", "rose", REMOTE_ROOM),
    "in over s2s": Road("rose", "bob"),
    "in from a component": Road("bridge", "bob"),
    "in from an account of a component": Road("anne", "bob"),
    "in from a room here": Road("rose", "bob", OPEN_ROOM),
    "in from a room elsewhere": Road("rose", "bob", REMOTE_ROOM),
    "over s2s to a room that is judged": Road("rose", "lily", GUARDED_ROOM),
    "from a component to a room that is judged": Road("bridge", "lily", GUARDED_ROOM),
}


@dataclass
class End:
    """Somebody who sends and receives. A component has to say who sends."""

    name: str
    stream: object
    full: str
    sender: str | None = None

    def send(self, xml, to):
        self.stream.send(corpus.addressed(xml, to, self.sender))

    def join(self, room):
        self.send("<presence><x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x></presence>", f"{room}/{self.name}")
        self.stream.receive_until(lambda stanza: stanza.find("{*}x/{*}status[@code='110']") is not None)
        self.stream.receive_until(lambda stanza: stanza.find("{*}subject") is not None)


def hosts(is_guarded):
    wasm = with_wasm(bundled()) if is_guarded else {}
    local = [Host("local.test", wasm, users=dict.fromkeys(("alice", "bob"), PASSWORD)),
             Host("rooms.local.test", {**UNLOCKED, **wasm}, component="muc"), Host("open.local.test", UNLOCKED, component="muc"),
             Host("bridge.local.test", {"component_secret": SECRET}, component=None)]
    remote = [Host("remote.test", users=dict.fromkeys(("rose", "lily"), PASSWORD)),
              Host("rooms.remote.test", UNLOCKED, component="muc")]
    return local, remote


class Scene:
    def __init__(self, version, is_guarded):
        neighbours = {}
        local, remote = hosts(is_guarded)
        self.is_guarded = is_guarded
        self.local = Server(version, local, shared_cache(), neighbours=neighbours)
        self.remote = Server(version, remote, neighbours=neighbours)
        introduce(neighbours, self.local, self.remote)

    def __enter__(self):
        with ExitStack() as started:
            started.enter_context(self.local)
            started.enter_context(self.remote)
            if self.is_guarded:
                listing = wait_until_settled(self.local)
                assert "running" in listing, listing
            self.ends = {}
            for name, server in (("alice", self.local), ("bob", self.local), ("rose", self.remote), ("lily", self.remote)):
                client = started.enter_context(Client(server, f"{name}@{server.hosts[0].name}", PASSWORD))
                self.ends[name] = End(name, client, client.full)
            bridge = started.enter_context(Component(self.local, "bridge.local.test", SECRET))
            for name, address in (("bridge", f"bridge@{bridge.name}/test"), ("anne", f"anne@{bridge.name}")):
                self.ends[name] = End(name, bridge, address, address)
            self._enter_rooms()
            self.started = started.pop_all()
        return self

    def __exit__(self, *error):
        self.started.__exit__(*error)

    def _enter_rooms(self):
        for road in ROADS.values():
            for name in (road.sender, road.recipient) if road.room else ():
                self.ends[name].join(road.room)

    def carries(self, road, xml, texts):
        """Does one of the texts arrive at the end of the road?"""
        sender, recipient = self.ends[road.sender], self.ends[road.recipient]
        alone = f"{road.room}/{recipient.name}" if road.room else recipient.full
        xml = xml.replace("{bare}", recipient.full.split("/")[0])
        sender.send(xml, to_all(road, xml) or alone)
        if road.room and corpus.attribute(xml, "type") == "unavailable":
            sender.join(road.room)
        marker = new_marker()
        sender.send(f"<message type='chat' id='{marker}'>{RECEIPT.format(marker)}</message>", alone)
        return any(corpus.carries(stanza, texts) for stanza in recipient.stream.receive_marker(marker))


def to_all(road, xml):
    """The address in a room for what goes to everybody in it."""
    if not road.room:
        return None
    if xml.startswith("<presence"):
        return f"{road.room}/{road.sender}"
    return road.room if corpus.attribute(xml, "type") == "groupchat" else None
