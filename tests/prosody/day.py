"""A plausible day of a phone that lies in a pocket: a seeded sequence of what its owner's server gets for it."""

import random
from dataclasses import dataclass

from client import RECEIPT
from csi_scene import CONTACTS, ROOMS
from steps import step

OWNER, NICK = "olga@home.test", "olga"
CONTACT_COUNT, ROOM_COUNT = 30, 3
SHOWS = ["<show>away</show>", "<show>xa</show>", "<show>dnd</show>", "<show>chat</show>", "", "<status>on the train</status>"]
CHAT_STATES = ["composing", "paused", "active", "inactive", "gone"]
ENCRYPTED = ("<encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='27183'>"
             "<key rid='31415'>MwohBSKvB1sYkqAhVzyZmDLRuLYKKuDCwVvoI3vCGTJ3EAIYACIwAb8uYl</key><iv>k5JzWnPJTtqBfxIJ</iv></header>"
             "<payload>bGlnaHQgYSBjYW5kbGU</payload></encrypted><encryption xmlns='urn:xmpp:eme:0' "
             "namespace='eu.siacs.conversations.axolotl' name='OMEMO'/><body>I sent you an OMEMO encrypted message</body>")
EVENT = ("<event xmlns='http://jabber.org/protocol/pubsub#event'><items node='http://jabber.org/protocol/{node}'>"
         "<item id='current'>{step}</item></items></event>")
CALL = ("<propose xmlns='urn:xmpp:jingle-message:0' id='call-{number}'>"
        "<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/></propose>")
INVITE = "<x xmlns='jabber:x:conference' jid='tea-{number}@" + ROOMS + "'/>"
NOT_FOUND = "<error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"


@dataclass
class Event:
    """One stanza. A newer one of the same `key` says all that it says; those without a key must arrive."""

    name: str
    xml: str
    key: object = None
    is_sent_by_owner: bool = False


class Writer:
    """Writes the stanza with one number; the choices are the random generator's."""

    def __init__(self, generator, number):
        self.random, self.number, self.step = generator, number, step(number)
        self.contact = generator.randrange(CONTACT_COUNT)
        self.contact_address = contact_address(self.contact)
        self.room = room_address(self.contact % ROOM_COUNT)

    def from_contact(self, inside, kind="chat", to=OWNER):
        return f"<message from='{self.contact_address}' to='{to}' type='{kind}' id='m{self.number}'>{inside}{self.step}</message>"

    def presence(self):
        return (f"<presence from='{self.contact_address}' to='{OWNER}'>{self.random.choice(SHOWS)}{self.step}</presence>",
                self.contact_address)

    def chat_state(self):
        state = self.random.choice(CHAT_STATES)
        return self.from_contact(f"<{state} xmlns='http://jabber.org/protocol/chatstates'/>"), ("state", self.contact)

    def readable_message(self):
        return self.from_contact("<body>Are you coming on Thursday?</body>")

    def encrypted_message(self):
        return self.from_contact(ENCRYPTED)

    def receipt(self):
        return self.from_contact(RECEIPT.format(f"s{self.number}"))

    def marker(self):
        return self.from_contact(f"<displayed xmlns='urn:xmpp:chat-markers:0' id='s{self.number}'/>")

    def room_message(self):
        return self.from_contact("<body>The minutes are in the wiki.</body>", "groupchat", self.room)

    def room_mention(self):
        return self.from_contact(f"<body>{NICK}: can you bring the keys?</body>", "groupchat", self.room)

    def encrypted_room_message(self):
        return self.from_contact(ENCRYPTED, "groupchat", self.room)

    def room_presence(self):
        occupant = f"{self.room}/{nick(self.contact)}"
        return f"<presence from='{self.contact_address}' to='{occupant}'>{self.random.choice(SHOWS)}{self.step}</presence>", occupant

    def event_of_contact(self):
        event = EVENT.format(node=self.random.choice(["mood", "tune", "nick", "geoloc"]), step=self.step)
        return f"<message from='{self.contact_address.split('/')[0]}' to='{OWNER}' type='headline'>{event}</message>"

    def carbon_of_received(self):
        return self.from_contact("<body>Yes, at eight.</body>", to=f"{OWNER}/laptop")

    def carbon_of_sent(self):
        return f"<message to='{self.contact_address}' type='chat' id='m{self.number}'><body>See you.</body>{self.step}</message>"

    def subscription_request(self):
        return f"<presence from='stranger-{self.number}@{CONTACTS}' to='{OWNER}' type='subscribe'>{self.step}</presence>"

    def invite(self):
        return self.from_contact(INVITE.format(number=self.number), "normal")

    def call(self):
        return self.from_contact(CALL.format(number=self.number))

    def bounce(self):
        return self.from_contact(NOT_FOUND, "error", f"{OWNER}/phone")

    def question(self):
        return (f"<iq from='{self.contact_address}' to='{OWNER}/phone' type='get' id='q{self.number}'>"
                f"<query xmlns='http://jabber.org/protocol/disco#info'/>{self.step}</iq>")


# How many of a thousand.
SHARES = {
    "presence": 260, "chat_state": 120, "readable_message": 30, "encrypted_message": 60, "receipt": 60, "marker": 50,
    "room_message": 150, "room_mention": 12, "encrypted_room_message": 25, "room_presence": 110, "event_of_contact": 48,
    "carbon_of_received": 25, "carbon_of_sent": 30, "subscription_request": 4, "invite": 3, "call": 4, "bounce": 3,
    "question": 6,
}


def contact_address(number):
    return f"contact-{number}@{CONTACTS}/desk"


def room_address(number):
    return f"room-{number}@{ROOMS}"


def nick(number):
    return f"contact-{number}"


def day(count, seed=1):
    """The same events each time; what is rare is in it from some hundreds on."""
    generator = random.Random(seed)
    names = [name for name, share in SHARES.items() for _ in range(max(1, round(share * count / 1000)))]
    generator.shuffle(names)
    events = []
    for number, name in enumerate(names):
        written = getattr(Writer(generator, number), name)()
        xml, key = written if isinstance(written, tuple) else (written, None)
        events.append(Event(name, xml, key, name == "carbon_of_sent"))
    return events
