"""Old privacy lists become block lists by a command, on each storage, and the server then blocks just these."""

import json
from contextlib import contextmanager, nullcontext

import pytest

from client import Client, new_marker
from configuration import Host
from postgres import Postgres
from server import Server
from world import PASSWORD

HOST = "local.test"
SPAM, EVE, MALLORY = "spam.example", "eve@example.net", "mallory@example.net/pc"
COMPLETE, FAILED, INCOMPLETE = 0, 1, 2


def entry(action, order, value=None, kind="jid", **kinds):
    item = {"type": kind, "value": value, "action": action, "order": order}
    return {name: word for name, word in item.items() if word is not None} | {
        name.replace("_", "-"): True for name in kinds}


def lists(*items, **others):
    named = {"default": items, **others}
    return {"lists": {name: {"name": name, "items": list(entries)} for name, entries in named.items()},
            "default": "default"}


# user, privacy lists, what is blocked, what is said not to be expressed
ROWS = [
    ("all", lists(entry("deny", 1, SPAM), entry("deny", 2, EVE), entry("deny", 3, MALLORY)), [EVE, MALLORY, SPAM], []),
    ("unordered", lists(entry("deny", 2, SPAM), entry("allow", 1, "friend@spam.example")), [],
     ["spam.example: friend@spam.example is allowed before"]),
    ("allowed-after", lists(entry("deny", 1, SPAM), entry("allow", 2, "friend@spam.example")), [SPAM], []),
    ("allowed-elsewhere", lists(entry("allow", 1, "friend@example.org"), entry("deny", 2, SPAM)), [SPAM], []),
    ("allowed-in-part", lists(entry("allow", 1, EVE, message=True), entry("deny", 2, EVE)), [], ["eve@example.net: allowed before"]),
    ("friends", lists(entry("allow", 1, "both", "subscription"), entry("deny", 2, EVE)), [],
     ['eve@example.net: everybody with the subscription "both" is allowed before, and may be one of them']),
    ("only-friends", lists(entry("allow", 1, "both", "subscription"), entry("deny", 2, None, None)), [],
     ["everybody: a block list does not block everybody"]),
    ("everybody", lists(entry("allow", 1, None, None), entry("deny", 2, EVE)), [],
     ["eve@example.net: everybody is allowed before, and may be one of them"]),
    ("group", lists(entry("deny", 1, "Work", "group")), [], ['the group "Work": a block list has no groups']),
    ("invisible", lists(entry("deny", 1, EVE, presence_out=True)), [],
     ["eve@example.net: only some kinds of stanzas are denied, and a block list blocks all"]),
    ("all-kinds", lists(entry("deny", 1, EVE, presence_out=True, presence_in=True, message=True, iq=True)), [EVE], []),
    ("second", lists(entry("deny", 1, EVE), party=[entry("deny", 1, SPAM)]), [EVE],
     ['the list "party": not the default list, so it was in force only when a client asked for it']),
    ("broken", lists(entry("deny", 1, "@@"), entry("maybe", 2, SPAM)), [],
     ["@@: not an address", "spam.example: neither allowed nor denied"]),
    ("own", lists(entry("deny", 1, f"own@{HOST}")), [], [f"own@{HOST}: the user's own address"]),
    ("steering", lists(entry("deny", 1, "\x1b[2J", "group")), [], [r'the group "\27[2J": a block list has no groups']),
    ("empty", {"lists": {}}, [], []),
]
ADDRESSES = sum(len(blocked) for _, _, blocked, _ in ROWS)
STORAGES = ["internal", "sqlite", "postgresql"]


@contextmanager
def stopped_server(version, storage):
    """A server that has not been started; its accounts and lists are in its storage."""
    with Postgres() if storage == "postgresql" else nullcontext() as postgres:
        sql = {"sqlite": {"driver": "SQLite3", "database": "prosody.sqlite"},
               "postgresql": postgres and postgres.prosody_options}.get(storage)
        options = {"storage": {"accounts": "internal"}, "default_storage": "sql", "sql": sql} if sql else {}
        server = Server(version, [Host(HOST, users={name: PASSWORD for name, *_ in ROWS})], options)
        try:
            server.write_configuration()
            yield server
        finally:
            server.stop()
        server.remove()


