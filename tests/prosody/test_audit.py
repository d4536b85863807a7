"""What a real Prosody wrote is what `prosody-wasm audit` names, on internal storage, SQLite and PostgreSQL."""

import pytest
from auditing import audit, conversation, findings, hosts, needed, page, report
from client import Client
from configuration import MODULES
from postgres import Postgres
from server import Server
from world import PASSWORD, wait_until_settled

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


def test_knows_the_files_of_a_running_server(version):
    options = in_sql(driver="SQLite3", database="prosody.sqlite")
    server = Server(version, hosts({"archive": {}}), {"modules_enabled": MODULES, "pidfile": "prosody.pid", **options})
    with server:
        assert "running" in wait_until_settled(server)
        Client(server, "alice@local.test", PASSWORD).close()
        data = server.folder / "data"
        kept = {"prosody.pid", "prosody.sock", "prosody.sqlite", "wasm-cache", "wasm-generations", "wasm-loading"}
        assert kept <= {path.name for path in data.iterdir()}
        document = report(data)
        assert findings(document) == []
        # The socket of the shell.
        assert document["not_looked_at"]["count"] == 1


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
