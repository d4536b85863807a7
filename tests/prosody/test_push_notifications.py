"""What an app server learns, by every stanza that it was sent: that somebody is to be woken, and nothing else."""

import pytest
from conftest import THREE_VERSIONS
from expected_push import TEXT, is_exactly, notification
from push_rows import ASLEEP, CANARY, CONNECTED, ROWS
from push_scene import Scene, node_of
from push_server import policies

STATES = (*ASLEEP, *CONNECTED)
# Senders, receivers and what they wrote; the nodes say nothing about any of them.
TRACES = [CANARY, "CANARY", "alice", "aldonza", "Aldonza", "Balthazar", "local.test/", "rooms", *[f"{row.name}." for row in ROWS]]


@pytest.fixture(scope="module", params=THREE_VERSIONS)
def scene(request):
    return Scene(request.param, policies()).play()


@pytest.fixture(scope="module")
def silent_scene():
    return Scene("13.0", policies(text=False)).play()


@pytest.fixture(scope="module", params=["13.0", "0.12"])
def unprotected_scene(request):
    return Scene(request.param, None).play()


def check(scene, row, text):
    for state in STATES:
        pushes = scene.pushes(state, row)
        is_pushed = row.wakes and state in row.reached and state != "awake"
        assert bool(pushes) == is_pushed, (state, pushes)
        for push in pushes:
            assert is_exactly(push, notification(push, node_of(state, row), text)), push.text


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_only_what_matters_is_pushed_and_says_nothing(scene, row):
    check(scene, row, TEXT)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_without_the_text(silent_scene, row):
    check(silent_scene, row, None)


def test_nobody_and_nothing_written_is_in_any_push(scene):
    everything = scene.app_server.received.decode()
    assert scene.app_server.pushes
    assert [trace for trace in TRACES if trace in everything] == []


# The checks above can fail: this is what they find without the policy.

@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_prosody_alone_pushes_everything(unprotected_scene, row):
    assert {state for state in STATES if unprotected_scene.pushes(state, row)} == set(row.reached)


def test_prosody_alone_tells_who_wrote_what(unprotected_scene):
    everything = unprotected_scene.app_server.received.decode()
    assert {"alice", "Aldonza", CANARY, "rooms"} <= {trace for trace in TRACES if trace in everything}
    row = ROWS[0]
    for state in ASLEEP:
        push = unprotected_scene.pushes(state, row)[0]
        assert not is_exactly(push, notification(push, node_of(state, row)))
        assert "alice@local.test/desk" in push.text and CANARY in push.text
