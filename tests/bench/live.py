"""What a message costs in a real Prosody: processor time of the server's main thread, and messages a second.

All that is compared are hosts of one server, so that a slow moment of the machine and an unlucky start of the server hit
all alike; they take turns, in another order each round, since what one leaves to Lua's collector is paid by the next. There
are several starts. Some hosts have only what delivers messages, and some the archive and what else the bundled policies work
with: those are compared among each other.
"""

import base64
import json
import os
import random
import re
import sys
import time
from collections import defaultdict
from contextlib import ExitStack

from client import Client
from configuration import MODULES, Host
from measuring import emit
from places import CORPUS, PROJECT, RUNS
from server import Server
from storage import put
from world import PASSWORD, shared_cache, wait_until_settled

BENCH = PROJECT / "tests/bench"
IS_QUICK = bool(os.environ.get("BENCH_QUICK"))
STARTS, ROUNDS, MESSAGES = (1, 3, 100) if IS_QUICK else (4, 24, 250)

# Who does not encrypt is warned once: a conversation goes on under this.
E2EE = {"settings": {"mode": "optional"}}
# As in docs/the-plan.md, all on one host.
ALL = {
    "e2ee": E2EE,
    "archive": {"settings": {"retention": "2d"}},
    "rooms": {},
    "carbons": {"settings": {"encrypting_devices_only": True}},
    "csi": {"on_error": "pass"},
    "push": {"settings": {"services": ["push.example.org"], "text": False, "pause": 60}},
    "blocking": {"settings": {"strangers": "hold"}},
    "firewall": {"files": ["geoloc.pfw"]},
    "upload": {"settings": {"expiry": {"hours": 72}}},
}
NOTHING, FIREWALL = "nothing", "mod_firewall, three rules"
BY_FIREWALL = {"firewall_scripts": [str(BENCH / "three-rules.pfw")]}
BY_LUA = {"ciphertext_looks": str(BENCH / "ciphertext.lua")}
# What the policies work with, for all that are compared with them.
BESIDE = ["mam", "csi", "smacks", "cloud_notify", "offline"]
# On a host with few modules, and on one with more: what judges its messages, by (modules, options).
SETTINGS = {
    "": {
        NOTHING: ([], {}),
        FIREWALL: (["firewall"], BY_FIREWALL),
        "the looks of mod_e2e_policy": (["ciphertext"], BY_LUA),
        "e2ee": (["wasm"], {"wasm_policies": {"e2ee": E2EE}}),
    },
    ", with archive and more": {
        NOTHING: (BESIDE, {}),
        FIREWALL: ([*BESIDE, "firewall"], BY_FIREWALL),
        "all bundled policies": ([*BESIDE, "wasm"], {"wasm_policies": ALL}),
    },
}
KINDS = [(setting, kind) for setting, kinds in SETTINGS.items() for kind in kinds]
CONTACT = {"subscription": "both", "groups": {}}


def host_of(kind):
    return re.sub("[^a-z0-9]+", "-", " ".join(kind)).strip("-") + ".test"


def host_for(kind):
    modules, options = SETTINGS[kind[0]][kind[1]]
    return Host(host_of(kind), {"modules_enabled": modules, **options}, users=dict.fromkeys(("alice", "bob"), PASSWORD))


def key(number):
    """As OMEMO has it: what reads as text is not taken for a key."""
    return base64.b64encode(random.Random(number).randbytes(96)).decode()


def samples():
    """A stanza of each kind that passes everywhere; bob's host is put in. The same is archived with policies and without:
    `archive` would take out what is not encrypted, and Prosody would have less to do."""
    omemo = {row["id"]: row["xml"] for row in json.loads((CORPUS / "e2ee.json").read_text())}["G01"]
    keys = "".join(f"<key rid='{number}'>{key(number)}</key>" for number in range(2, 9))
    omemo = omemo.replace("</key>", "</key>" + keys, 1)
    return {
        "chat": "<message to='bob@{host}' type='chat' id='1'><body>See you at noon, at the usual place?</body>"
                "<active xmlns='http://jabber.org/protocol/chatstates'/><no-store xmlns='urn:xmpp:hints'/></message>",
        "OMEMO, 8 keys": omemo.replace("to='b@x'", "to='bob@{host}'"),
    }


class Measured:
    """One start of a server with a host of each kind, alice and bob on each of them."""

    def __init__(self, stack, version):
        hosts = [host_for(kind) for kind in KINDS]
        rooms = [Host("rooms.test", {}, component="muc"), Host("upload.test", {}, component="http_file_share")]
        options = {"modules_enabled": MODULES, "default_archive_policy": True, "storage": {"archive": "forgetful"}, "log": []}
        self.server = Server(version, [*hosts, *rooms], {**shared_cache(), **options})
        stack.callback(self.server.remove)
        for host in hosts:
            put(self.server, host.name, "roster", "alice", {f"bob@{host.name}": CONTACT})
            put(self.server, host.name, "roster", "bob", {f"alice@{host.name}": CONTACT})
        self.server.start()
        stack.callback(self.server.stop)
        listing = wait_until_settled(self.server)
        assert listing.count("running") == 1 + len(ALL), listing
        self.clients = {(kind, user): stack.enter_context(Client(self.server, f"{user}@{host_of(kind)}", PASSWORD))
                        for kind in KINDS for user in ("alice", "bob")}

    def send(self, kind, stanza, count):
        """Microseconds of the processor for each message, and messages a second."""
        alice, bob = self.clients[kind, "alice"], self.clients[kind, "bob"]
        processor, clock = self.server.processor_seconds(), time.monotonic()
        alice.send(stanza.replace("{host}", host_of(kind)) * count)
        alice.synchronise()
        spent, took = self.server.processor_seconds() - processor, time.monotonic() - clock
        arrived = sum(message.find("{jabber:client}body") is not None for message in bob.synchronise())
        assert arrived == count, f"{kind}: {arrived} of {count} messages arrived"
        return spent / count * 1e6, count / took


def report(case, microseconds, rates):
    """The figures of one stanza on hosts with the same modules."""
    for kind, values in microseconds.items():
        emit(case, kind, "µs", values, NOTHING)
    for kind, values in microseconds.items():
        if kind != NOTHING:
            added = [mine - nothing for mine, nothing in zip(values, microseconds[NOTHING])]
            emit(f"{case}: added", kind, "µs more", added, FIREWALL)
    for kind, values in rates.items():
        emit(f"{case}: messages a second", kind, "1/s", values, NOTHING)


def main(version):
    RUNS.mkdir(parents=True, exist_ok=True)
    found = defaultdict(list)
    for _ in range(STARTS):
        with ExitStack() as stack:
            measured = Measured(stack, version)
            for case, stanza in samples().items():
                for kind in KINDS:
                    measured.send(kind, stanza, MESSAGES)
                for _ in range(ROUNDS):
                    for kind in random.sample(KINDS, len(KINDS)):
                        found[case, kind].append(measured.send(kind, stanza, MESSAGES))
    for case in samples():
        for setting, kinds in SETTINGS.items():
            columns = ({kind: [figures[column] for figures in found[case, (setting, kind)]] for kind in kinds} for column in (0, 1))
            report(case + setting, *columns)


if __name__ == "__main__":
    main(*sys.argv[1:] or ["13.0"])
