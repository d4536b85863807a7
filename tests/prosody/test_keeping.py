"""The hooks beside delivery, in real servers: a guest rules by the first word of each body."""

import base64
import hashlib

import pytest

from client import Client, new_marker
from configuration import Host
from places import TEST_GUESTS
from server import Server
from storage import kept, places
from waiting import wait_until
from world import LOCAL_ROOM, PASSWORD, shared_cache, wait_until_settled

XMLNS_MAM = "urn:xmpp:mam:2"
GUEST = {"guest": {"path": str(TEST_GUESTS / "keeping.wasm")}}

ONLY_WANTED = {"guest": {**GUEST["guest"], "settings": {"only_wanted": True}}}


def hosts(policies=GUEST, **options):
    wasm = {"modules_enabled": ["wasm", "mam"], "wasm_policies": policies, **options}
    rooms = {"modules_enabled": ["wasm", "muc_mam"], "wasm_policies": policies, "muc_room_locking": False,
             "muc_room_default_persistent": True}
    return [
        Host("local.test", wasm, users=dict.fromkeys(("alice", "bob"), PASSWORD)),
        Host("rooms.local.test", rooms, component="muc"),
    ]


def running(version, *arguments, **options):
    return Server(version, hosts(*arguments, **options), shared_cache())


def log_in(server, user, resource="test"):
    return Client(server, f"{user}@local.test", PASSWORD, resource)


def say(client, to, text, kind="chat"):
    client.send(f"<message to='{to}' type='{kind}' id='{new_marker()}'><body>{text}</body></message>")


def texts(stanzas):
    return [body.text for stanza in stanzas for body in stanza.iter("{jabber:client}body")]


def test_an_archive_holds_what_was_ruled_and_the_recipient_gets_what_was_sent(version):
    with running(version, default_archive_policy=True) as server:
        assert "running" in wait_until_settled(server)
        alice, bob = log_in(server, "alice"), log_in(server, "bob")
        sent = ["keep one", "edit two", "skip three", "memory four", "refuse five", "trap six"]
        for text in sent:
            say(alice, bob.bare, text)
        alice.synchronise()
        arrived = [stanza for stanza in bob.synchronise() if stanza.tag.endswith("message")]
        assert texts(arrived) == sent
        ids = [stanza.find("{urn:xmpp:sid:0}stanza-id") is not None for stanza in arrived]
        assert ids == [True, True, False, False, False, False], "who finds it in his archive is told its id"
        for user in ("alice", "bob"):
            stored = kept(server, "local.test", "archive", user)
            assert [word in stored for word in ("keep one", "edited", "edit two", "three", "four", "five", "six")] == [
                True, True, False, False, False, False, False]


@pytest.mark.parametrize("priority", [0.005, 0, -0.005])
@pytest.mark.parametrize("copies", [False, True])
def test_what_other_modules_change_reaches_the_recipient_and_is_ruled_on(version, priority, copies):
    with running(version, default_archive_policy=True, neighbour_priority=priority, neighbour_copies=copies) as server:
        server.shell("module:load('neighbour', 'local.test')")
        wait_until_settled(server)
        alice, bob = log_in(server, "alice"), log_in(server, "bob")
        say(alice, bob.bare, "edit one")
        alice.synchronise()
        arrived, = [stanza for stanza in bob.synchronise() if stanza.tag.endswith("message")]
        assert texts([arrived]) == ["edit one"]
        assert arrived.findtext("{urn:test:neighbour}note") == "NOTE-OF-A-NEIGHBOUR"
        stored = kept(server, "local.test", "archive", "bob")
        assert "edited" in stored and "edit one" not in stored
        assert arrived.find("{urn:xmpp:sid:0}stanza-id") is not None


def preferences(client, default=None):
    marker = new_marker()
    inside = f"<prefs xmlns='{XMLNS_MAM}'" + (f" default='{default}'><always/><never/></prefs>" if default else "/>")
    client.send(f"<iq type='{'set' if default else 'get'}' id='{marker}'>{inside}</iq>")
    client.stanzas.clear()
    answer = client.receive()
    while answer.get("id") != marker:
        answer = client.receive()
    return answer.find(f"{{{XMLNS_MAM}}}prefs").get("default")


