"""Memory of a further policy and a further host; the start with ten policies, compiled before and not; the library's size.

Each figure is of a process of its own: what another left in the memory of this one would be counted.
"""

import os
import shutil
import subprocess

from marking import variant
from measuring import emit
from places import PROJECT, STAGE, TEST_GUESTS

CACHE = PROJECT / "target/bench/cache"
LIBRARY = STAGE / "lib/prosody/modules/mod_wasm/prosody_wasm.so"
# Files that differ, as those of several authors do.
VARIANTS = PROJECT / "target/bench/variants"
POLICIES = 10
MORE_POLICIES, MORE_HOSTS = 51, 101
ROUNDS = 2 if os.environ.get("BENCH_QUICK") else 7


def figure(what, count):
    command = ["lua5.4", "tests/bench/footprint.lua", what, str(count), str(CACHE)]
    return float(subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=True).stdout)


def per_further(what, few, many):
    """KiB of each that is added to a few."""
    return (figure(what, many) - figure(what, few)) / (many - few)


def start(is_warm):
    if not is_warm:
        shutil.rmtree(CACHE, ignore_errors=True)
    return figure("start", POLICIES)


def main():
    shutil.rmtree(CACHE, ignore_errors=True)
    cold = [start(is_warm=False) for _ in range(min(ROUNDS, 3))]
    warm = [start(is_warm=True) for _ in range(ROUNDS)]
    emit(f"start with {POLICIES} policies", "compiled before", "ms", warm)
    emit(f"start with {POLICIES} policies", "nothing compiled", "ms", cold, "compiled before")
    for number in range(1, MORE_POLICIES + 1):
        variant(TEST_GUESTS / "looking.wasm", str(number), VARIANTS)
    figure("policies", MORE_POLICIES)  # so that they are compiled, which takes memory, too
    emit("private memory", "each further policy", "KiB", [per_further("policies", 1, MORE_POLICIES) for _ in range(ROUNDS)])
    emit("private memory", "each further host", "KiB", [per_further("hosts", 1, MORE_HOSTS) for _ in range(ROUNDS)])
    emit("the library", "stripped", "MB", [LIBRARY.stat().st_size / 1e6])


if __name__ == "__main__":
    main()
