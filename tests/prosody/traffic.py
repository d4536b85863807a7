"""Steady messages with numbers and plaintext canaries, and swaps meanwhile: what arrived, how often, in which order."""

import select
import time
from collections import Counter
from dataclasses import dataclass, field

from canaries import CANARY
from marking import HOST, POLICY, log_in, marks, message
from shell import Shell, command

SETTLE_SECONDS = 20
CANARY_EVERY = 10


@dataclass
class Swap:
    began: float
    ended: float
    answer: object


class Swaps:
    """Puts generations in force in turn, one every so many seconds, without waiting for the answers."""

    def __init__(self, server, choices, seconds_between=0.25):
        """`choices` are (file, flags) as for `wasm swap`."""
        self.shell = Shell(server)
        # On probation, whatever differs: that does more, and undoes more.
        self.lines = [command("swap", HOST, POLICY, file, **{"probation": 60, **flags}) for file, flags in choices]
        self.seconds_between = seconds_between
        self.done = []
        self.pending = False
        self.next = 0.0

    def start_if_due(self, now):
        if self.pending or now < self.next:
            return
        self.next = now + self.seconds_between
        self.pending = True
        self.shell.start(self.lines[len(self.done) % len(self.lines)])

    def read(self):
        self.shell.read_available()
        answer = self.shell.finished()
        if answer:
            self.pending = False
            self.done.append(Swap(self.shell.began, time.monotonic(), answer))

    @property
    def failed(self):
        return [str(swap.answer) for swap in self.done if not swap.answer.ok]


@dataclass
class Sender:
    stream: object
    recipient: object
    sent: list = field(default_factory=list)
    canaries: list = field(default_factory=list)
    refused: set = field(default_factory=set)
    # What arrived from this one: (number, marks), in the order of arrival.
    arrived: list = field(default_factory=list)


class Traffic:
    """Each of `pairs` is (sender, recipient), names of accounts."""

    def __init__(self, server, pairs, per_second=200):
        users = sorted({user for pair in pairs for user in pair})
        self.streams = dict(zip(users, log_in(server, *users)))
        self.senders = [Sender(self.streams[sender], self.streams[recipient]) for sender, recipient in pairs]
        self.interval = 1 / per_second
        self.count = 0
        self.canaries_delivered = 0
        # What arrived besides: bounces of anything that is no canary, above all.
        self.unexpected = []

    def _send_next(self):
        sender = self.senders[self.count % len(self.senders)]
        self.count += 1
        name = f"{self.senders.index(sender)}:{self.count}"
        sender.sent.append(name)
        data = message(sender.recipient.full, name)
        if self.count % CANARY_EVERY == 0:
            canary = f"{name}:canary"
            sender.canaries.append(canary)
            data += message(sender.recipient.full, canary, CANARY)
        sender.stream.send(data)

    def _take(self, stream):
        while stream.stanzas:
            stanza = stream.stanzas.pop(0)
            number = stanza.get("id", "")
            index = number.partition(":")[0]
            if not stanza.tag.endswith("}message") or not index.isdigit():
                continue
            sender = self.senders[int(index)]
            if stanza.get("type") == "error" and number.endswith(":canary"):
                sender.refused.add(number)
            elif number.endswith(":canary"):
                self.canaries_delivered += 1
            elif stanza.get("type") == "error":
                self.unexpected.append((number, [element.tag for element in stanza.iter()]))
            else:
                sender.arrived.append((number, marks(stanza)))

    def run(self, seconds, swaps=None):
        now = time.monotonic()
        end, due = now + seconds, now
        while now < end:
            while due <= now:
                self._send_next()
                due += self.interval
            if swaps:
                swaps.start_if_due(now)
            self._read(max(0.0, min(due, end) - now), swaps)
            now = time.monotonic()

    def _read(self, seconds, swaps):
        by_socket = {stream.socket: stream for stream in self.streams.values()}
        sockets = [*by_socket, *([swaps.shell.socket] if swaps else [])]
        for ready in select.select(sockets, [], [], seconds)[0]:
            if ready in by_socket:
                by_socket[ready].read_available()
                self._take(by_socket[ready])
            else:
                swaps.read()

    def settle(self, swaps=None):
        """Waits until everything has arrived or was refused, or for some seconds in vain."""
        deadline = time.monotonic() + SETTLE_SECONDS
        while time.monotonic() < deadline and (self._is_waiting() or (swaps and swaps.pending)):
            self._read(0.05, swaps)
        # What is doubled comes late.
        for stream in self.streams.values():
            late = stream.synchronise()
            stream.stanzas[:0] = late
            self._take(stream)

    def _is_waiting(self):
        return any(len(sender.arrived) < len(sender.sent) or len(sender.refused) < len(sender.canaries) for sender in self.senders)

    # Facts to be compared with what they have to be.

    def lost(self):
        return [name for sender in self.senders for name in set(sender.sent) - {number for number, _ in sender.arrived}]

    def doubled(self):
        return [name for sender in self.senders for name, times in Counter(number for number, _ in sender.arrived).items() if times > 1]

    def reordered(self):
        return [index for index, sender in enumerate(self.senders)
                if [number for number, _ in sender.arrived] != [name for name in sender.sent if name in dict(sender.arrived)]]

    def not_marked_once(self):
        return [(number, found) for sender in self.senders for number, found in sender.arrived if len(found) != 1]

    def versions(self):
        return Counter(mark["version"] for sender in self.senders for _, found in sender.arrived for mark in found)

    def judged(self):
        """The running numbers that the policy and its successors gave to the messages they saw."""
        return sorted(int(mark["seen"]) for sender in self.senders for _, found in sender.arrived for mark in found)

    def canaries_sent(self):
        return sum(len(sender.canaries) for sender in self.senders)

    def canaries_refused(self):
        return sum(len(sender.refused) for sender in self.senders)

    def close(self):
        for stream in self.streams.values():
            stream.close()