def test_nobody_is_archived_who_did_not_ask_for_it(version):
    with running(version, ONLY_WANTED) as server:
        wait_until_settled(server)
        alice, bob = log_in(server, "alice"), log_in(server, "bob")
        assert preferences(alice) == "never"
        say(alice, bob.bare, "keep before")
        assert preferences(alice, "always") == preferences(alice) == "always"
        say(alice, bob.bare, "keep after")
        alice.synchronise()
        bob.synchronise()
        assert places(server, "keep before") == []
        assert places(server, "keep after") == ["local.test/archive/alice.list"]


def test_messages_for_somebody_who_is_offline(version):
    with running(version) as server:
        wait_until_settled(server)
        alice = log_in(server, "alice")
        for text in ("keep one", "edit two", "skip three", "memory four", "refuse five", "trap six"):
            say(alice, "bob@local.test", text)
        errors = [stanza for stanza in alice.synchronise() if stanza.get("type") == "error"]
        conditions = [(error.find("{*}error/{*}policy-violation") is not None, error.findtext("{*}error/{*}text")) for error in errors]
        assert [condition for condition, _ in conditions] == [True, True]
        assert conditions[0][1] == "Not kept."
        stored = kept(server, "local.test", "offline", "bob")
        assert [word in stored for word in ("one", "edited", "two", "three", "four", "five", "six")] == [
            True, True, False, False, False, False, False]
        assert places(server, "memory four") == []
        bob = log_in(server, "bob")
        arrived = [stanza for stanza in bob.greeting if stanza.tag.endswith("message")]
        assert sorted(texts(arrived)) == ["edited", "keep one", "memory four"]
        assert all(stanza.find("{urn:xmpp:delay}delay") is not None for stanza in arrived)


def ask_for_archive(client):
    client.send(f"<iq type='set' id='{new_marker()}'><query xmlns='{XMLNS_MAM}'/></iq>")


def test_a_client_that_asks_for_its_archive_gets_what_is_in_none(version):
    with running(version, ONLY_WANTED) as server:  # and nobody wants it
        wait_until_settled(server)
        alice = log_in(server, "alice")
        say(alice, "bob@local.test", "keep one")
        alice.synchronise()
        bob = Client(server, "bob@local.test", PASSWORD, before_presence=ask_for_archive)
        assert texts(bob.greeting) == ["keep one"]
        assert places(server, "keep one") == []


def test_what_waits_in_memory_survives_a_reload_of_the_module(version):
    with running(version) as server:
        wait_until_settled(server)
        alice = log_in(server, "alice")
        say(alice, "bob@local.test", "memory four")
        alice.synchronise()
        server.shell("module:reload('wasm')")
        wait_until_settled(server)
        assert texts(log_in(server, "bob").greeting) == ["memory four"]


def history(client):
    """What a room sends to somebody who enters it."""
    client.send(f"<presence to='{LOCAL_ROOM}/{client.bare.split('@')[0]}'><x xmlns='http://jabber.org/protocol/muc'/></presence>")
    return client.receive_until(lambda stanza: stanza.find("{jabber:client}subject") is not None)


def test_the_history_of_a_room(version):
    with running(version) as server:
        wait_until_settled(server)
        alice = log_in(server, "alice")
        alice.join(LOCAL_ROOM, "alice")
        for text in ("keep one", "edit two", "skip three", "memory four", "trap six"):
            say(alice, LOCAL_ROOM, text, "groupchat")
        sent = [stanza for stanza in alice.synchronise() if stanza.get("type") == "groupchat"]
        assert texts(sent) == ["keep one", "edit two", "skip three", "memory four", "trap six"]
        assert [stanza.find("{urn:xmpp:sid:0}stanza-id") is not None for stanza in sent] == [True, True, False, False, False]
        bob = log_in(server, "bob")
        assert texts(history(bob)) == ["keep one", "edited"]
        stored = kept(server, "rooms.local.test", "muc_log", "room")
        assert [word in stored for word in ("one", "edited", "two", "three", "four", "six")] == [True, True, False, False, False, False]
        server.stop()  # rooms write their last message
        assert places(server, "edited") == ["rooms.local.test/muc_log/room.list", "rooms.local.test/state/room.dat"]
        assert places(server, "edit two") == places(server, "three") == []


def carbons(client):
    client.send("<iq type='set' id='carbons'><enable xmlns='urn:xmpp:carbons:2'/></iq>")
    client.synchronise()


def publish_device_list(client):
    client.send("<iq type='set' id='keys'><pubsub xmlns='http://jabber.org/protocol/pubsub'>"
                "<publish node='eu.siacs.conversations.axolotl.devicelist'><item id='current'>"
                "<list xmlns='eu.siacs.conversations.axolotl'><device id='1'/></list></item></publish></pubsub></iq>")
    client.synchronise()


