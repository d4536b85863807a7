"""The bundled policies archive and carbons, in real servers: ciphertext is kept, texts are not, and OTR is copied to nobody."""

import pytest

from canaries import CANARY
from client import new_marker
from configuration import Host
from corpus import addressed, load
from server import Server
from storage import kept, places
from test_keeping import log_in, texts
from world import LOCAL_ROOM, PASSWORD, shared_cache, wait_until_settled

OMEMO = next(row["xml"] for row in load("e2ee.json") if row["id"] == "G01")
PAYLOAD = "JxYC0JimdDpuHRi"
FALLBACK = "I sent you an OMEMO encrypted message"
STATE = "<composing xmlns='http://jabber.org/protocol/chatstates'/>"


def running(version, settings=None, **options):
    policies = {"archive": {"settings": settings or {}}, "carbons": {}}
    wasm = {"modules_enabled": ["wasm", "mam", "offline"], "wasm_policies": policies, **options}
    rooms = {"modules_enabled": ["wasm", "muc_mam"], "wasm_policies": policies, "muc_room_locking": False,
             "muc_room_default_persistent": True}
    hosts = [
        Host("local.test", wasm, users=dict.fromkeys(("alice", "bob"), PASSWORD)),
        Host("rooms.local.test", rooms, component="muc"),
    ]
    return Server(version, hosts, shared_cache())


def messages(stanzas):
    return [stanza for stanza in stanzas if stanza.tag == "{jabber:client}message"]


def say(client, to, inside, kind="chat"):
    client.send(f"<message to='{to}' type='{kind}' id='{new_marker()}'>{inside}</message>")


def say_all(client, to, kind="chat"):
    """A readable message, an encrypted one with a fallback, and a chat state."""
    say(client, to, f"<body>{CANARY}</body><store xmlns='urn:xmpp:hints'/>", kind)
    client.send(addressed(OMEMO, to).replace("type='chat'", f"type='{kind}'"))
    say(client, to, STATE, kind)


def test_an_archive_holds_ciphertext_and_the_recipient_gets_all(version):
    with running(version, default_archive_policy=True) as server:
        assert "running" in wait_until_settled(server)
        alice, bob = log_in(server, "alice"), log_in(server, "bob")
        say_all(alice, bob.bare)
        alice.synchronise()
        arrived = messages(bob.synchronise())
        assert [CANARY in "".join(texts([stanza])) for stanza in arrived] == [True, False, False]
        assert FALLBACK in texts(arrived)[1]
        for user in ("alice", "bob"):
            stored = kept(server, "local.test", "archive", user)
            assert stored.count(PAYLOAD) == 1
            assert "body" not in stored and "composing" not in stored
        assert places(server, CANARY) == places(server, FALLBACK) == []


def test_nobody_is_archived_who_did_not_ask_for_it(version):
    with running(version) as server:
        wait_until_settled(server)
        alice, bob = log_in(server, "alice"), log_in(server, "bob")
        say_all(alice, bob.bare)
        alice.synchronise()
        bob.synchronise()
        assert places(server, PAYLOAD) == places(server, CANARY) == []


@pytest.mark.parametrize("in_memory", [False, True])
def test_for_somebody_who_is_offline_ciphertext_waits(version, in_memory):
    with running(version, {"offline_plaintext": "memory"} if in_memory else {}) as server:
        wait_until_settled(server)
        alice = log_in(server, "alice")
        say_all(alice, "bob@local.test")
        say(alice, "bob@local.test", "<body>?OTRv23?</body>")
        told = [error.findtext("{*}error/{*}text") for error in alice.synchronise() if error.get("type") == "error"]
        assert ["OTR" in text for text in told] == ([True] if in_memory else [False, True])
        assert places(server, PAYLOAD) == ["local.test/offline/bob.list"]
        assert places(server, CANARY) == places(server, FALLBACK) == []
        arrived = messages(log_in(server, "bob").greeting)
        assert sum(stanza.find("{*}encrypted/{*}payload") is not None for stanza in arrived) == 1
        assert texts(arrived) == ([CANARY] if in_memory else [])


def test_the_history_of_a_room_is_ciphertext(version):
    with running(version) as server:
        wait_until_settled(server)
        alice = log_in(server, "alice")
        alice.join(LOCAL_ROOM, "alice")
        say_all(alice, LOCAL_ROOM, "groupchat")
        assert CANARY in texts(alice.synchronise())
        bob = log_in(server, "bob")
        bob.send(f"<presence to='{LOCAL_ROOM}/bob'><x xmlns='http://jabber.org/protocol/muc'/></presence>")
        history = bob.receive_until(lambda stanza: stanza.find("{jabber:client}subject") is not None)
        assert [stanza.find("{*}encrypted/{*}payload") is not None for stanza in messages(history)] == [True]
        assert texts(history) == []
        server.stop()  # a persistent room writes its history into its state
        assert {place.split("/")[1] for place in places(server, PAYLOAD)} == {"muc_log", "state"}
        assert places(server, CANARY) == places(server, FALLBACK) == []


def test_otr_is_copied_to_nobody(version):
    with running(version) as server:
        wait_until_settled(server)
        phone, laptop, bob = log_in(server, "alice", "phone"), log_in(server, "alice", "laptop"), log_in(server, "bob")
        for client in (phone, laptop):
            client.send("<iq type='set' id='carbons'><enable xmlns='urn:xmpp:carbons:2'/></iq>")
            client.synchronise()
        for body in ("one", "?OTRv23?", "?OTR:AAMD.", "two \t  \t\t\t\t \t \t \t    \t\t  \t ", "three"):
            say(phone, bob.bare, f"<body>{body}</body>")
            say(bob, phone.full, f"<body>{body}</body>")
        phone.synchronise()
        bob.synchronise()
        copied = messages(laptop.synchronise())
        assert sorted(texts(copied)) == ["one", "one", "three", "three"]
