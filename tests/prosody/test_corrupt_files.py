"""What a server keeps of policies is spoilt while it is stopped: it starts, is never open, says so, and decides."""

import pytest

from marking import POLICY, RUST, Running, delivers_canary, entry
from world import wait_until_settled

COUNTING = {"counts": True}
# By what an operator would call it: the files, below the data folder.
FILES = {
    "store": "local%2etest/wasm/*.dat",
    "history": "local%2etest/wasm_generations/*.dat",
    "kept component": "wasm-generations/local.test/*.wasm",
    "artifact": "wasm-cache/*.cwasm",
}
SPOILT = {
    "garbage": lambda whole: bytes(range(256)) * 64,
    "empty": lambda whole: b"",
    "half": lambda whole: whole[:len(whole) // 2],
    "other-values": lambda whole: b'return { current = "x", entries = { 5, { identity = {} } }, [5] = true, key = { {} } };\n',
    "no-table": lambda whole: b"return 5;\n",
    "one-bit": lambda whole: whole[:len(whole) // 2] + bytes([whole[len(whole) // 2] ^ 1]) + whole[len(whole) // 2 + 1:],
}
# What Prosody's storage says of a file that is none of its own, in both of its versions.
UNREADABLE = {"garbage", "half"}


def spoil(it, what, how):
    found = list((it.server.folder / "data").glob(FILES[what]))
    assert found, what
    for path in found:
        path.write_bytes(SPOILT[how](path.read_bytes()))


def check_restart(it, where):
    it.server.start()
    it.connect()
    # Before anybody waited for anything.
    assert not delivers_canary(it.alice, it.bob), where
    assert " running " in wait_until_settled(it.server), where
    mark = it.mark()
    assert mark["version"] in ("one", "two"), where
    assert "Traceback" not in it.server.log(), where
    return mark


def running(version):
    return Running(version, {POLICY: entry(settings=COUNTING)}, options={"wasm_cache_path": None})


# Half of them on each version: their storage reads files in the same way.
@pytest.mark.parametrize("version, how", [("0.12" if number % 2 else "13.0", how) for number, how in enumerate(SPOILT)])
def test_everything_at_once(version, how):
    with running(version) as it:
        assert it.swap(settings={"version": "two", **COUNTING}).ok
        it.mark()
        assert it.server.stop() == 0
        for what in FILES:
            spoil(it, what, how)
        check_restart(it, how)
        # And what it keeps from now on is whole.
        assert it.swap(RUST, settings={"version": "two", **COUNTING}).ok or how in UNREADABLE
        if how in UNREADABLE:
            assert [text for text in it.errors() if "store" in text], it.errors()


@pytest.mark.parametrize("what, version_after", [("history", "one"), ("kept component", "one")])
def test_one_of_them(what, version_after):
    with running("13.0") as it:
        assert it.swap(settings={"version": "two", **COUNTING}).ok
        it.mark()
        assert it.server.stop() == 0
        spoil(it, what, "garbage")
        assert check_restart(it, what)["version"] == version_after
