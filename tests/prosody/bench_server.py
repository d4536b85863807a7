"""What a policy costs in a real Prosody: start, memory, and processor time of each message.

Rounds of the kinds of server take turns, so that a slow moment of the machine hits all alike; the ratio to the
server without policies is the figure to keep.
"""

import argparse
import json
import statistics
import time
from contextlib import ExitStack
from pathlib import Path

from client import Client
from places import CORPUS
from server import Server
from world import PASSWORD, local_hosts, shared_cache, wait_until_settled

ROUNDS = 6
MESSAGES = 2000
KINDS = {
    "no policy": {},
    "e2ee": {"e2ee": {"settings": {"mode": "mandatory"}}},
    "e2ee, strict": {"e2ee": {"settings": {"mode": "mandatory", "strict": True}}},
}


def samples():
    """One stanza that passes of each kind; bob's address is put in."""
    rows = {row["id"]: row["xml"] for row in json.loads((CORPUS / "e2ee.json").read_text())}
    to_bob = lambda text: text.replace("to='b@x'", "to='bob@local.test'")
    return {"chat state": to_bob(rows["G08"]), "OMEMO": to_bob(rows["G01"])}


def processor_seconds(server):
    """Of the server's main thread."""
    pid = server.process.pid
    return int(Path(f"/proc/{pid}/task/{pid}/schedstat").read_text().split()[0]) / 1e9


def start(version, policies):
    hosts = local_hosts(policies)
    if not policies:
        for host in hosts:
            host.options.pop("modules_enabled", None)
    server = Server(version, hosts, {**shared_cache(), "log": []})
    before = time.monotonic()
    server.start()
    if policies:
        wait_until_settled(server)
    return server, time.monotonic() - before


def microseconds(server, alice, bob, stanza):
    before = processor_seconds(server)
    alice.send(stanza * MESSAGES)
    alice.synchronise()
    spent = processor_seconds(server) - before
    bob.synchronise()
    return spent / MESSAGES * 1e6


def measure(version):
    with ExitStack() as stack:
        servers = {}
        for kind, policies in KINDS.items():
            server, seconds = start(version, policies)
            stack.callback(server.remove)
            stack.callback(server.stop)
            clients = [Client(server, f"{user}@local.test", PASSWORD) for user in ("alice", "bob")]
            servers[kind] = (server, clients)
            print(f"{kind:14} started in {seconds:5.2f} s, {server.resident_kilobytes() / 1024:6.1f} MB")
        for name, stanza in samples().items():
            figures = {kind: [] for kind in servers}
            for _ in range(ROUNDS):
                for kind, (server, clients) in servers.items():
                    figures[kind].append(microseconds(server, *clients, stanza))
            report(name, figures)


def report(name, figures):
    base = statistics.median(figures["no policy"])
    for kind, values in figures.items():
        median = statistics.median(values)
        print(f"{name:11} {kind:14} {median:7.1f} µs a message ({min(values):.1f}–{max(values):.1f})  "
              f"+{median - base:5.1f} µs  × {median / base:.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--version", default="13.0", help="13.0 or 0.12")
    arguments = parser.parse_args()
    print(f"Prosody {arguments.version}, {ROUNDS} rounds of {MESSAGES} messages, processor time of its main thread")
    measure(arguments.version)
