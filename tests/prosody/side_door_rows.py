"""The doors by which somebody may come to a user who has blocked him."""

from dataclasses import dataclass

from client import new_marker
from side_door_scene import DEVICES, NICK
from side_door_stanzas import publish

MUC_USER = "http://jabber.org/protocol/muc#user"
PUBSUB = "http://jabber.org/protocol/pubsub"
BOTH = frozenset({"13.0", "0.12"})


@dataclass
class Door:
    name: str
    go: object  # (scene, user, person, marker)
    reaches: set  # where somebody who is not blocked arrives
    open_in: frozenset = frozenset()  # versions in which Prosody alone lets in who is blocked
    room: str | None = None  # where a room is part of it
    is_of_account: bool = False  # it comes from the account and not from a device
    is_meant_to_be_open: bool = False

    def __str__(self):
        return self.name


def to_user(payload, kind="chat", of=lambda user: user.bare):
    def go(scene, user, person, marker):
        person.client.send(f"<message to='{of(user)}' type='{kind}' id='{marker}'>{payload.format(marker)}</message>")
    return go


def through_room(where, payload, kind="chat"):
    def go(scene, user, person, marker):
        person.client.send(f"<message to='{user.room(where)}/user' type='{kind}' id='{marker}'>{payload.format(marker)}</message>")
    return go


def invitation(where, of=lambda user: user.bare, word="invite"):
    def go(scene, user, person, marker):
        person.client.send(f"<message to='{user.room(where)}'><x xmlns='{MUC_USER}'><{word} to='{of(user)}'>"
                           f"<reason>{marker}</reason></{word}></x></message>")
    return go


def asks(payload, of, kind="get"):
    def go(scene, user, person, marker):
        person.client.send(f"<iq type='{kind}' to='{of(user)}' id='{marker}'>{payload}</iq>")
    return go


def shows(kind, of=lambda user: user.bare, who="client"):
    def go(scene, user, person, marker):
        type_attribute = f" type='{kind}'" if kind else ""
        getattr(person, who).send(f"<presence to='{of(user)}'{type_attribute}><status>{marker}</status></presence>")
    return go


def publishes(scene, user, person, marker):
    publish(person.client, NICK, f"<nick xmlns='{NICK}'>{marker}</nick>")


def changes_affiliation(scene, user, person, marker):
    item = f"<item affiliation='admin' jid='{user.bare}'><reason>{marker}</reason></item>"
    person.client.send(f"<iq type='set' to='{user.room('local')}' id='{new_marker()}'>"
                       f"<query xmlns='http://jabber.org/protocol/muc#admin'>{item}</query></iq>")


def bare(user):
    return user.bare


def phone(user):
    return user.devices[0].full


def offline(user):
    return user.offline


BODY = "<body>{}</body>"
RECEIPT = "<received xmlns='urn:xmpp:receipts' id='{}'/>"
ERROR = ("<body>{0}</body><error type='modify'><not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
         "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>{0}</text></error>")
CALL = "<propose xmlns='urn:xmpp:jingle-message:0' id='{}'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/></propose>"
DIRECT = "<x xmlns='jabber:x:conference' jid='other@rooms.local.test' reason='{}'/>"
VERSION = "<query xmlns='jabber:iq:version'/>"
VCARD = "<vCard xmlns='vcard-temp'/>"
LAST = "<query xmlns='jabber:iq:last'/>"
DISCO = "<query xmlns='http://jabber.org/protocol/disco#info'/>"


def items(node):
    return f"<pubsub xmlns='{PUBSUB}'><items node='{node}'/></pubsub>"


def occupant(where):
    return lambda user: f"{user.room(where)}/user"


ALL = {"phone", "desk", "archive"}
DOORS = [
    Door("message", to_user(BODY), ALL),
    Door("message to one device, copied to the other", to_user(BODY, of=phone), ALL),
    Door("headline", to_user(BODY, "headline"), {"phone", "desk"}),
    Door("message for somebody offline", to_user(BODY, of=offline), {"offline", "push"}),
    Door("receipt", to_user(RECEIPT), {"phone"}),
    Door("error", to_user(ERROR, "error", of=phone), {"phone"}),
    Door("call", to_user(CALL), {"phone", "desk"}),
    Door("direct invitation", to_user(DIRECT, "normal"), {"phone"}),
    Door("private message in a room", through_room("local", BODY), {"phone", "archive"}, BOTH, "local"),
    Door("private message in a room elsewhere", through_room("remote", BODY), {"phone", "archive"}, BOTH, "remote"),
    Door("call through a room", through_room("local", CALL), {"phone"}, BOTH, "local"),
    Door("receipt through a room", through_room("local", RECEIPT), {"phone"}, BOTH, "local"),
    Door("error through a room", through_room("local", ERROR, "error"), {"phone"}, BOTH, "local"),
    Door("error through a room elsewhere", through_room("remote", ERROR, "error"), {"phone"}, BOTH, "remote"),
    Door("direct invitation through a room", through_room("local", DIRECT, "normal"), {"phone"}, BOTH, "local"),
    Door("invitation by a room", invitation("local"), {"phone"}, frozenset({"0.12"}), "local"),
    Door("invitation by a room elsewhere", invitation("remote"), {"phone"}, frozenset({"0.12"}), "remote"),
    Door("declined invitation", invitation("local", word="decline"), {"phone"}, BOTH, "local"),
    Door("declined invitation elsewhere", invitation("remote", word="decline"), {"phone"}, BOTH, "remote"),
    Door("invitation of somebody offline", invitation("local", offline), {"offline", "push"}, frozenset({"0.12"}), "local"),
    Door("question through a room", asks(VERSION, occupant("local")), {"phone"}, BOTH, "local"),
    Door("question through a room elsewhere", asks(VERSION, occupant("remote")), {"phone"}, BOTH, "remote"),
    Door("vCard through a room", asks(VCARD, occupant("local")), {"answer"}, BOTH, "local"),
    Door("vCard through a room elsewhere", asks(VCARD, occupant("remote")), {"answer"}, BOTH, "remote"),
    Door("presence probe", shows("probe"), {"answer"}),
    Door("presence to one device", shows(None, phone), {"phone"}),
    Door("presence to the account", shows(None), {"phone", "desk"}),
    Door("subscription", shows("subscribe", who="asker"), {"phone", "desk"}, is_of_account=True),
    Door("question to a device", asks(VERSION, phone), {"phone"}),
    Door("last activity", asks(LAST, bare), {"answer"}),
    Door("vCard", asks(VCARD, bare), {"answer"}),
    Door("account's features", asks(DISCO, bare), {"answer"}),
    Door("published item", asks(items("urn:example:public"), bare), {"answer"}),
    Door("OMEMO keys", asks(items(DEVICES), bare), {"answer"}),
    Door("published event", publishes, {"phone"}, is_of_account=True),
    # The room itself speaks to those who are in it: who does not want that leaves.
    Door("affiliation in a room", changes_affiliation, {"phone"}, BOTH, "local", is_meant_to_be_open=True),
]
