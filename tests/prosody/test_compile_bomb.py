"""A component that takes longer to compile than anybody waits: refused by the time or the memory of the child, and nobody else
waits meanwhile."""

import os

import pytest

import compile_bombs
from marking import Running
from pinger import Pinger

COMPILE_SECONDS = 2
# A quarter of a second would be felt; the machine may be busy with the child itself, and with other tests.
LONGEST_PING = 1.0
SIZE = int(os.environ.get("BOMB", "1"))
BOMBS = {
    "tables": lambda: compile_bombs.tables(8 * SIZE),
    "functions": lambda: compile_bombs.functions(20_000 * SIZE),
    "one-function": lambda: compile_bombs.one_function(400_000 * SIZE),
}


@pytest.fixture(scope="module", params=["13.0"])
def it(request):
    with Running(request.param, options={"wasm_compile_seconds": COMPILE_SECONDS}) as running:
        yield running


@pytest.mark.parametrize("bomb", BOMBS)
def test_is_refused_and_felt_by_nobody(it, bomb, tmp_path, record_property):
    file = tmp_path / f"{bomb}.wasm"
    file.write_bytes(BOMBS[bomb]())
    before = it.identity()
    with Pinger(it.server, "carol") as pinger:
        answer = it.swap(file)
    assert not answer.ok and "stays" in answer.text, answer
    record_property("figure", f"{bomb}: longest ping of somebody else {pinger.longest() * 1e3:.0f} ms")
    assert len(pinger.found) > 5 and pinger.longest() < LONGEST_PING, answer
    assert it.identity() == before and it.mark()["version"] == "one"
