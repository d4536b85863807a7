"""Free ports of the loopback interface."""

import os
import random
import socket

LOOPBACK = "127.0.0.1"
# Of the processes that pytest-xdist divides the tests among, each takes ports of its own.
_number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
_count = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
# Below the range from which the kernel takes the ports of outgoing connections, of which the tests make many.
RANGE = range(10_000 + _number, 32_000, _count)

_given = set()


def is_free(port):
    try:
        socket.create_server((LOOPBACK, port)).close()
        return True
    except OSError:
        return False


def free_ports(count):
    """Ports that nobody listens on, none of them given before by this process."""
    ports = []
    while len(ports) < count:
        port = random.choice(RANGE)
        if port not in _given and is_free(port):
            _given.add(port)
            ports.append(port)
    return ports
