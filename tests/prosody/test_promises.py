"""The page of promises is made from what a run leaves, and says of what is spoilt which file it is."""

import importlib.util
import subprocess
import sys

import pytest

from places import PROJECT

SETUP = PROJECT / "tests" / "setup"
JUNIT = "<testsuites><testsuite><testcase classname='test_exit' name='test_a'/></testsuite></testsuites>"


def page_of(folder):
    return subprocess.run([sys.executable, SETUP / "promises.py", folder], capture_output=True, text=True)


@pytest.mark.parametrize("spoilt", ["", JUNIT[:40], JUNIT.replace("name", "na<me"), "\0\1", "<a/>" * 2])
def test_a_spoilt_file_is_named_in_one_sentence(tmp_path, spoilt):
    (tmp_path / "alone.xml").write_text(JUNIT)
    (tmp_path / "beside.xml").write_text(spoilt)
    result = page_of(tmp_path)
    assert result.returncode == 1 and result.stderr == "", result.stderr
    assert result.stdout.startswith(f"error: {tmp_path}/beside.xml is no whole JUnit file (") and result.stdout.count("\n") == 1, result


def test_what_cannot_be_read_is_named(tmp_path):
    (tmp_path / "test-unit.log").mkdir()
    result = page_of(tmp_path)
    assert (result.returncode, result.stderr) == (1, "")
    assert result.stdout == f"error: {tmp_path}/test-unit.log cannot be read: Is a directory\n"


def test_what_did_not_run_is_an_error(tmp_path):
    (tmp_path / "alone.xml").write_text(JUNIT)
    result = page_of(tmp_path)
    assert (result.returncode, result.stderr) == (1, "")
    lines = result.stdout.splitlines()
    assert "P12: tests/prosody/test_swap_under_load.py did not run" in lines, lines


def test_the_run_is_failed_by_it(tmp_path, monkeypatch, capsys):
    """The last step of `make test`, with every test passed and the file of one cut off."""
    monkeypatch.syspath_prepend(SETUP)
    spec = importlib.util.spec_from_file_location("layers", SETUP / "layers.py")
    layers = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(layers)

    def run(layer):
        (layers.RESULTS / "beside.xml").write_text(JUNIT[:40])
        return layer, 5, 0, 1.0

    monkeypatch.setattr(layers, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(layers, "run", run)
    assert layers.main(["test-unit"]) == 1
    printed = capsys.readouterr().out
    assert "beside.xml is no whole JUnit file" in printed and printed.endswith("5 passed, 0 failed\n")
