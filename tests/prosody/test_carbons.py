"""What Prosody copies to a person's other devices, with the policy and without, as a real client library sees it."""

import asyncio
from contextlib import ExitStack

import corpus
import pytest
from canaries import ping
from carbon_clients import BRIDGE, ROOMS, logged_in, server_with
from carbon_rows import BODY, BOUNCES, OMEMO, OTR, PRIVATE, WRITTEN, captured, message
from component import Component
from conftest import THREE_VERSIONS
from places import STAGE
from world import SECRET, wait_until_settled

pytestmark = pytest.mark.skipif(not (STAGE / "lib/prosody/wasm/carbons.wasm").exists(), reason="the policy `carbons` is not built")

POLICIES = {"alone": None, "with the policy": {"carbons": {}}}
BOB_MAIN, BOB = "bob@home.test/main", "bob@home.test"


class Run:
    """One server with its devices, and the event loop on which they live."""

    def __init__(self, version, policies):
        self.version, self.policies = version, policies
        self.server = server_with(version, policies)

    def __enter__(self):
        with ExitStack() as stack:
            stack.enter_context(self.server)
            if self.policies:
                assert "running" in wait_until_settled(self.server)
            self.runner = stack.enter_context(asyncio.Runner())
            self.devices = self.await_(logged_in(self.server))
            stack.callback(lambda: self.await_(self.devices.log_out()))
            self.bridge = stack.enter_context(Component(self.server, BRIDGE, SECRET))
            self.stack = stack.pop_all()
        return self

    def await_(self, coroutine):
        return self.runner.run(coroutine)

    def __exit__(self, *error):
        self.stack.__exit__(*error)

    def send(self, xml, to):
        """From Alice's main device."""
        self.await_(self.devices.send(xml, to))

    def send_from_elsewhere(self, xml, to):
        self.devices.forget()
        # The stream of a component has a namespace of its own.
        self.bridge.send(corpus.addressed(xml.replace(" xmlns='jabber:client'", ""), to, f"anne@{BRIDGE}"))
        ping(self.bridge, "home.test", f" from='anne@{BRIDGE}'")
        self.await_(self.devices.settle())

    def copies(self, user):
        """What this person's other device got of what they sent, and of what they received."""
        other = self.devices[user, "other"]
        return [contents(copy.xml) for copy in other.sent_copies], [contents(copy.xml) for copy in other.received_copies]

    def arrived(self):
        """What came for Bob's main device."""
        return [stanza.xml for stanza in self.devices["bob", "main"].direct]


def contents(stanza):
    """What a message says. `<private/>` is for the server, which takes it out."""
    return sorted(corpus.canonical(child) for child in stanza if not child.tag.endswith("}private"))


@pytest.fixture(scope="module", params=THREE_VERSIONS)
def runs(request):
    with ExitStack() as started:
        yield {name: started.enter_context(Run(request.param, policies)) for name, policies in POLICIES.items()}


@pytest.fixture(params=POLICIES)
def run(runs, request):
    return runs[request.param]


@pytest.mark.parametrize("row", [*WRITTEN, *captured(*OMEMO, *OTR)], ids=lambda row: row.name)
def test_between_two_people(run, row):
    run.send(row.xml, BOB_MAIN)
    check(run, row, sent=True)


@pytest.mark.parametrize("to", [BOB_MAIN, BOB])
@pytest.mark.parametrize("row", [*captured("omemo1", "otr-data-v3", "otr-query")], ids=lambda row: row.name)
def test_from_elsewhere(run, row, to):
    run.send_from_elsewhere(row.xml, to)
    check(run, row, sent=False)


@pytest.mark.parametrize("row", BOUNCES, ids=lambda row: row.name)
def test_bounce_from_elsewhere(run, row):
    run.send_from_elsewhere(row.xml, BOB_MAIN)
    check(run, row, sent=False)


def check(run, row, sent):
    """The message arrives as it was sent, and the other devices of those who live here have a copy, or have none."""
    wanted = contents(corpus.parsed(row.xml))
    copies = [wanted] if (row.policy if run.policies else row.alone) else []
    assert [contents(stanza) for stanza in run.arrived()] == [wanted]
    assert run.copies("alice") == (copies if sent else [], [])
    assert run.copies("bob") == ([], copies)
    assert nothing_else(run.devices)


def nothing_else(devices):
    """Copies go to those who asked for them, and nobody gets what is another device's."""
    watches = [devices[user, "watch"] for user in ("alice", "bob")]
    mains = [devices[user, "main"] for user in ("alice", "bob")]
    return not any(client.sent_copies or client.received_copies for client in watches + mains) and not any(
        client.direct for name, client in devices.clients.items() if name != ("bob", "main"))


def test_private_is_taken_out(run):
    run.send(message(BODY + PRIVATE), BOB_MAIN)
    [arrived] = run.arrived()
    assert [child.tag for child in arrived] == ["{jabber:client}body"]


MARK = "<x xmlns='http://jabber.org/protocol/muc#user'/>"


# It came from a room to the one device that is in it. The room marks it; Prosody before 13.0.7 takes the mark of the
# sender's client for that of a room.
@pytest.mark.parametrize("mark, copying", [("", ("13.0", "13.0.7", "0.12")), (MARK, ("13.0.7",))])
def test_private_message_in_a_room(run, mark, copying):
    run.send(message(BODY + mark), f"room@{ROOMS}/bob")
    [arrived] = run.arrived()
    assert arrived.findtext("{*}body") == "hello"
    sent, _ = run.copies("alice")
    assert len(sent) == (run.version in copying)
    assert run.copies("bob") == ([], [])
    assert nothing_else(run.devices)
