#!/usr/bin/env python3
"""Judges every case of the corpora offline with the installed program, and shows those that came out otherwise. A second time
the last comes first: the same stanza gets the same verdict and the same edits, whatever was judged before it.

replay.py SETTINGS CORPUS.json...
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

STAGE = Path(__file__).resolve().parents[2] / "target" / "stage" / "usr"


def run(settings, corpus):
    command = [STAGE / "bin" / "prosody-wasm", "replay", "--policy", "e2ee", "--settings", settings, corpus]
    environment = {**os.environ, "PROSODY_WASM_PATH": str(STAGE / "lib" / "prosody" / "wasm")}
    return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)


def answers_of(result):
    return {answer["id"]: answer for answer in map(json.loads, result.stdout.splitlines()[:-1])}


def replay(settings, corpus):
    result, cases = run(settings, corpus), json.loads(Path(corpus).read_text())
    answers, lines = answers_of(result), result.stdout.splitlines()
    for case in cases:
        show_difference(case, answers.get(case["id"]))
    print(result.stderr, end="", file=sys.stderr)
    print(f"{corpus}: {lines[-1] if lines else 'no answer'}", flush=True)
    return result.returncode or replay_backwards(settings, cases, answers)


def replay_backwards(settings, cases, answers):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as backwards:
        json.dump(cases[::-1], backwards)
        backwards.flush()
        again = answers_of(run(settings, backwards.name))
    different = [identity for identity, answer in answers.items() if again.get(identity) != answer]
    for identity in different:
        print(f"  {identity}: {answers[identity]} the first time, {again.get(identity)} the second")
    return 1 if different else 0


def show_difference(case, answer):
    verdict = answer["verdict"] if answer else "no answer"
    if verdict != case["expect"] and not (case["expect"] == "STRIP" and verdict == "BLOCK"):
        print(f"  {case['id']}: {verdict} instead of {case['expect']} ({answer['reason'] if answer else '-'})\n    {case['xml'][:300]}")


if __name__ == "__main__":
    statuses = [replay(sys.argv[1], corpus) for corpus in sys.argv[2:]]
    sys.exit(1 if any(statuses) or not statuses else 0)
