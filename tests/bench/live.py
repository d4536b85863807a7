"""What a message costs in a real Prosody: processor time of the server's main thread, and messages a second.

Each that is compared has a server of its own: on one server, all would pay for what Lua's collector goes through of the others,
which is most of what a message costs. The servers take turns, in another order each round, and are started several times, since
one start is luckier than another. Some have only what delivers messages, and some the archive and what else the bundled policies
work with: those are compared among each other.
"""

import base64
import json
import os
import random
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
# With few modules, and with more: what judges messages, by (modules, options) of the host.
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
HOST = "local.test"
CONTACT = {"subscription": "both", "groups": {}}


def key(number):
    """As OMEMO has it: what reads as text is not taken for a key."""
    return base64.b64encode(random.Random(number).randbytes(96)).decode()


def samples():
    """A stanza of each kind that passes everywhere. The same is archived with policies and without:
    `archive` would take out what is not encrypted, and Prosody would have less to do."""
    omemo = {row["id"]: row["xml"] for row in json.loads((CORPUS / "e2ee.json").read_text())}["G01"]
    keys = "".join(f"<key rid='{number}'>{key(number)}</key>" for number in range(2, 9))
    omemo = omemo.replace("</key>", "</key>" + keys, 1)
    return {
        "chat": "<message to='bob@local.test' type='chat' id='1'><body>See you at noon, at the usual place?</body>"
                "<active xmlns='http://jabber.org/protocol/chatstates'/><no-store xmlns='urn:xmpp:hints'/></message>",
        "OMEMO, 8 keys": omemo.replace("to='b@x'", "to='bob@local.test'"),
    }


class Measured:
    """One start of a server, with alice and bob on it; `everywhere` are options of the whole server, `how` it is started as Server
    takes it."""

    client = Client

    def __init__(self, stack, version, setting, kind, everywhere=None, **how):
        modules, options = self.of_host(setting, kind)
        host = Host(HOST, {"modules_enabled": modules, **options}, users=dict.fromkeys(("alice", "bob"), PASSWORD))
        services = [Host("rooms.local.test", {}, component="muc"), Host("upload.local.test", {}, component="http_file_share")]
        everywhere = {**shared_cache(), "modules_enabled": MODULES, "default_archive_policy": True,
                      "storage": {"archive": "forgetful"}, "log": [], **(everywhere or {})}
        self.server = Server(version, [host, *(services if modules[:1] == BESIDE[:1] else [])], everywhere, **how)
        stack.callback(self.server.remove)
        put(self.server, HOST, "roster", "alice", {f"bob@{HOST}": CONTACT})
        put(self.server, HOST, "roster", "bob", {f"alice@{HOST}": CONTACT})
        self.server.start()
        stack.callback(self.server.stop)
        if policies := options.get("wasm_policies"):
            listing = wait_until_settled(self.server)
            assert listing.count("running") == len(policies), listing
        self.alice, self.bob = (stack.enter_context(self.client(self.server, f"{user}@{HOST}", PASSWORD)) for user in ("alice", "bob"))
        if kind == FIREWALL:
            self.assert_judged()

    @staticmethod
    def of_host(setting, kind):
        """(modules, options) of the host."""
        return SETTINGS[setting][kind]

    def assert_judged(self):
        """A judge that lets everything pass may as well not have been loaded."""
        self.alice.send(f"<message to='{self.bob.full}' type='groupchat'><attention xmlns='urn:xmpp:attention:0'/></message>")
        self.alice.synchronise()
        arrived = [stanza for stanza in self.bob.synchronise() if stanza.find("{urn:xmpp:attention:0}attention") is not None]
        assert arrived == [], "mod_firewall does not apply its rules"

    def send(self, stanza, count):
        """Microseconds of the processor for each message, and messages a second."""
        processor, clock = self.server.processor_seconds(), time.monotonic()
        self.alice.send(stanza * count)
        self.alice.synchronise()
        spent, took = self.server.processor_seconds() - processor, time.monotonic() - clock
        arrived = sum(message.find("{jabber:client}body") is not None for message in self.bob.synchronise())
        assert arrived == count, f"{arrived} of {count} messages arrived"
        return spent / count * 1e6, count / took


def report(case, unit, figures):
    """What one stanza takes on servers with the same modules: { kind: [value, …] }."""
    for kind, values in figures.items():
        emit(case, kind, unit, values, NOTHING)
    for kind, values in figures.items():
        if kind != NOTHING:
            added = [mine - nothing for mine, nothing in zip(values, figures[NOTHING])]
            emit(f"{case}: added", kind, f"{unit} more", added, FIREWALL)


def report_rates(case, rates):
    for kind, values in rates.items():
        emit(f"{case}: messages a second", kind, "1/s", values, NOTHING)


def main(version):
    RUNS.mkdir(parents=True, exist_ok=True)
    found = defaultdict(list)
    for _ in range(STARTS):
        with ExitStack() as stack:
            servers = {kind: Measured(stack, version, *kind) for kind in KINDS}
            for case, stanza in samples().items():
                for kind in KINDS:
                    servers[kind].send(stanza, MESSAGES)
                for _ in range(ROUNDS):
                    for kind in random.sample(KINDS, len(KINDS)):
                        found[case, kind].append(servers[kind].send(stanza, MESSAGES))
    for case in samples():
        for setting, kinds in SETTINGS.items():
            microseconds, rates = ({kind: [figures[column] for figures in found[case, (setting, kind)]] for kind in kinds}
                                   for column in (0, 1))
            report(case + setting, "µs", microseconds)
            report_rates(case + setting, rates)


if __name__ == "__main__":
    main(*sys.argv[1:] or ["13.0"])
