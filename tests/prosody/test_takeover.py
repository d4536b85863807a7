"""A new build of the library takes over while the server runs, and both builds together end nobody."""

import os
import shutil

import pytest

from broken_setups import Setup
from marking import HOST, POLICY, Running, delivers_canary, exchange


@pytest.fixture
def setup():
    made = Setup({})
    yield made
    made.remove()


def install_another(setup):
    """The same library as `make install` leaves another build: under a name of its own, with the link put over."""
    old = setup.library.resolve()
    new = old.with_name("prosody_wasm-another.so")
    shutil.copy(old, new)
    link = setup.library.with_suffix(".new")
    link.symlink_to(new.name)
    os.replace(link, setup.library)


def mapped(it):
    return [text for text in it.shell.wasm("info", HOST, POLICY).lines if "mapped" in text.lower()]


def test_takes_over_and_judges_on(version, setup):
    with Running(version, stage=setup.stage) as it:
        assert it.swap(settings={"version": "two", "traps_on": "trap"}).ok
        before = it.identity()
        assert "nothing to do" in it.shell.wasm("takeover").text
        install_another(setup)
        answer = it.shell.wasm("takeover")
        assert answer.ok, answer
        assert (it.identity(), it.mark()["version"]) == (before, "two")
        assert any("2" in text for text in mapped(it)), it.shell.wasm("info", HOST, POLICY)
        # Two runtimes, two sets of signal handlers: a trap of a policy is still no signal to the server.
        assert exchange(it.alice, it.bob, "trap") is None
        assert it.mark()["version"] == "two" and not delivers_canary(it.bob, it.alice)
        assert it.server.stop() == 0
        assert "Traceback" not in it.server.log() and "traceback" not in it.server.log()


def test_a_library_that_is_none_is_not_taken(version, setup):
    with Running(version, stage=setup.stage) as it:
        before = it.identity()
        broken = setup.library.resolve().with_name("prosody_wasm-broken.so")
        broken.write_bytes(b"not a library")
        link = setup.library.with_suffix(".new")
        link.symlink_to(broken.name)
        os.replace(link, setup.library)
        answer = it.shell.wasm("takeover")
        assert not answer.ok and "Nothing was changed" in answer.text, answer
        assert (it.identity(), it.mark()["version"]) == (before, "one")
