"""A policy that misbehaves as badly as it can, under messages of many senders, while another client pings."""

import select
import time
from dataclasses import dataclass

from canaries import CANARY
from client import Client
from configuration import MODULES, Host
from pinger import Pinger
from places import TEST_GUESTS
from server import Server
from shell import Shell
from stalls import Stalls, percentile
from world import PASSWORD, shared_cache, wait_until_settled, with_wasm

HOST = "local.test"
POLICY = "guest"
SENDERS = [f"sender{number}" for number in range(20)]
PER_SECOND = 150
# Of a decision that its limit does not cut.
ALMOST = 4_900
CALIBRATION = 1_000_000

# What it does, and where; `busy` is the one that never fails.
MODES = {
    "busy": {"when": "message"}, "loop": {"how": "loop"}, "bulk-loop": {"how": "bulk-loop"}, "grow": {"how": "grow"},
    "recurse": {"how": "recurse"}, "panic": {"how": "panic"}, "host-calls": {"how": "host-calls"},
    "log-flood": {"how": "log-flood"}, "store-flood": {"how": "store-flood"}, "edit-flood": {"how": "edit-flood"},
    "giant": {"how": "giant"}, "giant-result": {"how": "giant-result"}, "all-allowed": {"how": "all-allowed"},
    "keep-little": {"how": "keep-little"},
    "busy in archive": {"when": "archive"}, "busy in carbons": {"when": "carbons"},
    "loop in archive": {"how": "loop", "when": "archive"}, "loop in carbons": {"how": "loop", "when": "carbons"},
}


def entry(mode, rounds):
    settings = {"when": "message", **MODES[mode], "only": CANARY}
    if "how" not in settings:
        settings["rounds"] = rounds
    # Time to be busy with and not to be cut, also where the machine is slower for a while.
    limits = {"milliseconds": 5 if "how" in settings else 50}
    return {"path": str(TEST_GUESTS / "everywhere.wasm"), "settings": settings, "limits": limits}


def hostile_server(version, policy, others=0):
    wasm = with_wasm({POLICY: policy, **{f"{POLICY}{number}": policy for number in range(others)}})
    users = dict.fromkeys([*SENDERS, "sink", "pinger"], PASSWORD)
    options = {**shared_cache(), "modules_enabled": [*MODULES, "mam", "loop_stall"], "log": []}
    return Server(version, [Host(HOST, wasm, users=users)], options)


def calibrated(version):
    """The rounds that keep the policy busy for almost its limit, here and now."""
    policy = entry("busy", CALIBRATION)
    policy["limits"]["budget"] = 1_000
    with hostile_server(version, policy) as server:
        assert " running " in wait_until_settled(server)
        client, found = Client(server, f"{SENDERS[0]}@{HOST}", PASSWORD), []
        shell, before = Shell(server), 0.0
        for _ in range(10):
            client.send(f"<message to='sink@{HOST}' type='headline'><body>{CANARY}</body></message>")
            client.synchronise()
            info = shell.info(HOST, POLICY)
            after = int(info["Calls"]) * float(info["us/call"])
            found.append(after - before)
            before = after
        return max(1, round(CALIBRATION * ALMOST / min(found)))


@dataclass
class Figures:
    quiet: list
    hostile: list
    # What the event loop did in one go meanwhile, in seconds of the processor.
    worked: list
    delivered: int
    refused: int
    over_budget: int

    def milliseconds(self, pings):
        return [percentile(pings, share) * 1_000 for share in (0.5, 0.99, 1)]


class Flood:
    """Messages of all senders in turn, to one recipient. Where a policy is to be asked about copies, he has another device that
    wants them."""

    def __init__(self, server, copied):
        self.sink, self.others = Client(server, f"sink@{HOST}", PASSWORD), []
        if copied:
            self.others = [Client(server, f"sink@{HOST}", PASSWORD, resource="laptop")]
            self.others[0].send("<iq type='set' id='carbons'><enable xmlns='urn:xmpp:carbons:2'/></iq>")
            self.others[0].synchronise()
        self.senders = [Client(server, f"{user}@{HOST}", PASSWORD) for user in SENDERS]
        self.count, self.delivered, self.refused = 0, 0, 0

    def run(self, seconds, text):
        now = time.monotonic()
        end, due = now + seconds, now
        while now < end:
            # Who is kept waiting does not send it all at once afterwards.
            due = max(due, now - 0.1)
            while due <= now:
                self._send(text)
                due += 1 / PER_SECOND
            self._read(max(0.0, min(due, end) - now))
            now = time.monotonic()

    def _send(self, text):
        sender = self.senders[self.count % len(self.senders)]
        self.count += 1
        sender.send(f"<message to='{self.sink.full}' type='chat' id='{self.count}'><body>{text}</body></message>")

    def _read(self, seconds):
        by_socket = {stream.socket: stream for stream in (self.sink, *self.others, *self.senders)}
        for ready in select.select([*by_socket], [], [], seconds)[0]:
            stream = by_socket[ready]
            stream.read_available()
            messages = [stanza for stanza in stream.stanzas if stanza.tag.endswith("}message")]
            stream.stanzas.clear()
            if stream in self.others:
                continue
            self.delivered += sum(stanza.get("type") == "chat" for stanza in messages)
            self.refused += sum(stanza.get("type") == "error" for stanza in messages)


def measured(version, mode, rounds, seconds=5, others=0):
    """The pings while the policy has nothing to do wrong, and while it has; what became of the latter messages. `others` do the
    same, and let pass what they are not asked, so that each is asked about everything."""
    policy = {**entry(mode, rounds), **({"on_error": "pass"} if others else {})}
    with hostile_server(version, policy, others) as server:
        assert " running " in wait_until_settled(server)
        flood = Flood(server, copied=MODES[mode].get("when") == "carbons")
        flood.run(0.5, "hello")
        with Pinger(server, "pinger") as pinger:
            flood.run(seconds, "hello")
            flood.delivered, flood.refused, turned = 0, 0, time.monotonic()
            stalls = Stalls(server)
            flood.run(seconds, CANARY)
        worked = [length for _, length in stalls.read(of_processor=True)]
        shell = Shell(server)
        over_budget = shell.info(HOST, POLICY)["Over budget"].partition(" ")[0]
        quiet = [length for moment, length in pinger.found if moment + length < turned]
        hostile = [length for moment, length in pinger.found if moment + length >= turned]
        return Figures(quiet, hostile, worked, flood.delivered, flood.refused, int(over_budget) if over_budget.isdigit() else 0)
