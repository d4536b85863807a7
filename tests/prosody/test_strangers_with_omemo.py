"""Strangers with real clients: OMEMO passes where a plain text does not, and what waited is read once it was wanted."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from configuration import Host
from omemo_client import OmemoClient
from server import Server
from world import PASSWORD, shared_cache, wait_until_settled, with_wasm

SECONDS = 20


@asynccontextmanager
async def conversation(version, mode):
    """Carol and bob, who do not know each other."""
    users = dict.fromkeys(("bob", "carol"), PASSWORD)
    wasm = with_wasm({"blocking": {"settings": {"strangers": mode}}})
    with Server(version, [Host("local.test", wasm, users=users)], shared_cache()) as server:
        assert "running" in wait_until_settled(server)
        clients = [OmemoClient(server, f"{user}@local.test", PASSWORD) for user in users]
        for client in clients:
            await client.log_in()
        yield clients
        for client in clients:
            await client.log_out()


async def settle(*clients):
    for client in clients:
        await client.plugin["xep_0199"].ping("local.test", timeout=SECONDS)


async def say(client, to, *texts):
    for text in texts:
        (await client.encrypted(to, text)).send()
    await settle(client)


async def arrived(client):
    """The messages that came since this was asked last."""
    await settle(client)
    return [client.arrived.get_nowait() for _ in range(client.arrived.qsize())]


async def texts(client, stanzas):
    """What people wrote, decrypted if need be."""
    found = [await client.decrypted(stanza) for stanza in stanzas if stanza["type"] == "chat"]
    return [text for text in found if text]


def of_type(kind, stanzas):
    return [stanza for stanza in stanzas if stanza["type"] == kind]


async def encrypted(version):
    async with conversation(version, "encrypted") as (bob, carol):
        await say(carol, "bob@local.test", "psst")
        carol.make_message(mto="bob@local.test", mbody="Buy this!", mtype="chat").send()
        await settle(carol)
        assert await texts(bob, await arrived(bob)) == ["psst"]
        error, = of_type("error", await arrived(carol))
        assert "have to be end-to-end encrypted" in error["error"]["text"]


async def hold(version):
    async with conversation(version, "hold") as (bob, carol):
        await say(carol, "bob@local.test", "one", "two")
        stanzas = await arrived(bob)
        notice, = [stanza for stanza in of_type("headline", stanzas) if str(stanza["from"]) == "local.test"]
        assert "carol@local.test" in notice["body"] and await texts(bob, stanzas) == []
        await say(bob, "carol@local.test", "yes?")
        assert await texts(bob, await arrived(bob)) == ["one", "two"]
        assert await texts(carol, await arrived(carol)) == ["yes?"]


@pytest.mark.parametrize("story", [encrypted, hold], ids=lambda story: story.__name__)
def test_strangers(version, story):
    asyncio.run(story(version))
