"""What a message costs in a real Prosody, as live.py has it, in instructions of the server's main thread: callgrind counts them, so
that nothing else on the machine is in the figures.

A server is brought to where nothing is new any more without being counted, and then counted in windows: from one to the next
Lua's collector is somewhere else, from one start to another memory is laid out differently, and that is what is left of the spread.
"""

import re
import sys
import tempfile
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import callgrind
from client import Client
from live import IS_QUICK, KINDS, SETTINGS, Measured, report, samples
from places import PROJECT, RUNS, STAGE
from world import policy_list

STARTS, WINDOWS, MESSAGES = (1, 2, 20) if IS_QUICK else (2, 3, 300)
SLOWNESS = 30  # of the server; what is waited for has its usual deadline that many times
BESIDE_EACH_OTHER = 2
# Calls of 5 ms, by the clock under valgrind, are none that a policy is to be cut for.
LIMITS = {"milliseconds": 1000, "budget": 1000}


class PatientClient(Client):
    seconds = Client.seconds * SLOWNESS


class Counted(Measured):
    client = PatientClient

    def __init__(self, stack, version, setting, kind, folder):
        self.output = Path(tempfile.mkdtemp(dir=folder)) / "counted"
        self.dumps = 0
        super().__init__(stack, version, setting, kind, {"wasm_cache_path": str(folder / "cache")},
                         under=callgrind.command(self.output, "--instr-atstart=no"), slowness=SLOWNESS)

    @staticmethod
    def of_host(setting, kind):
        modules, options = SETTINGS[setting][kind]
        policies = {name: {**policy, "limits": LIMITS} for name, policy in options.get("wasm_policies", {}).items()}
        return modules, {**options, **({"wasm_policies": policies} if policies else {})}

    def tell(self, words):
        callgrind.tell(self.server.process.pid, self.output, words)

    def count(self, stanza):
        """Thousands of instructions for each message, of one window."""
        self.send(stanza, MESSAGES)
        self.tell("dump")
        self.dumps += 1
        return callgrind.of_main_thread(f"{self.output}.{self.dumps}") / MESSAGES / 1000

    def assert_none_failed(self):
        """What a policy that fails takes is not what it takes."""
        failures = re.findall(r"(?:\d+/){4}(\d+)", policy_list(self.server))
        assert failures and not any(map(int, failures)), policy_list(self.server)


def counts(version, folder, setting, kind):
    """{ case: [thousands of instructions, …] } of one start."""
    with ExitStack() as stack:
        server = Counted(stack, version, setting, kind, folder)
        for stanza in samples().values():
            server.send(stanza, MESSAGES)
        server.tell("instrumentation on")
        found = {case: [server.count(stanza) for _ in range(WINDOWS)] for case, stanza in samples().items()}
        if "wasm" in SETTINGS[setting][kind][0]:
            server.assert_none_failed()
        return found


def main(version):
    RUNS.mkdir(parents=True, exist_ok=True)
    (PROJECT / "target/bench").mkdir(parents=True, exist_ok=True)
    found = defaultdict(list)
    with tempfile.TemporaryDirectory(dir=PROJECT / "target/bench") as folder:
        folder = Path(folder)
        callgrind.compile_for_any_processor(folder / "cache", *sorted((STAGE / "lib/prosody/wasm").glob("*.wasm")))
        # The last of them take longest and come first, so that none is left to run alone.
        starts = STARTS * KINDS[::-1]
        with ThreadPoolExecutor(BESIDE_EACH_OTHER) as pool:
            for start, cases in zip(starts, pool.map(lambda start: counts(version, folder, *start), starts)):
                for case, values in cases.items():
                    found[case, start] += values
    for case in samples():
        for setting, kinds in SETTINGS.items():
            report(case + setting, "thousand", {kind: found[case, (setting, kind)] for kind in kinds})


if __name__ == "__main__":
    main(*sys.argv[1:] or ["13.0"])
