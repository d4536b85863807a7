"""What a real Prosody wrote is what `prosody-wasm audit` names, on internal storage, SQLite and PostgreSQL."""

import json
import os
import re
import subprocess
from contextlib import contextmanager
from http.client import HTTPConnection
from urllib.parse import urlsplit

import corpus
import pytest
from client import Client, new_marker
from configuration import MODULES, Host
from network import LOOPBACK
from places import PROJECT, STAGE
from postgres import Postgres
from server import Server
from world import PASSWORD, shared_cache, wait_until_settled

PAGE = PROJECT / "docs" / "audit.md"
CANARY = "AUDIT-CANARY"
ROOM = "tea@rooms.local.test"
PLAINTEXT = f"<message type='chat'><body>{CANARY}</body></message>"
CAPTURES = {row["id"]: row["xml"] for row in corpus.load("captures.json")}
OTR = CAPTURES["otr-profanity-013-c2s-message"]
OMEMO = CAPTURES["omemo-slixmpp-025-c2s-message"]

# Carol is not online: what is for her is in her offline storage and in her archive.
ARCHIVES = [
    ("local.test", "archive", "message-text", 4),
    ("local.test", "archive", "otr", 4),
    ("local.test", "archive", "who-talks-to-whom", 12),
    ("local.test", "archive", "fallback-text", 4),
    ("local.test", "offline", "message-text", 1),
    ("local.test", "offline", "otr", 1),
    ("local.test", "offline", "who-talks-to-whom", 3),
    ("local.test", "offline", "fallback-text", 1),
    ("rooms.local.test", "muc_log", "message-text", 1),
    ("rooms.local.test", "muc_log", "who-talks-to-whom", 1),
    # A room keeps its last message for a restart.
    ("rooms.local.test", "state", "message-text", 1),
    ("rooms.local.test", "state", "who-talks-to-whom", 1),
]
# Internal storage writes down who talked on which day, to find what is too old.
CLEANUPS = [
    ("local.test", "archive_cleanup", "who-talks-to-whom", 3),
    ("rooms.local.test", "muc_log_cleanup", "who-talks-to-whom", 1),
]
NEEDED = [("local.test", "accounts", 3), ("rooms.local.test", "config", 4), ("rooms.local.test", "persistent", 1)]


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


def page(kind):
    """The blocks of one kind in docs/audit.md."""
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)


def needed(document):
    return [(row["host"], row["store"], row["count"]) for row in document["needed"]]


def in_sql(**options):
    return {"storage": {"accounts": "internal"}, "default_storage": "sql", "sql": options}


STORAGES = {
    "internal": ({}, ARCHIVES + CLEANUPS),
    "sqlite": (in_sql(driver="SQLite3", database="prosody.sqlite"), ARCHIVES),
}


@pytest.mark.parametrize("storage", STORAGES)
def test_names_what_is_kept(version, storage):
    options, expected = STORAGES[storage]
    with conversation(version, **options) as server:
        document = report(server.folder / "data")
        assert sorted(findings(document)) == sorted(expected)
        assert needed(document) == NEEDED
        assert document["not_looked_at"]["count"] == 0
        by_name = audit(server.folder / "data", "--show")
        assert "of alice" in by_name.stdout and "bob" not in by_name.stdout


def test_the_archive_policy_leaves_who_and_no_text(version):
    with conversation(version, {"archive": {}}) as server:
        document = report(server.folder / "data")
        assert {row["kind"] for row in document["findings"]} == {"who-talks-to-whom"}
        counts = {(host, store): count for host, store, _, count in findings(document)}
        assert (counts["local.test", "archive"], counts["local.test", "offline"]) == (4, 1)
        assert ("rooms.local.test", "muc_log") not in counts
        assert audit(server.folder / "data", "--allow", "who-talks-to-whom").returncode == 0


def test_reads_postgresql():
    with Postgres() as database, conversation("13.0", **in_sql(**database.prosody_options)) as server:
        line, = [line for block in page("sh") for line in block.splitlines() if "DATABASE_URL" in line]
        program, _, *words = line.replace("DATABASE_URL", database.url).split()
        assert program == "prosody-wasm"
        document = report(*words, environment=database.environment)
        assert sorted(findings(document)) == sorted(ARCHIVES)
        # The accounts of this server are in files.
        assert needed(document) == [row for row in NEEDED if row[1] != "accounts"]
        assert findings(report(server.folder / "data")) == []
        refused = audit(database.url, environment={"PGPASSWORD": "wrong-secret"})
        assert refused.returncode == 2 and "cannot connect" in refused.stderr
        assert "secret" not in refused.stdout + refused.stderr


def test_names_the_levels_of_a_log(version):
    with conversation(version) as server:
        rows = report(server.folder / "data", server.log_path)["logs"]
        levels = {(row["level"], row["kind"]) for row in rows}
        assert {("debug", "ip-address"), ("debug", "jid"), ("info", "jid")} <= levels
        assert not {("warn", "jid"), ("error", "jid"), ("info", "ip-address")} & levels
        first = next(row["first_line"] for row in rows if (row["level"], row["kind"]) == ("info", "jid"))
        assert "@local.test" in server.log().splitlines()[first - 1]


