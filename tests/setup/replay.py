#!/usr/bin/env python3
"""Judges every case of the corpora offline with the installed program, and shows those that came out otherwise.

replay.py SETTINGS CORPUS.json...
"""

import json
import os
import subprocess
import sys
from pathlib import Path

STAGE = Path(__file__).resolve().parents[2] / "target" / "stage" / "usr"


def replay(settings, corpus):
    command = [STAGE / "bin" / "prosody-wasm", "replay", "--policy", "e2ee", "--settings", settings, corpus]
    environment = {**os.environ, "PROSODY_WASM_PATH": str(STAGE / "lib" / "prosody" / "wasm")}
    result = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    lines = result.stdout.splitlines()
    answers = {answer["id"]: answer for answer in map(json.loads, lines[:-1])}
    for case in json.loads(Path(corpus).read_text()):
        show_difference(case, answers.get(case["id"]))
    print(result.stderr, end="", file=sys.stderr)
    print(f"{corpus}: {lines[-1] if lines else 'no answer'}", flush=True)
    return result.returncode


def show_difference(case, answer):
    verdict = answer["verdict"] if answer else "no answer"
    if verdict != case["expect"] and not (case["expect"] == "STRIP" and verdict == "BLOCK"):
        print(f"  {case['id']}: {verdict} instead of {case['expect']} ({answer['reason'] if answer else '-'})\n    {case['xml'][:300]}")


if __name__ == "__main__":
    statuses = [replay(sys.argv[1], corpus) for corpus in sys.argv[2:]]
    sys.exit(1 if any(statuses) or not statuses else 0)
