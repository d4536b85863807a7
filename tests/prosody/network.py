"""Free ports of the loopback interface."""

import socket

LOOPBACK = "127.0.0.1"


def free_ports(count):
    """All are held at the same time, so that they differ, and released together."""
    held = [socket.create_server((LOOPBACK, 0)) for _ in range(count)]
    try:
        return [listener.getsockname()[1] for listener in held]
    finally:
        for listener in held:
            listener.close()
