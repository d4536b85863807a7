"""A disk that is full or read-only under what the server keeps: what runs goes on, what is refused says so, and it works again."""

import os
import subprocess
from contextlib import ExitStack, contextmanager

import pytest

from canaries import CANARY
from marking import POLICY, RUST, Running, delivers_canary, entry, exchange, variant
from world import wait_until_settled

pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="only root may put a small file system in a folder's place")

FOLDERS = {
    "cache": "wasm-cache",
    "kept components": "wasm-generations/local.test",
    "history": "local%2etest/wasm_generations",
    "store": "local%2etest/wasm",
}
COUNTING = {"counts": True}
CASES = [("13.0", "full"), ("0.12", "read-only")]


@contextmanager
def mounted(folder, how):
    """In the folder's place an empty file system, with nothing left of its 64 KiB or to be read only."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k,mode=0700", "tmpfs", folder], check=True)
    try:
        if how == "full":
            with open(folder / "ballast", "wb", buffering=0) as ballast, pytest.raises(OSError):
                while True:
                    ballast.write(bytes(4096))
        else:
            subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def refuses(it, file, settings):
    before = it.identity()
    answer = it.swap(file, settings={**settings, **COUNTING})
    assert not answer.ok and "stays" in answer.text, answer
    assert it.identity() == before


@pytest.mark.parametrize("version, how", CASES)
def test_while_it_runs(version, how, tmp_path):
    with Running(version, {POLICY: entry(settings=COUNTING)}, options={"wasm_cache_path": None}) as it:
        for number, (what, folder) in enumerate(FOLDERS.items()):
            before = int(it.mark()["count"])
            # Only what is not in the cache is compiled.
            file = variant(RUST, f"{how}-{number}", tmp_path) if what == "cache" else RUST
            with mounted(it.server.folder / "data" / folder, how):
                if what != "store":
                    refuses(it, file, {"version": what})
                # It decides all the same, and goes on counting.
                for _ in range(3):
                    count = int(it.mark()["count"])
                    assert count > before, what
                    before = count
            answer = it.swap(file, settings={"version": what, **COUNTING})
            assert answer.ok, (what, answer)
            mark = it.mark()
            assert mark["version"] == what and int(mark["count"]) > before, what
        complaints = [text for text in it.errors() if "Writing the store" in text]
        assert len(complaints) == 1, complaints
        assert CANARY not in it.server.log() and "Traceback" not in it.server.log()


@pytest.mark.parametrize("version, how", CASES)
def test_when_it_starts(version, how):
    with Running(version) as it:
        assert it.swap(settings={"version": "two"}).ok
        second = it.identity()
        it.server.stop()
        with ExitStack() as mounts:
            for what in ("kept components", "history", "store"):
                folder = it.server.folder / "data" / FOLDERS[what]
                folder.mkdir(parents=True, exist_ok=True)
                mounts.enter_context(mounted(folder, how))
            it.server.start()
            it.connect()
            assert not delivers_canary(it.alice, it.bob)
            wait_until_settled(it.server)
            # The history is not to be seen, so the configuration decides, or nobody.
            assert exchange(it.alice, it.bob) is None or it.mark()["version"] == "one"
            it.alice.close(), it.bob.close()
            assert it.server.stop() == 0
        it.restart()
        assert it.identity() == second and it.mark()["version"] == "two"
