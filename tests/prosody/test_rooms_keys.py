"""Who reads whose OMEMO keys, and that nothing else that a user publishes becomes readable."""

import re
import time
from xml.etree import ElementTree

import pytest
from client import Client
from conftest import THREE_VERSIONS
from room_owner import affiliate, ask, enter, invite, leave, new_address, new_room, outcome
from room_world import RoomWorld
from storage import kept

PUBSUB = "http://jabber.org/protocol/pubsub"
OLD = "eu.siacs.conversations.axolotl"
KEYS = [f"{OLD}.devicelist", f"{OLD}.bundles:1", "urn:xmpp:omemo:2:devices", "urn:xmpp:omemo:2:bundles"]
OTHERS = ["urn:xmpp:avatar:data", "urn:xmpp:avatar:metadata", "http://jabber.org/protocol/nick", "http://jabber.org/protocol/geoloc",
          "storage:bookmarks", "urn:xmpp:bookmarks:1", f"{OLD}.devicelist.old", f"{OLD}.bundles", f"{OLD}", "urn:xmpp:omemo:2", "urn:xmpp:omemo:2:devices:1"]
MISSING = f"{OLD}.bundles:404"


def publish(client, node, number=1, item_id="current"):
    item = f"<item id='{item_id}'><thing xmlns='urn:thing'>{number}</thing></item>"
    answer = ask(client, client.bare, f"<pubsub xmlns='{PUBSUB}'><publish node='{node}'>{item}</publish></pubsub>")
    assert outcome(answer) == "result", node


def items(node, inside="", attributes=""):
    return f"<pubsub xmlns='{PUBSUB}'><items node='{node}'{attributes}>{inside}</items></pubsub>"


def read(client, owner, node, inside="", attributes=""):
    return ask(client, owner, items(node, inside, attributes), "get")


def told(answer):
    """An answer as text, but for whom it is and to what."""
    for name in ("to", "id", "{http://www.w3.org/XML/1998/namespace}lang"):
        answer.attrib.pop(name, None)
    return ElementTree.canonicalize(ElementTree.tostring(answer))


def fill(world):
    """What bob publishes; alice, bob and rose share a room, carol is his contact, dave nobody to him."""
    for node in KEYS + OTHERS:
        publish(world.bob, node)
    for client in (world.bob, world.carol):
        ask(client, client.bare, "<query xmlns='jabber:iq:roster'/>", "get")
    world.carol.send("<presence type='subscribe' to='bob@local.test'/>")
    world.bob.receive_until(lambda stanza: stanza.get("type") == "subscribe")
    world.bob.send("<presence type='subscribed' to='carol@local.test'/>")
    world.carol.receive_until(lambda stanza: stanza.get("type") == "subscribed")
    room = new_room(world.alice)
    for guest in (world.bob, world.rose):
        invite(world.alice, room, guest.bare)
        guest.synchronise()
        enter(guest, room)
    return room


@pytest.fixture(scope="module", params=THREE_VERSIONS)
def world(request):
    with RoomWorld(request.param, {}) as servers:
        servers.room = fill(servers)
        yield servers
        assert "Traceback" not in servers.local.log()


@pytest.fixture(scope="module", params=THREE_VERSIONS)
def alone(request):
    with RoomWorld(request.param, None) as servers:
        servers.room = fill(servers)
        yield servers


@pytest.mark.parametrize("node", KEYS)
def test_who_reads_keys(world, node):
    expected = {"alice": "result", "rose": "result", "bob": "result", "carol": "result", "dave": "forbidden"}
    found = {name: outcome(read(getattr(world, name), "bob@local.test", node)) for name in expected}
    assert found == expected


@pytest.mark.parametrize("node", KEYS)
def test_prosody_alone_shows_them_to_contacts(alone, node):
    expected = {"alice": "forbidden", "rose": "forbidden", "bob": "result", "carol": "result", "dave": "forbidden"}
    found = {name: outcome(read(getattr(alone, name), "bob@local.test", node)) for name in expected}
    assert found == expected


@pytest.mark.parametrize("node", OTHERS)
def test_nothing_else_is_opened(world, node):
    for mate in (world.alice, world.rose):
        assert outcome(read(mate, "bob@local.test", node)) == "forbidden"


