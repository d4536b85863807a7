"""What a policy keeps, in every storage: it is there after a stop and after kill -9, and was in one row once.

The policy fills its store, keeps a little anew with each message, and panics if something is not as it left it.
"""

import base64
from contextlib import nullcontext

import pytest

from canaries import CANARY
from client import Client
from configuration import MODULES, Host
from hostile import POLICY, entry
from marking import HOST, exchange
from postgres import Postgres
from server import Server
from storage import folder, put
from world import PASSWORD, shared_cache, wait_until_settled, with_wasm

SQLITE = {"driver": "SQLite3", "database": "prosody.sqlite"}
CASES = [("13.0", "internal"), ("0.12", "internal"), ("13.0", "sqlite"), ("0.12", "sqlite"), ("13.0", "postgresql"), ("0.12", "postgresql")]
# A row of it has at most what a decision writes, in base64, and 64 KiB.
LARGEST_FILE = 192_000
PARTS, HALF = 13, 72 * 1024 // 2 - 256  # as in tests/guests/misdeeds.rs
ENOUGH = PARTS * 3  # messages: each part is written, and both halves of it are looked at
FULL = PARTS * 2 * HALF * 4 // 3


def keeping_server(version, sql=None):
    policy = entry("keep-little", 0)
    policy["limits"] = {"milliseconds": 1_000, "budget": 1_000}
    options = {**shared_cache(), "modules_enabled": [*MODULES]}
    if sql:
        options |= {"storage": {"wasm": "sql"}, "sql": sql}
    return Server(version, [Host(HOST, with_wasm({POLICY: policy}), users=dict.fromkeys(("alice", "bob"), PASSWORD))], options)


def check_it_keeps(server):
    assert " running " in wait_until_settled(server)
    alice, bob = (Client(server, f"{user}@{HOST}", PASSWORD) for user in ("alice", "bob"))
    for _ in range(ENOUGH):
        assert exchange(alice, bob, CANARY) is not None, server.log()
    alice.close(), bob.close()


def errors(server):
    return [line for line in server.log().splitlines() if "\terror\t" in line and "store" in line]


@pytest.mark.parametrize("version, storage", CASES)
def test_is_there_again(version, storage):
    with Postgres() if storage == "postgresql" else nullcontext() as database:
        sql = database.prosody_options if database else SQLITE if storage == "sqlite" else None
        with keeping_server(version, sql) as server:
            check_it_keeps(server)
            assert server.stop() == 0
            server.start()
            check_it_keeps(server)
            server.kill()
            server.start()
            check_it_keeps(server)
            assert errors(server) == []


def sizes(server):
    return {path.name: path.stat().st_size for path in (folder(server, HOST) / "wasm").glob("policy%3aguest*.dat")}


def test_is_divided_once():
    with keeping_server("13.0") as server:
        server.stop()
        kept = {f"full-{part}-{half}": bytes([part]) * HALF for part in range(PARTS) for half in range(2)}
        kept |= dict.fromkeys(("turn", "a little"), (PARTS - 1).to_bytes(4, "little"))
        put(server, HOST, "wasm", f"policy:{POLICY}", {key: "base64:" + base64.b64encode(value).decode() for key, value in kept.items()})
        assert max(sizes(server).values()) > FULL
        server.start()
        check_it_keeps(server)
        found = sizes(server)
        assert sum(found.values()) > FULL and max(found.values()) < LARGEST_FILE, found
        server.kill()
        server.start()
        check_it_keeps(server)
        assert errors(server) == []


def test_what_one_row_holds_is_missing_if_it_is_spoilt():
    with keeping_server("13.0") as server:
        check_it_keeps(server)
        server.stop()
        rows = sorted((folder(server, HOST) / "wasm").glob("policy%3aguest*.dat"), key=lambda path: path.stat().st_size)
        assert len(rows) > 3
        rows[-1].write_bytes(b"return {")
        server.start()
        assert " running " in wait_until_settled(server)
        said = [line for line in errors(server) if "Reading the store of policy guest failed in 1 of its rows" in line]
        assert len(said) == 1, errors(server)
        assert rows[-1].read_bytes() == b"return {"
