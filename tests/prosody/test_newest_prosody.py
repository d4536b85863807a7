"""mod_wasm as it was built runs on a newer 13.x too: it starts, judges, and stops with status 0."""

import corpus
import pytest
from client import Client
from conftest import THREE_VERSIONS
from routes import between
from server import Server
from world import PASSWORD, bundled, local_hosts, shared_cache, wait_until_settled

PLAINTEXT = "<message to='b@x' type='chat'><body>hello</body></message>"


def omemo_message():
    return next(row["xml"] for row in corpus.load("captures.json")
                if row["expect"] == "ALLOW" and "eu.siacs.conversations.axolotl" in row["xml"] and "<payload" in row["xml"])


@pytest.mark.parametrize("version", THREE_VERSIONS)
def test_start_judge_and_stop(version):
    server = Server(version, local_hosts(bundled()), shared_cache()).start()
    try:
        assert "running" in wait_until_settled(server)
        with Client(server, "alice@local.test", PASSWORD) as alice, Client(server, "bob@local.test", PASSWORD) as bob:
            refused = between(alice, bob, PLAINTEXT)
            passed = between(alice, bob, omemo_message())
        assert not refused.arrived and refused.error_text()
        assert corpus.ciphertexts(passed.arrived[0]) == corpus.ciphertexts(corpus.parsed(passed.sent)) != []
    finally:
        status = server.stop()
    assert status == 0
    server.remove()
