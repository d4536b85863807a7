"""Strangers write to bob, who does not know them: what passes, what waits for him, and what is left of it."""

import base64
import time

import pytest

from canaries import written
from clock import Clocked
from strangers_scene import ROSE, STRANGERS, Scene, bodies, errors
from storage import places
from stream import Closed
from world import policy_list

WORDS = ["CANARY-ONE", "CANARY-TWO", "CANARY-THREE"]
DELAY = "{urn:xmpp:delay}delay"
SECONDS = 20
# An empty message of OMEMO, as clients answer the first of somebody (XEP-0384).
KEYS = ("<encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='1'><key rid='2' prekey='true'>"
        f"{base64.b64encode(bytes(range(180))).decode()}</key><iv>{base64.b64encode(bytes(range(12))).decode()}</iv></header></encrypted>"
        "<store xmlns='urn:xmpp:hints'/>")
SEND_FROM_MANY = """> for i = 1, 70 do prosody.core_post_stanza(prosody.hosts["remote.test"], require "util.stanza".message({
 from = "s"..i.."@remote.test/x", to = "bob@local.test", type = "chat", id = "n"..i }, "spam")) end"""


@pytest.fixture
def scene(version):
    with Scene(version, {"strangers": "hold"}) as scene:
        yield scene


def held(scene, stranger, words=WORDS):
    """These wait; bob knows, and that is all."""
    assert errors(scene.write(stranger, words)) == []
    texts, told = scene.arrived()
    assert texts == [], bodies(texts)
    assert len(told) <= 1 and all(getattr(scene, stranger).bare in notice for notice in told), told
    assert "CANARY" not in scene.archive()
    return told


@pytest.mark.parametrize("stranger", STRANGERS)
def test_waits_until_he_agrees(scene, stranger):
    assert len(held(scene, stranger)) == 1
    assert held(scene, stranger, ["CANARY-FOUR"]) == [], "told once"
    scene.answer(stranger)
    texts, told = scene.arrived()
    assert bodies(texts) == [*WORDS, "CANARY-FOUR"] and told == []
    assert all(stanza.find(DELAY).get("from") == "local.test" for stanza in texts)
    assert all(word in scene.archive() for word in WORDS)
    assert errors(scene.write(stranger, ["CANARY-FIVE"])) == []
    assert bodies(scene.arrived()[0]) == ["CANARY-FIVE"]


def test_a_contact_does_not_wait(scene):
    scene.write("alice", ["from a friend"])
    assert bodies(scene.arrived()[0]) == ["from a friend"]


@pytest.mark.parametrize("stranger", STRANGERS)
def test_who_is_in_a_room_with_him_does_not_wait(scene, stranger):
    for client, nick in ((scene.bob, "bob"), (getattr(scene, stranger), stranger)):
        client.join("tea@rooms.local.test", nick)
    scene.write(stranger, ["you there?"])
    assert bodies([stanza for stanza in scene.arrived()[0] if stanza.get("type") == "chat"]) == ["you there?"]


@pytest.mark.parametrize("stranger", STRANGERS)
def test_a_wish_for_a_subscription_is_consent(scene, stranger):
    held(scene, stranger)
    scene.bob.send(f"<presence type='subscribe' to='{getattr(scene, stranger).bare}'/>")
    assert bodies(scene.arrived()[0]) == WORDS


@pytest.mark.parametrize("spelling", [str, str.upper])
@pytest.mark.parametrize("stranger", STRANGERS)
def test_whoever_is_blocked_is_forgotten(scene, stranger, spelling):
    held(scene, stranger)
    address = getattr(scene, stranger).bare
    scene.block(spelling(address))
    scene.unblock(address)
    scene.answer(stranger)
    assert scene.arrived()[0] == []
    scene.settle(stranger)
    assert "CANARY" not in scene.archive()


def test_many_who_wait_are_blocked_at_once(scene):
    scene.remote.shell(SEND_FROM_MANY.replace("\n", ""))
    scene.settle("rose")
    assert len(scene.arrived()[1]) == 70
    scene.block("remote.test")
    assert "running" in policy_list(scene.local)


def test_nobody_is_told_of_what_does_not_fit(scene):
    large = "x" * 40_000
    assert errors(scene.write("rose", [large, large])) == ["resource-constraint"]
    assert len(scene.arrived()[1]) == 1
    assert errors(scene.write("carol", ["x" * 70_000])) == ["resource-constraint"]
    assert scene.arrived() == ([], [])
    scene.answer("rose")
    assert bodies(scene.arrived()[0]) == [large]


