"""Nothing is published that nobody has looked at: without a policy, in the middle of a change, from whoever has no slot."""

import http.client
import os

import pytest

from conftest import THREE_VERSIONS
from places import TEST_GUESTS
from test_upload import PNG, encrypted
from test_upload_slots import error
from uploading import DEFAULT, MIB, UPLOADS, Slot, ask, connect, files, get, half, log_in, put, slot, upload_server
from waiting import wait_until
from world import policy_list, wait_until_settled

CIPHERTEXT = encrypted(PNG)
LARGE = 3 * MIB  # it is shown as it comes


def quiet(server):
    """Nothing raised, and nothing is left of uploads that came to nothing."""
    assert "Traceback" not in server.log()
    assert [name for name in files(server) if name.endswith("~")] == []


@pytest.fixture
def server(version):
    with upload_server(version) as server:
        assert "running" in wait_until_settled(server)
        yield server
        quiet(server)


def test_without_its_policy_nothing_is_uploaded(version):
    with upload_server(version, path="/nowhere.wasm") as server:
        wait_until_settled(server)
        with log_in(server) as alice:
            assert error(ask(alice, 1000))[0] == "wait"
            unknown = Slot(*[f"http://{UPLOADS}:{server.ports['http']}/file_share/a/b.png"] * 2)
            assert put(server, unknown, CIPHERTEXT).status in (401, 503)
        assert files(server) == []
        quiet(server)


def test_a_policy_that_goes_takes_the_slots_with_it(server):
    with log_in(server) as alice:
        given, empty = slot(alice, len(CIPHERTEXT)), slot(alice, LARGE)
        command = ("wasm:unload('%s', 'upload')" % UPLOADS,) if server.version == "0.12" else ("wasm", "unload", UPLOADS, "upload")
        assert "unloaded" in server.shell(*command) + policy_list(server)
        answer = put(server, given, CIPHERTEXT)
        assert (answer.status, answer.headers["Retry-After"]) == (503, "60")
        answer = put(server, empty, os.urandom(LARGE))
        assert answer is None or answer.status == 503
        assert get(server, given)[0] == 410
        assert files(server) == []


def test_a_policy_that_fails_its_trial(version):
    """It notes more than the host keeps, so it never comes into force."""
    with upload_server(version, {"notes": 9000}, path=str(TEST_GUESTS / "housing.wasm")) as server:
        wait_until_settled(server)
        assert "failed" in policy_list(server)
        with log_in(server) as alice:
            assert error(ask(alice, len(CIPHERTEXT)))[0] == "wait"
        quiet(server)


def test_without_a_token_nobody_is_heard(server):
    with log_in(server) as alice:
        given, other = slot(alice, len(CIPHERTEXT)), slot(alice, len(CIPHERTEXT))
        refused = {401, 403, 400, 410, 413}
        assert put(server, Slot(given.get, given.put, {}), CIPHERTEXT).status in refused
        assert put(server, Slot(given.get, given.put, other.headers), CIPHERTEXT).status in refused
        assert put(server, given, CIPHERTEXT[:-1]).status in refused
        assert "kind=piece" not in server.log()
        assert put(server, given, CIPHERTEXT).status == 201
        assert put(server, given, CIPHERTEXT).status == 409
        assert get(server, given) == (200, CIPHERTEXT)
        assert get(server, other)[0] == 410


def test_after_a_refusal_the_slot_can_be_used_again(server):
    with log_in(server) as alice:
        given = slot(alice, len(CIPHERTEXT))
        assert put(server, given, (PNG * 2)[:len(CIPHERTEXT)]).status == 415
        assert put(server, given, CIPHERTEXT).status == 201
        assert get(server, given) == (200, CIPHERTEXT)


def test_one_connection_for_many(server):
    """What is refused does not disturb what follows on its connection."""
    with log_in(server) as alice:
        connection = connect(server)
        for content, status in ((PNG, 415), (CIPHERTEXT, 201), (PNG * 3000, 415), (CIPHERTEXT, 201)):
            given = slot(alice, len(content))
            connection.request("PUT", given.put.split(str(server.ports["http"]), 1)[1], body=content,
                               headers={"Host": UPLOADS, **given.headers})
            response = connection.getresponse()
            response.read()
            assert response.status == status
        connection.close()


