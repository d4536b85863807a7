"""Every field that shapes a generation changes its identity, alone; nothing else does."""

import hashlib
import shutil

import pytest

from marking import POLICY, RUST, Running, entry, variant
from places import TEST_GUESTS

# Spelt out, so that each can be changed.
BASE = {
    "settings": {"version": "one", "counts": True}, "grants": ["content", "edits", "store"],
    "limits": {"milliseconds": 5, "memory": 16 * 1024 * 1024}, "on_error": "deny",
}
SHAPING = {
    "settings": {"settings": {"version": "two", "counts": True}},
    "one setting less": {"settings": {"version": "one"}},
    "grants": {"grants": ["clock", "content", "edits", "store"]},
    "no grants": {"grants": None},
    "milliseconds": {"limits": {"milliseconds": 6, "memory": 16 * 1024 * 1024}},
    "memory": {"limits": {"milliseconds": 5, "memory": 32 * 1024 * 1024}},
    "budget": {"limits": {"milliseconds": 5, "memory": 16 * 1024 * 1024, "budget": 100}},
    "on_error": {"on_error": "pass"},
    "bytes": {"path": "variant"},
}
NEUTRAL = {
    "order of settings": {"settings": {"counts": True, "version": "one"}},
    "order of grants": {"grants": ["store", "edits", "content"]},
    "path of a copy": {"path": "copy"},
    "expected hash": {"sha256": "its own"},
    "follow": {"follow": True},
    "probation": {"probation": {"seconds": 5}},
}


def changed(change, folder):
    result = {**BASE, "path": str(RUST), **change}
    if change.get("path") == "variant":
        result["path"] = str(variant(RUST, "other-bytes", folder))
    elif change.get("path") == "copy":
        result["path"] = str(shutil.copy(RUST, folder / "another-name.wasm"))
    if change.get("sha256"):
        result["sha256"] = hashlib.sha256(RUST.read_bytes()).hexdigest()
    return {name: value for name, value in result.items() if value is not None}


def identity_of(version, change, folder, others=None, options=None, **host_options):
    with Running(version, {POLICY: changed(change, folder), **(others or {})}, options, **host_options) as it:
        return it.identity()


@pytest.fixture(scope="module")
def identities(tmp_path_factory):
    """Of the unchanged entry, per version of Prosody: one server each."""
    folder = tmp_path_factory.mktemp("base")
    return {version: identity_of(version, {}, folder) for version in ("13.0", "0.12")}


def test_prosody_does_not_matter(identities):
    assert len(set(identities.values())) == 1
    assert all(len(identity) == 64 for identity in identities.values())


@pytest.mark.parametrize("field", SHAPING)
def test_shapes(version, identities, tmp_path, field):
    assert identity_of(version, SHAPING[field], tmp_path) != identities[version]


def test_no_two_changes_are_taken_for_each_other(identities, tmp_path):
    found = [identity_of("13.0", change, tmp_path) for change in SHAPING.values()]
    assert len({*found, identities["13.0"]}) == len(SHAPING) + 1


@pytest.mark.parametrize("field", NEUTRAL)
def test_does_not_shape(version, identities, tmp_path, field):
    assert identity_of(version, NEUTRAL[field], tmp_path) == identities[version]


def test_surroundings_do_not_shape(version, identities, tmp_path):
    other = {"other": {"path": str(TEST_GUESTS / "scripted.wasm"), "settings": {}}}
    options = {"wasm_cache_path": str(tmp_path / "cache"), "wasm_compile_seconds": 59}
    assert identity_of(version, {}, tmp_path, other, options, wasm_generations_path=str(tmp_path / "kept")) == identities[version]


def test_time_does_not_shape(version, identities, tmp_path):
    with Running(version, {POLICY: changed({}, tmp_path)}) as it:
        it.mark()
        it.restart()
        assert it.identity() == identities[version]
        assert it.shell.run("config:reload()").ok
        assert it.identity() == identities[version]
        assert it.shell.run(f'module:reload("wasm", "{it.server.hosts[0].name}")').ok
        assert it.identity() == identities[version]


def test_written_at_the_shell_it_is_the_same(version, identities, tmp_path):
    policies = {POLICY: changed({"settings": {"version": "zero"}}, tmp_path)}
    with Running(version, policies) as it:
        assert it.identity() != identities[version]
        answer = it.shell.run(f'''wasm:swap("local.test", "{POLICY}", '--settings={{ "counts" :true,\\n "version": "one" }}')''')
        assert answer.ok, answer
        assert it.identity() == identities[version]