REQUESTS = {
    "all": {}, "one": {"attributes": " max_items='1'"}, "none": {"attributes": " max_items='0'"}, "odd": {"attributes": " max_items='x'"},
    "named": {"inside": "<item id='2'/>"}, "two": {"inside": "<item id='3'/><item id='1'/>"}, "unknown": {"inside": "<item id='9'/>"},
    "without-id": {"inside": "<item/>"},
}


@pytest.mark.parametrize("request_of", REQUESTS.values(), ids=REQUESTS)
def test_they_get_what_a_contact_gets(world, request_of):
    node = "urn:xmpp:omemo:2:bundles"
    options = (f"<pubsub xmlns='{PUBSUB}#owner'><configure node='{node}'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'>"
               f"<value>{PUBSUB}#node_config</value></field><field var='pubsub#max_items'><value>3</value></field></x></configure></pubsub>")
    assert outcome(ask(world.bob, "bob@local.test", options)) == "result"
    for number in range(1, 5):
        publish(world.bob, node, number, str(number))
    contact = told(read(world.carol, "bob@local.test", node, **request_of))
    assert told(read(world.alice, "bob@local.test", node, **request_of)) == contact
    assert told(read(world.rose, "bob@local.test", node, **request_of)) == contact


OTHER_REQUESTS = {
    "subscribe": ("set", f"<pubsub xmlns='{PUBSUB}'><subscribe node='{KEYS[0]}' jid='{{reader}}'/></pubsub>"),
    "publish": ("set", f"<pubsub xmlns='{PUBSUB}'><publish node='{KEYS[0]}'><item id='x'/></publish></pubsub>"),
    "retract": ("set", f"<pubsub xmlns='{PUBSUB}'><retract node='{KEYS[0]}'><item id='current'/></retract></pubsub>"),
    "items-by-set": ("set", items(KEYS[0])),
    "affiliations": ("get", f"<pubsub xmlns='{PUBSUB}'><affiliations node='{KEYS[0]}'/></pubsub>"),
    "configuration": ("get", f"<pubsub xmlns='{PUBSUB}#owner'><configure node='{KEYS[0]}'/></pubsub>"),
    "owner-items": ("get", f"<pubsub xmlns='{PUBSUB}#owner'><items node='{KEYS[0]}'/></pubsub>"),
    "second-child": ("get", f"<pubsub xmlns='{PUBSUB}'><items node='storage:bookmarks'/><items node='{KEYS[0]}'/></pubsub>"),
    "second-payload": ("get", items("storage:bookmarks") + items(KEYS[0])),
    "no-node": ("get", f"<pubsub xmlns='{PUBSUB}'><items/></pubsub>"),
    "nothing": ("get", f"<pubsub xmlns='{PUBSUB}'/>"),
    "nodes": ("get", "<query xmlns='http://jabber.org/protocol/disco#items'/>"),
    "node": ("get", f"<query xmlns='http://jabber.org/protocol/disco#items' node='{KEYS[0]}'/>"),
}


@pytest.mark.parametrize(("kind", "payload"), OTHER_REQUESTS.values(), ids=OTHER_REQUESTS)
def test_only_items_are_opened(world, kind, payload):
    """For other requests a room mate is as a stranger."""
    def answer(client):
        marker = ask_without_waiting(client, "bob@local.test", payload.replace("{reader}", client.bare), kind)
        return next((stanza for stanza in client.synchronise() if stanza.get("id") == marker), None)

    def described(client):
        found = answer(client)
        return "no answer" if found is None else re.sub(client.bare, "reader", told(found))
    assert described(world.alice) == described(world.dave)


def ask_without_waiting(client, to, payload, kind):
    """Prosody leaves some of these without an answer."""
    marker = f"ask-{time.monotonic_ns()}"
    client.send(f"<iq type='{kind}' to='{to}' id='{marker}'>{payload}</iq>")
    return marker


def answers_about_nothing(world):
    """What people are told of nodes that are not there, and of users who are not there."""
    asked = [("bob@local.test", MISSING), *((owner, node) for owner in ("nobody@local.test", "dave@local.test") for node in (*KEYS, MISSING))]
    return {outcome(read(client, owner, node)) for client in (world.alice, world.rose) for owner, node in asked}


