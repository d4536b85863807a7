"""From an empty folder to a policy in a running Prosody, in Rust: as docs/policy-in-ten-minutes.md says, word for word."""

import json
import os
import re
import signal
import subprocess
import time

import pytest

from author import Author, Running
from places import PROJECT, RUNS

PAGE = PROJECT / "docs" / "policy-in-ten-minutes.md"
NEW = "prosody-wasm new no-shouting --lang rust"
CHECK = "prosody-wasm check build/no-shouting.wasm --settings '{\"limit\":2}'"
SHOUT = "<message to='bob@localhost' type='chat' id='shout'><body>Hello!!!</body></message>"
IN_FORCE = r"^The policy no-shouting is in force"
SOURCE = "src/lib.rs"
TEXT = "Please do not shout."


@pytest.fixture(scope="module")
def author(tmp_path_factory):
    """In a project that was just made and built."""
    author = Author(tmp_path_factory.mktemp("author"), RUNS / "author-rust")
    author.done(NEW)
    author.enter("no-shouting")
    assert "implements message-policy" in author.done("prosody-wasm build")
    return author


@pytest.fixture
def edited(author):
    """With another text in the source; afterwards as it was."""
    source, cases = (author.folder / path for path in (SOURCE, "cases/no-shouting.json"))
    texts = source.read_text(), cases.read_text()
    author.replace(SOURCE, TEXT, "Please calm down.")
    assert "src/lib.rs was changed after build/no-shouting.wasm was built" in author.done("prosody-wasm test")
    author.done("prosody-wasm build")
    yield author
    source.write_text(texts[0])
    cases.write_text(texts[1])
    author.done("prosody-wasm build")


def test_it_is_not_made_twice(author):
    outside = Author(author.folder.parent, RUNS / "author-rust")
    status, printed = outside.type(NEW)
    assert status == 2 and "take another name" in printed


def test_its_cases_come_out_as_expected(author):
    printed = author.done("prosody-wasm test")
    assert "3 of 3 as expected" in printed and "message-policy: 3 cases" in printed


def test_what_comes_out_otherwise_is_shown_and_blessed(edited):
    status, printed = edited.type("prosody-wasm test")
    assert status == 1
    assert re.search(rf"✗ shouting is refused\n +text +- {re.escape(TEXT)}\n +text +\+ Please calm down\.", printed), printed
    assert "2 of 3 as expected" in printed
    edited.done("prosody-wasm test --bless")
    assert "3 of 3 as expected" in edited.done("prosody-wasm test")


@pytest.mark.parametrize("does, reason, text", [
    ("loop { std::hint::spin_loop() }", "timeout", "it ran longer than its limits.milliseconds"),
    ("panic!(\"three\")", "trap", "it panicked"),
])
def test_a_policy_that_fails_says_how(author, does, reason, text):
    source = author.folder / SOURCE
    before = source.read_text()
    try:
        author.replace(SOURCE, "        match marks > self.limit {", f"        if marks == 3 {{ {does} }}\n        match marks > self.limit {{")
        author.done("prosody-wasm build")
        status, printed = author.type("prosody-wasm test")
    finally:
        source.write_text(before)
        author.done("prosody-wasm build")
    assert status == 1 and "2 of 3 as expected" in printed, printed
    for line in ("verdict  + failure", f"reason   + {reason}", f"text     + {text}"):
        assert line in printed, printed


def test_a_mistake_in_the_source_is_the_compilers_to_explain(author):
    author.replace(SOURCE, "marks > self.limit", "marks > self.limits")
    status, printed = author.type("prosody-wasm build")
    author.replace(SOURCE, "marks > self.limits", "marks > self.limit")
    assert status == 2 and "src/lib.rs:" in printed and "cargo could not build the policy" in printed, printed


