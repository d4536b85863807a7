"""Exempt rooms in both policies' view, and what policies are told of rooms."""

import re

import pytest
from conftest import THREE_VERSIONS
from places import TEST_GUESTS
from room_owner import affiliate, ask, enter, leave, new_address, new_room, outcome
from room_world import RoomWorld

STRICT = {"direct": "mandatory", "rooms": "mandatory"}
EXEMPT = "public-help@rooms.local.test"
FACTS = {"housing": {"path": str(TEST_GUESTS / "housing.wasm"), "settings": {"effects": ["facts"], "needs": ["rooms"], "room": "exempt"}}}


def say(client, to, kind="groupchat"):
    """Writes a readable text; the answer's condition if it is refused, else None."""
    marker = client.mark("dave@local.test")  # so that the answers of different tests are not taken for each other
    client.send(f"<message to='{to}' type='{kind}' id='said-{marker}'><body>Lunch?</body></message>")
    for stanza in client.synchronise():
        if stanza.get("type") == "error" and stanza.get("id") == f"said-{marker}":
            return outcome(stanza)
    return None


@pytest.fixture(scope="module", params=THREE_VERSIONS)
def world(request):
    beside = {"e2ee": {"settings": STRICT}}
    with RoomWorld(request.param, {"exempt": ["public-*@rooms.local.test"]}, beside) as servers:
        new_room(servers.alice, EXEMPT)
        for guest in (servers.bob, servers.rose):
            enter(guest, EXEMPT)
        yield servers
        assert "Traceback" not in servers.local.log()


@pytest.mark.parametrize("name", ["alice", "bob"])
def test_in_an_exempt_room_everybody_may_write_as_he_likes(world, name):
    """On the road from the sender's host, on that of the room, and to the others."""
    assert say(getattr(world, name), EXEMPT) is None
    for reader in {world.alice, world.bob, world.rose} - {getattr(world, name)}:
        reader.receive_until(lambda stanza: stanza.findtext("{jabber:client}body") == "Lunch?")


def test_from_elsewhere_too(world):
    world.rose.send(f"<message to='{EXEMPT}' type='groupchat'><body>From afar</body></message>")
    for reader in (world.alice, world.rose):
        reader.receive_until(lambda stanza: stanza.findtext("{jabber:client}body") == "From afar")


def test_to_one_person_in_it_as_anywhere(world):
    assert say(world.alice, f"{EXEMPT}/bob", "chat") == "policy-violation"


def test_in_other_rooms_as_ever(world):
    room = new_room(world.alice)
    assert say(world.alice, room) == "policy-violation"
    affiliate(world.alice, room, "rose@remote.test", "member")
    enter(world.rose, room)
    world.rose.send(f"<message to='{room}' type='groupchat'><body>From afar</body></message>")
    world.rose.receive_until(lambda stanza: stanza.get("type") == "error" and outcome(stanza) == "policy-violation")


def test_a_room_elsewhere_is_not_exempt(world):
    room = "public-help@rooms.remote.test"
    new_room(world.rose, room)
    enter(world.alice, room)
    assert say(world.alice, room) == "policy-violation"


def test_a_room_that_loses_its_exemption(world):
    """A swap on the rooms' host counts on the users' host at once."""
    settings = "--settings={\\\"exempt\\\":[]}"
    try:
        answer = world.local.shell(f'wasm:swap("rooms.local.test", "rooms", "{settings}")')
        assert "is in force instead of" in answer, answer
        assert say(world.alice, EXEMPT) == "policy-violation"
    finally:
        world.local.shell('wasm:rollback("rooms.local.test", "rooms")')


def facts(world, writer, to):
    """What the policy on local.test was told about a message: the last line about it."""
    writer.send(f"<message to='{to}' type='chat'><body>Lunch?</body></message>")
    writer.synchronise()
    world.bob.synchronise()
    lines = re.findall(r" local\.test:wasm\tdebug\thousing: exempt=(\w+) shared=(\w+)", world.local.log())
    return lines[-1]


