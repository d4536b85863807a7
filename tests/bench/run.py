#!/usr/bin/env python3
"""Runs groups of benchmarks one after the other: a table of each on the terminal, all of them in target/bench/results.json.
A group that is run alone replaces its own rows there. With QUICK=1 there are few rounds, for trying: figures of no worth.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

BENCH = Path(__file__).resolve().parent
PROJECT = BENCH.parents[1]
sys.path[:0] = [str(BENCH), str(PROJECT / "tests/prosody")]

import machine  # noqa: E402
from figures import compared, number, spread  # noqa: E402
from goals import GOALS  # noqa: E402
from measuring import summed  # noqa: E402

RESULTS = PROJECT / "target/bench/results.json"
FLOOR = PROJECT / "target/release/examples/floor"


def in_lua(name):
    return ["lua5.4", str(BENCH / f"{name}.lua")]


def in_python(name):
    return [sys.executable, str(BENCH / f"{name}.py")]


# What each group consists of; docs/performance.md says what it measures.
GROUPS = {
    "crossing": [in_lua("crossing")],
    "floor": [[str(FLOOR)], in_lua("floor")],
    "uninterested": [in_lua("uninterested")],
    "policies": [in_lua("policies")],
    "chains": [in_lua("several")],
    "footprint": [in_python("footprint")],
    "logging": [in_lua("scrubbing")],
    "server": [in_python("live")],
    "server-0.12": [in_python("live") + ["0.12"]],
    "server-instructions": [in_python("live_instructions")],
    "server-instructions-0.12": [in_python("live_instructions") + ["0.12"]],
    "languages": [in_python("authors")],
    "swap": [in_python("swap")],
    "swap-0.12": [in_python("swap") + ["0.12"]],
}
FULL, QUICK = {"BENCH_ROUNDS": "61"}, {"BENCH_ROUNDS": "5", "BENCH_QUICK": "1"}


class Failed(Exception):
    pass


def rows_of(command, rounds):
    path = os.pathsep.join((str(BENCH), str(PROJECT / "tests/prosody")))
    process = subprocess.Popen(command, cwd=PROJECT, env={**os.environ, **rounds, "PYTHONPATH": path}, stdout=subprocess.PIPE, text=True)
    with process:
        rows = [json.loads(line) for line in process.stdout]
    if process.returncode != 0:
        raise Failed(f"{Path(command[-1]).name} ended with status {process.returncode}")
    return rows


def print_table(group, rows):
    widths = [max(len(row[column]) for row in rows) for column in ("case", "what", "unit")]
    print(f"\n── {group} " + "─" * (90 - len(group)))
    case = None
    for row in rows:
        shown = "" if row["case"] == case else row["case"]
        case = row["case"]
        print(f"  {shown:{widths[0]}}  {row['what']:{widths[1]}}  {number(row['median']):>9} {row['unit']:{widths[2]}} "
              f"{'(' + spread(row) + ')':>20}  {compared(row)}")
    sys.stdout.flush()


def print_goals(rows):
    print("\n── goals " + "─" * 85)
    for goal in GOALS:
        figure = goal.figure(rows)
        if figure is not None:
            print(f"  {'✓' if figure <= goal.limit else '✗'} {goal.text}: {number(figure)} {goal.unit}, goal ≤ {goal.limit:g}")


def commit():
    found = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=PROJECT, capture_output=True, text=True)
    return found.stdout.strip() or None


def keep(results, group, rows, is_quick):
    results["machine"] = machine.described()
    results["runs"][group] = {"commit": commit(), "quick": is_quick}
    results["rows"] = [row for row in results["rows"] if row["group"] != group] + rows
    order = list(GROUPS)
    results["rows"].sort(key=lambda row: order.index(row["group"]))
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("group", nargs="*", help=", ".join(GROUPS))
    older = "-0.12"
    groups = parser.parse_args().group or [group for group in GROUPS if not group.endswith(older)]
    if os.environ.get("VERSION") == "0.12":
        groups = [group + older if group + older in GROUPS else group for group in groups]
    if unknown := [group for group in groups if group not in GROUPS]:
        parser.error(f"there is no group {unknown[0]}; there are: {', '.join(GROUPS)}")
    is_quick = bool(os.environ.get("QUICK"))
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {"runs": {}, "rows": []}
    results["rows"] = [row for row in results["rows"] if row["group"] in GROUPS]
    failed = []
    for group in groups:
        started = time.monotonic()
        try:
            rows = summed(group, [row for command in GROUPS[group] for row in rows_of(command, QUICK if is_quick else FULL)])
        except Failed as failure:
            print(f"\n✗ {group}: {failure}", file=sys.stderr)
            failed.append(group)
            continue
        print_table(group, rows)
        print(f"  {time.monotonic() - started:.0f} s")
        keep(results, group, rows, is_quick)
    print_goals([row for row in results["rows"] if row["group"] in groups])
    print(f"\nAll of it is in {RESULTS.relative_to(PROJECT)}." if not failed else f"\nfailed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
