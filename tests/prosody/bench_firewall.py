"""What rules cost in a real Prosody: nothing, mod_firewall and the policy, with the same files and the same messages.

Rounds of the three servers take turns, so that a slow moment of the machine hits all alike. The figure to keep is the
processor time that rules add to a message, and how much of mod_firewall's the policy needs.
"""

import argparse
import json
import re
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bench_server import processor_seconds
from client import Client
from firewall_corpus import RESOURCE, body
from firewall_servers import by_mod_firewall, by_policy, local_server, roster_of_alice, rule_sets, serving_list
from places import CORPUS, RUNS
from shell import Shell
from storage import put
from world import PASSWORD, wait_until_settled

ROUNDS = 8
MESSAGES = 1000
LIST_SECONDS = 1
KINDS = ("nothing", "mod_firewall", "firewall")


def sets_of(version):
    every = rule_sets(version)
    chosen = {"lists": "spam rules", "words": "words", "content": "content", "geoloc": "geoloc"}
    return {name: (title, every[name]) for name, title in chosen.items() if name in every}


def samples():
    """name: (sender, stanza); none of them is refused."""
    omemo = {row["id"]: row["xml"] for row in json.loads((CORPUS / "e2ee.json").read_text())}["G01"]
    omemo = re.sub("<body>.*</body>", body("This message is encrypted."), omemo)  # one set of rules refuses links
    chat = lambda to: f"<message to='{to}' type='chat'>{body('See you at noon, at the usual place?')}</message>"
    return {
        "chat, contact": ("bob", chat("alice@{host}")),
        "chat, stranger": ("stan", chat("alice@{host}")),
        "chat, to a device": ("stan", chat(f"alice@{{host}}/{RESOURCE}")),
        "OMEMO, contact": ("bob", omemo.replace("to='b@x'", "to='alice@{host}'")),
    }


class Measured:
    def __init__(self, stack, version, kind, sets, folder, list_server):
        options = {"nothing": lambda _: {}, "mod_firewall": by_mod_firewall, "firewall": by_policy(folder)}[kind]
        paths = {name: files for name, (_, files) in sets.items()}
        self.server = local_server(version, paths, options, list_server, {}, log=[])
        for name in sets:
            put(self.server, f"{name}.test", "roster", "alice", roster_of_alice(f"{name}.test"))
        self.server.start()
        stack.callback(self.server.remove)
        stack.callback(self.server.stop)
        self._get_ready(kind, sets)
        self.clients = {(name, user): stack.enter_context(Client(self.server, f"{user}@{name}.test", PASSWORD, RESOURCE))
                        for name in sets for user in ("alice", "bob", "stan")}

    def _get_ready(self, kind, sets):
        if kind == "firewall":
            listing = wait_until_settled(self.server)
            assert listing.count("running") == len(sets), listing
        if kind == "mod_firewall":
            with Shell(self.server) as shell:
                assert all(shell.run(f"module:load('firewall', '{name}.test')").ok for name in sets)
            time.sleep(LIST_SECONDS)

    def microseconds(self, name, sender, stanza):
        stream, alice = self.clients[name, sender], self.clients[name, "alice"]
        before = processor_seconds(self.server)
        stream.send(stanza.replace("{host}", f"{name}.test") * MESSAGES)
        stream.synchronise()
        spent = processor_seconds(self.server) - before
        arrived = sum(message.tag.endswith("}message") for message in alice.synchronise())
        assert arrived == MESSAGES, f"{arrived} of {MESSAGES} messages arrived"
        return spent / MESSAGES * 1e6


def spread(values):
    return f"{statistics.median(values):6.1f} ({min(values):.1f}–{max(values):.1f})"


def report(title, sample, figures):
    median = {kind: statistics.median(values) for kind, values in figures.items()}
    added = {kind: median[kind] - median["nothing"] for kind in KINDS[1:]}
    total = median["firewall"] / median["mod_firewall"]
    print(f"{title:11} {sample:18} " + "  ".join(f"{kind} {spread(values)}" for kind, values in figures.items())
          + f"  added {added['mod_firewall']:5.1f} and {added['firewall']:5.1f} µs  × {total:.2f}", flush=True)


def measure(version):
    RUNS.mkdir(parents=True, exist_ok=True)
    sets = sets_of(version)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=RUNS)))
        list_server = stack.enter_context(serving_list())
        servers = {kind: Measured(stack, version, kind, sets, folder, list_server) for kind in KINDS}
        for name, (title, _) in sets.items():
            for sample, (sender, stanza) in samples().items():
                figures = {kind: [] for kind in KINDS}
                for _ in range(ROUNDS):
                    for kind, server in servers.items():
                        figures[kind].append(server.microseconds(name, sender, stanza))
                report(title, sample, figures)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--version", default="13.0", help="13.0 or 0.12")
    arguments = parser.parse_args()
    print(f"Prosody {arguments.version}, {ROUNDS} rounds of {MESSAGES} messages, µs of processor time of its main thread a message")
    measure(arguments.version)
