"""What rules cost in a real Prosody: nothing, mod_firewall and the policy, with the same files and the same messages.

The three are hosts of one server and take turns, so that a slow moment of the machine and an unlucky start of the server
hit all alike; and there are several starts. The figures to keep are the processor time that each adds to a message, and
the ratio of the policy's whole to mod_firewall's.
"""

import argparse
import json
import re
import statistics
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path

from client import Client
from firewall_corpus import RESOURCE, body
from firewall_servers import by_mod_firewall, by_policy, judged_host, local_server, roster_of_alice, rule_sets, serving_list
from places import CORPUS, RUNS
from shell import Shell
from storage import put
from world import PASSWORD, wait_until_settled

MESSAGES = 1000
LIST_SECONDS = 1
TITLES = {"lists": "spam rules", "words": "words", "content": "content", "geoloc": "geoloc"}
KINDS = ("nothing", "mod_firewall", "firewall")


def samples():
    """name: (sender, stanza); none of them is refused."""
    omemo = {row["id"]: row["xml"] for row in json.loads((CORPUS / "e2ee.json").read_text())}["G01"]
    omemo = re.sub("<body>.*</body>", body("This message is encrypted."), omemo)  # some rules refuse links
    chat = lambda to: f"<message to='{to}' type='chat'>{body('See you at noon, at the usual place?')}</message>"
    return {
        "chat, contact": ("bob", chat("alice@{host}")),
        "chat, stranger": ("stan", chat("alice@{host}")),
        "chat, to a device": ("stan", chat(f"alice@{{host}}/{RESOURCE}")),
        "OMEMO, contact": ("bob", omemo.replace("to='b@x'", "to='alice@{host}'")),
    }


def host_of(name, kind):
    return f"{name}.{kind.replace('_', '-')}.test"


class Measured:
    """One start of a server with a host for each set of rules and each kind of judge."""

    def __init__(self, stack, version, sets):
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=RUNS)))
        options = {"nothing": lambda _: {}, "mod_firewall": by_mod_firewall, "firewall": by_policy(folder)}
        hosts = [judged_host(host_of(name, kind), options[kind](paths)) for name, paths in sets.items() for kind in KINDS]
        self.server = local_server(version, hosts, stack.enter_context(serving_list()), log=[])
        for host in hosts:
            put(self.server, host.name, "roster", "alice", roster_of_alice(host.name))
        stack.callback(self.server.remove)
        self.server.start()
        stack.callback(self.server.stop)
        self._get_ready(sets)
        self.clients = {(host.name, user): stack.enter_context(Client(self.server, f"{user}@{host.name}", PASSWORD, RESOURCE))
                        for host in hosts for user in ("alice", "bob", "stan")}

    def _get_ready(self, sets):
        listing = wait_until_settled(self.server)
        assert listing.count("running") == len(sets), listing
        with Shell(self.server) as shell:
            answers = [shell.run(f"module:load('firewall', '{host_of(name, 'mod_firewall')}')") for name in sets]
            assert all(answer.ok for answer in answers), answers
        time.sleep(LIST_SECONDS)

    def microseconds(self, host, sender, stanza):
        stream, alice = self.clients[host, sender], self.clients[host, "alice"]
        before = self.server.processor_seconds()
        stream.send(stanza.replace("{host}", host) * MESSAGES)
        stream.synchronise()
        spent = self.server.processor_seconds() - before
        arrived = sum(message.tag.endswith("}message") for message in alice.synchronise())
        assert arrived == MESSAGES, f"{arrived} of {MESSAGES} messages arrived"
        return spent / MESSAGES * 1e6


def spread(values):
    return f"{statistics.median(values):6.1f} ({min(values):.1f}–{max(values):.1f})"


# Each round is compared with its own neighbours in time, and of these comparisons the median is told.
def report(name, sample, figures):
    def added(kind):
        return statistics.median(mine - nothing for mine, nothing in zip(figures[kind], figures["nothing"]))
    ratio = statistics.median(ours / theirs for ours, theirs in zip(figures["firewall"], figures["mod_firewall"]))
    columns = "  ".join(f"{kind} {spread(values)}" for kind, values in figures.items())
    print(f"{TITLES[name]:11} {sample:18} {columns}  adds {added('mod_firewall'):4.1f} and {added('firewall'):4.1f}  × {ratio:.2f}")


def measure(version, starts, rounds):
    RUNS.mkdir(parents=True, exist_ok=True)
    sets = {name: paths for name, paths in rule_sets(version).items() if name in TITLES}
    figures = defaultdict(lambda: {kind: [] for kind in KINDS})
    for _ in range(starts):
        with ExitStack() as stack:
            measured = Measured(stack, version, sets)
            for name in sets:
                for sample, (sender, stanza) in samples().items():
                    for _ in range(rounds):
                        for kind in KINDS:
                            figures[name, sample][kind].append(measured.microseconds(host_of(name, kind), sender, stanza))
    for (name, sample), values in figures.items():
        report(name, sample, values)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--version", default="13.0", help="13.0 or 0.12")
    parser.add_argument("--starts", type=int, default=3, help="of the server")
    parser.add_argument("--rounds", type=int, default=4, help="of each start")
    arguments = parser.parse_args()
    print(f"Prosody {arguments.version}, {arguments.starts} starts, {arguments.rounds} rounds of {MESSAGES} messages each: "
          "µs of processor time a message, median (least–most)")
    measure(arguments.version, arguments.starts, arguments.rounds)
