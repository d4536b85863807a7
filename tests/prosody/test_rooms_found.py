"""Rooms that were there before the policy: in memory with people in them, and on the disk."""

import time

import pytest
from client import Client
from conftest import THREE_VERSIONS
from room_owner import (
    OPEN, READY, enter, form, INVITATIONS, members, new_room, outcome, properties, submit, invite, leave,
)
from room_world import ROOMS, RoomWorld, hosts
from places import TEST_GUESTS
from storage import kept
from waiting import wait_until
from world import PASSWORD, wait_until_settled

SECONDS = 20
PUBLIC = {"muc#roomconfig_publicroom": "1", "muc#roomconfig_whois": "moderators"}
KEPT = PUBLIC | {"muc#roomconfig_persistentroom": "1"}
HOUSING = str(TEST_GUESTS / "housing.wasm")
LIVE, ASLEEP, EXEMPT = (f"{name}@{ROOMS}" for name in ("live", "asleep", "public-old"))


def put_into_force(world, settings, policies=None):
    world.local.hosts = hosts(policies or {"rooms": {"settings": settings}})
    world.local.write_configuration()
    world.local.shell("config:reload()")
    # What a room says is not for users of a host that is still being prepared.
    for host in ("local.test", ROOMS):
        world.local.shell(f"module:load('wasm', '{host}')")
        wait_until_settled(world.local)


def listed(server, room):
    """The line of `wasm rooms` about a room, once it has been looked at."""
    deadline = time.monotonic() + SECONDS
    while True:
        lines = server.shell(f"wasm:rooms('{ROOMS}')").splitlines()
        line = next((line for line in lines if room in line), "")
        if line and "not looked at" not in line:
            return line
        assert time.monotonic() < deadline, lines
        time.sleep(0.1)


def old_rooms(world):
    """One with three people in it, one that is kept and empty, one that will be exempt."""
    new_room(world.alice, LIVE, PUBLIC)
    for guest in (world.bob, world.rose):
        enter(guest, LIVE)
    for room in (ASLEEP, EXEMPT):
        new_room(world.carol, room, KEPT)
        leave(world.carol, room)
    assert properties(world.alice, LIVE) == OPEN


@pytest.fixture(params=THREE_VERSIONS)
def world(request):
    with RoomWorld(request.param, None) as servers:
        old_rooms(servers)
        yield servers
        assert "Traceback" not in servers.local.log()


def test_people_stay_in_a_room_that_is_set_right(world):
    world.bob.synchronise()
    put_into_force(world, {"exempt": [f"public-*@{ROOMS}"]})
    line = listed(world.local, LIVE)
    assert "set right" in line and "members-only = 1" in line, line
    world.alice.receive_until(lambda stanza: stanza.find(".//{*}item[@affiliation='member']") is not None)
    heard = world.bob.synchronise()
    codes = [{status.get("code") for status in stanza.iterfind(".//{*}status")} for stanza in heard]
    assert {"104", "172"} in codes, "they are told, of their addresses too"
    assert not [stanza for stanza in heard if stanza.get("type") == "unavailable"], "nobody is thrown out"
    assert properties(world.alice, LIVE) == READY
    assert members(world.alice, LIVE) == {"bob@local.test", "rose@remote.test"}
    marker = world.rose.mark(LIVE, "groupchat")
    world.bob.receive_marker(marker)
    assert enter(world.dave, LIVE) == "registration-required"
    assert not [stanza for stanza in invite(world.bob, LIVE, "dave@local.test") if stanza.get("type") == "error"]
    assert "100" in enter(world.dave, LIVE)


def test_rooms_on_the_disk_are_set_right_without_anybody_entering(world):
    world.local.stop()
    world.local.hosts = hosts({"rooms": {"settings": {"exempt": [f"public-*@{ROOMS}"]}}})
    world.local.start()
    wait_until_settled(world.local)
    assert "set right" in listed(world.local, ASLEEP)
    assert "exempt" in listed(world.local, EXEMPT)
    config = kept(world.local, ROOMS, "config", "asleep")
    assert '["members_only"] = true' in config and '["hidden"] = true' in config and '["whois"] = "anyone"' in config, config
    assert '["members_only"]' not in kept(world.local, ROOMS, "config", "public-old")
    with Client(world.local, "carol@local.test", PASSWORD) as carol:
        assert properties(carol, EXEMPT) == OPEN - {"muc_temporary"} | {"muc_persistent"}
        assert "110" in enter(carol, ASLEEP)
        assert (properties(carol, ASLEEP), form(carol, ASLEEP)[INVITATIONS]) == (READY, "1")
    world.local.stop()
    world.local.start()
    wait_until_settled(world.local)
    assert "in line" in listed(world.local, ASLEEP), "it is what it is on the disk"


def test_rooms_that_are_only_listed(world):
    put_into_force(world, {"found": "list"})
    for room in (LIVE, ASLEEP):
        assert "differs" in listed(world.local, room)
    assert properties(world.alice, LIVE) == OPEN
    assert "110" in enter(world.dave, LIVE), "it is as it was"
    assert outcome(submit(world.alice, LIVE, {"muc#roomconfig_roomname": "Tea"})) == "result"
    assert properties(world.alice, LIVE) == READY, "until its owner changes something"
    assert members(world.alice, LIVE) == {f"{name}" for name in ("bob@local.test", "rose@remote.test", "dave@local.test")}


def test_other_policies_settle_all_rooms_anew(world):
    put_into_force(world, {"found": "list"})
    assert "differs" in listed(world.local, LIVE)
    put_into_force(world, {}, None)
    wait_until(lambda: properties(world.alice, LIVE) == READY)


def test_a_policy_that_fails(world):
    """No room is made or changed, and those that are there go on."""
    put_into_force(world, {})
    listed(world.local, LIVE)
    put_into_force(world, {}, {"housing": {"path": HOUSING, "settings": {"room": "fail-later"}}})
    assert enter(world.dave, f"fresh@{ROOMS}") == "policy-violation"
    assert outcome(submit(world.alice, LIVE, {"muc#roomconfig_roomname": "Tea"})) == "policy-violation"
    assert (properties(world.alice, LIVE), form(world.alice, LIVE)["muc#roomconfig_roomname"]) == (READY, None)
    marker = world.rose.mark(LIVE, "groupchat")
    world.bob.receive_marker(marker)
    invite(world.bob, LIVE, "dave@local.test")
    assert "110" in enter(world.dave, LIVE)
    assert "110" in enter(world.carol, ASLEEP), "from the disk as well"


def test_a_policy_that_fails_when_it_is_tried(world):
    """In a thread of its own, while the server runs: it is not put into force, and the server goes on."""
    put_into_force(world, {}, {"housing": {"path": HOUSING, "settings": {"room": "allow"}}})
    answer = world.local.shell(f"wasm:swap('{ROOMS}', 'housing', '--settings={{\"room\":\"fail\"}}')")
    assert "The running generation" in answer and "stays" in answer, answer
    assert world.local.alive
    new_room(world.dave)


def test_a_policy_that_may_fail(world):
    put_into_force(world, {}, {"housing": {"path": HOUSING, "settings": {"room": "fail-later"}, "on_error": "pass"}})
    room = new_room(world.dave)
    assert properties(world.dave, room) == OPEN - {"muc_public"} | {"muc_hidden"}
