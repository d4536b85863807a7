"""After an hour of everything: the whole data folder and all logs are searched for every word that people wrote, every
address and every name. Found is what the pages for operators say, and nothing else."""

import json
import os
import subprocess

import pytest

import hour
from clock import Clocked
from places import STAGE
from postgres import Postgres
from storage import places
from world import shared_cache, wait_until_settled

# Plaintext passes on this server: so it is there to be stored.
POLICIES = {"e2ee": {"settings": {"mode": "optional"}}, "archive": {}, "carbons": {}}
RETENTION = {"redact": True, "keeps": ["http_file_share", "mam", "muc_mam", "smacks", "cloud_notify"]}
PEOPLE = ["aldonza", "balthazar", "calliope"]

# Where names of people are, with internal storage: docs/keeping.md, docs/retention.md, docs/audit.md. In the room they
# have nicknames.
STORES = {
    ("local.test", "accounts"), ("local.test", "archive"), ("local.test", "archive_cleanup"), ("local.test", "offline"),
    ("local.test", "roster"), ("local.test", "smacks_h"), ("rooms.local.test", "config"), ("upload.local.test", "uploads"),
}
# What `prosody-wasm audit` says of it. A database needs no notes of days.
KINDS = {
    ("who-talks-to-whom", "archive"), ("who-talks-to-whom", "offline"), ("who-talks-to-whom", "muc_log"),
    ("who-talks-to-whom", "state"), ("file-name", "uploads"), ("last-seen", "smacks_h"),
}
DAYS = {("who-talks-to-whom", "archive_cleanup"), ("who-talks-to-whom", "muc_log_cleanup")}
PUSHES = {("who-talks-to-whom", "cloud_notify")}


def options(server, storage):
    log = [{"levels": {"min": level}, "to": "file", "filename": str(server.folder / f"{level}.log")} for level in ("debug", "info")]
    return {"modules_enabled": hour.modules(server.version), "wasm_retention": RETENTION, "log": log, **shared_cache(), **storage}


def live_an_hour(version, storage):
    server = Clocked(version, hour.hosts(POLICIES))
    server.options, server.is_kept = options(server, storage), True
    with server:
        assert "running" in wait_until_settled(server)
        pushed = hour.live(server, server.go_to)
        server.go_to(1)
        wait_until_settled(server)
        server.stop()
    return server, pushed


def stores(server, words):
    """The (host, store) of every file of internal storage that contains one of the words, in its name or inside."""
    data = server.folder / "data"
    found = {path for word in words for path in places(server, word)}
    found |= {str(path.relative_to(data)).replace("%2e", ".") for path in data.rglob("*") if any(word in path.name for word in words)}
    # What belongs to no user is a file beside the folders.
    return {(path.split("/")[0], path.split("/")[1].split(".")[0]) for path in found if "/" in path}


def audited(*words, environment=None):
    command = [STAGE / "bin" / "prosody-wasm", "audit", "--json", *map(str, words)]
    result = subprocess.run(command, env={**os.environ, **(environment or {})}, stdin=subprocess.DEVNULL, capture_output=True,
                            text=True, timeout=60)
    assert result.returncode in (0, 1), result.stderr
    document = json.loads(result.stdout)
    return {(row["kind"], row["store"]) for row in document["findings"] if not row["informational"]}, document["logs"]


def check_logs(server):
    for level in ("debug", "info"):
        log = (server.folder / f"{level}.log").read_text(errors="replace")
        assert len(log.splitlines()) > (1000 if level == "debug" else 20)
        assert "Traceback" not in log
        for word in [*hour.WRITTEN, *PEOPLE, "eustace", hour.ELSEWHERE, "NAME-OF-A-FILE"]:
            lines = [line for line in log.splitlines() if word in line]
            assert lines == [], f"{word} in {level}.log: {lines[:3]}"


def check_pushes(version, pushed):
    """An app server is told that there is something, and nothing of what or from whom."""
    told = "".join(text for stanza in pushed for text in stanza.itertext())
    assert bool(pushed) == (version == "13.0")
    for word in [*hour.WRITTEN, "aldonza", "balthazar"]:
        assert word not in told


@pytest.mark.filterwarnings("ignore")
def test_on_internal_storage(version):
    server, pushed = live_an_hour(version, {})
    check_logs(server)
    check_pushes(version, pushed)
    assert {word: places(server, word) for word in hour.WRITTEN} == dict.fromkeys(hour.WRITTEN, [])
    assert places(server, hour.ELSEWHERE) == []
    assert stores(server, ["NAME-OF-A-FILE"]) == {("upload.local.test", "uploads")}
    has_pushes = version == "13.0"  # 0.12 has no module for them
    assert stores(server, PEOPLE) == STORES | ({("local.test", "cloud_notify")} if has_pushes else set())
    findings, logs = audited(server.folder / "data", server.folder / "debug.log", server.folder / "info.log")
    assert findings == KINDS | DAYS | (PUSHES if has_pushes else set())
    assert [row for row in logs if row["kind"] == "jid"] == []
    server.remove()


def test_on_postgresql():
    with Postgres() as database:
        storage = {"default_storage": "sql", "storage": {"accounts": "internal"}, "sql": database.prosody_options}
        server, pushed = live_an_hour("13.0", storage)
        check_logs(server)
        check_pushes("13.0", pushed)
        # The files of the cluster, with its write-ahead log.
        database.execute("CHECKPOINT")
        for word in [*hour.WRITTEN, hour.ELSEWHERE]:
            found = [path for path in (database.folder / "data").rglob("*") if path.is_file() and word.encode() in path.read_bytes()]
            assert found == [], word
            assert places(server, word) == []
        findings, _ = audited(database.url, environment=database.environment)
        assert findings == KINDS | PUSHES
        server.remove()
