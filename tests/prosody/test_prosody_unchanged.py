"""Prosody behaves as it does alone: the scripts and specs with which it tests itself end the same, and everybody gets the same.

What each person in a script receives is compared stanza by stanza, besides whether the script passes.
"""

import os
import re
import subprocess

import pytest

from places import PROJECT, STAGE, TEST_GUESTS, has_source, prosody_source
from scansion_server import ScansionServer, scripts
from test_the_plan import POLICIES

pytestmark = pytest.mark.skipif(not has_source("13.0"), reason="Prosody's source is not unpacked; `make prosody-source` says why")


def guest(name, **settings):
    return {"path": str(TEST_GUESTS / f"{name}.wasm"), "settings": settings}


def shadow(name):
    return {"mode": "shadow", **({"files": ["geoloc.pfw"]} if name == "firewall" else {})}


# Together they have every hook, want every stanza, and let everything be as it is.
EVERY_HOOK = {"scripted": guest("scripted", every_kind=True), **{name: guest(name) for name in ("keeping", "waking", "housing")}}
BUNDLED = sorted({name for names in POLICIES.values() for name in names})
# What is in the configuration besides Prosody's own.
ADDED = {"no policies": {}, "every hook": EVERY_HOOK, "shadows of all bundled policies": {name: shadow(name) for name in BUNDLED}}


def errors(server):
    """An operator would have to look at these. Scripts without policies are warned of that."""
    lines = server.log_lines("error") + [line for line in server.log_lines("warn") if "wasm" in " ".join(line)]
    return [line for line in lines if "names no policy" not in line[1]]


@pytest.fixture(scope="module", params=["13.0", "0.12"])
def alone(request):
    """The version, its scripts, and how they end without mod_wasm."""
    with ScansionServer(request.param) as server:
        paths = scripts(request.param)
        yield request.param, paths, server.play(paths)


def test_most_scripts_pass(alone):
    version, paths, outcomes = alone
    failed = {name: outcome.failure for name, outcome in outcomes.items() if outcome.failure}
    assert len(paths) >= 46
    # Debian may not have the scripts of 0.12; those of 13.0 ask for some of what is new in it.
    assert len(failed) <= (0 if version == "13.0" else 8), failed


@pytest.mark.parametrize("added", ADDED)
def test_everybody_gets_the_same(alone, added):
    version, paths, expected = alone
    paths = [path for path in paths if not expected[path.stem].failure]
    with ScansionServer(version, ["wasm"], {"wasm_policies": ADDED[added]} if ADDED[added] else {}) as server:
        found = server.play(paths)
        assert errors(server) == []
    assert {name: outcome.failure for name, outcome in found.items() if outcome.failure} == {}
    assert [name for name in found if found[name].received != expected[name].received] == []
    assert set(server.calls) == set(ADDED[added])
    # Of devices and pushes the scripts know nothing, so some are never asked.
    assert added != "every hook" or (server.calls["scripted"] > 500 and server.calls["keeping"] > 10), server.calls


def sum_of_specs(helper):
    """What busted says of Prosody's own specs."""
    environment = {**os.environ, "MOD_WASM_PROJECT": str(PROJECT), "MOD_WASM_STAGE": str(STAGE)}
    busted = subprocess.run(["busted", "--lua=/usr/bin/lua5.4", "--helper", helper], cwd=prosody_source("13.0"), env=environment,
                            capture_output=True, text=True, timeout=300)
    found = re.search(r"(\d+) successes / (\d+) failures? / (\d+) errors? / (\d+) pending", busted.stdout)
    assert found, busted.stdout[-4000:] + busted.stderr
    return tuple(map(int, found.groups()))


def test_specs_of_prosody_pass_in_a_lua_that_has_loaded_it():
    successes, failures, errors_, _ = alone = sum_of_specs("loader")
    assert successes > 800 and (failures, errors_) == (0, 0)
    assert sum_of_specs(PROJECT / "tests" / "lua" / "beside_mod_wasm.lua") == alone
