"""What `make deb`, `make rock` and `make dist` made: the same bytes when made again, and the tarball installs itself."""

import os
import subprocess

import pytest

from places import PROJECT, STAGE, TARGET

DIST = TARGET / "dist"
SCRIPTS = PROJECT / "tests" / "setup" / "release"
# Another machine has other habits.
ELSEWHERE = {"TZ": "Pacific/Auckland", "LC_ALL": "C", "LANG": "C"}
PROGRAM, LIBRARY = "bin/prosody-wasm", "lib/prosody/modules/mod_wasm/prosody_wasm.so"


@pytest.mark.parametrize("script", ["deb", "rock", "dist"])
def test_the_same_bytes_when_made_again(script, tmp_path):
    os.umask(0o077)
    try:
        subprocess.run([SCRIPTS / f"{script}.sh"], env={**os.environ, **ELSEWHERE, "DIST": str(tmp_path)}, check=True,
                       capture_output=True, cwd=tmp_path)
    finally:
        os.umask(0o022)
    made = [path for path in tmp_path.rglob("*") if path.suffix in (".deb", ".rock", ".gz", ".sha256")]
    assert made
    for path in made:
        earlier = DIST / path.relative_to(tmp_path)
        assert earlier.read_bytes() == path.read_bytes(), f"{path.name} differs; is target/dist of this commit (make {script})?"


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("built")
    tarball = next(DIST.glob("mod_wasm-*-linux-*.tar.gz"))
    subprocess.run(["tar", "--extract", "--file", tarball, "--directory", folder], check=True)
    return next(folder.iterdir())


def install(unpacked, prefix):
    return subprocess.run([unpacked / "install.sh", prefix], capture_output=True, text=True)


def installed(prefix):
    return {str(path.relative_to(prefix)) for path in prefix.rglob("*") if path.is_file()}


def test_the_tarball_installs_what_make_install_does(unpacked, tmp_path):
    prefix = tmp_path / "usr"
    old = (prefix / LIBRARY).with_name("prosody_wasm-0.0.1-0123456789ab.so")
    old.parent.mkdir(parents=True)
    old.write_text("of an older version")
    result = install(unpacked, prefix)
    assert result.returncode == 0, result.stderr
    assert not old.exists() and (prefix / LIBRARY).is_symlink()
    for name in (PROGRAM, LIBRARY, "lib/prosody/wasm/e2ee.wasm"):
        assert (prefix / name).read_bytes() == (STAGE / name).read_bytes(), name
    assert installed(prefix) <= installed(STAGE)
    version = subprocess.run([prefix / PROGRAM, "--version"], capture_output=True, text=True).stdout
    assert version.split()[1] in unpacked.name


def test_a_changed_file_is_not_installed(unpacked, tmp_path):
    policy = unpacked / "lib/prosody/wasm/e2ee.wasm"
    right = policy.read_bytes()
    try:
        policy.write_bytes(right + b"\0")
        result = install(unpacked, tmp_path / "usr")
    finally:
        policy.write_bytes(right)
    assert result.returncode != 0 and "e2ee.wasm" in result.stdout
    assert not (tmp_path / "usr").exists()
