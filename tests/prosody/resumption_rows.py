"""What a phone misses when its connection is cut: kinds of stanzas, each with the ways to hear of it."""

from dataclasses import dataclass, field

from client import RECEIPT, Tcp
from csi_scene import CONTACTS, ROOMS
from steps import step, steps
from websocket import WebSocket

REMOTE_ROOMS = "rooms.remote.test"
# Stages, and the numbers of the stanzas that are sent in each.
STAGES = {"held": (1, 2, 3), "gone": (4, 5, 6), "resumed": (7, 8, 9), "later": (10, 11, 12)}
LAST = 12


@dataclass(frozen=True)
class Kind:
    """`xml` is what a contact sends; `merges` says that the newest is enough; `room` is the service of its room."""

    name: str
    xml: str
    merges: bool = False
    wakes: bool = False
    room: str = ""


KINDS = [
    Kind("message", "<message from='{contact}' to='{bare}' type='chat'><body>hello</body>{step}</message>", wakes=True),
    Kind("receipt", "<message from='{contact}' to='{bare}' type='chat' id='r{number}'>" + RECEIPT.format("x") + "{step}</message>"),
    Kind("chat-state", "<message from='{contact}' to='{bare}' type='chat'><composing xmlns='http://jabber.org/protocol/chatstates'/>"
         "{step}</message>", merges=True),
    Kind("presence", "<presence from='{contact}' to='{bare}'><show>away</show>{step}</presence>", merges=True),
    Kind("iq-result", "<iq from='{contact}' to='{full}' type='result' id='question-{number}'>{step}</iq>", wakes=True),
    Kind("room-message", "<message from='{contact}' to='{room}' type='groupchat'><body>hello</body>{step}</message>",
         room=ROOMS),
    Kind("room-presence", "<presence from='{contact}' to='{room}/contact'><show>away</show>{step}</presence>", merges=True,
         room=ROOMS),
    Kind("remote-room-message", "<message from='{contact}' to='{room}' type='groupchat'><body>hello</body>{step}</message>",
         room=REMOTE_ROOMS),
]


@dataclass
class Row:
    """One phone on one host, and what becomes of it."""

    host: str
    kind: Kind
    transport: type
    is_noticed: bool  # whether the server learns that the connection is gone
    woken_by: list = field(default_factory=list)
    stuck_in: list = field(default_factory=list)
    is_outside: bool = False

    @property
    def user(self):
        return f"{self.kind.name}-{self.transport.name.lower()}-{'cut' if self.is_noticed else 'lost'}"

    @property
    def bare(self):
        return f"{self.user}@{self.host}"

    __str__ = bare.fget

    @property
    def contact(self):
        return f"{self.user}@{CONTACTS}/{self.host}"

    @property
    def room(self):
        return f"{self.user}-{self.host}@{self.kind.room}" if self.kind.room else None

    def stanza(self, number):
        return self.kind.xml.format(contact=self.contact, bare=self.bare, full=self.phone.full, room=self.room,
                                    number=number, step=step(number))

    def is_in_its_room(self, phone):
        """With the contact, and with all that comes at first."""
        return (any(stanza.get("from") == f"{self.room}/contact" for stanza in phone.got)
                and any(stanza.find("{jabber:client}subject") is not None for stanza in phone.got))

    def hears_itself(self, phone):
        return any(stanza.get("from") == f"{self.room}/phone" and stanza.get("type") == "groupchat" for stanza in phone.got)

    def is_departure(self, stanza):
        return stanza.get("from") == f"{self.room}/phone" and stanza.get("type") == "unavailable"

    @property
    def is_stuck(self):
        return bool(self.stuck_in)

    def has(self, number):
        return lambda phone: number in steps(phone.got)

    def complaints(self):
        """What is wrong with what arrived."""
        arrived = steps(self.phone.got)
        expected = {LAST} if self.kind.merges else set(range(1, LAST + 1))
        newest = [max(arrived[:place + 1]) for place in range(len(arrived))]
        found = {
            "stuck": self.stuck_in,
            "out of its room": [self.room] * self.is_outside,
            "lost": sorted(expected - set(arrived)),
            "doubled": sorted({number for number in arrived if arrived.count(number) > 1}),
            "after a newer one": [number for number, before in zip(arrived, newest) if number < before],
            "stamped twice": steps(stanza for stanza in self.phone.got if len(stanza.findall("{urn:xmpp:delay}delay")) > 1),
        }
        return {what: numbers for what, numbers in found.items() if numbers}


def rows(*hosts):
    """The whole matrix for each of these hosts."""
    return [Row(host, kind, transport, is_noticed)
            for host in hosts for kind in KINDS for transport in (Tcp, WebSocket) for is_noticed in (True, False)]
