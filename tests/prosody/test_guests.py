"""Guests that loop, trap, grow or flood, beside the bundled policy in a real server: they are cut, nothing else notices."""

import time

import pytest

from canaries import Canaries, ping
from places import TEST_GUESTS
from server import Server
from world import bundled, local_hosts, shared_cache, wait_until_settled

GUESTS = sorted(path.stem for path in TEST_GUESTS.glob("*.wasm"))
SLOWEST_ANSWER = 1.0


@pytest.mark.parametrize("guest", GUESTS)
def test_next_to_the_bundled_policy(version, guest):
    policies = {**bundled(), "guest": {"path": str(TEST_GUESTS / f"{guest}.wasm"), "on_error": "deny"}}
    with Server(version, local_hosts(policies), shared_cache()) as server:
        wait_until_settled(server)
        canaries = Canaries(server)
        for _ in range(3):
            started = time.monotonic()
            assert canaries.delivered() == 0
            ping(canaries.alice, "local.test")
            assert time.monotonic() - started < SLOWEST_ANSWER * 6
        assert server.alive
        canaries.close()
