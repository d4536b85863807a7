"""Whatever is broken, at start or while the server runs: no plaintext gets through, the server is up and says why."""

import re
import time

import pytest

import broken_setups
from broken_setups import Setup
from canaries import Canaries, ping
from server import Server
from world import COMPILE_SECONDS, bundled, is_compiling, local_hosts, policy_info, policy_list, shared_cache, wait_until_settled

RELOADS = ["config:reload()", "module:reload('wasm', 'local.test')"]


@pytest.fixture
def setup():
    made = Setup(bundled())
    yield made
    made.remove()


def server_of(version, setup):
    return Server(version, local_hosts(setup.policies), {**shared_cache(), **setup.options}, stage=setup.stage)


def reconfigure(server, setup):
    server.hosts = local_hosts(setup.policies)
    server.options = {**shared_cache(), **setup.options}
    server.write_configuration()


def check_closed(server, canaries, setup):
    assert canaries.delivered() == 0
    listing = wait_until_settled(server)
    assert canaries.delivered() == 0
    assert server.alive
    assert "running" not in listing, listing
    if isinstance(setup.policies, dict):
        assert next(iter(setup.policies)) in listing, listing
    errors = [text for source, text in server.log_lines("error") if "wasm" in source]
    assert errors, "no line at level error"
    assert not [line for line in server.log().splitlines() if "Traceback" in line]


@pytest.mark.parametrize("spoil", broken_setups.EVERYTHING, ids=lambda spoil: spoil.__name__)
def test_at_start(version, setup, spoil):
    spoil(setup)
    with server_of(version, setup) as server:
        canaries = Canaries(server)
        check_closed(server, canaries, setup)
        canaries.close()


@pytest.mark.parametrize("spoil", broken_setups.OPTIONS, ids=lambda spoil: spoil.__name__)
def test_options_changed_while_running(version, setup, spoil):
    with server_of(version, setup) as server:
        assert "running" in wait_until_settled(server)
        canaries = Canaries(server)
        assert canaries.delivered() == 0
        spoil(setup)
        reconfigure(server, setup)
        for command in RELOADS:
            server.shell(command)
            assert canaries.delivered() == 0, command
        check_closed_on(server, canaries, "local.test")
        canaries.close()


@pytest.mark.parametrize("spoil", broken_setups.FILES + broken_setups.COMPILERS, ids=lambda spoil: spoil.__name__)
def test_files_spoilt_while_running(version, setup, spoil):
    with server_of(version, setup) as server:
        assert "running" in wait_until_settled(server)
        canaries = Canaries(server)
        spoil(setup)
        reconfigure(server, setup)
        for command in RELOADS:
            server.shell(command)
            assert canaries.delivered() == 0, command
        wait_until_settled(server)
        # What is loaded may go on being used: a library that is mapped, a policy that is compiled. Never less.
        assert canaries.delivered() == 0
        assert server.alive
        canaries.close()


def check_closed_on(server, canaries, host):
    listing = wait_until_settled(server)
    assert canaries.delivered() == 0
    assert server.alive
    lines = [line for line in listing.splitlines() if host in line and "rooms." not in line]
    assert not any("running" in line for line in lines), listing


@pytest.mark.parametrize("spoil", [broken_setups.policy_truncated, broken_setups.option_misspelt],
                         ids=lambda spoil: spoil.__name__)
def test_works_again_after_the_repair(version, setup, spoil):
    whole = setup.policy.read_bytes()
    spoil(setup)
    with server_of(version, setup) as server:
        canaries = Canaries(server)
        check_closed(server, canaries, setup)
        setup.policy.write_bytes(whole)
        setup.policies = bundled()
        reconfigure(server, setup)
        server.shell("config:reload()")
        for host in ("local.test", "rooms.local.test"):
            server.shell(f"module:reload('wasm', '{host}')")
        listing = wait_until_settled(server)
        assert "running" in listing and "failed" not in listing, listing
        assert canaries.delivered() == 0
        marker = canaries.alice.mark(canaries.bob.full)
        assert canaries.bob.receive_marker(marker) == []
        canaries.close()


def test_closed_and_responsive_while_compiling(version, setup):
    setup.compiler('sleep 2; exec "$(dirname "$0")/real" "$@"')
    with server_of(version, setup) as server:
        canaries = Canaries(server)
        assert is_compiling(policy_list(server))
        slowest = 0
        while is_compiling(policy_list(server)):
            started = time.monotonic()
            ping(canaries.alice, "local.test")
            slowest = max(slowest, time.monotonic() - started)
            assert canaries.delivered() == 0
        assert slowest < 0.5
        assert "running" in policy_list(server)
        assert canaries.delivered() == 0
        marker = canaries.alice.mark(canaries.bob.full)
        assert canaries.bob.receive_marker(marker) == []
        canaries.close()


def test_reload_replaces_the_policy_without_a_gap(version, setup):
    with server_of(version, setup) as server:
        assert "running" in wait_until_settled(server)
        canaries = Canaries(server)
        for _ in range(5):
            server.shell("module:reload('wasm', 'local.test')")
            assert canaries.delivered() == 0
        wait_until_settled(server)
        marker = canaries.alice.mark(canaries.bob.full)
        assert canaries.bob.receive_marker(marker) == []
        canaries.close()


def test_a_table_that_vanishes_keeps_the_host_closed(version, setup):
    with server_of(version, setup) as server:
        assert "running" in wait_until_settled(server)
        canaries = Canaries(server)
        setup.policies = None
        reconfigure(server, setup)
        server.shell("config:reload()")
        assert canaries.delivered() == 0
        setup.policies = {}
        reconfigure(server, setup)
        server.shell("config:reload()")
        assert canaries.delivered() > 0, "an empty table says that there are no policies"
        canaries.close()


def test_a_replaced_file_is_taken_at_reload(version, setup):
    custom_section = b"\x00\x05\x04test"
    with server_of(version, setup) as server:
        assert "running" in wait_until_settled(server)
        canaries = Canaries(server)
        before = policy_info(server, "local.test", "e2ee")
        new = setup.policy.with_suffix(".new")
        new.write_bytes(setup.policy.read_bytes() + custom_section)
        new.rename(setup.policy)
        server.shell("config:reload()")
        assert canaries.delivered() == 0
        # The one before judges until the new one is compiled.
        deadline = time.monotonic() + COMPILE_SECONDS
        while sha256(policy_info(server, "local.test", "e2ee")) == sha256(before):
            assert time.monotonic() < deadline
            assert canaries.delivered() == 0
        assert "running" in policy_list(server)
        assert canaries.delivered() == 0
        canaries.close()


def sha256(info):
    return re.search(r"\b[0-9a-f]{64}\b", info)[0]
