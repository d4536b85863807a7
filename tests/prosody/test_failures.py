"""A policy that fails in a server: the log says where, few lines say it, and what was recorded fails again offline."""

import json
import re
import shlex
import subprocess

from canaries import CANARY
from client import Client
from places import PROJECT, STAGE, TEST_GUESTS
from server import Server
from shell import Shell
from world import PASSWORD, local_hosts, shared_cache, wait_until_settled

GUEST = TEST_GUESTS / "mistaken.wasm"
HOST, POLICY = "local.test", "guest"
LINE = r"tests/guests/examples/mistaken\.rs:\d+:\d+  in "
USERS = ("alice", "bob", "carol")


def policies(**options):
    return {POLICY: {"path": str(GUEST), "settings": {"mistake": "counts-on-few-elements"}, **options}}


def wide(to):
    return f"<message to='{to}' type='chat'><body>{CANARY}</body>{'<x/>' * 20}</message>"


def run(command):
    words = shlex.split(command)
    assert words[0] == "prosody-wasm"
    result = subprocess.run([STAGE / "bin" / words[0], *words[1:]], cwd=PROJECT, capture_output=True, text=True, timeout=60)
    return result.returncode, result.stdout, result.stderr


def warnings(server):
    return [text for source, text in server.log_lines("warn") if source == f"{HOST}:wasm"]


def test_the_log_leads_to_the_line(version):
    with Server(version, local_hosts(policies()), shared_cache()) as server:
        wait_until_settled(server)
        alice = Client(server, f"alice@{HOST}", PASSWORD)
        alice.send(wide(alice.bare))
        alice.synchronise()
        failed, to_do = [text for text in warnings(server) if "failed" in text or "look into it" in text]
        assert re.match(r"The policy guest failed at message-policy: it panicked .*, in \S+ at 0x", failed), failed
        logged = [text for _, text in server.log_lines("info") + server.log_lines("error")]
        assert "guest, before it failed: looking at each element" in logged
        assert any(re.search(r"before it failed: panicked at tests/guests/examples/mistaken.rs:\d+", text) for text in logged)
        status, places, _ = run(re.search(r"prosody-wasm explain [^;]*", to_do)[0])
        assert status == 0 and re.match(LINE, places), places
        # Neither what it was asked nor what it said of it.
        assert CANARY not in server.log() and "index out of bounds" not in server.log()


def test_what_was_recorded_fails_again_offline(version, tmp_path):
    recording = tmp_path / "failures.json"
    with Server(version, local_hosts(policies()), shared_cache()) as server:
        wait_until_settled(server)
        shell = Shell(server)
        assert shell.wasm("record", HOST, POLICY, recording, failures=True).ok
        alice = Client(server, f"alice@{HOST}", PASSWORD)
        alice.send(f"<message to='{alice.bare}' type='chat'><body>{CANARY}</body></message>")
        alice.send(wide(alice.bare))
        alice.synchronise()
        assert "1 stanzas" in shell.wasm("record", HOST, POLICY, stop=True).text
    text = recording.read_text()
    assert json.loads(text.splitlines()[0])["redacted"] is True
    assert CANARY not in text and f"alice@{HOST}" not in text
    status, told, beside = run(f"prosody-wasm replay --policy {GUEST} {recording}")
    assert (status, json.loads(told.splitlines()[0])["verdict"]) == (0, "failure"), told
    assert re.search(rf"  at {LINE}", beside) and "panic: index out of bounds" in beside, beside


def test_a_flood_is_few_lines(version):
    with Server(version, local_hosts(policies(on_error="pass")), shared_cache()) as server:
        wait_until_settled(server)
        clients = [Client(server, f"{user}@{HOST}", PASSWORD) for user in USERS]
        for _ in range(100):
            for client in clients:
                client.send(wide(client.bare))
        for client in clients:
            client.synchronise()
        # Two for each minute in which it was tried.
        assert 2 <= len(warnings(server)) <= 6, warnings(server)
