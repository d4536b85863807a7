"""What is said of mistakes, offline and in a server: as in tests/golden/mistakes, which `pytest --bless` writes anew."""

import ctypes
import os
import re
import subprocess

import pytest

from canaries import CANARY
from client import Client
from configuration import Host
from mistake_rows import MISTAKES, command, is_checked
from places import PROJECT, RUNS, STAGE, TARGET
from server import Server
from world import PASSWORD, policy_info, policy_list, shared_cache, wait_until_settled, with_wasm

GOLDEN = PROJECT / "tests" / "golden" / "mistakes"
ASSEMBLER = TARGET / "release" / "examples" / "assemble"
OF_A_FAILURE = ["Last failure", "Failures", "What to do", "It had logged", "Its line", "To do it again"]


@pytest.fixture(scope="session")
def assembled():
    """Components that are held as text, by name."""
    folder = RUNS / "mistakes"
    for text in (PROJECT / "tests" / "mistakes").glob("*.wat"):
        subprocess.run([ASSEMBLER, text, folder / f"{text.stem}.wasm"], check=True)
    for mistake in MISTAKES:
        if str(mistake.component).endswith(".wat"):
            mistake.component = folder / f"{mistake.name}.wasm"


def normalised(said):
    """Without what another machine or the next build says otherwise."""
    rules = [(rf"{re.escape(str(PROJECT))}/(?=tests/|guest-plugins/)", ""), (r"(?<![\w.])/[\w./-]*/([\w.-]+)", r"\1"),
             (r"\b(?!0{64})[0-9a-f]{64}\b", "HASH"), (r"0x[0-9a-f]+( 0x[0-9a-f]+)*", "OFFSET"),
             (r"(wasm:)+wasm ", "wasm "), (r"(after|used) (less than 1|\d+) ms\b", r"\1 N ms"), (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ", "TIME"),
             (r"range \d+\.\.\d+", "range N..N"), (r"::h[0-9a-f]{16}\b", ""),
             (r"(@|version )0\.1\.\d+", r"\g<1>0.1.N")]
    for pattern, replacement in rules:
        said = re.sub(pattern, replacement, said)
    return said


def compare(name, said, bless):
    path = GOLDEN / f"{name}.txt"
    said = normalised(said)
    if bless:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(said)
    assert path.exists(), f"{path} is missing; pytest --bless writes it"
    assert said == path.read_text(), f"{path} says otherwise"


def harden():
    """Before a child runs. Linux has it since 6.3."""
    set_mdwe, refuse_exec_gain = 65, 1
    if ctypes.CDLL(None).prctl(set_mdwe, refuse_exec_gain, 0, 0, 0) != 0:
        raise OSError("this kernel cannot refuse executable memory")


@pytest.mark.parametrize("mistake", [mistake for mistake in MISTAKES if is_checked(mistake)], ids=lambda mistake: mistake.name)
def test_check(mistake, assembled, bless):
    words = command(mistake)
    environment = {**os.environ, "PROSODY_WASM_PATH": str(STAGE / "lib" / "prosody" / "wasm")}
    result = subprocess.run([STAGE / "bin" / "prosody-wasm", *words], cwd=PROJECT, env=environment,
                            preexec_fn=harden if mistake.is_hardened else None, capture_output=True, text=True, timeout=60)
    said = f"$ prosody-wasm {' '.join(words)}\n{result.stdout}{result.stderr}(exit status {result.returncode})\n"
    compare(f"check/{mistake.name}", said, bless)


TOGETHER = "mistakes.test"


def is_alone(mistake):
    """What concerns a whole host, or denies what others would judge, has a host of its own."""
    return bool(mistake.options or mistake.messages)


def host_name(mistake):
    return f"{mistake.name}.test" if is_alone(mistake) else TOGETHER


def policy_name(mistake):
    return mistake.component if isinstance(mistake.component, str) else mistake.name


def entries(mistakes):
    """The table wasm_policies."""
    path = lambda mistake: {} if isinstance(mistake.component, str) else {"path": str(mistake.component)}
    return {policy_name(mistake): {**path(mistake), "settings": mistake.settings, **mistake.entry} for mistake in mistakes}


def hosts_of(mistakes):
    together = [mistake for mistake in mistakes if not is_alone(mistake)]
    yield Host(TOGETHER, with_wasm(entries(together)))
    for mistake in filter(is_alone, mistakes):
        options = with_wasm(entries([mistake])) if mistake.component else {"modules_enabled": ["wasm"]}
        yield Host(host_name(mistake), {**options, **mistake.options}, users={"alice": PASSWORD})


def send(server, mistake):
    alice = Client(server, f"alice@{host_name(mistake)}", PASSWORD)
    for number in range(mistake.messages):
        alice.send(f"<message to='{alice.bare}' type='chat' id='m{number}'><body>{CANARY}</body>{'<x/>' * 20}</message>")
        alice.synchronise()
    alice.close()


@pytest.fixture(scope="module", params=["13.0", "0.12"])
def server(request, assembled):
    """One server with all of them."""
    mistakes = [mistake for mistake in MISTAKES if mistake.is_operators]
    with Server(request.param, list(hosts_of(mistakes)), shared_cache()) as running:
        wait_until_settled(running)
        for mistake in mistakes:
            if mistake.messages:
                send(running, mistake)
        running.listing = policy_list(running)
        yield running
        assert CANARY not in running.log()


def listed(server, mistake):
    """State and reason of a policy."""
    name = policy_name(mistake) if mistake.component else "-"
    rows = [re.split(r" {2,}", line.strip("| ")) for line in server.listing.splitlines()]
    row = next(row for row in rows if row[:2] == [host_name(mistake), name])
    return f"{row[2]}: {row[-1]}"


def logged(server, mistake):
    """What was said of it at the levels that an operator sees."""
    said = ""
    for line in server.log().splitlines():
        date_and_source, level, text = (line.split("\t", 2) + ["", ""])[:3]
        is_about_it = is_alone(mistake) or re.search(rf"(The policy |wasm_policies\.){policy_name(mistake)}(?![\w-])", text)
        if date_and_source.endswith(f" {host_name(mistake)}:wasm") and level in ("warn", "error") and is_about_it:
            said += f"{level} {text}\n"
    return said


@pytest.mark.parametrize("mistake", [mistake for mistake in MISTAKES if mistake.is_operators], ids=lambda mistake: mistake.name)
def test_server(server, mistake, bless):
    said = f"The log:\n{logged(server, mistake)}\nwasm list:\n{listed(server, mistake)}\n"
    if mistake.messages:
        info = policy_info(server, host_name(mistake), policy_name(mistake))
        lines = [line.strip("| ") for line in info.splitlines()]
        of_a_failure = [line for line in lines if line.startswith(tuple(OF_A_FAILURE))]
        said += "\nwasm info:\n" + "".join(f"{line}\n" for line in of_a_failure)
    compare(f"server/{mistake.name}", said, bless and server.version == "13.0")
