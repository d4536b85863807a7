"""The clock is moved: files go when they are too old or too many, with their records, and nothing else does."""

import pytest

from clock import HOUR, Clocked
from postgres import Postgres
from test_upload import PNG, encrypted
from test_upload_closed import LARGE
from uploading import ask, files, get, half, log_in, path_of, policy, put, records, slot, upload_server
from waiting import wait_until
from world import wait_until_settled

CIPHERTEXT = encrypted(PNG)
SQLITE = {"storage": {"uploads": "sql"}, "sql": {"driver": "SQLite3", "database": "prosody.sqlite"}}


def clocked(version, expiry, options=None, **more):
    # Prosody removes files after a week by itself, and not to the hour.
    return upload_server(version, {"expiry": expiry, **more}, options, kind=Clocked)


def upload(server, client, content=CIPHERTEXT):
    given = slot(client, len(content))
    assert put(server, given, content).status == 201
    return given


def names(*slots):
    return sorted(f"{each.id}.bin" for each in slots)


@pytest.mark.parametrize("storage", ["internal", "sqlite"])
def test_to_the_hour(version, storage):
    with clocked(version, {"hours": 48}, SQLITE if storage == "sqlite" else None) as server:
        assert "running" in wait_until_settled(server)
        with log_in(server) as alice:
            old, unused = upload(server, alice), slot(alice, 1000)
            assert get(server, old)[0] == 200
            server.go_to(24)
            new = upload(server, alice)
            server.go_to(47.7)
            slot(alice, 1000)  # after each new slot it is looked for what is to go
            assert files(server) == names(old, new)
            # Lists of records are written at most every ten minutes: what is still to go now would put off what goes next.
            wait_until(lambda: unused.name not in records(server))
            server.go_to(48.3)
            wait_until(lambda: files(server) == names(new))
            assert get(server, old)[0] in (404, 410)
            assert get(server, new) == (200, CIPHERTEXT)
        if storage == "internal":
            wait_until(lambda: not {old.name, unused.name} & set(records(server)))
            assert new.name in records(server)


def test_in_postgresql(version):
    with Postgres() as database:
        options = {"storage": {"uploads": "sql"}, "sql": database.prosody_options}
        with clocked(version, {"hours": 48}, options) as server:
            wait_until_settled(server)
            with log_in(server) as alice:
                old = upload(server, alice)
                server.go_to(49)
                new = upload(server, alice)
                wait_until(lambda: files(server) == names(new))
                count = "SELECT count(*) FROM prosodyarchive WHERE store = 'uploads'"
                wait_until(lambda: database.execute(count) == ["1"])
                assert get(server, old)[0] in (404, 410)


def test_the_oldest_go_first(version):
    size = len(CIPHERTEXT)
    with clocked(version, {"user_bytes": 2 * size, "total_bytes": 3 * size}) as server:
        wait_until_settled(server)
        with log_in(server) as alice, log_in(server, "bob") as bob:
            one = upload(server, alice)
            server.go_to(1)
            two, of_bob = upload(server, alice), upload(server, bob)
            server.go_to(2)
            three = upload(server, alice)
            wait_until(lambda: files(server) == names(two, three, of_bob) and one.name not in records(server))
            server.go_to(3)
            newer = upload(server, bob)
            # The next two are as old as each other: one of them goes.
            wait_until(lambda: len(files(server)) == 3)
            assert set(names(three, newer)) < set(files(server)) < set(names(two, of_bob, three, newer))
            assert get(server, one)[0] in (404, 410)
            wait_until(lambda: len(records(server)) == 3)
            # What is given back can be used again.
            assert ask(alice, size).get("type") == "result"


def test_what_is_uploaded_at_the_moment_stays(version):
    patient = {"network_settings": {"read_timeout": 10 * HOUR}}  # or Prosody ends the connection when the clock moves
    with clocked(version, {"hours": 1}, patient) as server:
        wait_until_settled(server)
        with log_in(server) as alice:
            given = slot(alice, LARGE)
            connection = half(server, given, bytes(0), LARGE)
            wait_until(lambda: files(server) == [f"{given.id}.bin~"])
            server.go_to(2)
            other = upload(server, alice)
            wait_until(lambda: files(server) == sorted([f"{given.id}.bin~", f"{other.id}.bin"]))
            connection.close()
            wait_until(lambda: files(server) == names(other))
            upload(server, alice)
            wait_until(lambda: given.name not in records(server))


def test_what_cannot_be_removed_is_tried_again(version):
    with clocked(version, {"hours": 1}) as server:
        wait_until_settled(server)
        with log_in(server) as alice:
            stuck = upload(server, alice)
            path = path_of(server, stuck)
            path.unlink()
            (path / "in the way").mkdir(parents=True)
            server.go_to(2)
            other = upload(server, alice)
            wait_until(lambda: any("Removing uploaded files failed" in text for _, text in server.log_lines("error")))
            assert stuck.name in records(server)
            (path / "in the way").rmdir()
            upload(server, alice)
            wait_until(lambda: stuck.name not in records(server))
            assert other.name in records(server)


def test_what_is_too_old_when_the_server_starts(version):
    server = clocked(version, {"hours": 48})
    with server:
        wait_until_settled(server)
        with log_in(server) as alice:
            old = upload(server, alice)
        server.stop()
        assert files(server) == names(old)
        server.go_to(49)
        server.start()
        wait_until(lambda: files(server) == [] and records(server) == [])


def test_a_shorter_time_takes_effect_at_once(version):
    with clocked(version, {"hours": 48}) as server:
        wait_until_settled(server)
        with log_in(server) as alice:
            upload(server, alice)
            server.go_to(30)
            new = upload(server, alice)
            assert len(files(server)) == 2
            server.hosts[-1].options["wasm_policies"] = policy({"expiry": {"hours": 24}})
            server.write_configuration()
            server.shell("config:reload()")
            wait_until(lambda: files(server) == names(new))
