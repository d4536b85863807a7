"""One session of the soak: what it sent, and what became of that."""

import base64
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from canaries import CANARY
from client import Client, new_marker
from marking import HOST
from room_owner import affiliate
from soak_server import UNWANTED, USERS_OF_A_ROOM, room, user
from world import PASSWORD

KEY, PAYLOAD = (base64.b64encode(bytes(range(count))).decode() for count in (80, 48))
NONCE = base64.b64encode(bytes(12)).decode()
OMEMO = (f"<encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='1'><key rid='2'>{KEY}</key><iv>{NONCE}</iv></header>"
         f"<payload>{PAYLOAD}</payload></encrypted><store xmlns='urn:xmpp:hints'/>")
PLAINTEXT = f"<body>{CANARY}</body>"
DIRECT, ROOM, REFUSED = "direct", "room", "refused"


@dataclass
class Ledger:
    """What all sessions sent and got: an id is KIND:SENDER:NUMBER."""

    sent: dict = field(default_factory=lambda: defaultdict(list))  # (kind, sender) -> numbers
    arrived: dict = field(default_factory=lambda: defaultdict(list))  # (kind, sender, recipient) -> numbers
    refused: Counter = field(default_factory=Counter)  # id -> errors
    canaries: list = field(default_factory=list)  # what was delivered of them
    copies: Counter = field(default_factory=Counter)  # (id, recipient) -> carbons


class Session:
    def __init__(self, server, number, sessions, ledger):
        self.number, self.ledger, self.room, self.count = number, ledger, room(number), 0
        self.name = user(number)
        self.client = Client(server, f"{self.name}@{HOST}", PASSWORD, resource="desk")
        self.client.send("<iq type='set' id='carbons'><enable xmlns='urn:xmpp:carbons:2'/></iq>")
        self.client.join(self.room, self.name)
        if number % USERS_OF_A_ROOM == 0:
            self._invite(range(number + 1, min(number + USERS_OF_A_ROOM, sessions)))
        self.peer = f"{user((number + 1) % sessions)}@{HOST}"
        self.phone = None

    # Rooms are for members only. Who comes first is the owner.
    def _invite(self, numbers):
        for number in numbers:
            affiliate(self.client, self.room, f"{user(number)}@{HOST}", "member")

    def add_phone(self, server):
        """A second device of the same user, which gets copies, and sleeps and wakes."""
        self.phone = Client(server, f"{self.name}@{HOST}", PASSWORD, resource="phone", before_presence=lambda client: client.send(
            "<iq type='set' id='carbons'><enable xmlns='urn:xmpp:carbons:2'/></iq>"))
        self.phone.is_asleep = False

    def streams(self):
        return [self.client, *([self.phone] if self.phone else [])]

    def _next(self, kind):
        self.count += 1
        self.ledger.sent[kind, self.number].append(self.count)
        return f"{kind}:{self.number}:{self.count}"

    # What a session does, each by chance.

    def talk(self):
        self.client.send(f"<message to='{self.peer}/desk' type='chat' id='{self._next(DIRECT)}'>{OMEMO}</message>")

    def talk_in_room(self):
        self.client.send(f"<message to='{self.room}' type='groupchat' id='{self._next(ROOM)}'>{OMEMO}</message>")

    def leak(self):
        self.client.send(f"<message to='{self.peer}/desk' type='chat' id='{self._next(REFUSED)}'>{PLAINTEXT}</message>")

    def leak_in_room(self):
        self.client.send(f"<message to='{self.room}' type='groupchat' id='{self._next(REFUSED)}'>{PLAINTEXT}</message>")

    def send_unwanted(self):
        self.client.send(f"<message to='{self.peer}/desk' type='chat' id='{self._next(REFUSED)}'>"
                         f"<{UNWANTED} xmlns='http://jabber.org/protocol/chatstates'/></message>")

    def show(self):
        self.client.send(f"<presence><show>{('away', 'chat', 'dnd')[self.count % 3]}</show></presence>")

    def ping(self):
        self._ask("<ping xmlns='urn:xmpp:ping'/>")

    def look_back(self):
        self._ask("<query xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'><max>5</max><before/></set></query>", "set")

    def publish(self):
        self._ask("<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='http://jabber.org/protocol/tune'><item id='current'>"
                  f"<tune xmlns='http://jabber.org/protocol/tune'><title>{self.count}</title></tune></item></publish></pubsub>", "set")

    def sleep_or_wake(self):
        if self.phone:
            self.phone.is_asleep = not self.phone.is_asleep
            self.phone.send(f"<{'inactive' if self.phone.is_asleep else 'active'} xmlns='urn:xmpp:csi:0'/>")

    def _ask(self, payload, kind="get"):
        self.client.send(f"<iq type='{kind}' id='{new_marker()}'>{payload}</iq>")

    def take(self, stream):
        """Notes what has been read of a stream."""
        while stream.stanzas:
            stanza = stream.stanzas.pop(0)
            if stanza.tag == "{jabber:client}message":
                self._note(stanza, stream)

    def _note(self, stanza, stream):
        copied = stanza.find("{urn:xmpp:carbons:2}*/{urn:xmpp:forward:0}forwarded/{jabber:client}message")
        kind, _, rest = (stanza if copied is None else copied).get("id", "").partition(":")
        if any(CANARY in (text or "") for text in stanza.itertext()) and stanza.get("type") != "error":
            self.ledger.canaries.append(rest)
        if not rest or kind not in (DIRECT, ROOM, REFUSED):
            return
        sender, number = map(int, rest.split(":"))
        if stanza.get("type") == "error":
            self.ledger.refused[kind, sender, number] += 1
        elif copied is not None:
            self.ledger.copies[kind, sender, number, self.number, stream.full] += 1
        elif kind == REFUSED:
            self.ledger.canaries.append(rest)
        elif stream is self.client:
            self.ledger.arrived[kind, sender, self.number].append(number)

    def close(self):
        for stream in self.streams():
            stream.close()
