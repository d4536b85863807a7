"""Two real OMEMO clients who are not contacts meet in a fresh room: on Prosody alone, and with the policy."""

import asyncio

import pytest
from conftest import THREE_VERSIONS
from configuration import Host
from room_mates import gather
from server import Server
from world import PASSWORD, shared_cache, wait_until_settled, with_wasm

ROOM = "tea@rooms.local.test"
PEOPLE = ("alice", "bob")


def hosts(options):
    return [
        Host("local.test", options, users=dict.fromkeys(PEOPLE, PASSWORD)),
        Host("rooms.local.test", options, component="muc"),
    ]


def conversation(server):
    return asyncio.run(gather(server, [f"{name}@local.test" for name in PEOPLE], PASSWORD, ROOM))


@pytest.mark.parametrize("version", THREE_VERSIONS)
def test_prosody_alone_keeps_keys_from_them(version):
    with Server(version, hosts({})) as server:
        results = conversation(server)
    assert results == {"alice": "NoEligibleDevices", "bob": "the room shows nobody"}, results


POLICIES = {"rooms": {"rooms": {}}, "rooms-and-e2ee": {"rooms": {}, "e2ee": {"settings": {"mode": "mandatory", "strict": True}}}}


@pytest.mark.parametrize("policies", POLICIES.values(), ids=POLICIES)
@pytest.mark.parametrize("version", THREE_VERSIONS)
def test_they_read_each_other(version, policies):
    with Server(version, hosts(with_wasm(policies)), shared_cache()) as server:
        wait_until_settled(server)
        results = conversation(server)
    assert results == {"alice": ["from alice"], "bob": ["from bob"]}, results