def test_a_scrubbed_log_names_nobody_at_any_level(version):
    retention = {"modules_enabled": [*MODULES, "wasm_retention"], "wasm_retention": {"redact": True}}
    with conversation(version, **retention) as server:
        document = report(server.folder / "data", server.log_path)
        assert document["looked_at"]["log_lines"] > 100
        assert document["logs"] == []


# What is in the data folder besides messages, as (host, store, kind, count).
TRACES = [
    ("local.test", "pep_http://jabber.org/protocol/nick", "profile-text", 1),
    ("local.test", "pep_*", "message-text", 1),
    ("local.test", "vcard", "profile-text", 1),
    ("upload.local.test", "uploads", "file-name", 1),
    ("upload.local.test", "http_file_share", "readable-upload", 1),
]
PUBLISH = ("<iq type='set' id='{0}'><pubsub xmlns='http://jabber.org/protocol/pubsub'>"
           "<publish node='{1}'><item>{2}</item></publish></pubsub></iq>")
PUBLISHED = {
    "http://jabber.org/protocol/nick": "<nick xmlns='http://jabber.org/protocol/nick'>Al</nick>",
    "http://jabber.org/protocol/tune": "<tune xmlns='http://jabber.org/protocol/tune'><title>Song</title></tune>",
    "eu.siacs.conversations.axolotl.devicelist": "<list xmlns='eu.siacs.conversations.axolotl'><device id='1'/></list>",
}
VCARD = "<iq type='set' id='vcard'><vCard xmlns='vcard-temp'><FN>Alice</FN></vCard></iq>"
SLOT = ("<iq type='get' id='slot' to='upload.local.test'><request xmlns='urn:xmpp:http:upload:0' filename='cat.txt' "
        "size='3' content-type='text/plain'/></iq>")


def upload(server, client, content):
    client.send(SLOT)
    slot = client.receive()
    while slot.get("id") != "slot":
        slot = client.receive()
    put = slot.find("{*}slot/{*}put")
    path = urlsplit(put.get("url")).path
    headers = {"Host": "upload.local.test", "Authorization": put.findtext("{*}header")}
    connection = HTTPConnection(LOOPBACK, server.ports["http"], timeout=20)
    connection.request("PUT", path, content, headers)
    status = connection.getresponse().status
    connection.close()
    assert status == 201


def test_names_what_users_leave_besides_messages(version):
    users = Host("local.test", {"modules_enabled": ["vcard"]}, users={"alice": PASSWORD})
    uploads = Host("upload.local.test", {"http_file_share_access": ["local.test"]}, component="http_file_share")
    with Server(version, [users, uploads]) as server:
        with Client(server, "alice@local.test", PASSWORD) as alice:
            for node, item in PUBLISHED.items():
                alice.send(PUBLISH.format(new_marker(), node, item))
            alice.send(VCARD)
            upload(server, alice, b"cat")
            alice.synchronise()
        server.stop()
        document = report(server.folder / "data")
        assert sorted(findings(document)) == sorted(TRACES)
        assert document["not_looked_at"]["count"] == 0


def quiet_server():
    """A server that keeps nothing of what it passes on, and does not write down for whom."""
    users = dict.fromkeys(("alice", "bob"), PASSWORD)
    log = [{"levels": {"min": "warn"}, "to": "file", "filename": "quiet.log"}]
    return Server("13.0", [Host("local.test", users=users)], {"log": log})


def without_numbers(text):
    return re.sub(r"\d+", "N", text)


def test_the_page_shows_a_clean_run_and_a_line_for_cron():
    with quiet_server() as server:
        with Client(server, "alice@local.test", PASSWORD) as alice, Client(server, "bob@local.test", PASSWORD) as bob:
            alice.send(corpus.addressed(PLAINTEXT, bob.bare))
            alice.synchronise()
        server.stop()
        places = [server.folder / "data", server.folder / "quiet.log"]
        clean = audit(*places)
        assert clean.returncode == 0, clean.stdout
        assert without_numbers(clean.stdout) in map(without_numbers, page("text"))
        line, = page("crontab")
        *_, command = line.split(maxsplit=6)
        command = command.replace("/var/lib/prosody", str(places[0])).replace("/var/log/prosody/prosody.log", str(places[1]))
        environment = {**os.environ, "PATH": f"{STAGE}/bin:/usr/bin:/bin"}
        run = subprocess.run(["sh", "-c", command], env=environment, capture_output=True, text=True, timeout=60)
        assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def rows_of(heading):
    """What the table under a heading of the page names in its first column."""
    section = PAGE.read_text().split(f"## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `([\w-]+)` \|", section, re.MULTILINE)


def test_the_page_names_every_kind_and_field(tmp_path):
    complaint = audit(tmp_path, "--allow", "colour").stderr
    assert complaint.split("there are ")[1].split("\n")[0].split(", ") == rows_of("What is found")
    (tmp_path / "local%2etest").mkdir()
    assert sorted(report(tmp_path)) == sorted(rows_of("For programs"))
