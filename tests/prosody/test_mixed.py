"""Mandatory between two people, optional in rooms: what counts as a room is for the server to say."""

import pytest

from canaries import CANARY
from client import new_marker
from conftest import VERSIONS
from world import LOCAL_ROOM, REMOTE_ROOM, World, bundled


@pytest.fixture(scope="module", params=VERSIONS)
def mixed(request):
    with World(request.param, bundled({"mode": "mixed"})) as servers:
        yield servers


def arrives(sender, receiver, to, kind):
    """Sends a plaintext message, and a mark behind it to the same address; says whether the first arrived."""
    text = f"{CANARY} {new_marker()}"
    sender.send(f"<message to='{to}' type='{kind}'><body>{text}</body></message>")
    marker = sender.mark(to, kind)
    received = receiver.receive_marker(marker)
    return any(text in "".join(stanza.itertext()) for stanza in received)


@pytest.mark.parametrize("room", [LOCAL_ROOM, REMOTE_ROOM])
def test_in_rooms_it_is_optional(mixed, room):
    assert arrives(mixed.alice, mixed.bob, room, "groupchat")
    assert arrives(mixed.rose, mixed.alice, room, "groupchat")


@pytest.mark.parametrize("kind", ["chat", "normal", "groupchat", "headline"])
def test_between_two_people_it_is_mandatory(mixed, kind):
    assert not arrives(mixed.alice, mixed.bob, mixed.bob.full, kind)
    assert not arrives(mixed.alice, mixed.rose, mixed.rose.full, kind)
    assert not arrives(mixed.rose, mixed.alice, mixed.alice.full, kind)


@pytest.mark.parametrize("room", [LOCAL_ROOM, REMOTE_ROOM])
def test_a_private_message_in_a_room_is_between_two_people(mixed, room):
    assert not arrives(mixed.alice, mixed.rose, f"{room}/rose", "chat")
    assert not arrives(mixed.rose, mixed.alice, f"{room}/alice", "chat")
