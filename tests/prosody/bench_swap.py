"""What a swap costs: phases with a swap every 250 ms and phases without take turns, under 200 messages a second.

Lua's garbage collector stalls Prosody longer than a swap does, with and without one; so everything is measured as it
is, and once more with the collector held off, which shows the swap. Fails when a message was lost, doubled, reordered or marked otherwise than once, or when a canary got through.
"""

import argparse
import itertools

from stalls import percentile
from swap_under_load import Run

SWAPPING_SECONDS, QUIET_SECONDS = 5, 2.5


def milliseconds(values):
    return "  ".join(f"{percentile(values, share) * 1000:8.2f}" for share in (0.5, 0.99, 1))


def report(run):
    traffic, done = run.traffic, run.swaps.done
    print(f"  {'milliseconds':34}{'p50':>8}  {'p99':>8}  {'max':>8}")
    print(f"  {'from the command to its answer':34}{milliseconds([swap.answer.seconds for swap in done])}")
    for with_swaps, name in ((True, "with swaps"), (False, "without swaps")):
        print(f"  {'ping of another client, ' + name:34}{milliseconds(run.pings(with_swaps))}")
        print(f"  {'longest stall in 250 ms, ' + name[:13]:34}{milliseconds(run.longest_stalls(with_swaps))}")
    resident = [phase.resident / 1024 for phase in run.phases if phase.swaps]
    print(f"  {len(done)} swaps, {traffic.count} messages, {traffic.canaries_sent()} canaries; "
          f"resident memory {resident[0]:.1f} MB after the first phase, {resident[-1]:.1f} MB after the last")


def mistakes(run):
    traffic = run.traffic
    facts = {
        "swaps refused": run.swaps.failed, "bounced": traffic.unexpected, "lost": traffic.lost(), "doubled": traffic.doubled(),
        "senders reordered": traffic.reordered(), "not marked once": traffic.not_marked_once(),
        "canaries delivered": [None] * traffic.canaries_delivered,
        "judged twice": [number for number, copies in itertools.groupby(traffic.judged()) if len(list(copies)) > 1],
    }
    print("  " + ", ".join(f"{name}: {len(found)}" for name, found in facts.items()))
    return [f"{name}: {found[:3]}" for name, found in facts.items() if found]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--version", default="13.0", help="13.0 or 0.12")
    parser.add_argument("--seconds", type=float, default=60, help="of swapping")
    parser.add_argument("--policy", choices=["rust", "javascript"], action="append")
    arguments = parser.parse_args()
    failed = []
    for kind in arguments.policy or ["rust", "javascript"]:
        phases = [(SWAPPING_SECONDS, True), (QUIET_SECONDS, False)] * max(1, round(arguments.seconds / SWAPPING_SECONDS))
        for holds_collector in (False, True):
            run = Run(arguments.version, kind, phases, {"log": []}, holds_collector)
            print(f"Prosody {arguments.version}, policy in {kind}, {run.choices[0][0].stat().st_size / 1e6:.1f} MB"
                  + (", Lua's collector held off" if holds_collector else ""))
            report(run)
            failed += mistakes(run)
    raise SystemExit("\n".join(failed) if failed else 0)


if __name__ == "__main__":
    main()