@pytest.fixture(scope="module", params=THREE_VERSIONS)
def told_world(request):
    with RoomWorld(request.param, {"exempt": ["public-*@rooms.local.test"]}, FACTS) as servers:
        yield servers
        assert "Traceback" not in servers.local.log()


def test_who_shares_a_room(told_world):
    world = told_world
    assert facts(world, world.alice, "bob@local.test") == ("false", "false")
    room = new_room(world.alice)
    affiliate(world.alice, room, "bob@local.test", "member")
    assert facts(world, world.alice, "bob@local.test") == ("false", "false"), "he has not entered"
    enter(world.bob, room)
    assert facts(world, world.alice, "bob@local.test") == ("false", "true")
    assert facts(world, world.bob, "alice@local.test") == ("false", "true")
    assert facts(world, world.dave, "bob@local.test") == ("false", "false")
    affiliate(world.alice, room, "bob@local.test", "none")
    assert facts(world, world.alice, "bob@local.test") == ("false", "false")


def test_private_messages(told_world):
    world = told_world
    new_room(world.alice, EXEMPT)
    enter(world.bob, EXEMPT)
    assert facts(world, world.alice, f"{EXEMPT}/bob")[0] == "true"
    assert facts(world, world.bob, f"{EXEMPT}/alice") == ("true", "true")
    room = new_room(world.alice)
    affiliate(world.alice, room, "bob@local.test", "member")
    enter(world.bob, room)
    assert facts(world, world.bob, f"{room}/alice") == ("false", "true")


def test_contacts_are_not_looked_for(told_world):
    world = told_world
    room = new_room(world.alice)
    affiliate(world.alice, room, "carol@local.test", "member")
    enter(world.carol, room)
    assert facts(world, world.alice, "carol@local.test")[1] == "true"
    ask(world.carol, world.carol.bare, "<query xmlns='jabber:iq:roster'><item jid='alice@local.test'/></query>")
    assert facts(world, world.alice, "carol@local.test")[1] == "false"


def test_somebody_elsewhere(told_world):
    world = told_world
    room = new_address("rooms.remote.test")
    new_room(world.rose, room, {"muc#roomconfig_whois": "anyone"})
    assert facts(world, world.bob, "rose@remote.test")[1] == "false"
    enter(world.bob, room)
    assert facts(world, world.bob, "rose@remote.test")[1] == "true"
    leave(world.bob, room)
    assert facts(world, world.bob, "rose@remote.test")[1] == "false"


@pytest.mark.parametrize("version", THREE_VERSIONS)
def test_a_policy_that_refuses_keys(version):
    """The answer is the one for what is not there, to contacts as well."""
    policies = {"housing": {"path": FACTS["housing"]["path"], "settings": {"keys": "refuse"}}}
    node = "eu.siacs.conversations.axolotl.devicelist"
    pubsub = "<pubsub xmlns='http://jabber.org/protocol/pubsub'>{}</pubsub>"
    with RoomWorld(version, {}, policies) as world:
        item = f"<publish node='{node}'><item id='current'><list xmlns='eu.siacs.conversations.axolotl'/></item></publish>"
        options = (f"<publish-options><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>http://jabber.org/protocol/"
                   "pubsub#publish-options</value></field><field var='pubsub#access_model'><value>open</value></field></x></publish-options>")
        assert outcome(ask(world.bob, world.bob.bare, pubsub.format(item + options))) == "result"
        for reader in (world.alice, world.rose):
            answers = [outcome(ask(reader, "bob@local.test", pubsub.format(f"<items node='{name}'/>"), "get")) for name in (node, f"{node}s")]
            assert answers[0] == answers[1] != "result"
        assert outcome(ask(world.bob, world.bob.bare, pubsub.format(f"<items node='{node}'/>"), "get")) == "result"
