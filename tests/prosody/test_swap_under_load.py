"""A policy is swapped four times a second under traffic, and nobody notices but the operator."""

import os

import pytest

from marking import JAVASCRIPT
from swap_under_load import Run

SECONDS = float(os.environ.get("SWAP_SECONDS", "6"))
pytestmark = pytest.mark.alone
# What can be promised beside everything else that a machine does; tests/bench/swap.py has the figures.
LONGEST_PING = 0.25


@pytest.mark.parametrize("kind", ["rust", "javascript"])
def test_every_message_is_judged_once_by_one_version(version, kind, record_property):
    if kind == "javascript" and not JAVASCRIPT.exists():
        pytest.skip("built by: make javascript-guest")
    run = Run(version, kind, [(SECONDS, True)], holds_collector=True)
    traffic, swaps = run.traffic, run.swaps
    assert swaps.failed == []
    assert len(swaps.done) >= SECONDS / 0.25 * 0.5
    assert (traffic.unexpected, traffic.lost(), traffic.doubled(), traffic.reordered()) == ([], [], [], [])
    assert traffic.not_marked_once() == []
    assert set(traffic.versions()) == {"one", "two"}
    # Each version takes the count over from the one before, so what was judged twice or by both shows in it. The
    # canaries are counted too, but their numbers are not delivered.
    judged = traffic.judged()
    assert len(set(judged)) == len(judged)
    assert judged[-1] <= traffic.count + traffic.canaries_sent()
    assert traffic.canaries_sent() >= SECONDS * 10
    assert (traffic.canaries_delivered, traffic.canaries_refused()) == (0, traffic.canaries_sent())
    assert run.pinger.longest() < LONGEST_PING
    record_property("figure", f"{kind} on {version}: {len(swaps.done)} swaps, {traffic.count} messages, each judged once; "
                              f"{traffic.canaries_sent()} canaries, none delivered; longest ping {run.pinger.longest() * 1000:.0f} ms")
