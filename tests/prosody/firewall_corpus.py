"""Stanzas for rules: who sends what to whom. Every one names its row, so that whatever comes of it can be told."""

import itertools
from dataclasses import dataclass
from xml.sax.saxutils import escape

# Accounts of the host under test, and how alice has them in her roster; erin is offline, root is an admin.
LOCAL = {"alice": None, "bob": "both", "carol": "to", "dave": "from", "frank": "asked", "stan": None, "root": None, "erin": None}
# Those of other servers. listed.test is on the list of bad servers.
REMOTE = {"rose@remote.test": "both", "rita@remote.test": "asked", "rick@remote.test": None,
          "mona@listed.test": "both", "mallory@listed.test": None}
# An external component on the other server: it sends from any address of its domain, as rooms do.
FORGER = "things.remote.test"
ROOM = "room@rooms.local.test"
RESOURCE = "test"

MESSAGE_TYPES = ("chat", "normal", "groupchat", "headline", "error")
PRESENCE_TYPES = ("available", "unavailable", "probe", "error")
CONTACTS = ("bob", "carol", "dave", "frank", "stan", *REMOTE)
SOME = ("bob", "stan", "rose@remote.test", "rick@remote.test", "mallory@listed.test")

HTML = "<html xmlns='http://jabber.org/protocol/xhtml-im'><body xmlns='http://www.w3.org/1999/xhtml'>hi</body></html>"
OMEMO = "<encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='1'/><payload>AAAA</payload></encrypted>"
GEOLOC = "<geoloc xmlns='http://jabber.org/protocol/geoloc'><lat>52.5</lat><lon>13.4</lon></geoloc>"


@dataclass(frozen=True)
class Row:
    """`sender` is an account, `xml` a stanza in which {host} is the host under test and {id} the row's own."""

    name: str
    sender: str
    xml: str


def address(who):
    return who if "@" in who or who == "{host}" else f"{who}@{{host}}"


def stanza(kind, to, payload="", **attributes):
    written = "".join(f" {name}='{value}'" for name, value in attributes.items() if value)
    target = f" to='{to}'" if to else ""
    return f"<{kind}{target} id='{{id}}'{written}>{payload}</{kind}>"


def body(text):
    return f"<body>{escape(text)}</body>"


TO_ALICE = {"bare": "alice@{host}", "full": f"alice@{{host}}/{RESOURCE}", "gone": "alice@{host}/gone"}


def messages():
    for sender, kind, (target, to) in itertools.product(CONTACTS, MESSAGE_TYPES, TO_ALICE.items()):
        payload = body("hello") + ("<error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>" if kind == "error" else "")
        yield Row(f"message {kind} {sender} to {target}", sender, stanza("message", to, payload, type="" if kind == "normal" else kind))


def queries():
    payloads = {"get": "<ping xmlns='urn:xmpp:ping'/>", "set": "<query xmlns='urn:example:nothing'/>", "result": "", "error": "<error type='cancel'/>"}
    targets = {**TO_ALICE, "host": "{host}"}
    for sender, kind, (target, to) in itertools.product(SOME, payloads, targets.items()):
        yield Row(f"iq {kind} {sender} to {target}", sender, stanza("iq", to, payloads[kind], type=kind))


def presence():
    for sender, kind, target in itertools.product(SOME, PRESENCE_TYPES, ("bare", "gone")):
        yield Row(f"presence {kind} {sender} to {target}", sender, stanza("presence", TO_ALICE[target], type="" if kind == "available" else kind))


def outgoing():
    targets = ["bob", "stan", "erin", "nobody", "root", *REMOTE, "{host}", ROOM]
    addresses = {"nobody in particular": "", "own full": f"alice@{{host}}/{RESOURCE}", **{who: address(who) for who in targets}}
    for name, to in addresses.items():
        yield Row(f"alice message to {name}", "alice", stanza("message", to, body("hello") + "<thread>t</thread>", type="chat"))
        yield Row(f"alice headline to {name}", "alice", stanza("message", to, body("hello"), type="headline"))
        yield Row(f"alice ping to {name}", "alice", stanza("iq", to, "<ping xmlns='urn:xmpp:ping'/>", type="get"))
        if name not in ("nobody in particular", ROOM):
            yield Row(f"alice presence to {name}", "alice", stanza("presence", to, "<status>here</status>"))
    yield Row("alice to her room", "alice", stanza("message", ROOM, body("hello room"), type="groupchat"))
    yield Row("alice privately in her room", "alice", stanza("message", f"{ROOM}/stan", body("psst"), type="chat"))
    yield Row("stan to the room", "stan", stanza("message", ROOM, body("hello all"), type="groupchat"))
    yield Row("root to alice", "root", stanza("message", "alice@{host}", body("maintenance"), type="headline"))
    for sender in ("stan", "rick@remote.test", "rose@remote.test"):
        yield Row(f"{sender} to root", sender, stanza("message", "root@{host}", body("help"), type="chat"))
        yield Row(f"{sender} to erin", sender, stanza("message", "erin@{host}", body("are you there?"), type="chat"))


