"""Runs of `prosody-wasm audit`, and a conversation for it to find."""

import json
import os
import re
import subprocess
from contextlib import contextmanager

import corpus
from client import Client
from configuration import MODULES, Host
from places import PROJECT, STAGE
from server import Server
from world import PASSWORD, shared_cache, wait_until_settled

PAGE = PROJECT / "docs" / "audit.md"
CANARY = "AUDIT-CANARY"
ROOM = "tea@rooms.local.test"
PLAINTEXT = f"<message type='chat'><body>{CANARY}</body></message>"
CAPTURES = {row["id"]: row["xml"] for row in corpus.load("captures.json")}
OTR = CAPTURES["otr-profanity-013-c2s-message"]
OMEMO = CAPTURES["omemo-slixmpp-025-c2s-message"]


def hosts(policies):
    wasm = {"wasm_policies": policies} if policies else {}
    modules = ["wasm"] if policies else []
    users = dict.fromkeys(("alice", "bob", "carol"), PASSWORD)
    kept = {"modules_enabled": ["mam", "offline", *modules], "default_archive_policy": True, **wasm}
    rooms = {"modules_enabled": ["muc_mam", *modules], "muc_log_by_default": True, "muc_room_locking": False,
             "muc_room_default_persistent": True, **wasm}
    return [Host("local.test", kept, users=users), Host("rooms.local.test", rooms, component="muc")]


@contextmanager
def conversation(version, policies=None, **options):
    """A server that was talked through and has stopped; its folder is there until the end."""
    server = Server(version, hosts(policies), {"modules_enabled": MODULES, **shared_cache(), **options})
    with server:
        if policies:
            assert "running" in wait_until_settled(server)
        with Client(server, "alice@local.test", PASSWORD) as alice, Client(server, "bob@local.test", PASSWORD) as bob:
            for to in (bob.bare, "carol@local.test"):
                for xml in (PLAINTEXT, OTR, OMEMO):
                    alice.send(corpus.addressed(xml, to))
            alice.join(ROOM, "al")
            alice.send(f"<message to='{ROOM}' type='groupchat'><body>{CANARY}</body></message>")
            alice.receive_until(lambda stanza: stanza.findtext("{jabber:client}body") == CANARY)
            alice.synchronise()
            bob.synchronise()
        server.stop()
        yield server


def audit(*words, environment=None):
    command = [STAGE / "bin" / "prosody-wasm", "audit", *map(str, words)]
    result = subprocess.run(command, env={**os.environ, **(environment or {})}, stdin=subprocess.DEVNULL,
                            capture_output=True, text=True, timeout=60)
    assert CANARY not in result.stdout + result.stderr
    return result


def report(*words, environment=None):
    result = audit(*words, "--json", environment=environment)
    assert result.returncode in (0, 1), result.stderr
    document = json.loads(result.stdout)
    assert document["clean"] == (result.returncode == 0)
    return document


def findings(document):
    return [(row["host"], row["store"], row["kind"], row["count"]) for row in document["findings"]]


def needed(document):
    return [(row["host"], row["store"], row["count"]) for row in document["needed"]]


def page(kind):
    """The blocks of one kind in docs/audit.md."""
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
