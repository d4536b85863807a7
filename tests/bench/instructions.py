#!/usr/bin/env python3
"""Counts the instructions of the hot path with valgrind's callgrind. Fails when one of them grew by more than a tenth over
tests/bench/instructions.json; --bless writes that file anew.

Each case is run twice, with few and with many repetitions; the difference has the start of the program left out.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import callgrind
from callgrind import PROJECT

STAGE = Path(os.environ.get("MOD_WASM_STAGE", PROJECT / "target/stage/usr"))
KEPT = PROJECT / "tests/bench/instructions.json"
GUESTS = "target/wasm32-unknown-unknown/guest/examples"
CASES = ["an empty hook, chat", "five look-ups, OMEMO", "e2ee, OMEMO", "no policy wants it"]
FEW, MANY = 100, 600
ROOM = 1.1


def start(case, count, folder):
    output = folder / f"{case}-{count}.out"
    command = [*callgrind.command(output), "lua5.4", "tests/bench/instructions.lua", case, str(count)]
    environment = {**os.environ, "MOD_WASM_CACHE": str((folder / "cache").relative_to(PROJECT))}
    return output, subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def total(output, process):
    printed, _ = process.communicate()
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(process.args)} ended with status {process.returncode}:\n{printed}")
    return callgrind.of_main_thread(output)


def count_all():
    (PROJECT / "target/bench").mkdir(parents=True, exist_ok=True)
    counts = {}
    with tempfile.TemporaryDirectory(dir=PROJECT / "target/bench") as folder:
        folder = Path(folder)
        callgrind.compile_for_any_processor(folder / "cache", f"{GUESTS}/looking.wasm", STAGE / "lib/prosody/wasm/e2ee.wasm")
        for case in CASES:
            few, many = [total(*running) for running in [start(case, count, folder) for count in (FEW, MANY)]]
            counts[case] = round((many - few) / (MANY - FEW))
    return counts


def kept_counts():
    """Those of this kind of machine; there are none of others."""
    return json.loads(KEPT.read_text()).get(os.uname().machine, {}) if KEPT.exists() else {}


def keep(counts):
    every = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    KEPT.write_text(json.dumps({**every, os.uname().machine: counts}, indent=1) + "\n")


def grown(counts, kept):
    """What takes more than it may, in words; also what nobody has counted before."""
    unknown = [f"{case}: is not in {KEPT.name} for {os.uname().machine}; write it with BLESS=1" for case in counts if case not in kept]
    return unknown + [f"{case}: {count:,} instructions, were {kept[case]:,}" for case, count in counts.items()
                      if case in kept and count > kept[case] * ROOM]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bless", action="store_true", help="write the counts anew")
    arguments = parser.parse_args()
    counts, kept = count_all(), kept_counts()
    for case, count in counts.items():
        print(f"{case:24} {count:>9,} instructions" + (f"  × {count / kept[case]:.2f}" if case in kept else ""))
    if arguments.bless:
        keep(counts)
        return 0
    mistakes = grown(counts, kept)
    print("\n".join(mistakes) or "None grew by more than a tenth.")
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main())
