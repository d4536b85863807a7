"""The clock is moved: what is older than the retention is gone from the disk within the hour, and nothing else."""

import re
import time

import pytest

from clock import Clocked
from places import TEST_GUESTS
from storage import places
from test_keeping import hosts, log_in, say
from waiting import wait_until
from world import LOCAL_ROOM, policy_info, shared_cache, wait_until_settled

OTHER_ROOM = "other@rooms.local.test"
STORES = ["archive", "archive_prefs", "archive_cleanup", "offline", "muc_log", "muc_log_cleanup", "state", "config", "persistent"]
STORAGES = {
    "internal": {},
    "sqlite": {"storage": dict.fromkeys(STORES, "sql"), "sql": {"driver": "SQLite3", "database": "prosody.sqlite"}},
}


def policy(hours):
    return {"guest": {"path": str(TEST_GUESTS / "keeping.wasm"), "settings": {"retention": hours}}}


def fill(server, word):
    """Writes a word into every place where messages are kept."""
    with log_in(server, "alice") as alice:
        for room in (LOCAL_ROOM, OTHER_ROOM):  # the second evicts the first from memory
            alice.join(room, "alice")
            say(alice, room, f"keep {word}", "groupchat")
            alice.synchronise()
            alice.send(f"<presence type='unavailable' to='{room}/alice'/>")
        say(alice, "bob@local.test", f"keep {word}")
        say(alice, "bob@local.test", f"memory {word}")
        alice.synchronise()


def clocked(version, hours, storage="internal"):
    rooms = {"muc_room_cache_size": 1, "muc_room_default_persistent": True}
    server = Clocked(version, hosts(policy(hours), default_archive_policy=True), {**shared_cache(), **STORAGES[storage]})
    server.hosts[1].options.update(rooms)
    return server


@pytest.mark.parametrize("storage", STORAGES)
def test_to_the_hour(version, storage):
    with clocked(version, 48, storage) as server:
        assert "running" in wait_until_settled(server)
        assert re.search(r"^Keeps for +48 hours$", policy_info(server, "local.test", "guest"), re.MULTILINE)
        fill(server, "OLDER")
        kept_in = places(server, "OLDER")
        assert len(kept_in) >= (5 if storage == "internal" else 1), kept_in
        server.go_to(24)
        fill(server, "NEWER")
        server.go_to(47.5)
        time.sleep(1)  # for what must not happen
        # A room that somebody entered since has it in memory again.
        assert set(places(server, "OLDER")) >= {place for place in kept_in if "/state/" not in place}
        server.go_to(49)
        wait_until(lambda: places(server, "OLDER") == [])
        assert places(server, "NEWER") != []
        server.stop()  # rooms in memory are written
        assert places(server, "OLDER") == []


def test_a_shorter_retention_takes_effect_at_once(version):
    with clocked(version, 48) as server:
        wait_until_settled(server)
        fill(server, "OLDER")
        server.go_to(30)
        fill(server, "NEWER")
        assert places(server, "OLDER") != []
        for host in server.hosts:
            host.options["wasm_policies"] = policy(24)
        server.write_configuration()
        server.shell("config:reload()")
        wait_until(lambda: places(server, "OLDER") == [])
        assert len(places(server, "NEWER")) >= 5


def test_nothing_goes_when_no_policy_says_so_any_more(version):
    with clocked(version, 2) as server:
        wait_until_settled(server)
        fill(server, "OLDER")
        kept_in = places(server, "OLDER")
        for host in server.hosts:
            host.options["wasm_policies"] = {}
        server.write_configuration()
        server.shell("config:reload()")
        server.go_to(3)
        server.shell("module:list()")
        time.sleep(1)  # for what must not happen
        assert places(server, "OLDER") == kept_in


def test_what_is_too_old_when_the_server_starts(version):
    server = clocked(version, 48)
    with server:
        wait_until_settled(server)
        fill(server, "OLDER")
        server.stop()
        assert places(server, "OLDER") != []
        server.go_to(49)
        server.start()
        wait_until(lambda: places(server, "OLDER") == [])