def tool(folder, name, text):
    """A program that stands in for one of Rust's."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def test_what_is_missing_is_said(author, tmp_path):
    """Without cargo, without the target, and before anything was built."""
    fails, says_nowhere = tool(tmp_path, "fails", "exit 101"), tool(tmp_path, "nowhere", "echo /nonexistent")
    for environment, expected in [({"CARGO": "/nonexistent/cargo"}, "install Rust with https://rustup.rs"),
                                  ({"CARGO": fails, "RUSTC": says_nowhere}, "rustup target add wasm32-unknown-unknown")]:
        lacking = Author(author.folder, RUNS / "author-rust")
        lacking.environment.update(environment)
        status, printed = lacking.type("prosody-wasm build")
        assert status == 2 and expected in printed, printed
    fresh = Author(tmp_path, RUNS / "author-rust")
    fresh.done("prosody-wasm new fresh --lang rust")
    fresh.enter("fresh")
    status, printed = fresh.type("prosody-wasm test")
    assert status == 2 and "run `prosody-wasm build` first" in printed, printed


RECORDED = {"kind": "message", "direction": "outgoing", "source": "user", "destination": "user", "now": 1, "xml": SHOUT,
            "verdict": "pass", "reason": "calm", "answer": ""}


def test_what_was_recorded_is_asked_as_well(author, tmp_path):
    header = {"recording": 1, "policy": "no-shouting", "identity": "", "sha256": "", "settings": "{\"limit\":2}",
              "milliseconds": 5, "memory": 16777216, "state": None, "redacted": False}
    old, new = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    old.write_text(f"{json.dumps(header)}\n{json.dumps(RECORDED)}\n")
    status, printed = author.type(f"prosody-wasm test --recording {old}")
    assert status == 1 and "3 of 3 as expected" in printed and "0 of 1 as recorded" in printed, printed
    author.type(f"prosody-wasm replay --policy build/no-shouting.wasm --save {new} {old}")
    assert "1 of 1 as recorded" in author.done(f"prosody-wasm test --recording {new}")


def test_its_own_tests_run_natively(author):
    result = subprocess.run([author.environment["CARGO"], "test", "--quiet"], cwd=author.folder, env=author.environment,
                            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600)
    assert result.returncode == 0 and "1 passed" in result.stdout, result.stdout + result.stderr


def test_a_host_takes_it(author):
    assert "accepted" in author.done(CHECK)


def test_what_it_costs(author):
    printed = author.done("prosody-wasm bench")
    assert re.search(r"^message-policy +3 +0 +\d", printed, re.MULTILINE), printed


def refusal(client):
    """What the client is told when it shouts."""
    client.send(SHOUT)
    client.mark("bob@localhost")
    answer = client.receive()
    assert answer.get("type") == "error", answer.attrib
    return answer.findtext(".//{urn:ietf:params:xml:ns:xmpp-stanzas}text")


def test_it_decides_in_a_server_and_is_exchanged_on_save(author, version):
    text = (author.folder / SOURCE).read_text()
    started = time.monotonic()
    try:
        with Running(author, version) as running:
            running.wait_for(IN_FORCE)
            print(f"{time.monotonic() - started:6.2f} s  until it is in force in Prosody {version}")
            with running.log_in("alice") as alice:
                assert refusal(alice) == TEXT
                running.wait_for(r"^  debug: exclamation marks: 3")
                number, _ = running.wait_for(r"^bounce: shouting \(message, outgoing")
                saved = time.monotonic()
                author.replace(SOURCE, TEXT, "Quiet, please.")
                number, _ = running.wait_for("lib.rs was saved: building", number)
                running.wait_for("^The policy no-shouting was swapped", number, seconds=600)
                print(f"{time.monotonic() - saved:6.2f} s  from saving until it is in force")
                assert refusal(alice) == "Quiet, please."
            assert running.end() == 0
    finally:
        (author.folder / SOURCE).write_text(text)


def children(process):
    return [int(number) for number in open(f"/proc/{process}/task/{process}/children").read().split()]


def is_running(process):
    try:
        return "Z" not in open(f"/proc/{process}/stat").read().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_outlives_it(author, how):
    with Running(author, "13.0") as running:
        running.wait_for(IN_FORCE)
        started = children(running.process.pid)
        assert started, "there is no server"
        running.end(how)
        deadline = time.monotonic() + 20
        while any(map(is_running, started)) and time.monotonic() < deadline:
            time.sleep(0.05)
        left = [process for process in started if is_running(process)]
        for process in left:
            os.kill(process, signal.SIGKILL)
        assert not left


def test_the_pages_commands_go_well_one_after_the_other(tmp_path):
    author = Author(tmp_path, RUNS / "author-rust")
    lines = re.findall(r"^\$ (.*)", PAGE.read_text(), re.MULTILINE)
    assert lines[0] == NEW and lines[-1] == "prosody-wasm run"
    for line in lines[:-1]:
        if line.startswith("cd "):
            author.enter(line.removeprefix("cd "))
        else:
            author.done(line)
    with Running(author, "13.0") as running:
        running.wait_for(IN_FORCE)
