"""Many sessions, all bundled policies and two bad ones, swaps, reloads and traps: does anything get lost, doubled, out, or grow?

    soak.py --minutes 30 --sessions 100 --version 13.0

Prints what was found. Fails when a message was lost, doubled or out of order, a canary was delivered, something was raised, the
server ended, or its memory grew more than the limit below.
"""

import argparse
import random
import select
import time
from collections import Counter
from itertools import pairwise
from threading import Thread

from marking import HOST, variant
from pinger import Pinger
from places import RUNS
from shell import Shell, command
from soak_resources import Resources
from soak_server import E2EE, PINGER, ROOMS, UPLOADER, UPLOADS, SoakServer
from soak_session import DIRECT, REFUSED, ROOM, Ledger, Session
from stalls import percentile
from stream import Closed
from uploading import log_in, put, slot
from world import STRICT, wait_until_settled

SETTLE_SECONDS = 60
# How often each session does what, compared with the others.
WEIGHTS = {"talk": 40, "talk_in_room": 6, "leak": 6, "leak_in_room": 2, "send_unwanted": 2, "show": 4, "ping": 15, "look_back": 3,
           "publish": 2, "sleep_or_wake": 6}
# From one thing that the operator does to the next.
SECONDS_BETWEEN = 3


class Operator:
    """Swaps nearly all the time; goes back, reloads the configuration and the module now and then. Waits for no answer."""

    def __init__(self, server, seconds_between):
        self.shell, self.seconds_between = Shell(server), seconds_between
        other = variant(E2EE, "other", RUNS)
        swaps = [command("swap", host, "e2ee", file, settings=STRICT) for file in (other, E2EE) for host in (HOST, ROOMS)]
        back = [command("rollback", host, "e2ee") for host in (HOST, ROOMS)]
        self.lines = [*swaps, *swaps, *back, "config:reload()", *swaps, f"module:reload('wasm', '{HOST}')"]
        self.done, self.refused = Counter(), []
        self.count, self.line, self.next = 0, None, 0.0

    def go_on(self, now):
        if self.line is None and now >= self.next:
            self.line = self.lines[self.count % len(self.lines)]
            self.count, self.next = self.count + 1, now + self.seconds_between
            self.shell.start(self.line)

    def read(self):
        self.shell.read_available()
        answer = self.shell.finished()
        if answer:
            self.done[self.line.partition("(")[0]] += 1
            if not answer.ok:
                self.refused.append(f"{self.line}: {answer}")
            self.line = None


class Uploads(Thread):
    """Small files of random bytes, in a thread: HTTP waits."""

    def __init__(self, server, seconds_between=2):
        super().__init__(daemon=True)
        self.server, self.seconds_between, self.statuses, self.is_stopping = server, seconds_between, Counter(), False

    def run(self):
        with log_in(self.server, UPLOADER) as client:
            while not self.is_stopping:
                self.statuses[self._upload(client)] += 1
                time.sleep(self.seconds_between)

    def _upload(self, client):
        try:
            answer = put(self.server, slot(client, 2048, name="0f3a.bin", service=UPLOADS), random.randbytes(2048))
        except (AssertionError, TimeoutError) as failed:
            return str(failed)
        return answer and answer.status

    def stop(self):
        self.is_stopping = True
        self.join(60)


