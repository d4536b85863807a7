"""What a live server recorded is answered offline as it was answered then, with the same fuel each time."""

import json
import subprocess

import pytest

from canaries import CANARY
from marking import HOST, POLICY, RUST, Running, entry
from places import STAGE


def replay(recording, *words):
    command = [STAGE / "bin" / "prosody-wasm", "replay", "--policy", RUST, *words, recording]
    result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
    *answers, summary = result.stdout.splitlines()
    return result.returncode, [json.loads(line) for line in answers], summary, result.stderr


@pytest.mark.parametrize("redact", [False, True])
def test_is_answered_again_as_it_was(version, tmp_path, redact):
    recording, saved = tmp_path / "recording.jsonl", tmp_path / "saved.jsonl"
    with Running(version, {POLICY: entry(settings={"counts": True})}) as it:
        it.mark()
        assert it.shell.wasm("record", HOST, POLICY, recording, count=20, **({"redact": True} if redact else {})).ok
        for _ in range(4):
            it.mark()
        assert "8 stanzas" in it.shell.wasm("record", HOST, POLICY, stop=True).text
    text = recording.read_text()
    assert recording.stat().st_mode & 0o777 == 0o600
    assert (CANARY in text and f"alice@{HOST}" in text) != redact
    status, first, summary, error = replay(recording, "--save", saved)
    assert status == 0 and summary.startswith("8 of 8 as recorded"), (summary, error)
    assert all(answer["fuel"] > 0 for answer in first)
    # What was saved holds the fuel, so this compares that too.
    status, second, again, error = replay(saved)
    assert (status, again) == (0, summary), error
    assert [answer["fuel"] for answer in second] == [answer["fuel"] for answer in first]
    status, _, summary, _ = replay(recording, "--settings", '{"version":"another"}')
    assert status == 1 and not summary.startswith("8 of 8")
