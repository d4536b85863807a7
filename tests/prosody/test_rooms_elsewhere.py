"""Whoever is blocked does not come in by a room of another server, whatever the user does there, and whatever other rooms do."""

import pytest

from client import new_marker
from side_door_stanzas import ask
from strangers_scene import ROSE, Scene, bodies

ROOM, CROWD = "tea@rooms.remote.test", "crowd@rooms.remote.test"
FORM = ("<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'>"
        "<field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig</value></field>"
        "<field var='muc#roomconfig_whois'><value>anyone</value></field></x></query>")
# As a server sends it that shows more people than there are.
SHOW_A_CROWD = """> for i = 1, 6000 do prosody.core_post_stanza(prosody.hosts["rooms.remote.test"], require "util.stanza".presence({
 from = "%s/n"..i, to = "%s" }):tag("x", { xmlns = "http://jabber.org/protocol/muc#user" }):tag("item", { affiliation = "none",
 role = "participant", jid = "n"..i.."@remote.test/x" })) end"""


@pytest.fixture
def scene(version):
    with Scene(version, {}) as scene:
        scene.rose.join(ROOM, "rose")
        ask(scene.rose, ROOM, FORM)
        yield scene


def say_to_all(scene, room, speaker):
    """What came to bob out of the room until he read what was said last."""
    marker = new_marker()
    speaker.send(f"<message to='{room}' type='groupchat' id='{marker}'><body>settled</body></message>")
    return scene.bob.receive_marker(marker)


def private(scene, nick, word):
    """What bob gets of a word in private that rose, whom he may have blocked, says to him in the room."""
    scene.rose.send(f"<message to='{ROOM}/{nick}' type='chat' id='{new_marker()}'><body>{word}</body></message>")
    return [body for body in bodies(say_to_all(scene, ROOM, scene.rose)) if body == word]


def test_after_a_change_of_ones_own_name(scene):
    scene.bob.join(ROOM, "bob")
    assert private(scene, "bob", "one") == ["one"]
    scene.block(ROSE)
    assert private(scene, "bob", "two") == []
    scene.bob.send(f"<presence to='{ROOM}/bobby'/>")
    say_to_all(scene, ROOM, scene.bob)
    assert private(scene, "bobby", "three") == []
    scene.unblock(ROSE)
    assert private(scene, "bobby", "four") == ["four"]


def test_beside_a_room_that_shows_a_crowd(scene):
    scene.block(ROSE)
    scene.bob.join(CROWD, "bob")
    scene.remote.shell(SHOW_A_CROWD.replace("\n", "") % (CROWD, scene.bob.full))
    say_to_all(scene, CROWD, scene.bob)
    scene.bob.join(ROOM, "bob")
    assert private(scene, "bob", "one") == []
    scene.unblock(ROSE)
    assert private(scene, "bob", "two") == ["two"]
