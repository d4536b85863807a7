"""A swap that cannot be done is refused, says at which step, and leaves everything as it was; nobody waits for it."""

import itertools
import shutil
import subprocess

import pytest

from compilers import CRASHING, DISK_FULL, GREEDY, HONEST, SLEEPING, SPINNING, Compiler
from marking import HOST, JAVASCRIPT, POLICY, RUST, Running, entry, variant
from pinger import Pinger
from places import STAGE
from shell import Shell, command

pytestmark = pytest.mark.alone
LONGEST_PING = 0.1
COMPILE_SECONDS = 2
_numbers = itertools.count(1)


@pytest.fixture
def it(version, tmp_path):
    compiler = Compiler(tmp_path)
    options = {"wasm_cache_path": str(tmp_path / "cache"), "wasm_compiler": str(compiler.path), "wasm_generations_path": str(tmp_path / "kept"),
               "wasm_compile_seconds": COMPILE_SECONDS}
    with Running(version, options=options) as running:
        running.compiler, running.folder = compiler, tmp_path
        yield running


def new_version(it):
    """A component that nobody has compiled yet."""
    return variant(RUST, f"new-{next(_numbers)}", it.folder)


def assert_refused(it, file, *words, **flags):
    """Refused with these words; what ran goes on, and others were answered at once meanwhile."""
    before, log_before = it.identity(), len(it.errors())
    with Pinger(it.server, "carol") as pinger:
        answer = it.swap(file, settings={"version": "two"}, **flags)
    assert not answer.ok, answer
    missing = [word for word in (*words, "running generation", "stays") if word not in answer.text]
    assert missing == [], answer
    assert it.identity() == before
    assert it.mark()["version"] == "one"
    assert pinger.longest() < LONGEST_PING, answer
    return answer


def is_accepted_now(it, file):
    answer = it.swap(file, settings={"version": "two"})
    assert answer.ok, answer
    assert it.mark()["version"] == "two"


@pytest.mark.parametrize("behaviour", [SLEEPING, SPINNING, DISK_FULL, GREEDY, CRASHING],
                         ids=["hanging", "spinning", "disk-full", "greedy", "crashing"])
def test_compiler_fails(it, behaviour):
    file = new_version(it)
    it.compiler.does(behaviour)
    assert_refused(it, file, "compiling")
    it.compiler.does(HONEST)
    is_accepted_now(it, file)


@pytest.mark.skipif(not JAVASCRIPT.exists(), reason="built by: make javascript-guest")
def test_compiling_takes_too_long(it):
    assert_refused(it, JAVASCRIPT, "compiling")


def test_compiler_is_gone(it):
    it.compiler.path.unlink()
    assert_refused(it, new_version(it), "compiling")


# Root may write everywhere; a file in the place of a folder stops everybody.
def replace_by_file(path):
    shutil.rmtree(path)
    path.write_text("not a folder")


def test_cache_cannot_be_written(it):
    replace_by_file(it.folder / "cache")
    assert_refused(it, new_version(it), "failed: the cache")


def test_component_cannot_be_kept(it):
    replace_by_file(it.folder / "kept")
    assert_refused(it, new_version(it), "keeping")


def test_history_cannot_be_written(it):
    replace_by_file(it.server.folder / "data" / "local%2etest" / "wasm_generations")
    assert_refused(it, new_version(it), "writing the history")


@pytest.mark.parametrize("content", [b"", b"\0asm", b"not wasm at all" * 100, "half"], ids=["empty", "magic-only", "text", "truncated"])
def test_component_is_broken(it, content):
    file = it.folder / "broken.wasm"
    whole = RUST.read_bytes()
    file.write_bytes(whole[:len(whole) // 2] if content == "half" else content)
    assert_refused(it, file, "broken.wasm")


def test_component_is_not_there(it):
    assert_refused(it, it.folder / "nowhere.wasm", "reading", "nowhere.wasm")


def test_component_is_a_folder(it):
    assert_refused(it, it.folder, "reading")


def test_hash_is_another(it):
    assert_refused(it, new_version(it), "sha256", sha256="0" * 64)


def test_settings_are_refused(it):
    before = it.identity()
    answer = it.swap(settings={"versoin": "two"})
    assert not answer.ok and "versoin" in answer.text, answer
    assert it.identity() == before and it.mark()["version"] == "one"


@pytest.mark.parametrize("change", ["truncate", "overwrite"])
def test_files_are_spoilt_while_loaded(it, change):
    """In place, so that whatever the server had mapped would change under it. What runs is taken from there by others, too;
    what is only in the cache is compiled anew."""
    only_cached = new_version(it)
    subprocess.run([STAGE / "bin" / "prosody-wasm", "compile", only_cached, "--cache", it.folder / "cache"], check=True, capture_output=True)
    files = [file for folder in ("cache", "kept") for file in (it.folder / folder).rglob("*") if file.is_file()]
    assert len(files) >= 3, files
    for file in files:
        size = file.stat().st_size
        with open(file, "r+b") as opened:
            opened.truncate(0 if change == "truncate" else size)
            if change == "overwrite":
                opened.write(b"\xAA" * size)
    assert it.mark()["version"] == "one"
    it.compiler.does(CRASHING)
    assert_refused(it, only_cached, "compiling")
    it.compiler.does(HONEST)
    is_accepted_now(it, only_cached)


def test_one_swap_of_a_policy_at_a_time(it):
    it.compiler.does(SLEEPING)
    Shell(it.server).start(command("swap", HOST, POLICY, new_version(it)))
    while "compiling" not in it.shell.info(HOST, POLICY)["Preparing"]:
        pass
    answer = it.swap(new_version(it))
    assert not answer.ok and "prepared already" in answer.text, answer
    assert it.mark()["version"] == "one"
