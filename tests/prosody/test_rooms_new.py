"""New rooms and what their owners want of them."""

import pytest
from conftest import THREE_VERSIONS
from room_owner import (
    INVITATIONS, OPEN, READY, affiliate, ask, enter, form, invite, leave, members, new_address, new_room, outcome,
    OWNER, properties, submit, told, values,
)
from room_world import RoomWorld
from storage import kept

EXEMPT = ["support@rooms.local.test", "public-*@rooms.local.test"]
LOOSE = {"membersonly": "0", "whois": "moderators", "publicroom": "1", "persistentroom": "0"}
LOCKED = READY - {"muc_persistent"} | {"muc_temporary"}


@pytest.fixture(scope="module", params=THREE_VERSIONS)
def world(request):
    with RoomWorld(request.param, {"exempt": EXEMPT}) as servers:
        yield servers
        assert "Traceback" not in servers.local.log()


def config(**fields):
    return {f"muc#roomconfig_{name}": value for name, value in fields.items()}


def test_a_new_room_is_ready_before_anybody_else_can_enter(world):
    room = new_address()
    assert {"201", "100"} <= enter(world.alice, room)
    assert properties(world.alice, room) == LOCKED
    assert form(world.alice, room)["muc#roomconfig_persistentroom"] == "1", "it will be"
    assert enter(world.bob, room) == "registration-required"
    affiliate(world.alice, room, "carol@local.test", "member")
    assert enter(world.carol, room) == "item-not-found", "it is locked until its owner has configured it"
    assert outcome(submit(world.alice, room, {})) == "result"
    assert "110" in enter(world.carol, room)
    assert (properties(world.alice, room), form(world.alice, room)[INVITATIONS]) == (READY, "1")
    assert enter(world.bob, room) == "registration-required"


def test_a_room_that_was_never_configured_does_not_stay(world):
    """Else anybody could take all names, and fill the disk."""
    room = new_address()
    assert "201" in enter(world.rose, room)
    leave(world.rose, room)
    assert not kept(world.local, "rooms.local.test", "config", room.split("@")[0])
    assert "201" in enter(world.bob, room)


def test_nobody_reads_along_unseen(world):
    room = new_room(world.alice)
    invite(world.alice, room, "bob@local.test")
    enter(world.bob, room)
    shown = "muc#roomconfig_presencebroadcast"
    assert outcome(submit(world.alice, room, {shown: "moderator"})) == "result"
    assert values(world.alice, room, shown) == {"moderator", "participant", "visitor"}
    assert properties(world.alice, room) == READY


def test_whoever_is_invited_enters_and_invites(world):
    room = new_room(world.alice)
    assert not [stanza for stanza in invite(world.alice, room, "bob@local.test") if stanza.get("type") == "error"]
    assert "100" in enter(world.bob, room)
    assert not [stanza for stanza in invite(world.bob, room, "rose@remote.test") if stanza.get("type") == "error"]
    world.rose.receive_until(lambda stanza: stanza.find(".//{*}invite") is not None)
    assert "100" in enter(world.rose, room)
    assert members(world.alice, room) == {"bob@local.test", "rose@remote.test"}


def test_a_direct_invitation_comes_with_a_membership(world):
    room = new_room(world.alice)
    assert outcome(affiliate(world.alice, room, "carol@local.test", "member")) == "result"
    world.alice.send(f"<message to='carol@local.test'><x xmlns='jabber:x:conference' jid='{room}'/></message>")
    world.carol.receive_until(lambda stanza: stanza.find("{jabber:x:conference}x") is not None)
    assert "100" in enter(world.carol, room)


def test_a_reserved_room(world):
    """As Gajim makes it: the form is fetched, filled in and sent back whole."""
    room = new_address()
    assert "201" in enter(world.alice, room)
    fields = {name: value for name, value in form(world.alice, room).items() if value is not None and name != "FORM_TYPE"}
    fields |= config(roomname="Tea", membersonly="1", whois="anyone")
    assert outcome(submit(world.alice, room, fields)) == "result"
    assert (properties(world.alice, room), form(world.alice, room)["muc#roomconfig_roomname"]) == (READY, "Tea")


ATTEMPTS = [*({name: value} for name, value in LOOSE.items()), LOOSE]


