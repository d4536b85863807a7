"""kill -9 at a random moment of swaps and store writes: afterwards the old or the new generation decides, with its store."""

import os
import random
import threading
import time

from marking import HOST, POLICY, RUST, Running, delivers_canary, entry, variant
from stream import Closed
from traffic import Swaps, Traffic
from world import wait_until_settled

KILLS = int(os.environ.get("KILLS", "8"))
LONGEST_LIFE = 0.8
COUNTING = {"counts": True}


def settings(version):
    return {"settings": {"version": version, **COUNTING}}


def play_until_killed(server, choices, seconds):
    """Messages and swaps as fast as they go; returns the highest count that was delivered, and the canaries."""
    traffic, swaps = Traffic(server, [("alice", "bob"), ("bob", "alice")], per_second=300), Swaps(server, choices, 0.001)
    killer = threading.Timer(seconds, server.process.kill)
    killer.start()
    try:
        traffic.run(seconds + 20, swaps)
    except (Closed, OSError):
        pass
    killer.join()
    server.kill()
    drain(traffic)
    assert swaps.failed == []
    counts = [int(mark["count"]) for sender in traffic.senders for _, found in sender.arrived for mark in found]
    return max(counts, default=0), traffic.canaries_delivered, len(swaps.done)


def drain(traffic):
    """What was delivered before the end but not read yet counts too."""
    for stream in traffic.streams.values():
        try:
            while True:
                stream.read_available()
        except (Closed, OSError):
            traffic._take(stream)


def test_comes_back_whole(version, record_property):
    seed = int(os.environ.get("KILL_SEED", time.time_ns() % 1_000_000))
    moments = random.Random(seed)
    choices = [(variant(RUST, "two"), settings("two")), (RUST, settings("one"))]
    with Running(version, {POLICY: entry(settings=COUNTING)}) as it:
        versions = {}
        for file, flags in choices:
            assert it.swap(file, **flags).ok
            versions[it.identity()] = it.mark()["version"]
        assert len(versions) == 2
        server, swapped, last = it.server, 0, 0
        for number in range(KILLS):
            where = f"kill {number + 1} of {KILLS}, seed {seed}"
            count, canaries, swaps = play_until_killed(server, choices, moments.uniform(0.02, LONGEST_LIFE))
            last, swapped = max(last, count), swapped + swaps
            assert canaries == 0, where
            server.start()
            it.connect()
            # Before anybody waited for anything.
            assert not delivers_canary(it.alice, it.bob), where
            assert " running " in wait_until_settled(server), where
            assert it.identity() in versions, where
            mark = it.mark()
            assert mark["version"] == versions[it.identity()], where
            assert int(mark["count"]) > last, where
            history = it.shell.wasm("history", HOST, POLICY)
            assert history.ok and history.lines, where
            it.alice.close(), it.bob.close()
        assert swapped >= KILLS, "too few swaps were under way to be killed"
        record_property("figure", f"{version}: killed {KILLS} times amid {swapped} swaps, came back whole each time")
        assert [text for text in it.errors() if "cannot be read" in text or "Reading the store" in text] == []