def test_keys_that_a_client_sends_by_itself_are_no_consent(version):
    with Scene(version, {"strangers": "encrypted"}) as scene:
        scene.bob.send(f"<message to='{ROSE}' type='chat'>{KEYS}</message>")
        scene.arrived()
        assert errors(scene.write("rose", WORDS[:1])) == ["policy-violation"]
        scene.answer("rose")
        scene.arrived()
        assert errors(scene.write("rose", WORDS[:1])) == []
        assert bodies(scene.arrived()[0]) == WORDS[:1]


# Who invites, Prosody tells by his name in the room: nobody knows then to whom the user has agreed.
@pytest.mark.parametrize("said, spokesman, passes_once_agreed", [
    ("invite", "spam@rooms.local.test/rose", False), ("decline", f"{ROSE}/test", True)])
def test_an_invitation_loses_its_words(scene, said, spokesman, passes_once_agreed):
    scene.rose.join("spam@rooms.local.test", "rose")
    words = f"<x xmlns='http://jabber.org/protocol/muc#user'><{said} to='bob@local.test'><reason>CANARY</reason></{said}></x>"
    for has_agreed in (False, True):
        scene.rose.send(f"<message to='spam@rooms.local.test'>{words}</message>")
        scene.settle("rose")
        texts, _ = scene.arrived()
        assert len(texts) == 1 and texts[0].find(f"{{*}}x/{{*}}{said}").get("from") == spokesman
        assert [b"CANARY" in written(stanza) for stanza in texts] == [has_agreed and passes_once_agreed]
        scene.answer("rose")
        scene.arrived()


def test_who_was_away_hears_of_it(scene):
    scene.bob.close()
    scene.write("rose", WORDS)
    assert places(scene.local, "CANARY") == []
    scene.bob = scene.log_in("bob@local.test")
    notices = [stanza.findtext("{*}body") for stanza in scene.bob.greeting if stanza.get("from") == "local.test"]
    assert len([notice for notice in notices if notice and "rose@remote.test" in notice]) == 1, notices


def told_undelivered(scene, stranger, count):
    client, stanzas = getattr(scene, stranger), []
    try:
        while len(errors(stanzas)) < count:
            stanzas.append(client.receive(SECONDS))
    except Closed:  # by the server's stop, in the same breath
        stanzas += client.stanzas
    assert errors(stanzas) == ["service-unavailable"] * count


@pytest.mark.parametrize("stranger", STRANGERS)
def test_a_stop_sends_it_back(scene, stranger):
    held(scene, stranger)
    assert scene.local.process.poll() is None
    scene.local.process.terminate()
    told_undelivered(scene, stranger, len(WORDS))
    assert places(scene.local, "CANARY") == [] and "CANARY" not in scene.local.log()


def test_a_reload_keeps_it(scene):
    held(scene, "rose")
    scene.local.shell("module:reload('wasm', 'local.test')")
    assert scene.settle("rose") == []
    scene.answer("rose")
    assert bodies(scene.arrived()[0]) == WORDS


def test_without_the_policy_it_is_sent_back(scene):
    held(scene, "rose")
    scene.local.hosts[0].options["wasm_policies"] = {}
    scene.local.write_configuration()
    scene.local.shell("config:reload()")
    told_undelivered(scene, "rose", len(WORDS))


# The file that the module has, and not another run of it.
WAITS = "> require 'core.modulemanager'.get_module('local.test', 'wasm').module:require('waiting').does_anything_wait()"


def test_after_a_week_it_is_gone(version):
    with Scene(version, {"strangers": "hold"}, server=Clocked) as scene:
        held(scene, "carol")
        scene.local.go_to(7 * 24 + 2)
        deadline = time.monotonic() + SECONDS
        while "false" not in (waits := scene.local.shell(WAITS)):
            assert time.monotonic() < deadline, waits
            time.sleep(0.1)
        scene.answer("carol")
        assert scene.arrived()[0] == []


@pytest.mark.parametrize("mode, payload, error", [
    ("refuse", "<body>{}</body>", "policy-violation"),
    ("encrypted", "<body>{}</body>", "policy-violation"),
    ("refuse", "<composing xmlns='http://jabber.org/protocol/chatstates'/>", None),
])
@pytest.mark.parametrize("stranger", STRANGERS)
def test_what_is_not_wanted_is_refused(version, mode, payload, error, stranger):
    with Scene(version, {"strangers": mode}) as scene:
        assert errors(scene.write(stranger, WORDS[:1], payload=payload)) == ([error] if error else [])
        scene.write("alice", ["from a friend"])
        texts, told = scene.arrived()
        assert bodies(texts) == ["from a friend"] and told == []
        getattr(scene, stranger).send("<presence type='subscribe' to='bob@local.test'/>")
        scene.settle(stranger)
        asked = [stanza for stanza in scene.bob.synchronise() if stanza.get("type") == "subscribe"]
        assert len(asked) == (0 if mode == "refuse" else 1)
