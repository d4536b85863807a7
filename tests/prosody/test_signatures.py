"""Only what is signed by somebody the operator trusts is loaded; the commands and keys are those of docs/signatures.md."""

import os
import re
import shutil
import subprocess

import pytest

from configuration import Host
from places import PROJECT, STAGE
from server import Server
from shell import Shell
from world import policy_info, shared_cache, wait_for_listing, wait_until_settled, with_wasm

HOST = "local.test"
PROGRAM = str(STAGE / "bin" / "prosody-wasm")
BUNDLED = STAGE / "lib" / "prosody" / "wasm"


def run(*words, expect=0, **options):
    result = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, **options)
    assert result.returncode == expect, result.stdout + result.stderr
    return result.stdout


class Signer:
    """A folder with keys and components."""

    def __init__(self, folder, name):
        self.folder, self.name = folder, name
        run(PROGRAM, "key", "new", str(folder / name), "--no-password")
        self.public = (folder / f"{name}.pub").read_text().splitlines()[1]

    def sign(self, file, *words):
        run(PROGRAM, "sign", str(file), "--key", str(self.folder / f"{self.name}.key"), *words)


@pytest.fixture
def signer(tmp_path):
    return Signer(tmp_path, "mine")


def copy(policy, place):
    shutil.copy(BUNDLED / f"{policy}.wasm", place)
    return place


def server(version, file, keys, required=True, **policy):
    options = {"wasm_trusted_keys": keys, "wasm_require_signatures": required, **shared_cache()}
    return Server(version, [Host(HOST, with_wasm({"e2ee": {"path": str(file), **policy}}, **options))])


def reload(running, *expected):
    """Reloads, and waits until the listing says all of this."""
    running.write_configuration()
    assert Shell(running).run("config:reload()").ok
    wait_for_listing(running, lambda listing: all(part in listing for part in expected))


def identity(running):
    return next(line for line in policy_info(running, HOST, "e2ee").splitlines() if line.startswith("Generation"))


def test_what_is_not_signed_stays_closed_until_it_is(version, signer, tmp_path):
    file = copy("e2ee", tmp_path / "e2ee.wasm")
    stranger = Signer(tmp_path, "stranger")
    with server(version, file, [signer.public]) as running:
        listing = wait_until_settled(running)
        assert "failed" in listing and "is not signed, and wasm_require_signatures is true" in listing
        stranger.sign(file)
        reload(running, "not among wasm_trusted_keys")
        signer.sign(file, "--name", "carbons")
        reload(running, 'is signed as the policy "carbons", not as "e2ee"')
        signer.sign(copy("carbons", tmp_path / "carbons.wasm"))
        shutil.copy(tmp_path / "carbons.wasm.minisig", tmp_path / "e2ee.wasm.minisig")
        reload(running, "is not the signature of")
        signer.sign(file)
        reload(running, "running")


def test_a_warm_cache_and_a_restart_check_again(version, signer, tmp_path):
    file = copy("e2ee", tmp_path / "e2ee.wasm")
    signer.sign(file)
    with server(version, file, [signer.public]) as running:
        assert "running" in wait_until_settled(running)
        running.stop()
        # The kept component brings its own signature; the file alone is not enough.
        running.hosts[0].options["wasm_trusted_keys"] = [Signer(tmp_path, "other").public]
        running.write_configuration()
        running.start()
        listing = wait_until_settled(running)
        assert "failed" in listing and "not among wasm_trusted_keys" in listing, listing


def test_swap_and_rollback_check_too(version, signer, tmp_path):
    file = copy("e2ee", tmp_path / "e2ee.wasm")
    signer.sign(file)
    unsigned = copy("e2ee", tmp_path / "unsigned.wasm")
    with server(version, file, [signer.public]) as running:
        wait_until_settled(running)
        first, shell = identity(running), Shell(running)
        answer = shell.wasm("swap", HOST, "e2ee", str(unsigned))
        assert not answer.ok and "is not signed" in str(answer)
        assert shell.wasm("swap", HOST, "e2ee", settings={"mode": "mixed"}).ok
        second = identity(running)
        assert second != first
        # Others are trusted now: the generation before is not warm any more, and its kept component is not taken.
        running.hosts[0].options["wasm_trusted_keys"] = [Signer(tmp_path, "other").public]
        reload(running, "running", "the changed configuration is not in force")
        answer = shell.wasm("rollback", HOST, "e2ee")
        assert not answer.ok and "not among wasm_trusted_keys" in str(answer), str(answer)
        assert identity(running) == second
        running.hosts[0].options["wasm_trusted_keys"] = [signer.public]
        reload(running)
        wait_for_listing(running, lambda listing: "not in force" not in listing)
        file.unlink()
        assert shell.wasm("rollback", HOST, "e2ee", first.split()[1][:12]).ok
        assert identity(running) == first


