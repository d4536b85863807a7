"""docs/the-plan.md is a configuration that works as it stands."""

import asyncio

import pytest

from omemo_client import OmemoClient
from places import PROJECT
from plaintext import TEXT, is_refused
from planned import ALICE, BOB, HOST, Planned, shown
from storage import places
from world import PASSWORD, wait_until_settled

SECRET = "The bakery at seven."
POLICIES = {
    HOST: ["archive", "blocking", "carbons", "csi", "e2ee", "firewall", "push", "rooms"],
    f"rooms.{HOST}": ["archive", "e2ee", "rooms"],
    f"upload.{HOST}": ["upload"],
}


@pytest.fixture(scope="module", params=["13.0", "0.12"])
def planned(request):
    with Planned(request.param) as server:
        server.listing = wait_until_settled(server)
        yield server
        server.is_kept = bool(request.session.testsfailed)


def states(listing):
    """(host, policy, state) of each row."""
    rows = ([word for word in line.split() if word != "|"] for line in listing.splitlines())
    return sorted(tuple(row[:3]) for row in rows if row and row[0].endswith(HOST))


def test_every_policy_runs(planned):
    expected = sorted((host, policy, "running") for host, policies in POLICIES.items() for policy in policies)
    assert states(planned.listing) == expected, planned.listing


def test_nothing_is_wrong_with_it(planned):
    lines = planned.log_lines("error") + planned.log_lines("warn")
    assert [line for line in lines if "wasm" in " ".join(line)] == []


def test_plaintext_is_refused(planned):
    assert is_refused(planned, HOST)
    assert places(planned, TEXT) == []


async def conversation(server):
    alice, bob = (OmemoClient(server, address, PASSWORD) for address in (ALICE, BOB))
    for client in (alice, bob):
        await client.log_in()
    (await alice.encrypted(BOB, SECRET)).send()
    text = ""
    while text != SECRET:
        text = await bob.decrypted(await asyncio.wait_for(bob.arrived.get(), 20))
    archived = await bob.archived()
    for client in (alice, bob):
        await client.log_out()
    return archived


def test_omemo_passes_and_its_ciphertext_is_kept(planned):
    archived = asyncio.run(conversation(planned))
    assert len(archived) == 1 and not archived[0]["body"]
    assert places(planned, SECRET) == []


def test_the_page_shows_every_bundled_policy():
    bundled = {path.parent.name for path in (PROJECT / "guest-plugins").glob("*/settings.schema.json")}
    assert {policy for policies in POLICIES.values() for policy in policies} == bundled
    assert [policy for policy in bundled if f"{policy} = " not in shown()] == []