FEATURE = "eu.siacs.conversations.axolotl.devicelist+notify"


def announce_keys(client):
    """Says by its capabilities (XEP-0115) that it follows the lists of keys, and answers when it is asked for them."""
    version = base64.b64encode(hashlib.sha1(f"{FEATURE}<".encode()).digest()).decode()
    client.send(f"<presence><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='urn:test' ver='{version}'/></presence>")
    asked = []

    def is_question(stanza):
        if stanza.find("{http://jabber.org/protocol/disco#info}query[@node]") is not None:
            asked.append(stanza)
        return bool(asked)

    client.receive_until(is_question)
    node = asked[0][0].get("node")
    client.send(f"<iq type='result' id='{asked[0].get('id')}' to='{asked[0].get('from')}'>"
                f"<query xmlns='http://jabber.org/protocol/disco#info' node='{node}'><feature var='{FEATURE}'/></query></iq>")
    client.synchronise()


def copies(client, direction):
    forwarded = "{urn:xmpp:carbons:2}" + direction
    return [text for stanza in client.synchronise() if stanza.find(forwarded) is not None for text in texts([stanza])]


@pytest.mark.parametrize("direction", ["sent", "received"])
def test_copies(version, direction):
    with running(version) as server:
        wait_until_settled(server)
        phone, laptop, bob = log_in(server, "alice", "phone"), log_in(server, "alice", "laptop"), log_in(server, "bob")
        tablet, watch = log_in(server, "alice", "tablet"), log_in(server, "alice", "watch")
        for client in (phone, laptop, tablet, watch):
            carbons(client)
        publish_device_list(tablet)
        announce_keys(watch)
        bob.synchronise()
        laptop.synchronise()
        sender, to = (phone, bob.bare) if direction == "sent" else (bob, phone.full)
        for text in ("copy one", "skip two", "encrypting three", "copy four", "trap five"):
            say(sender, to, text)
        sender.synchronise()
        assert copies(laptop, direction) == ["copy one", "copy four"]
        for client in (tablet, watch):
            assert copies(client, direction) == ["copy one", "encrypting three", "copy four"]


def test_nothing_is_kept_or_copied_while_the_policy_is_not_in_its_place(version):
    broken = {"guest": {"path": "/nowhere.wasm"}, }
    with running(version, broken, default_archive_policy=True) as server:
        assert "failed" in wait_until_settled(server)
        alice = log_in(server, "alice")
        say(alice, "bob@local.test", "keep CLOSED")
        errors = [stanza for stanza in alice.synchronise() if stanza.get("type") == "error"]
        assert len(errors) == 1
        assert places(server, "CLOSED") == []
        assert "Traceback" not in server.log()


def test_a_deleted_account_takes_everything_along(version):
    with running(version, default_archive_policy=True) as server:
        wait_until_settled(server)
        alice, bob = log_in(server, "alice"), log_in(server, "bob")
        say(alice, bob.bare, "keep one")
        alice.synchronise()
        bob.synchronise()
        bob.close()
        for text in ("keep two", "memory three"):
            say(alice, "bob@local.test", text)
        alice.synchronise()
        stored = ["local.test/archive/alice.list", "local.test/archive/bob.list"]
        assert places(server, "keep one") == stored
        server.shell("user:delete('bob@local.test')")
        alice.synchronise()
        wait_until(lambda: places(server, "keep one") == stored[:1])
        wait_until(lambda: not [path for path in places(server, "bob") if "/bob." in path or "archive_cleanup" in path])


def test_the_log_says_what_was_asked(version):
    with running(version, default_archive_policy=True) as server:
        wait_until_settled(server)
        alice, laptop = log_in(server, "alice"), log_in(server, "alice", "laptop")
        laptop.send("<iq type='set' id='copies'><enable xmlns='urn:xmpp:carbons:2'/></iq>")
        laptop.synchronise()
        say(alice, "bob@local.test", "keep one")
        alice.synchronise()
        lines = [line for line in server.log().splitlines() if "decision policy=guest" in line]
        asked = sorted({word for line in lines for word in line.split() if word.startswith(("hook=", "kind="))})
        assert asked == ["hook=archive-policy", "hook=carbons-policy", "kind=archive", "kind=carbons", "kind=offline"]
