"""Valgrind's callgrind, which counts the instructions that a program takes: the same each time and on each machine of a kind, but
for the versions of Lua and libc. It makes the program some fifty times slower.
"""

import re
import subprocess
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
BASELINE = PROJECT / "target/release/examples/baseline"
ANSWER_SECONDS = 300


def compile_for_any_processor(cache, *components):
    """What the server compiles may have instructions that valgrind does not know."""
    subprocess.run([BASELINE, cache, *components], cwd=PROJECT, check=True)


def command(output, *options):
    """What is to be put before the command of a program that is no script. Threads are counted each on its own: the one that cuts long
    calls works by the clock."""
    return ["valgrind", "--quiet", "--tool=callgrind", f"--callgrind-out-file={output}", f"--vgdb-prefix={output}.vgdb",
            "--separate-threads=yes", *options]


def tell(pid, output, words):
    """Has callgrind do something while the program runs: "instrumentation on" where it started with --instr-atstart=no, "dump"."""
    answer = subprocess.run(["vgdb", f"--vgdb-prefix={output}.vgdb", f"--pid={pid}", *words.split()],
                            capture_output=True, text=True, timeout=ANSWER_SECONDS)
    if answer.returncode != 0:
        raise RuntimeError(f"callgrind cannot be told to {words}: {answer.stdout}{answer.stderr}")


def of_main_thread(output):
    """What was counted when the program ended, or with `.1`, `.2`, … behind the name, from one dump to the next."""
    return int(re.search(r"^totals: (\d+)", Path(f"{output}-01").read_text(), re.MULTILINE)[1])