def test_half_an_upload_leaves_nothing(server):
    with log_in(server) as alice:
        given = slot(alice, LARGE)
        connection = half(server, given, os.urandom(MIB), LARGE)
        wait_until(lambda: files(server) == [f"{given.id}.bin~"])
        answer = put(server, given, os.urandom(LARGE))  # Prosody ends the connection of who is refused before all has come
        assert answer is None or answer.status == 409
        connection.close()
        wait_until(lambda: files(server) == [])
        assert get(server, given)[0] == 410
        assert put(server, given, os.urandom(LARGE)).status == 201


@pytest.mark.parametrize("command", ["reload", "unload", "reload('http_file_share'"])
def test_a_change_in_the_middle(server, command):
    module = "http_file_share" if "file_share" in command else "wasm"
    verb = "unload" if command == "unload" else "reload"
    with log_in(server) as alice:
        given = slot(alice, LARGE)
        content = os.urandom(LARGE)
        connection = half(server, given, content[:MIB], LARGE)
        wait_until(lambda: files(server) == [f"{given.id}.bin~"])
        server.shell(f"module:{verb}('{module}', '{UPLOADS}')")
        try:
            connection.sendall(content[MIB:])
            answer = connection.recv(1000)
        except OSError:
            answer = b""
        connection.close()
        if module == "wasm":
            assert not answer.startswith(b"HTTP/1.1 2"), answer
            wait_until(lambda: files(server) == [])
        else:
            # Its new instance publishes what is judged, or refuses: without a secret in the options it knows no token.
            wait_until(lambda: files(server) in ([], [f"{given.id}.bin"]))


def test_a_policy_that_comes_in_the_middle(version):
    with upload_server(version, mode="off") as server:
        wait_until_settled(server)
        with log_in(server) as alice:
            given = slot(alice, LARGE)
            content = PNG + os.urandom(LARGE - len(PNG))
            connection = half(server, given, content[:MIB], LARGE)
            wait_until(lambda: files(server) == [f"{given.id}.bin~"])
            server.hosts[-1].options["wasm_policies"]["upload"]["mode"] = "enforce"
            server.write_configuration()
            server.shell("config:reload()")
            assert "running" in wait_until_settled(server)
            connection.sendall(content[MIB:])
            assert connection.recv(1000).startswith(b"HTTP/1.1 503")
            connection.close()
        assert files(server) == []
        quiet(server)


def test_a_swap_in_the_middle(server):
    with log_in(server) as alice:
        for begins, status in ((b"", b"201"), (b"ciphertext first", b"415")):
            content = os.urandom(LARGE) if not begins else os.urandom(2 * MIB) + b"We meet at noon. " * 100_000
            content = content[:LARGE]
            given = slot(alice, LARGE)
            connection = half(server, given, content[:MIB], LARGE)
            wait_until(lambda name=f"{given.id}.bin~": name in files(server))
            server.hosts[-1].options["wasm_policies"]["upload"]["settings"] = {"hourly": 61 + len(begins)}
            server.write_configuration()
            server.shell("config:reload()")
            assert "running" in wait_until_settled(server)
            connection.sendall(content[MIB:])
            assert connection.recv(1000).split()[1] == status
            connection.close()


@pytest.mark.parametrize("version", THREE_VERSIONS)
def test_much_at_once_and_flat_memory(version):
    size, large = 100 * MIB, 11 * MIB
    with upload_server(version, {"hourly": 100}, DEFAULT) as server:
        wait_until_settled(server)
        with log_in(server) as alice:
            assert put(server, slot(alice, large), os.urandom(large)).status == 201  # what Prosody itself takes
            before, peak = server.resident_kilobytes(), 0
            connections = [half(server, slot(alice, large), os.urandom(MIB), large) for _ in range(8)]
            given = slot(alice, size)
            url = given.put.split(str(server.ports["http"]), 1)[1]
            connection = http.client.HTTPConnection("127.0.0.1", server.ports["http"], timeout=120)
            connection.putrequest("PUT", url, skip_host=True)
            for name, value in {"Host": UPLOADS, "Content-Length": size, **given.headers}.items():
                connection.putheader(name, value)
            connection.endheaders()
            for _ in range(size // MIB):  # new bytes each time: what comes again is not like ciphertext
                connection.send(os.urandom(MIB))
                peak = max(peak, server.resident_kilobytes())
            response = connection.getresponse()
            assert (response.status, response.read()) == (201, b"")
            for other in (connection, *connections):
                other.close()
            growth = max(peak, server.resident_kilobytes()) - before
            assert growth < 24 * 1024, f"{growth} KiB more"
        wait_until(lambda: not [name for name in files(server) if name.endswith("~")])
        quiet(server)