@pytest.mark.parametrize("attempt", ATTEMPTS, ids="+".join)
def test_an_owner_cannot_loosen_it(world, attempt):
    room = new_room(world.alice)
    invite(world.alice, room, "bob@local.test")
    enter(world.bob, room)
    fields = config(roomname="Other", changesubject="1", **attempt) | {INVITATIONS: "0"}
    assert outcome(submit(world.alice, room, fields)) == "result"
    found = form(world.alice, room)
    assert (properties(world.alice, room), found[INVITATIONS]) == (READY, "1")
    assert (found["muc#roomconfig_roomname"], found["muc#roomconfig_changesubject"]) == ("Other", "1"), "the rest is his"
    codes = {status.get("code") for stanza in world.bob.synchronise() for status in stanza.iterfind(".//{*}status")}
    assert not codes & {"172", "173", "322"}, "nobody is told of what does not happen"


def test_with_a_password(world):
    room = new_room(world.alice, fields=config(passwordprotectedroom="1", roomsecret="open-sesame"))
    affiliate(world.alice, room, "bob@local.test", "member")
    assert enter(world.bob, room, password="wrong") == "not-authorized"
    assert "100" in enter(world.bob, room, password="open-sesame")
    assert properties(world.alice, room) == READY


def test_who_is_no_owner_changes_nothing(world):
    room = new_room(world.alice)
    invite(world.alice, room, "bob@local.test")
    enter(world.bob, room)
    for client in (world.bob, world.carol):
        assert outcome(submit(client, room, config(membersonly="0"))) == "forbidden"


@pytest.mark.parametrize(("payload", "expected"), [
    ("<x xmlns='jabber:x:data' type='cancel'/>", "result"),
    ("<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>other</value></field></x>", "bad-request"),
    ("<x xmlns='jabber:x:data'/>", "bad-request"),
    ("", "bad-request"),
    ("<other xmlns='urn:other'/>", "service-unavailable"),
], ids=["cancelled", "another-form", "no-type", "empty", "something-else"])
def test_what_is_no_configuration_is_for_prosody(world, payload, expected):
    room = new_room(world.alice)
    assert outcome(ask(world.alice, room, f"<query xmlns='{OWNER}'>{payload}</query>")) == expected
    assert properties(world.alice, room) == READY


def test_a_room_that_is_gone_is_made_anew(world):
    room = new_room(world.alice)
    assert outcome(ask(world.alice, room, f"<query xmlns='{OWNER}'><destroy/></query>")) == "result"
    assert enter(world.bob, room) >= {"201", "100"}
    assert properties(world.bob, room) == LOCKED


@pytest.mark.parametrize("name", ["support", "public-tea"])
def test_an_exempt_room_is_as_its_owner_wants_it(world, name):
    room = f"{name}@rooms.local.test"
    assert "100" not in enter(world.alice, room)
    assert outcome(submit(world.alice, room, config(publicroom="1"))) == "result"
    assert properties(world.alice, room) == OPEN
    assert "110" in enter(world.carol, room)
    assert outcome(submit(world.alice, room, config(membersonly="1"))) == "result"
    assert "muc_membersonly" in properties(world.alice, room)


def test_it_is_there_when_everybody_has_left(world):
    room = new_room(world.alice)
    invite(world.alice, room, "bob@local.test")
    leave(world.alice, room)
    assert properties(world.bob, room) == READY
    assert "110" in enter(world.bob, room)


def test_other_ways_of_changing_it(world):
    """By commands or other modules: what they do is undone as soon as they have the room saved."""
    room = new_room(world.alice)
    script = f"prosody.hosts['rooms.local.test'].modules.muc.get_room_from_jid('{room}')"
    world.local.shell(f"> (function (r) r:set_members_only(false); r:set_public(true); r:save(); return 'done'; end)({script})")
    assert properties(world.alice, room) == READY


def test_what_the_shell_shows(world):
    room = new_room(world.alice)
    listing = world.local.shell("wasm:rooms('rooms.local.test')")
    line = next(line for line in listing.splitlines() if room in line)
    assert "set right" in line and "members-only = 1" in line, line
    assert "rooms: " in listing
    assert "There are no rooms on local.test" in world.local.shell("wasm:rooms('local.test')")


@pytest.mark.parametrize("version", THREE_VERSIONS)
def test_an_owner_is_told(version):
    with RoomWorld(version, {"change": "refuse", "loosen": ["hidden"]}) as world:
        room = new_room(world.alice)
        answer = submit(world.alice, room, config(membersonly="0", whois="moderators", roomname="Other"))
        assert (outcome(answer), told(answer)) == ("not-acceptable", "On this server rooms are ready for encryption, so this "
                                                   "one stays: for members only, with addresses that all can see.")
        assert (properties(world.alice, room), form(world.alice, room)["muc#roomconfig_roomname"]) == (READY, None)
        assert outcome(submit(world.alice, room, config(publicroom="1"))) == "result"
        assert properties(world.alice, room) == READY - {"muc_hidden"} | {"muc_public"}