TEXTS = {
    "the exact words": "the exact words",
    "link": "look at https://spam.example/ now",
    "shouting": "BUY NOW!",
    "lottery": "You won the lottery, and pills",
    "many lines": "\n".join(f"line {number}" for number in range(12)),
    "long": "x" * 3000,
    "other letters": "žluťoučký kůň 🐎",
}
PAYLOADS = {
    "formatting": body("hi") + HTML,
    "receipt asked for": body("hi") + "<request xmlns='urn:xmpp:receipts'/>",
    "ciphertext": OMEMO + body("encrypted"),
    "subject": "<subject>{node} says</subject>" + body("hi"),
    "chat state": "<composing xmlns='http://jabber.org/protocol/chatstates'/>",
    "direct invitation": "<x xmlns='jabber:x:conference' jid='room@rooms.remote.test'/>",
    "disguised invitation": "<x xmlns='jabber:x:conference' jid='ＲＯＯＭ@rooms.remote.test.'/>",
    "false invitation": "<x xmlns='http://jabber.org/protocol/muc#user'><invite from='good@remote.test'/></x>",
}


def contents():
    senders = ("bob", "alice", "stan", "rick@remote.test", "mallory@listed.test")
    everything = {**{name: body(text) for name, text in TEXTS.items()}, **PAYLOADS}
    for sender, (name, payload) in itertools.product(senders, everything.items()):
        to = "stan@{host}" if sender == "alice" else "alice@{host}"
        yield Row(f"{name} from {sender}", sender, stanza("message", to, payload.replace("{node}", sender.split("@")[0]), type="chat"))


# Invitations by a room come from its bare address; who invites is inside.
def invitations():
    for room, inviter in itertools.product(("room", "other"), ("good@remote.test", "evil@listed.test")):
        invite = f"<x xmlns='http://jabber.org/protocol/muc#user'><invite from='{inviter}'><reason>come</reason></invite></x>"
        yield Row(f"invitation by {inviter} into {room}", FORGER,
                  stanza("message", "alice@{host}", invite, **{"from": f"{room}@{FORGER}"}))
    yield Row("message from a bare address", FORGER, stanza("message", "alice@{host}", body("hi"), **{"from": f"room@{FORGER}"}, type="chat"))
    yield Row("message from a server", FORGER, stanza("message", "alice@{host}", body("hi"), **{"from": FORGER}))


def publish(node, item):
    return f"<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='{node}'><item id='current'>{item}</item></publish></pubsub>"


def publishing():
    node = "http://jabber.org/protocol/geoloc"
    tune = "<tune xmlns='http://jabber.org/protocol/tune'><title>Yes</title></tune>"
    published = {
        "geoloc": publish(node, GEOLOC), "geoloc under another name": publish("urn:example:elsewhere", GEOLOC),
        "nothing under the name of geoloc": publish(node, tune), "tune": publish("http://jabber.org/protocol/tune", tune),
    }
    for name, payload in published.items():
        yield Row(f"alice publishes {name}", "alice", stanza("iq", "", payload, type="set"))
        yield Row(f"alice publishes {name} at her address", "alice", stanza("iq", "alice@{host}", payload, type="set"))
    yield Row("stan publishes geoloc at alice's", "stan", stanza("iq", "alice@{host}", published["geoloc"], type="set"))
    yield Row("alice publishes geoloc at a service", "alice", stanza("iq", "rooms.local.test", published["geoloc"], type="set"))
    event = f"<event xmlns='http://jabber.org/protocol/pubsub#event'><items node='{node}'><item id='current'>{GEOLOC}</item></items></event>"
    for sender in ("rose@remote.test", "mallory@listed.test"):
        yield Row(f"{sender} has published geoloc", sender, stanza("message", "alice@{host}", event, type="headline"))


# Last, since they change rosters.
def subscriptions():
    for kind, sender in itertools.product(("subscribe", "subscribed", "unsubscribed", "unsubscribe"), SOME):
        yield Row(f"presence {kind} {sender}", sender, stanza("presence", "alice@{host}", type=kind))
    for kind, to in itertools.product(("subscribe", "unsubscribe"), ("stan", "rick@remote.test", "mallory@listed.test")):
        yield Row(f"alice presence {kind} to {to}", "alice", stanza("presence", address(to), type=kind))


def rows():
    return [*messages(), *queries(), *outgoing(), *contents(), *invitations(), *publishing(), *presence(), *subscriptions()]
