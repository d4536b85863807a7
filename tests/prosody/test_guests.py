"""Policies that misbehave, in a real server: cut within their limits, judged by `on_error`, and nobody else notices."""

import re
import statistics
import subprocess
import time

import pytest

from canaries import CANARY
from client import Client, new_marker
from configuration import Host
from places import PROJECT, STAGE, TEST_GUESTS
from server import Server
from world import PASSWORD, local_hosts, policy_info, shared_cache, wait_until_settled, with_wasm

MISBEHAVIOURS = ["loop", "bulk-loop", "recurse", "grow", "panic", "host-calls", "log-flood", "store-flood", "edit-nowhere"]
# It gets by: too many lines are left out, which is no reason to fail.
HARMLESS = ["log-flood"]
MESSAGES = 20


# Only then: a policy that misbehaves whatever it is asked is found out before it is in force.
def misbehaving(how, on_error):
    # All the time there is: what is said here is about each decision by itself.
    return {"guest": {"path": str(TEST_GUESTS / "misbehaving.wasm"), "on_error": on_error, "limits": {"budget": 1_000},
                      "settings": {"how": how, "when": "decide", "only": CANARY}}}


def scripted(**settings):
    return {"guest": {"path": str(TEST_GUESTS / "scripted.wasm"), "settings": settings}}


def log_in(server):
    return [Client(server, f"{user}@local.test", PASSWORD) for user in ("alice", "bob", "carol")]


def say(alice, bob, text):
    """Sends a message and returns whether it arrived; an answer to alice comes before the answer to her ping."""
    alice.send(f"<message to='{bob.bare}' type='chat' id='{new_marker()}'><body>{text}</body></message>")
    alice.synchronise()
    return any(text in str(stanza) or text in "".join(stanza.itertext()) for stanza in bob.synchronise())


@pytest.mark.parametrize("on_error", ["deny", "pass"])
@pytest.mark.parametrize("how", MISBEHAVIOURS)
def test_is_cut_and_judged_by_on_error(version, how, on_error):
    with Server(version, local_hosts(misbehaving(how, on_error)), shared_cache()) as server:
        assert "running" in wait_until_settled(server)
        alice, bob, carol = log_in(server)
        pings = []
        for _ in range(MESSAGES):
            arrived = say(alice, bob, CANARY)
            assert arrived == (on_error == "pass" or how in HARMLESS)
            before = time.monotonic()
            carol.synchronise()
            pings.append(time.monotonic() - before)
        # Another client's ping, while the policy does its worst; the machine may be busy with other tests.
        assert statistics.median(pings) < 0.25, pings
        assert CANARY not in server.log()
        if how not in HARMLESS:
            assert not re.search(r"^Last failure +-$", policy_info(server, "local.test", "guest"), re.MULTILINE)
        assert len(server.log_lines("info")) < 500


def test_effects_reach_the_parties_and_the_store(version):
    policy = scripted(reply="to you", notify="to them", count=True)
    with Server(version, local_hosts(policy), shared_cache()) as server:
        wait_until_settled(server)
        alice, bob, _ = log_in(server)
        alice.send(f"<message to='{bob.bare}' type='chat'><body>hello</body></message>")
        for client, text in ((alice, "to you"), (bob, "to them")):
            notices = [stanza for stanza in client.synchronise() if stanza.get("from") == "local.test"
                       and stanza.get("type") == "headline" and stanza.findtext("{*}body") == text]
            assert len(notices) == 1, text
        stored = "".join(path.read_text() for path in (server.folder / "data").glob("local%2etest/wasm/*"))
        assert "count" in stored


def test_edits_are_what_arrives(version):
    with Server(version, local_hosts(scripted(append="mark", remove="secret")), shared_cache()) as server:
        wait_until_settled(server)
        alice, bob, _ = log_in(server)
        alice.send(f"<message to='{bob.bare}' type='chat'>a<secret xmlns='urn:x'>{CANARY}</secret><body>hi</body></message>")
        alice.synchronise()
        arrived = [stanza for stanza in bob.synchronise() if stanza.findtext("{*}body") == "hi"]
        assert len(arrived) == 1
        assert [child.tag.split("}")[1] for child in arrived[0]] == ["body", "mark"]


def test_grants_are_a_fence(version):
    policy = {"guest": {"path": str(TEST_GUESTS / "scripted.wasm"), "grants": ["envelope", "log"]}}
    with Server(version, local_hosts(policy), shared_cache()) as server:
        listing = wait_until_settled(server)
        assert "failed" in listing and 'add "edits" to its grants' in listing
        alice, bob, _ = log_in(server)
        assert not say(alice, bob, CANARY)


def test_a_changed_setting_takes_effect_by_reload(version):
    server = Server(version, local_hosts(scripted(verdict="drop")), shared_cache())
    with server:
        wait_until_settled(server)
        alice, bob, _ = log_in(server)
        assert not say(alice, bob, CANARY)
        server.hosts[0].options["wasm_policies"] = scripted()
        server.write_configuration()
        server.shell("config:reload()")
        # It is prepared beside the old one, which judges until then.
        deadline = time.monotonic() + 10
        while not say(alice, bob, CANARY):
            assert time.monotonic() < deadline
        assert "ok" in server.shell("module:reload('wasm')").lower()
        wait_until_settled(server)
        assert say(alice, bob, CANARY)


def test_every_version_of_the_contract_is_served(version):
    components = sorted((PROJECT / "tests" / "guests" / "frozen").glob("*.wasm"))
    assert [path.stem for path in components] == sorted(path.name for path in (PROJECT / "wit" / "frozen").iterdir())
    # A host for each: all of them edit, and two of such a kind never agree.
    hosts = [Host(f"v{path.stem}.test", with_wasm({"frozen": {"path": str(path)}}), users={"alice": PASSWORD})
             for path in components]
    with Server(version, hosts, shared_cache()) as server:
        wait_until_settled(server)
        for host, path in zip(hosts, components):
            assert f"prosody:policy@{path.stem}" in offline("inspect", path), path
            alice = Client(server, f"alice@{host.name}", PASSWORD)
            alice.send(f"<message to='{alice.full}' type='chat'><body>hi</body></message>")
            arrived = [stanza for stanza in alice.synchronise() if stanza.findtext("{*}body") == "hi"]
            assert [stanza.find("{*}echo") is not None for stanza in arrived] == [True], path
            alice.close()


def offline(verb, path):
    words = [STAGE / "bin" / "prosody-wasm", verb, path]
    return subprocess.run(words, capture_output=True, text=True, timeout=60, check=True).stdout
