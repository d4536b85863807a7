"""What is shut between two users of a server is shut by every road, whoever of the servers, components and rooms the text comes
from or goes to."""

import pytest

import corpus
from conftest import scene_fixture
from roads_scene import ROADS, Scene
from test_plaintext_side_doors import DOORS

# What people write to each other, and the ways past a message that lead to one of them.
WRITTEN = {row["id"]: row["xml"] for row in corpus.load("e2ee.json")
           if row["dir"] in ("out", "iq", "pres") and row["expect"] != "ALLOW" and corpus.canaries(row["xml"])}
STANZAS = {**WRITTEN, **{name: xml for name, xml in DOORS.items() if "{full}" in xml}}
# What no room passes on: an error without a condition, after which its sender has left; an invitation, which it sends itself; the
# subject that it has already.
NOT_IN_ROOMS = {"D03", "C19", "B11 to all"}
# Questions in these are for somebody's account, and a room sends them there.
OF_ACCOUNTS = ("xmlns='vcard-temp'", "xmlns='http://jabber.org/protocol/pubsub'")


def stanzas(road):
    if not road.room:
        return STANZAS
    in_rooms = {**STANZAS, **dict(spoken_in_rooms())}
    return {name: xml for name, xml in in_rooms.items() if name not in NOT_IN_ROOMS and (not xml.startswith("<iq") or is_passed_on(xml))}


def is_passed_on(iq):
    """By a room to one in it, who has asked nothing that this would be the answer to."""
    return corpus.attribute(iq, "type") in ("get", "set") and not any(namespace in iq for namespace in OF_ACCOUNTS)


def spoken_in_rooms():
    for name, xml in STANZAS.items():
        kind = corpus.attribute(xml, "type")
        if xml.startswith("<message") and kind in (None, "normal", "chat"):
            yield f"{name} to all", xml.replace(f" type='{kind}'", "", 1).replace("<message", "<message type='groupchat'", 1)


def carried(scene, road):
    return {name: scene.carries(road, xml, corpus.canaries(xml)) for name, xml in stanzas(road).items()}


alone = scene_fixture(lambda version: Scene(version, is_guarded=False))
guarded = scene_fixture(lambda version: Scene(version, is_guarded=True))


@pytest.mark.parametrize("road", ROADS.values(), ids=ROADS)
def test_prosody_alone_carries_all(alone, road):
    assert [name for name, arrives in carried(alone, road).items() if not arrives] == []


@pytest.mark.parametrize("road", ROADS.values(), ids=ROADS)
def test_with_the_policy_nothing_is_carried(guarded, road):
    assert [name for name, arrives in carried(guarded, road).items() if arrives] == []
