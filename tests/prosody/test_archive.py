"""What a real OMEMO client wrote comes out of the archive, the room and the offline storage and is read there; what
anybody could read is nowhere on the disk."""

import asyncio
from xml.etree import ElementTree

from configuration import Host
from conversation import emptied
from omemo_client import OmemoClient
from server import Server
from storage import kept, places
from world import LOCAL_ROOM, PASSWORD, shared_cache, wait_until_settled

ALWAYS = "<prefs xmlns='urn:xmpp:mam:2' default='always'><always/><never/></prefs>"
OTR = "?OTR:AAMDJ+MVmSfjFZcAAAAAAQAAAAIAAADA1g5IjD1ZGLDVQEyCgCyn9hbrL3KAbGDdzE2ZkMyTKl7XfkSxh8YJnstgiB74i4BzT0W2haCl."
READABLE = ["PLAINTEXT", "OTRDATA", "BESIDE", "?OTR:", "OMEMO encrypted", "is encrypted end to end"]


def hosts():
    wasm = {"wasm_policies": {"archive": {}}}
    return [
        Host("local.test", {"modules_enabled": ["wasm", "mam"], **wasm}, users=dict.fromkeys(("alice", "bob", "carol"), PASSWORD)),
        Host("rooms.local.test", {"modules_enabled": ["wasm", "muc_mam"], "muc_room_locking": False, "muc_room_default_public_jids": True, **wasm}, component="muc"),
    ]


async def settle(*clients):
    for client in clients:
        await client.plugin["xep_0199"].ping("local.test", timeout=20)
    await asyncio.sleep(0)


async def device(server, user, resource, memory=None):
    client = OmemoClient(server, f"{user}@local.test", PASSWORD, resource, memory)
    await client.log_in()
    return client


async def keep_everything(client):
    iq = client.make_iq_set()
    iq.append(ElementTree.fromstring(ALWAYS))
    await iq.send(timeout=20)


async def say(client, to, text, kind="chat"):
    client.make_message(mto=to, mbody=text, mtype=kind).send()
    await settle(client)


async def say_encrypted(client, to, text, body=None, room=None):
    stanza = await client.encrypted(to, text, room)
    if body:
        stanza["body"] = body
    stanza.send()
    await settle(client)


async def read(client, stanzas):
    texts = [await client.decrypted(stanza) for stanza in stanzas if stanza["type"] in ("chat", "groupchat")]
    return [text for text in texts if text]  # a room also says its subject


async def everything_is_said(alice, to, room=None):
    target, kind = (room, "groupchat") if room else (to, "chat")
    await say_encrypted(alice, to, "The harbour at nine", room=room)
    await say(alice, target, "PLAINTEXT", kind)
    await say(alice, target, OTR, kind)
    await say_encrypted(alice, to, "Bring a torch", body="BESIDE", room=room)


def reasons(stanza):
    """The condition of an error, and what its text says of the known reasons."""
    condition, text = stanza.xml.find("{jabber:client}error")
    known = ("keeps only messages that are end-to-end encrypted", "encrypted with OTR cannot be read later")
    return condition.tag.split("}")[1], next((reason for reason in known if reason in text.text), text.text)


def nothing_readable(server):
    return {word: places(server, word) for word in READABLE if places(server, word)}


async def second_device(server):
    alice, phone, laptop = [await device(server, *who) for who in (("alice", "desk"), ("bob", "phone"), ("bob", "laptop"))]
    await laptop.log_out()
    await keep_everything(phone)
    await everything_is_said(alice, "bob@local.test")
    assert nothing_readable(server) == {}
    assert kept(server, "local.test", "archive", "alice") == "", "she did not ask for an archive"
    again = await device(server, "bob", "laptop", laptop.memory)
    archived = await again.archived()
    assert await read(again, archived) == ["The harbour at nine", "Bring a torch"]
    assert [stanza.xml.find("{jabber:client}body") for stanza in archived] == [None, None]
    for client in (alice, phone, again):
        await client.log_out()


async def all_devices_offline(server):
    alice, carol = await device(server, "alice", "desk"), await device(server, "carol", "phone")
    await carol.log_out()
    await asyncio.sleep(0.2)
    emptied(alice.arrived)
    await everything_is_said(alice, "carol@local.test")
    errors = [stanza for stanza in emptied(alice.arrived) if stanza["type"] == "error"]
    assert [reasons(stanza) for stanza in errors] == [
        ("policy-violation", "keeps only messages that are end-to-end encrypted"),
        ("recipient-unavailable", "encrypted with OTR cannot be read later")]
    assert nothing_readable(server) == {}
    again = await device(server, "carol", "phone", carol.memory)
    await settle(again)
    assert await read(again, emptied(again.arrived)) == ["The harbour at nine", "Bring a torch"]
    for client in (alice, again):
        await client.log_out()


async def enter(client, nick):
    await client.plugin["xep_0045"].join_muc_wait(LOCAL_ROOM, nick, timeout=20, maxstanzas=20)


async def late_in_a_room(server):
    alice, bob = await device(server, "alice", "desk"), await device(server, "bob", "phone")
    await enter(alice, "alice")
    await everything_is_said(alice, "bob@local.test", LOCAL_ROOM)
    emptied(bob.arrived)
    await enter(bob, "bob")
    await settle(bob)
    assert await read(bob, emptied(bob.arrived)) == ["The harbour at nine", "Bring a torch"]
    assert nothing_readable(server) == {}
    for client in (alice, bob):
        await client.log_out()


def play(version, story):
    with Server(version, hosts(), shared_cache()) as server:
        assert "running" in wait_until_settled(server)
        asyncio.run(story(server))
        server.stop()  # what is only in memory is written now
        assert nothing_readable(server) == {}


def test_a_second_device_that_was_offline_reads_its_archive(version):
    play(version, second_device)


def test_a_user_whose_devices_were_all_offline(version):
    play(version, all_devices_offline)


def test_somebody_who_enters_a_room_late(version):
    play(version, late_in_a_room)
