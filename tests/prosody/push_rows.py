"""What happens to somebody whose phone is asleep, and whether it is worth waking him for it."""

import re
from dataclasses import dataclass
from typing import Callable

import corpus

CANARY = "CANARY-OF-A-BODY"
NICK = "Balthazar"
MUC = "http://jabber.org/protocol/muc"
BODY = f"<body>{CANARY}</body>"
FORWARDED = "<x xmlns='jabber:x:conference' jid='tea@rooms.local.test' reason='CANARY-OF-AN-INVITATION'/>"


# A phone that has logged out, while another device of the same person is there or is not; one whose connection broke; one
# that is connected, but has not acknowledged anything for too long.
ASLEEP = ("gone", "beside a desk", "hibernating", "silent")
# Prosody itself has nothing to push for here, except a call.
CONNECTED = ("inactive", "awake")
UNARCHIVED = ("gone", "hibernating", "silent")
QUEUED = ("hibernating", "silent")


@dataclass
class Row:
    """`reached` are the states in which Prosody without a policy pushes for it; `wakes` is what ours says about it."""

    name: str
    happen: Callable
    wakes: bool
    reached: tuple = ASLEEP
    prepare: Callable = lambda scene, phone: None
    has_desk: bool = False


def captured(identifier):
    return next(row["xml"] for row in corpus.load("captures.json") if row["id"] == identifier)


def recorded(identifier):
    """A real client's message, from alice."""
    return lambda scene, phone: scene.alice.send(corpus.addressed(captured(identifier), phone.bare))


def message(inside, kind="chat", to="bare"):
    return lambda scene, phone: scene.alice.send(f"<message to='{getattr(phone, to)}' type='{kind}' id='{scene.number()}'>{inside}</message>")


def only(name, identifier):
    """Of a real client's message one element, without body, hints and whatever else may tell what it is."""
    element = re.search(rf"<{name}\b.*</{name}>", captured(identifier))[0]
    return message(element)


def presence(kind=None, to="bare"):
    attribute = f" type='{kind}'" if kind else ""
    return lambda scene, phone: scene.alice.send(f"<presence to='{getattr(phone, to)}'{attribute}><status>{CANARY}</status></presence>")


def call(action):
    description = "<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/>" if action == "propose" else ""
    return message(f"<{action} xmlns='urn:xmpp:jingle-message:0' id='call-1'>{description}</{action}><store xmlns='urn:xmpp:hints'/>")


def room_of(phone):
    return f"room-{phone.bare.partition('@')[0]}@rooms.local.test"


def meet(scene, phone):
    scene.alice.join(room_of(phone), "Aldonza")
    phone.join(room_of(phone), NICK)


def say_in_room(inside):
    return lambda scene, phone: scene.alice.send(f"<message to='{room_of(phone)}' type='groupchat' id='{scene.number()}'>{inside}</message>")


def invite_to_room(scene, phone):
    scene.alice.join(room_of(phone), "Aldonza")
    scene.alice.send(f"<message to='{room_of(phone)}'><x xmlns='{MUC}#user'><invite to='{phone.bare}'><reason>{CANARY}</reason></invite></x></message>")


def want_carbons(scene, phone):
    phone.ask("<enable xmlns='urn:xmpp:carbons:2'/>")


def say_at_the_desk(scene, phone):
    scene.desks[phone.bare].send(f"<message to='alice@local.test' type='chat' id='{scene.number()}'>{BODY}</message>")


def hear_at_the_desk(scene, phone):
    scene.alice.send(f"<message to='{scene.desks[phone.bare].full}' type='chat' id='{scene.number()}'>{BODY}</message>")


def pubsub_event(node, inside):
    return (f"<event xmlns='http://jabber.org/protocol/pubsub#event'><items node='{node}'><item>{inside}</item></items></event>")


ROWS = [
    Row("body", message(BODY), wakes=True),
    Row("body-of-type-normal", message(BODY, "normal"), wakes=True),
    Row("omemo", recorded("omemo-slixmpp-025-c2s-message"), wakes=True),
    Row("omemo-and-nothing-else", only("encrypted", "omemo-slixmpp-025-c2s-message"), wakes=True, reached=UNARCHIVED),
    Row("openpgp", recorded("ox-gosendxmpp-042-c2s-message"), wakes=True),
    Row("openpgp-of-old", recorded("pgp-mcabber-011-c2s-message"), wakes=True),
    Row("otr", recorded("otr-profanity-017-c2s-message"), wakes=True),
    Row("call", call("propose"), wakes=True, reached=(*ASLEEP, *CONNECTED)),
    Row("invitation", message(FORWARDED, "normal"), wakes=True),
    Row("invitation-by-a-room", invite_to_room, wakes=True),
    Row("correction", message(BODY + "<replace xmlns='urn:xmpp:message-correct:0' id='1'/>"), wakes=True),
    Row("mention", say_in_room(f"<body>{NICK}: {CANARY}</body>"), wakes=True, reached=QUEUED, prepare=meet),
    Row("received-carbon", hear_at_the_desk, wakes=True, prepare=want_carbons, has_desk=True),
    Row("no-mention", say_in_room(BODY), wakes=False, reached=QUEUED, prepare=meet),
    Row("sent-carbon", say_at_the_desk, wakes=False, reached=QUEUED, prepare=want_carbons, has_desk=True),
    Row("subscription-request", presence("subscribe"), wakes=True, reached=QUEUED),
    *[Row(f"call-{action}", call(action), wakes=False) for action in ("accept", "proceed", "reject", "retract", "finish")],
    Row("key-transport", recorded("omemo-slixmpp-027-c2s-message"), wakes=False),
    Row("receipt", message("<received xmlns='urn:xmpp:receipts' id='1'/><store xmlns='urn:xmpp:hints'/>"), wakes=False),
    Row("marker", message("<displayed xmlns='urn:xmpp:chat-markers:0' id='1'/><store xmlns='urn:xmpp:hints'/>"), wakes=False),
    Row("chat-state", message("<composing xmlns='http://jabber.org/protocol/chatstates'/>"), wakes=False, reached=UNARCHIVED),
    Row("reaction", message("<reactions xmlns='urn:xmpp:reactions:0' id='1'><reaction>x</reaction></reactions>"), wakes=False, reached=UNARCHIVED),
    Row("headline", message(BODY, "headline"), wakes=False, reached=QUEUED),
    Row("pep-event", message(pubsub_event("http://jabber.org/protocol/nick", "<nick xmlns='http://jabber.org/protocol/nick'>Al</nick>"),
                             "headline", "full"), wakes=False, reached=QUEUED),
    Row("error", message(BODY + "<error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>",
                         "error", "full"), wakes=False, reached=("beside a desk", *QUEUED)),
    Row("presence", presence(to="full"), wakes=False, reached=QUEUED),
    Row("nothing-inside", message(""), wakes=False, reached=UNARCHIVED),
]
