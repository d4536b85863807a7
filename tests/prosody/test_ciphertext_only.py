"""The bundled policies archive and carbons, in real servers: ciphertext is kept, texts are not, and OTR is copied to nobody."""

import pytest

from canaries import CANARY
from client import new_marker
from configuration import Host
from corpus import addressed, load
from hour import vanish
from server import Server
from storage import kept, places
from test_keeping import log_in, texts
from waiting import wait_until
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


# All that a person may have written outside of a body; and what would be missed, with something unknown beside it.
ASIDE = [
    f"<subject>{CANARY}</subject>",
    f"<body/><subject>{CANARY}</subject>",
    f"<x xmlns='jabber:x:oob'><url>https://files.invalid/{CANARY}</url></x>",
    f"<html xmlns='http://jabber.org/protocol/xhtml-im'><body xmlns='http://www.w3.org/1999/xhtml'><p>{CANARY}</p></body></html>",
    f"<reactions xmlns='urn:xmpp:reactions:0' id='1'><reaction>{CANARY}</reaction></reactions>",
    f"<x xmlns='urn:unknown'>{CANARY}</x>",
    f"<encrypted xmlns='eu.siacs.conversations.axolotl'><payload>{CANARY}</payload></encrypted>",
    f"<encrypted xmlns='urn:unknown:encryption'>{CANARY}</encrypted>",
]
MISSED = [
    f"<received xmlns='urn:xmpp:receipts' id='1'/><x xmlns='urn:unknown'>{CANARY}</x>",
    f"<x xmlns='jabber:x:conference' jid='{LOCAL_ROOM}' reason='{CANARY}'/><x xmlns='urn:unknown'>{CANARY}</x>",
]


@pytest.mark.parametrize("in_memory", [False, True])
def test_nothing_for_somebody_who_is_offline_is_lost_without_a_word(version, in_memory):
    with running(version, {"offline_plaintext": "memory"} if in_memory else {}) as server:
        wait_until_settled(server)
        alice = log_in(server, "alice")
        for inside in ASIDE + MISSED:
            say(alice, "bob@local.test", inside)
        told = [stanza for stanza in alice.synchronise() if stanza.get("type") == "error"]
        assert len(told) == (0 if in_memory else len(ASIDE))
        assert places(server, CANARY) == []
        arrived = messages(log_in(server, "bob").greeting)
        assert len(arrived) == (len(ASIDE) if in_memory else 0) + len(MISSED)


def evict(client, room):
    """Enters another room; the server has memory for one."""
    client.send(f"<presence to='{room}/{client.bare.split('@')[0]}'><x xmlns='http://jabber.org/protocol/muc'/></presence>")
    client.receive_until(lambda stanza: stanza.find("{jabber:client}subject") is not None)


def test_who_is_in_a_room_is_written_down_without_texts_and_not_for_ever(version):
    server = running(version)
    server.hosts[1].options["muc_room_cache_size"] = 1
    with server:
        wait_until_settled(server)
        alice, bob = log_in(server, "alice"), log_in(server, "bob")
        alice.send(f"<presence to='{LOCAL_ROOM}/alice'><status>{CANARY}</status><show>away</show><x xmlns='http://jabber.org/protocol/muc'/></presence>")
        alice.receive_until(lambda stanza: stanza.find("{jabber:client}subject") is not None)
        evict(alice, "other@rooms.local.test")
        alice.synchronise()
        assert places(server, CANARY) == []
        assert "away" in kept(server, "rooms.local.test", "state", "room")
        # She is still in it, and gets what is said there.
        evict(bob, LOCAL_ROOM)
        say(bob, LOCAL_ROOM, f"<body>{CANARY}</body>", "groupchat")
        bob.synchronise()
        assert CANARY in texts(alice.synchronise())
        evict(bob, "third@rooms.local.test")
        assert "alice" in kept(server, "rooms.local.test", "state", "room")
        server.kill()
        server.start()  # the sessions are gone, and what they left is found at the start
        wait_until(lambda: not any("alice" in kept(server, "rooms.local.test", "state", room) for room in ("room", "other")))


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


def test_a_copy_that_a_device_never_got_waits_for_it_if_it_is_encrypted(version):
    with running(version, smacks_hibernation_time=1) as server:
        wait_until_settled(server)
        server.shell("module:load('smacks', 'local.test')")
        alice, phone, laptop = log_in(server, "alice"), log_in(server, "bob", "phone"), log_in(server, "bob", "laptop")
        laptop.send("<iq type='set' id='carbons'><enable xmlns='urn:xmpp:carbons:2'/></iq>")
        laptop.synchronise()
        laptop.send("<enable xmlns='urn:xmpp:sm:3' resume='true'/>")
        laptop.receive_until(lambda stanza: stanza.tag.endswith("}enabled"))
        vanish(laptop)
        say(alice, phone.full, f"<body>{CANARY}</body>")
        alice.send(addressed(OMEMO, phone.full))
        alice.synchronise()
        phone.close()
        wait_until(lambda: PAYLOAD in kept(server, "local.test", "offline", "bob"))
        assert places(server, CANARY) == places(server, FALLBACK) == []
        arrived = messages(log_in(server, "bob", "laptop").greeting)
        copied, = [stanza for stanza in arrived if stanza.find("{urn:xmpp:carbons:2}received") is not None]
        assert copied.find(".//{*}encrypted/{*}payload") is not None
        assert [stanza for stanza in alice.synchronise() if stanza.get("type") == "error"] == []


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
