"""Who is blocked reaches no device, no archive and no phone, by whatever door he comes, and is told nothing."""

import pytest
from client import new_marker
from conftest import THREE_VERSIONS
from side_door_rows import DOORS
from side_door_scene import NICK, Scene, user_names
from side_door_stanzas import ask, errors_of, publish, text


@pytest.fixture(scope="module", params=THREE_VERSIONS)
def prosody_alone(request):
    with Scene(request.param, None) as scene:
        yield scene


def applies(door, name):
    return not (door.is_of_account and name.startswith("device"))


ROWS = [pytest.param(door, name, id=f"{door} · {name}") for door in DOORS for name in user_names() if applies(door, name)]


@pytest.mark.parametrize("door, name", ROWS)
def test_prosody_alone(prosody_alone, door, name):
    user = prosody_alone.users[name]
    friend, _ = prosody_alone.attempt(door, user, user.friend)
    assert door.reaches <= friend
    reached, returned = prosody_alone.attempt(door, user, user.blocked)
    is_open = prosody_alone.version.replace("13.0.7", "13.0") in door.open_in
    assert bool(reached) == is_open, (reached, [text(stanza) for stanza in returned])


@pytest.fixture(scope="module", params=THREE_VERSIONS)
def guarded(request):
    with Scene(request.param, {"blocking": {}}) as scene:
        yield scene


@pytest.mark.parametrize("door, name", ROWS)
def test_with_the_policy(guarded, door, name):
    user = guarded.users[name]
    friend, _ = guarded.attempt(door, user, user.friend)
    assert door.reaches <= friend
    reached, returned = guarded.attempt(door, user, user.blocked)
    assert bool(reached) == door.is_meant_to_be_open, (reached, [text(stanza) for stanza in returned])
    # What XEP-0191 §3 wants to be said, and 0.12 says of messages too: as an account would that does not answer.
    assert errors_of(returned, user) <= ({"service-unavailable"} if door.room is None else set())


def test_a_block_list_is_read_again_when_it_changes(guarded):
    user, door = guarded.users["address-remote"], next(door for door in DOORS if door.name == "private message in a room")
    phone, address = user.devices[0], user.blocked.bare
    for action, reaches in (("unblock", True), ("block", False)):
        ask(phone, None, f"<{action} xmlns='urn:xmpp:blocking'><item jid='{address}'/></{action}>")
        assert bool(guarded.attempt(door, user, user.blocked)[0]) == reaches, action


def test_what_a_user_publishes_still_goes_to_him(guarded):
    """As docs/blocking.md says under "What remains"."""
    user = guarded.users["address-local"]
    phone, person = user.devices[0], user.blocked.client
    item = f"<item jid='{person.bare}'/>"
    publish(phone, NICK, f"<nick xmlns='{NICK}'>before</nick>")
    ask(phone, None, f"<unblock xmlns='urn:xmpp:blocking'>{item}</unblock>")
    ask(person, user.bare, f"<pubsub xmlns='http://jabber.org/protocol/pubsub'><subscribe node='{NICK}' jid='{person.full}'/></pubsub>")
    ask(phone, None, f"<block xmlns='urn:xmpp:blocking'>{item}</block>")
    person.synchronise()
    marker = new_marker()
    publish(phone, NICK, f"<nick xmlns='{NICK}'>{marker}</nick>")
    assert any(marker in text(stanza) for stanza in person.synchronise())