class Soak:
    def __init__(self, version, seconds, sessions, per_second, phones=5, seconds_between=SECONDS_BETWEEN):
        self.seconds, self.per_second, self.seconds_between = seconds, per_second, seconds_between
        self.chance = random.Random(1)
        self.ledger, self.actions = Ledger(), Counter()
        self.server = SoakServer(version, sessions)
        with self.server:
            listing = wait_until_settled(self.server)
            assert " failed " not in listing and " running " in listing, listing
            self.sessions = [Session(self.server, number, sessions, self.ledger) for number in range(sessions)]
            for session in self.sessions[::max(1, sessions // phones)]:
                session.add_phone(self.server)
            self._run()
            self.exit_status = self.server.stop()
            # Everything that the operator would look at.
            self.errors = [text for _, text in self.server.log_lines("error")]
            self.tracebacks = self.server.log().lower().count("traceback")

    def _run(self):
        self.operator, self.uploads = Operator(self.server, self.seconds_between), Uploads(self.server)
        self.resources = Resources(self.server.process.pid)
        self.uploads.start()
        with Pinger(self.server, PINGER, 0.02) as self.pinger:
            self._play()
        self.uploads.stop()
        self._settle()
        self.listing = self.operator.shell.wasm("list").lines
        for session in self.sessions:
            session.close()

    def _play(self):
        now = time.monotonic()
        end, due = now + self.seconds, now
        names, weights = list(WEIGHTS), list(WEIGHTS.values())
        while now < end:
            while due <= now:
                action = self.chance.choices(names, weights)[0]
                self.actions[action] += 1
                getattr(self.chance.choice(self.sessions), action)()
                due += 1 / self.per_second
            self.operator.go_on(now)
            self.resources.look(now)
            self._read(max(0.0, min(due, end) - now))
            now = time.monotonic()

    def _read(self, seconds):
        streams = {stream.socket: (session, stream) for session in self.sessions for stream in session.streams()}
        for ready in select.select([*streams, self.operator.shell.socket], [], [], seconds)[0]:
            if ready not in streams:
                self.operator.read()
                continue
            session, stream = streams[ready]
            stream.read_available()
            session.take(stream)

    # What waits for a sleeping phone comes, and what is on its way, and what was doubled late.
    def _settle(self):
        deadline = time.monotonic() + SETTLE_SECONDS
        while time.monotonic() < deadline and (self.operator.line or self.missing()):
            self._read(0.1)
        for session in self.sessions:
            for stream in session.streams():
                stream.stanzas[:0] = stream.synchronise()
                session.take(stream)

    # Facts, to be compared with what they have to be.

    def _ways(self):
        """(kind, sender, recipient, the numbers that were sent and not refused)"""
        for (kind, sender), numbers in self.ledger.sent.items():
            wanted = [number for number in numbers if not self.ledger.refused[kind, sender, number]]
            if kind == DIRECT:
                yield kind, sender, (sender + 1) % len(self.sessions), wanted
            elif kind == ROOM:
                for session in self.sessions:
                    if session.room == self.sessions[sender].room:
                        yield kind, sender, session.number, wanted

    def missing(self):
        return [(kind, sender, recipient, number) for kind, sender, recipient, wanted in self._ways()
                for number in set(wanted) - set(self.ledger.arrived[kind, sender, recipient])]

    def doubled(self):
        return [(way, number) for way, numbers in self.ledger.arrived.items() for number, times in Counter(numbers).items() if times > 1]

    def reordered(self):
        return [way for way, numbers in self.ledger.arrived.items() if any(later < earlier for earlier, later in pairwise(numbers))]

    def refused(self, *kinds):
        return [entry for entry, times in self.ledger.refused.items() if times and entry[0] in kinds]

    def not_refused(self):
        """What had to be, and of which the sender heard nothing."""
        return [(sender, number) for (kind, sender), numbers in self.ledger.sent.items() if kind == REFUSED
                for number in numbers if self.ledger.refused[kind, sender, number] != 1]

    def copied_twice(self):
        return [entry for entry, times in self.ledger.copies.items() if times > 1]

    def failures(self):
        """What went wrong, as sentences."""
        facts = {
            "lost": self.missing(), "doubled": self.doubled(), "copied twice": self.copied_twice(), "out of order": self.reordered(),
            "encrypted and refused": self.refused(DIRECT, ROOM), "canaries or unwanted delivered": self.ledger.canaries,
            "canaries or unwanted not refused once": self.not_refused(), "commands refused": self.operator.refused,
            "errors logged": self.errors, "tracebacks": [None] * self.tracebacks,
            "uploads that failed": [status for status in self.uploads.statuses if status != 201],
            "exit status": [self.exit_status] if self.exit_status else [],
            "growth": self.resources.excesses(),
        }
        return [f"{name}: {len(found)}, such as {found[:3]}" for name, found in facts.items() if found]

    def report(self):
        sent = {kind: sum(len(numbers) for (of, _), numbers in self.ledger.sent.items() if of == kind) for kind in (DIRECT, ROOM, REFUSED)}
        pings = [seconds * 1000 for _, seconds in self.pinger.found]
        arrived = sum(map(len, self.ledger.arrived.values()))
        rows = [
            ("sessions, seconds", f"{len(self.sessions)}, {self.seconds:.0f}"),
            ("done", ", ".join(f"{name} {times}" for name, times in self.actions.most_common())),
            ("by the operator", ", ".join(f"{name} {times}" for name, times in self.operator.done.most_common())),
            ("encrypted, sent", f"{sent[DIRECT]} direct, {sent[ROOM]} in rooms"),
            ("encrypted, arrived", f"{arrived}, besides {sum(self.ledger.copies.values())} carbons"),
            ("to be refused", f"{sent[REFUSED]}, of them delivered: {len(self.ledger.canaries)}"),
            ("uploads", ", ".join(f"{status}: {times}" for status, times in self.uploads.statuses.items())),
            ("ping of another client, ms", "  ".join(f"p{share * 100:g} {percentile(pings, share):.2f}" for share in (0.5, 0.99, 1))),
            *self.resources.rows(),
        ]
        return "\n".join(f"  {name:28}{text}" for name, text in rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--sessions", type=int, default=100)
    parser.add_argument("--per-second", type=float, default=40, help="what all sessions do together")
    parser.add_argument("--version", default="13.0", help="13.0 or 0.12")
    arguments = parser.parse_args()
    soak = Soak(arguments.version, arguments.minutes * 60, arguments.sessions, arguments.per_second, phones=20)
    print(f"Prosody {arguments.version}\n{soak.report()}")
    print("\n".join(line for line in soak.listing))
    raise SystemExit("\n".join(soak.failures()) or 0)


if __name__ == "__main__":
    main()