def test_what_runs_unsigned_is_checked_when_it_has_to_be_signed(version, signer, tmp_path):
    file = copy("e2ee", tmp_path / "e2ee.wasm")
    with server(version, file, [], required=False) as running:
        assert "running" in wait_until_settled(running)
        lying = run(PROGRAM, "sign", "--comment", str(file)).strip().replace("content,", "")
        run("minisign", "-S", "-m", str(file), "-s", str(tmp_path / "mine.key"), "-t", lying)
        running.hosts[0].options.update(wasm_trusted_keys=[signer.public], wasm_require_signatures=True)
        reload(running, "running", "does not say what it is")
        signer.sign(file)
        reload(running)
        wait_for_listing(running, lambda listing: "does not say" not in listing)


def test_one_component_is_two_policies(version, signer, tmp_path):
    files = {name: copy("carbons", tmp_path / f"{name}.wasm") for name in ("one", "two")}
    for name, file in files.items():
        signer.sign(file, "--name", name)
    # With a cache of their own: they are compiled at once, and once.
    options = {"wasm_trusted_keys": [signer.public], "wasm_require_signatures": True, "wasm_cache_path": str(tmp_path / "cache")}
    policies = {name: {"path": str(file)} for name, file in files.items()}
    with Server(version, [Host(HOST, with_wasm(policies, **options))]) as running:
        assert wait_until_settled(running).count("running") == 2
        running.stop()
        running.start()
        assert wait_until_settled(running).count("running") == 2
        assert not [text for _, text in running.log_lines("warn") if "cannot be loaded" in text]
        shell = Shell(running)
        for name in files:
            assert shell.wasm("unload", HOST, name).ok
            answer = shell.wasm("rollback", HOST, name)
            assert answer.ok, str(answer)


@pytest.mark.parametrize("keys, sentence", [
    ([], "wasm_require_signatures is true, and wasm_trusted_keys names no key"),
    (["RWQ"], 'wasm_trusted_keys has "RWQ", which is no public key'),
    ("RWQ", "wasm_trusted_keys must be a list of public keys"),
])
def test_a_mistake_closes(version, signer, tmp_path, keys, sentence):
    file = copy("e2ee", tmp_path / "e2ee.wasm")
    signer.sign(file)
    with server(version, file, keys) as running:
        listing = wait_until_settled(running)
        assert "failed" in listing
        assert any(sentence in text for _, text in running.log_lines("error")), running.log_lines("error")


def test_minisign_reads_ours_and_we_read_its(tmp_path):
    file = copy("e2ee", tmp_path / "e2ee.wasm")
    ours = Signer(tmp_path, "ours")
    ours.sign(file)
    comment = run(PROGRAM, "sign", "--comment", str(file)).strip()
    said = run("minisign", "-V", "-m", str(file), "-p", str(tmp_path / "ours.pub"))
    assert f"Trusted comment: {comment}" in said
    run("minisign", "-S", "-m", str(file), "-s", str(tmp_path / "ours.key"), "-t", comment)
    run(PROGRAM, "verify", str(file), "--key", ours.public)
    run("minisign", "-G", "-W", "-p", str(tmp_path / "its.pub"), "-s", str(tmp_path / "its.key"))
    run(PROGRAM, "sign", str(file), "--key", str(tmp_path / "its.key"))
    run("minisign", "-V", "-m", str(file), "-p", str(tmp_path / "its.pub"))
    run(PROGRAM, "verify", str(file), "--key", str(tmp_path / "its.pub"))
    assert "not among wasm_trusted_keys" in run(PROGRAM, "verify", str(file), "--key", ours.public, expect=1)


def test_a_password_protects_the_key(tmp_path):
    file = copy("e2ee", tmp_path / "e2ee.wasm")
    (tmp_path / "right").write_text("correct horse\n")
    (tmp_path / "wrong").write_text("battery\n")
    key = str(tmp_path / "k")
    run(PROGRAM, "key", "new", key, "--password-file", str(tmp_path / "right"))
    assert (tmp_path / "k.key").stat().st_mode & 0o777 == 0o600
    run(PROGRAM, "key", "new", key, "--no-password", expect=2)
    run(PROGRAM, "sign", str(file), "--key", key + ".key", "--password-file", str(tmp_path / "wrong"), expect=2)
    assert not (tmp_path / "e2ee.wasm.minisig").exists()
    run(PROGRAM, "sign", str(file), "--key", key + ".key", "--password-file", str(tmp_path / "right"))
    run(PROGRAM, "verify", str(file), "--key", key + ".pub")


def test_the_page_runs(tmp_path):
    copy("e2ee", tmp_path / "e2ee.wasm")
    page = (PROJECT / "docs" / "signatures.md").read_text()
    environment = {**os.environ, "PATH": f"{STAGE}/bin:/usr/bin:/bin"}
    for block in re.findall(r"^```sh\n(.*?)^```", page, re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            run("sh", "-c", line, cwd=tmp_path, env=environment)
