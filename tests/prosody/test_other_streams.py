"""Streams that carry stanzas another way: what must not arrive does not arrive over WebSocket and BOSH either, whatever their
wrapping makes of namespaces."""

import pytest

import corpus
from bosh import Bosh
from client import Client
from configuration import MODULES
from routes import between
from server import Server
from test_corpus import check
from websocket import WebSocket
from world import PASSWORD, bundled, local_hosts, shared_cache, wait_until_settled

OPTIONS = {"modules_enabled": [*MODULES, "bosh", "websocket"], "consider_bosh_secure": True, "consider_websocket_secure": True}


@pytest.fixture(scope="module", params=["13.0", "0.12"])
def server(request):
    with Server(request.param, local_hosts(bundled()), {**shared_cache(), **OPTIONS}) as running:
        assert "running" in wait_until_settled(running)
        yield running


def rows():
    return [row for row in corpus.load("e2ee.json") if row["dir"] == "out" and "@muc" not in (corpus.attribute(row["xml"], "to") or "")]


@pytest.mark.parametrize("transport", [Bosh, WebSocket], ids=lambda transport: transport.name)
def test_the_corpus(server, transport):
    alice = Client(server, "alice@local.test", PASSWORD, transport=transport)
    bob = Client(server, "bob@local.test", PASSWORD)
    assert len(rows()) > 40
    for row in rows():
        check(row, between(alice, bob, row["xml"]))
    alice.close(), bob.close()


# In the namespace of BOSH's wrapper, of which Prosody makes that of clients for the stanza, and not for what is in it.
UNWRAPPED = ["<message to='{}' type='chat'><body>SECRET</body></message>",
             "<message to='{}'><subject>SECRET</subject></message>",
             "<message to='{}' xmlns='jabber:client'><body xmlns='http://jabber.org/protocol/httpbind'>SECRET</body></message>",
             "<presence to='{}'><status>SECRET</status></presence>",
             "<iq to='{}' type='set' id='1'><data xmlns='urn:test'>SECRET</data></iq>"]


def test_stanzas_in_the_namespace_of_the_wrapper(server):
    alice = Client(server, "alice@local.test", PASSWORD, transport=Bosh)
    bob = Client(server, "bob@local.test", PASSWORD)
    for xml in UNWRAPPED:
        alice.socket.send_as_it_is(xml.format(bob.full))
        arrived = bob.receive_marker(alice.mark(bob.full))
        assert [stanza for stanza in arrived if corpus.carries(stanza, ("SECRET",))] == [], xml
    alice.close(), bob.close()
