"""However often a policy is swapped, the server holds no more than after the first tenth."""

import os
import re

from marking import HOST, POLICY, RUST, entry, marking_server, variant
from shell import Shell, flag
from world import wait_until_settled

SWAPS = int(os.environ.get("SWAPS", "300"))
SAMPLES = 20
SECONDS_EACH = 1
# What may come and go: the allocator's arenas, the collector's rhythm, a connection or a file open at the moment.
ALLOWED = {"resident": 2048, "mappings": 12, "descriptors": 1, "threads": 0, "registry": 4, "lua": 64}


def lua_list(choices):
    return "{" + ", ".join("{" + ", ".join(f'[==[{word}]==]' for word in choice) + "}" for choice in choices) + "}"


def test_nothing_grows(version):
    with marking_server(version, {POLICY: entry()}, {"log": []}) as server:
        wait_until_settled(server)
        choices = [[file, flag("settings", {"version": version}), flag("probation", 60)]
                   for file, version in ((variant(RUST, "two"), "two"), (RUST, "one"))]
        answer = Shell(server).run(f'many:swaps("{HOST}", "{POLICY}", {SWAPS}, {SAMPLES}, {lua_list(choices)})', SWAPS * SECONDS_EACH + 60)
        assert answer.ok and answer.text.endswith(f"{SWAPS} swaps"), answer
        history = Shell(server).wasm("history", HOST, POLICY)
    samples = [{name: int(value) for name, value in re.findall(r"(\w+)=(\d+)", line)} for line in answer.lines]
    print("\n".join(answer.lines))
    assert len(samples) >= SAMPLES
    # It did swap: the history is full of both.
    assert len(history.lines) == 20, history
    settled = [sample for sample in samples if sample["swaps"] >= SWAPS / 10]
    # A generation that was just left may still be given back, in a thread; what stays is in all of the last ones.
    grown = {name: min(sample[name] for sample in settled[-3:]) - settled[0][name] for name in ALLOWED}
    assert {name: by for name, by in grown.items() if by > ALLOWED[name]} == {}, answer
