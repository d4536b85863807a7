"""Starting and stopping many times: SIGTERM ends the server with status 0, never by a signal, with a policy in use."""

import os

from canaries import Canaries
from server import Server
from world import bundled, local_hosts, shared_cache, wait_until_settled

CYCLES = int(os.environ.get("START_STOP_CYCLES", "10"))


def test_start_and_stop(version):
    server = Server(version, local_hosts(bundled()), shared_cache())
    server.start()
    try:
        assert "running" in wait_until_settled(server)
        for cycle in range(CYCLES):
            # Every other time the policy has judged something before the end.
            if cycle % 2 == 0:
                canaries = Canaries(server)
                assert canaries.delivered() == 0
                canaries.close()
            assert server.stop() == 0, f"cycle {cycle + 1} of {CYCLES}"
            server.start()
    finally:
        server.stop()
    server.remove()
