"""A whole evening of a phone with a real client (slixmpp, OMEMO): nobody looks at it, it loses its connection, is notified,
comes back, and has read everything, once."""

import asyncio
from xml.etree import ElementTree

import pytest
from conftest import THREE_VERSIONS
from conversation import emptied
from omemo_client import OmemoClient
from push_server import PRESENT, SERVICE, PushServer
from world import PASSWORD

POLICIES = {
    "e2ee": {"settings": {"mode": "mixed"}},
    "csi": {"on_error": "pass"},
    "push": {"settings": {"services": [SERVICE], "pause": 0}},
}
ENABLE = f"<enable xmlns='urn:xmpp:push:0' jid='{SERVICE}' node='bobs-phone'/>"
COMPOSING, PAUSED = (f"<{state} xmlns='http://jabber.org/protocol/chatstates'/>" for state in ("composing", "paused"))
SECONDS = 20


async def settle(client):
    await client.plugin["xep_0199"].ping("local.test", timeout=SECONDS)


async def type_and_stop(alice):
    for state in (COMPOSING, PAUSED) * 3:
        message = alice.make_message(mto="bob@local.test/phone", mtype="chat")
        message.append(ElementTree.fromstring(state))
        message.send()
    await settle(alice)


async def write(alice, text):
    (await alice.encrypted("bob@local.test", text)).send()
    await settle(alice)


async def read(phone, stanzas):
    texts = [await phone.decrypted(stanza) for stanza in stanzas if phone.plugin["xep_0384"].is_encrypted(stanza)]
    return [text for text in texts if text]


def chat_states(stanzas):
    return [child.tag.split("}")[1] for stanza in stanzas for child in stanza.xml if child.tag.endswith(("composing", "paused"))]


async def arrived(phone, number):
    """So many messages of alice; of events nobody counts how many there are."""
    found = []
    while len(found) < number:
        stanza = await asyncio.wait_for(phone.arrived.get(), SECONDS)
        found += [stanza] if stanza["type"] == "chat" else []
    return found


async def evening(server, app_server):
    alice = OmemoClient(server, "alice@local.test", PASSWORD, "desk")
    phone = OmemoClient(server, "bob@local.test", PASSWORD, "phone", plugins=("xep_0198", "xep_0352"))
    for client in (alice, phone):
        await client.log_in()
    request = phone.make_iq_set()
    request.append(ElementTree.fromstring(ENABLE))
    await request.send(timeout=SECONDS)
    await write(alice, "Are you there?")  # sessions are built with devices that are awake
    assert await read(phone, await arrived(phone, 1)) == ["Are you there?"]

    phone.plugin["xep_0352"].send_inactive()
    await settle(phone)
    await type_and_stop(alice)
    assert [stanza for stanza in emptied(phone.arrived) if stanza["type"] == "chat"] == [], "nobody looks"
    await write(alice, "The harbour at nine")
    woken = await arrived(phone, 2)
    assert (chat_states(woken), await read(phone, woken)) == (["paused"], ["The harbour at nine"]), "the newest, before what wakes"

    # What Prosody does not know to have arrived it would tell the app server once more.
    phone.plugin["xep_0198"].send_ack()
    await settle(phone)
    await type_and_stop(alice)
    resumed = asyncio.get_running_loop().create_future()
    phone.add_event_handler("session_resumed", resumed.set_result, disposable=True)
    phone.abort()
    await settle(alice)
    await write(alice, "Bring a torch")
    await asyncio.sleep(1.2)  # Prosody gathers for a second what it tells an app server
    await settle(alice)
    pushes = await asyncio.to_thread(app_server.collect)
    assert len(pushes) == 1 and pushes[0].device == "bobs-phone"
    assert [word for word in ("alice", "bob@", "torch", "encrypted") if word in pushes[0].text] == []

    phone.connect("127.0.0.1", phone.port)
    await asyncio.wait_for(resumed, SECONDS)
    back = await arrived(phone, 2)
    assert (chat_states(back), await read(phone, back)) == (["paused"], ["Bring a torch"])
    await type_and_stop(alice)
    assert chat_states(await arrived(phone, 6)) == ["composing", "paused"] * 3, "awake again, without saying so"
    for client in (alice, phone):
        await client.log_out()


@pytest.mark.parametrize("version", THREE_VERSIONS)
def test_an_evening(version):
    with PushServer(version, ["alice", "bob"], POLICIES, **PRESENT) as server, server.app_server() as app_server:
        asyncio.run(evening(server, app_server))