def answer_about_nothing(version):
    return {"forbidden" if version == "0.12" else "item-not-found"}


def test_nobody_learns_who_has_an_account(world):
    """Of what is not there the answer is Prosody's, to a room mate as to a stranger; and nothing is made for it."""
    assert answers_about_nothing(world) == answer_about_nothing(world.version)
    assert not kept(world.local, "local.test", "pep", "nobody")


def test_prosody_alone_says_the_same(alone):
    assert answers_about_nothing(alone) == answer_about_nothing(alone.version)


def test_somebody_who_is_blocked_gets_nothing(world):
    blocking = "<block xmlns='urn:xmpp:blocking'><item jid='{}'/></block>"
    for mate in (world.alice, world.rose):
        assert outcome(ask(world.bob, "bob@local.test", blocking.format(mate.bare))) == "result"
        assert outcome(read(mate, "bob@local.test", KEYS[0])) == "service-unavailable"
        assert outcome(ask(world.bob, "bob@local.test", blocking.replace("block ", "unblock ").replace("/block", "/unblock").format(mate.bare))) == "result"
        assert outcome(read(mate, "bob@local.test", KEYS[0])) == "result"


def test_nobody_is_dragged_into_sharing_a_room(world):
    """A member whom somebody else made one has not entered."""
    room = new_room(world.dave)
    assert outcome(affiliate(world.dave, room, "bob@local.test", "member")) == "result"
    assert outcome(read(world.dave, "bob@local.test", KEYS[0])) == "forbidden"
    enter(world.bob, room)
    assert outcome(read(world.dave, "bob@local.test", KEYS[0])) == "result"
    leave(world.bob, room)
    assert outcome(read(world.dave, "bob@local.test", KEYS[0])) == "result", "he is a member"
    assert outcome(affiliate(world.dave, room, "bob@local.test", "none")) == "result"
    assert outcome(read(world.dave, "bob@local.test", KEYS[0])) == "forbidden"


def test_members_who_are_away(world):
    """What was entered once is known after a restart."""
    with Client(world.local, "dave@local.test", "secret", "other") as dave:
        room = new_room(dave)
        affiliate(dave, room, "bob@local.test", "member")
        enter(world.bob, room)
        leave(world.bob, room)
        leave(dave, room)
        assert outcome(read(dave, "bob@local.test", KEYS[0])) == "result"
        affiliate(dave, room, "bob@local.test", "none")
        assert outcome(read(dave, "bob@local.test", KEYS[0])) == "forbidden"


def test_rooms_elsewhere(world):
    """Who is there the room says to the client; what others say of one who has not entered is nothing."""
    room = new_address("rooms.remote.test")
    whois = {"muc#roomconfig_whois": "anyone"}
    new_room(world.rose, room, whois)
    enter(world.dave, room)
    assert outcome(read(world.dave, "bob@local.test", KEYS[0])) == "forbidden"
    enter(world.bob, room)
    world.dave.receive_until(lambda stanza: stanza.get("from") == f"{room}/bob")
    assert outcome(read(world.dave, "bob@local.test", KEYS[0])) == "result"
    leave(world.dave, room)
    world.bob.receive_until(lambda stanza: stanza.get("from") == f"{room}/dave" and stanza.get("type") == "unavailable")
    assert outcome(read(world.dave, "bob@local.test", KEYS[0])) == "forbidden"


@pytest.mark.parametrize("version", THREE_VERSIONS)
def test_everybody(version):
    with RoomWorld(version, {"keys": "everybody"}) as world:
        fill(world)
        assert [outcome(read(world.dave, "bob@local.test", node)) for node in KEYS] == ["result"] * len(KEYS)
        assert {outcome(read(world.dave, "bob@local.test", node)) for node in OTHERS} == {"forbidden"}


@pytest.mark.parametrize("version", THREE_VERSIONS)
def test_contacts(version):
    with RoomWorld(version, {"keys": "contacts"}) as world:
        fill(world)
        assert {outcome(read(world.alice, "bob@local.test", node)) for node in KEYS} == {"forbidden"}
        assert {outcome(read(world.carol, "bob@local.test", node)) for node in KEYS} == {"result"}