def put(server, store, user, value):
    result = server.prosodyctl("mod_stored", HOST, store, user, json.dumps(value))
    assert result.returncode == 0, result.stdout + result.stderr


def stored(server, store, user):
    result = server.prosodyctl("mod_stored", HOST, store, user)
    return result.stdout.splitlines()[-1].removeprefix("stored:").split()


def migrate(server, *words):
    return server.prosodyctl("mod_wasm_privacy_lists", HOST, *words)


def said_of(output, user):
    """The lines under a user's name."""
    said, is_his = [], False
    for line in output.splitlines():
        if line.startswith("  "):
            if is_his:
                said.append(line.split(None, 2 if "already" in line or "not expressed" in line else 1)[-1])
        else:
            is_his = line == user
    return said


def sums():
    """What is said at the end, if one address is blocked already."""
    left = [reasons for *_, reasons in ROWS if reasons]
    return [f"{len(ROWS)} users with privacy lists, {len(left)} of them not expressed in full.",
            f"{ADDRESSES - 1} addresses to add to block lists, 1 blocked already, {sum(map(len, left))} entries and lists not expressed."]


def block_list(server, user):
    with Client(server, f"{user}@{HOST}", PASSWORD) as client:
        marker = new_marker()
        client.send(f"<iq type='get' id='{marker}'><blocklist xmlns='urn:xmpp:blocking'/></iq>")
        while (answer := client.receive()).get("id") != marker:
            pass
        return sorted(item.get("jid") for item in answer.iter("{urn:xmpp:blocking}item"))


@pytest.mark.parametrize("storage", STORAGES)
def test_becomes_block_lists(version, storage):
    with stopped_server(version, storage) as server:
        for user, value, _, _ in ROWS:
            put(server, "privacy", user, value)
        put(server, "blocklist", "all", {EVE: 1, "old@example.org": 1})
        shown = migrate(server)
        for user, _, blocked, left in ROWS:
            assert sorted(said_of(shown.stdout, user)) == sorted(blocked + left), user
        for line in sums():
            assert line in shown.stdout
        assert shown.returncode == INCOMPLETE and stored(server, "blocklist", "second") == []

        written = migrate(server, "--write")
        assert written.returncode == INCOMPLETE, written.stdout + written.stderr
        again = migrate(server, "--write")
        assert f"0 addresses added to block lists, {ADDRESSES} blocked already" in again.stdout, again.stdout
        server.start()
        for user, _, blocked, _ in ROWS:
            assert block_list(server, user) == sorted(blocked + (["old@example.org"] if user == "all" else [])), user


def test_waits_until_the_server_is_stopped(version):
    with stopped_server(version, "internal") as server:
        put(server, "privacy", "all", ROWS[0][1])
        server.start()
        assert migrate(server).returncode == COMPLETE
        refused = migrate(server, "--write")
        assert refused.returncode == FAILED and "The server is running" in refused.stdout
        assert stored(server, "blocklist", "all") == []
        server.stop()
        assert migrate(server, "--write").returncode == COMPLETE


@pytest.mark.parametrize("words, expected, status", [
    (["--help"], "Usage: prosodyctl mod_wasm_privacy_lists HOST", COMPLETE),
    ([], "Usage: prosodyctl mod_wasm_privacy_lists HOST", FAILED),
    ([HOST, "--wirte"], "What is --wirte?", FAILED),
    (["elsewhere.test"], "There is no host elsewhere.test in the configuration.", FAILED),
])
def test_slips_are_named(version, words, expected, status):
    with stopped_server(version, "internal") as server:
        result = server.prosodyctl("mod_wasm_privacy_lists", *words)
        assert expected in result.stdout and result.returncode == status, result.stdout


def test_what_cannot_be_read_is_said(version):
    with stopped_server(version, "internal") as server:
        put(server, "privacy", "all", ROWS[0][1])
        next(server.folder.glob("data/*/privacy/all.dat")).write_text("return { lists = ")
        result = migrate(server)
        assert result.returncode == FAILED and "the privacy lists of all cannot be read" in result.stdout, result.stdout
