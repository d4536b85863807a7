"""The Debian package on clean Debians: installed, used, upgraded beside a running server, removed, purged."""

import pytest

import packaged
from clean_debian import ROOTS, CleanDebian, obstacle
from debian_prosody import CONFIGURATION, HOST, DebianProsody
from plaintext import is_refused

# What apt, dpkg and Prosody itself write.
OTHERS = ("/var/lib/dpkg/", "/var/log/", "/var/cache/", "/run/", "/tmp/", "/etc/prosody/conf.d/local.cfg.lua",
          "/var/lib/prosody/local%2etest", "/var/lib/prosody/prosody.sock", "/var/lib/prosody/localhost")
MODULES = "/usr/lib/prosody/modules"


@pytest.fixture(params=ROOTS)
def debian(request):
    if reason := obstacle(request.param):
        pytest.skip(reason)
    with CleanDebian(request.param) as made:
        yield made


@pytest.fixture(scope="module")
def package():
    return packaged.built()


@pytest.fixture(scope="module")
def newer(package, tmp_path_factory):
    return packaged.newer(package, tmp_path_factory.mktemp("newer"))


def install(debian, package):
    debian.put(package, "/tmp/new.deb")
    return debian.run("dpkg", "--install", "/tmp/new.deb")


def test_what_is_in_it(package):
    paths = packaged.contents(package)
    assert all(row[1] == "root/root" for row in paths.values())
    for wanted in (f"{MODULES}/mod_wasm/mod_wasm.lua", "/usr/lib/prosody/wasm/e2ee.wasm", "/usr/bin/prosody-wasm",
                   "/usr/share/man/man1/prosody-wasm.1.gz", "/usr/share/doc/prosody-mod-wasm/docs/operators.md",
                   "/usr/share/doc/prosody-mod-wasm/copyright", "/usr/share/bash-completion/completions/prosody-wasm"):
        assert wanted in paths
    assert not [path for path in paths if not path.startswith("/usr/") and path not in ("/", "/usr/")]
    assert not [path for path, row in paths.items() if row[0][8] == "w" and not row[0].startswith("l")], "writable by all"


def test_what_authors_get():
    paths = packaged.contents(packaged.built(packaged.DEVELOPERS))
    assert "/usr/share/prosody-wasm/wit/worlds.wit" in paths
    assert not [path for path in paths if path.startswith(("/usr/bin", "/usr/lib"))]


def test_it_lives_and_dies(debian, package, newer):
    server = DebianProsody(debian)
    before = debian.files()
    assert "takeover" not in install(debian, package)
    server.configure()
    with server:
        assert "running" in server.settled()
        assert is_refused(server, HOST)
        assert "takeover" in install(debian, newer), "the upgrade says what is left to do"
        assert "running" in server.settled() and is_refused(server, HOST)
        assert len(server.libraries()) == 1
        said = server.wasm("takeover")
        assert len(server.libraries()) == 2, said
        assert "running" in server.settled() and is_refused(server, HOST)
        said = debian.run("dpkg", "--remove", packaged.NAME)
        assert "OPEN" in said and "modules_enabled" in said
        assert is_refused(server, HOST), "what is loaded goes on"
        assert server.stop() == 0
    assert_it_is_open_without_the_module(server)
    debian.run("dpkg", "--purge", packaged.NAME)
    left = {path for path in debian.files() - before if not path.startswith(OTHERS)}
    assert left == set()
    assert [path for path in debian.files() if "wasm" in path and "wasm32" not in path] == []


def assert_it_is_open_without_the_module(server):
    """What the warning of the removal says is true."""
    with server:
        assert not is_refused(server, HOST)
        assert "mod_wasm.lua" in server.log() or "Unable to load module 'wasm'" in server.log(), server.log()
        assert server.stop() == 0


@pytest.mark.parametrize("configuration, warns", [
    ('modules_enabled = { "c2s-one"; "wasm" }', True),
    ("modules_enabled = {\n\t'wasm', -- judges\n}", True),
    ('-- modules_enabled = { "wasm" }', False),
    ('modules_enabled = { "wasm_retention" }', False),
])
def test_removal_warns_of_what_is_enabled(debian, package, configuration, warns):
    install(debian, package)
    debian.path(CONFIGURATION).write_text(configuration + "\n")
    assert ("OPEN" in debian.run("dpkg", "--remove", packaged.NAME)) == warns
