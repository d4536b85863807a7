"""Forks: a server that becomes a daemon after its policies are loaded, and modules that start programs beside them."""

import time

from canaries import CANARY
from daemon import Daemon, adopting, threads
from marking import HOST, variant
from places import TEST_GUESTS
from server import Server
from shell import Shell, command
from test_guests import log_in, misbehaving, say
from world import local_hosts, shared_cache, wait_until_settled

POLICY = "guest"
SECONDS = 20
WATCHDOG = "wasm-watchdog"


def check_is_cut(server):
    """The policy loops when it is asked about the canary, and is asked about other messages again."""
    alice, bob, carol = log_in(server)
    for _ in range(2):
        assert not say(alice, bob, CANARY)
    assert say(carol, bob, "Lunch at noon?")
    assert "ran longer" in Shell(server).info(HOST, POLICY)["Last failure"]
    for client in (alice, bob, carol):
        client.close()


# With an empty cache the first instance is made after the fork; with a full one before, on 0.12.
def test_a_daemon_still_cuts_and_stages(version, tmp_path):
    with adopting():
        server = Daemon(version, local_hosts(misbehaving("loop", "deny")), {"wasm_cache_path": str(tmp_path / "cache")})
        for cache in ("empty", "full"):
            with server:
                server.is_kept = cache == "empty"
                assert "running" in wait_until_settled(server), cache
                check_is_cut(server)
                assert WATCHDOG in threads(server.process.pid)
                # A thread of its own, and a child that compiles.
                answer = Shell(server).wasm("swap", HOST, POLICY, variant(TEST_GUESTS / "misbehaving.wasm", cache, tmp_path))
                assert answer.ok, answer
                check_is_cut(server)
                assert server.stop() == 0, cache


PROGRAMS = ">for _ = 1, 20 do os.execute('true'); local pipe = io.popen('echo started'); pipe:read('a'); pipe:close() end"


def test_modules_that_start_programs(version, tmp_path):
    with Server(version, local_hosts(misbehaving("loop", "deny")), shared_cache()) as server:
        assert "running" in wait_until_settled(server)
        check_is_cut(server)
        shell, staging = Shell(server), Shell(server)
        # While a policy is compiled in a child and loaded in a thread.
        staging.start(command("swap", HOST, POLICY, variant(TEST_GUESTS / "misbehaving.wasm", "beside", tmp_path)))
        answer = None
        while not answer:
            assert shell.run(PROGRAMS).ok
            staging.read_available()
            answer = staging.finished()
        assert answer.ok, answer
        check_is_cut(server)
        assert server.stop() == 0


def test_no_thread_is_left_when_the_last_host_unloads(version):
    hosts = local_hosts(misbehaving("loop", "deny"))
    names = [host.name for host in hosts if "wasm" in host.options.get("modules_enabled", [])]
    assert len(names) == 2
    with Server(version, hosts, shared_cache()) as server:
        wait_until_settled(server)
        check_is_cut(server)
        shell = Shell(server)
        assert WATCHDOG in threads(server.process.pid)
        for name in names:
            assert shell.run(f"module:unload('wasm', '{name}')").ok
        # Lua still has to collect what the threads belong to.
        deadline = time.monotonic() + SECONDS
        while any(name.startswith("wasm-") for name in threads(server.process.pid)):
            shell.run('>collectgarbage("collect")')
            assert time.monotonic() < deadline, threads(server.process.pid)
        # It comes back.
        for name in names:
            assert shell.run(f"module:load('wasm', '{name}')").ok
        assert "running" in wait_until_settled(server)
        check_is_cut(server)
