#!/usr/bin/env python3
"""Runs the test layers (make targets) one after the other, then prints what each of them counted and the sum. What they
printed is left in target/results, where promises.py reads which test of which promise passed."""

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import promises

RESULTS = promises.PROJECT / "target" / "results"

# What the runners print when they end: cargo test, busted, `prosody-wasm replay`, pytest.
CARGO = re.compile(r"test result: \w+\. (\d+) passed; (\d+) failed")
BUSTED = re.compile(r"(\d+) success\w* / (\d+) failures? / (\d+) errors?")
REPLAY = re.compile(r"\.json: (\d+) of (\d+)")
PYTEST = re.compile(r"^(\d+) passed, (\d+) failed")


def counts(line):
    line = re.sub(r"\x1b\[[0-9;]*m", "", line)
    if found := CARGO.search(line) or PYTEST.search(line):
        return int(found[1]), int(found[2])
    if found := BUSTED.search(line):
        return int(found[1]), int(found[2]) + int(found[3])
    if found := REPLAY.search(line):
        return int(found[1]), int(found[2]) - int(found[1])
    return 0, 0


def run(layer):
    print(f"\n── {layer} " + "─" * (76 - len(layer)), flush=True)
    started = time.monotonic()
    passed = failed = 0
    process = subprocess.Popen(["make", "--no-print-directory", layer], stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    with open(RESULTS / f"{layer}.log", "w") as log:
        for line in process.stdout:
            print(line, end="", flush=True)
            log.write(line)
            more_passed, more_failed = counts(line)
            passed, failed = passed + more_passed, failed + more_failed
    # A layer that broke before its runner could count is a failure too, and so is one that tested nothing.
    if (process.wait() != 0 and failed == 0) or passed + failed == 0:
        failed += 1
    return layer, passed, failed, time.monotonic() - started


def main(layers):
    shutil.rmtree(RESULTS, ignore_errors=True)
    RESULTS.mkdir(parents=True)
    results = [run(layer) for layer in layers]
    print("\n── all layers " + "─" * 66)
    for layer, passed, failed, seconds in results:
        print(f"  {layer:<14} {passed:>6} passed {failed:>4} failed {seconds:>7.0f} s")
    passed, failed = (sum(result[column] for result in results) for column in (1, 2))
    broken = promises.main(RESULTS, RESULTS / "promises.md")
    print(f"\n{passed} passed, {failed} failed")
    return 1 if failed or broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
