#!/usr/bin/env python3
"""Runs the fuzz targets one after the other: run.py SECONDS [TARGET]. Says how many inputs each tried and what it found.

What is learned stays in target/fuzz/corpus, what is found in target/fuzz/findings. The seeds in this folder are only read.
"""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
BUILT = HERE.parent.parent / "target" / "fuzz"
# By value. Each is in the crate here, or in the one of those that are compared with Prosody's own Lua.
TARGETS = {
    "abi-guest": "fuzzer",
    "component-load": "fuzzer",
    "tree-roundtrip": "fuzzer-lua",
    "xml-diff": "fuzzer-lua",
    "formats": "fuzzer",
    "config-from-lua": "fuzzer-lua",
    "policy-metamorphic": "fuzzer",
    "lifecycle": "fuzzer",
    "hostcall-sequence": "fuzzer",
    "jid-diff": "fuzzer-lua",
    "store-crash": "fuzzer-lua",
}
# Compiling and waiting for a time limit are part of an input of some: nothing is called slow that is only that.
LIMITS = ("-timeout=60", "-rss_limit_mb=3000", "-max_len=16384", "-len_control=20")


def build(crate: Path) -> None:
    environment = {**os.environ, "CARGO_TARGET_DIR": str(BUILT), "RUSTC_WRAPPER": str(HERE / "instrument.sh")}
    subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=crate, env=environment, check=True)


def prepare(targets: list[str]) -> None:
    """Builds what these need."""
    programs = {TARGETS[target] for target in targets}
    if "fuzzer" in programs:
        build(HERE)
    if "fuzzer-lua" in programs:
        build(HERE / "lua")


def fuzz(target: str, seconds: int) -> tuple[int, float, list[Path]]:
    """How many inputs were tried in how many seconds, and what was found."""
    corpus, findings = BUILT / "corpus" / target, BUILT / "findings" / target
    for folder in (corpus, findings):
        folder.mkdir(parents=True, exist_ok=True)
    before, known = time.monotonic(), set(findings.iterdir())
    log = BUILT / f"{target}.log"
    arguments = [f"-max_total_time={seconds}", f"-artifact_prefix={findings}/", "-print_final_stats=1", *LIMITS]
    with log.open("wb") as output:
        command = [BUILT / "release" / TARGETS[target], *arguments, corpus, HERE / "seeds" / target]
        status = subprocess.run(
            command, stdout=output, stderr=subprocess.STDOUT, check=False, env={**os.environ, "FUZZ_TARGET": target}
        ).returncode
    text = log.read_text(errors="replace")
    tried = re.search(r"stat::number_of_executed_units:\s*(\d+)", text) or re.search(r"#(\d+)\D[^\n]*\Z", text)
    found = sorted(set(findings.iterdir()) - known)
    if status != 0 and not found:
        found = [log]
    return int(tried.group(1)) if tried else 0, time.monotonic() - before, found


def main() -> int:
    seconds, wanted = int(sys.argv[1]), sys.argv[2:] or list(TARGETS)
    unknown = set(wanted) - set(TARGETS)
    if unknown:
        print(f"error: there is no target {', '.join(unknown)}; there are: {', '.join(TARGETS)}", file=sys.stderr)
        return 2
    prepare(wanted)
    total = 0
    print(f"{'target':20} {'executions':>12} {'seconds':>8} {'findings':>9}", flush=True)
    for target in wanted:
        tried, spent, found = fuzz(target, seconds)
        total += len(found)
        print(f"{target:20} {tried:12,} {spent:8.0f} {len(found):9}", flush=True)
        for path in found:
            print(f"  {path}; the reason is in {BUILT / f'{target}.log'}", flush=True)
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main())
