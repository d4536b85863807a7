"""What a swap costs: phases with a swap every 250 ms and phases without take turns, under 200 messages a second.

Lua's garbage collector stalls Prosody longer than a swap does, with and without one; so everything is measured as it
is, and once more with the collector held off, which shows the swap. Fails when a message was lost, doubled, reordered or marked
otherwise than once, or when a canary got through.
"""

import itertools
import os
import sys

from measuring import emit
from stalls import percentile
from swap_under_load import Run

IS_QUICK = bool(os.environ.get("BENCH_QUICK"))
SWAPPING_SECONDS, QUIET_SECONDS, PHASES = (2, 1, 1) if IS_QUICK else (5, 2.5, 12)
POLICIES = {"rust": "Rust", "javascript": "JavaScript"}


def report(run, title):
    def milliseconds(case, what, values, reference=None):
        emit(f"{title}: {case}", what, "ms", [value * 1000 for value in values], reference)

    with_swaps, without = "with swaps", "without"
    milliseconds("from the command to its answer", "a swap", [swap.answer.seconds for swap in run.swaps.done])
    for case, found in (("ping of another client", run.pings), ("longest stall in 250 ms", run.longest_stalls)):
        milliseconds(case, with_swaps, found(True), without)
        milliseconds(case, without, found(False))
        milliseconds(f"{case}, p99", with_swaps, [percentile(found(True), 0.99)], without)
        milliseconds(f"{case}, p99", without, [percentile(found(False), 0.99)])
    resident = [phase.resident / 1024 for phase in run.phases if phase.swaps]
    emit(f"{title}: resident memory", "after the first phase", "MiB", resident[:1])
    emit(f"{title}: resident memory", "after the last", "MiB", resident[-1:], "after the first phase")


def mistakes(run):
    traffic = run.traffic
    facts = {
        "swaps refused": run.swaps.failed, "bounced": traffic.unexpected, "lost": traffic.lost(), "doubled": traffic.doubled(),
        "senders reordered": traffic.reordered(), "not marked once": traffic.not_marked_once(),
        "canaries delivered": [None] * traffic.canaries_delivered,
        "judged twice": [number for number, copies in itertools.groupby(traffic.judged()) if len(list(copies)) > 1],
    }
    return [f"{name}: {found[:3]}" for name, found in facts.items() if found]


def main(version):
    failed = []
    phases = [(SWAPPING_SECONDS, True), (QUIET_SECONDS, False)] * PHASES
    for kind, name in POLICIES.items():
        for holds_collector in (False, True):
            run = Run(version, kind, phases, {"log": []}, holds_collector)
            report(run, name + (", collector held off" if holds_collector else ""))
            failed += mistakes(run)
    raise SystemExit("\n".join(failed) if failed else 0)


if __name__ == "__main__":
    main(*sys.argv[1:] or ["13.0"])
