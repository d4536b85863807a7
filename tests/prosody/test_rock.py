"""`prosodyctl install mod_wasm`: from a server of rocks, without an option that says where anything is."""

import shutil
import subprocess

import pytest

from configuration import Host
from plaintext import is_refused
from rocks import RockServer
from server import Server
from world import PASSWORD, STRICT, wait_until_settled, with_wasm

HOST = "local.test"


class Installing(Server):
    """A server that sees no files of the checkout: what it knows of mod_wasm was installed."""

    def __init__(self, version, folder, rocks):
        wasm = with_wasm({"e2ee": {"settings": STRICT}})
        super().__init__(version, [Host(HOST, wasm, users=dict.fromkeys(("alice", "bob"), PASSWORD))], stage=folder / "nothing")
        self.rocks = rocks
        # Beside the server that is named, LuaRocks asks those of its configuration.
        servers, cache = f'rocks_servers = {{ "{rocks.address}" }}', f'local_cache = "{self.folder}/downloads"'
        (self.folder / "luarocks.lua").write_text(f"{servers}\n{cache}\n")
        self.write_configuration()

    def _environment(self):
        return {**super()._environment(), "LUAROCKS_CONFIG": str(self.folder / "luarocks.lua")}

    @property
    def tree(self):
        return self.folder / "data" / "custom_plugins"

    def install(self):
        # What LuaRocks has downloaded it believes for ten seconds.
        shutil.rmtree(self.folder / "downloads", ignore_errors=True)
        result = self.prosodyctl("install", f"--server={self.rocks.address}", "mod_wasm")
        assert result.returncode == 0, result.stdout + result.stderr

    def libraries(self):
        with open(f"/proc/{self.process.pid}/maps") as maps:
            return {line.rsplit("/", 1)[1].strip() for line in maps if "/prosody_wasm-" in line}

    def wasm(self, verb):
        return self.shell(f"wasm:{verb}()") if self.version == "0.12" else self.shell("wasm", verb)


@pytest.fixture
def rocks(tmp_path):
    with RockServer(tmp_path / "rocks") as served:
        yield served


def test_installed_used_upgraded_removed(version, rocks, tmp_path):
    server = Installing(version, tmp_path, rocks)
    server.install()
    with server:
        assert "running" in wait_until_settled(server)
        assert is_refused(server, HOST)
        rocks.publish_newer()
        server.install()
        assert is_refused(server, HOST)
        assert len(server.libraries()) == 1
        said = server.wasm("takeover")
        assert len(server.libraries()) == 2, said
        assert "running" in wait_until_settled(server) and is_refused(server, HOST)
        assert server.log_lines("error") == []
        removed = server.prosodyctl("remove", "mod_wasm")
        assert removed.returncode == 0 and is_refused(server, HOST), removed.stdout + removed.stderr
    assert [path for path in server.tree.rglob("*") if "wasm" in path.name] == []


def test_the_program_finds_what_was_installed_with_it(rocks, tmp_path):
    server = Installing("13.0", tmp_path, rocks)
    try:
        server.install()
        shown = subprocess.run([server.tree / "bin" / "prosody-wasm", "inspect", "e2ee"], capture_output=True, text=True)
        assert str(server.tree) in str((server.tree / "bin" / shown.stdout.splitlines()[0]).resolve()), shown
        assert "message-policy" in shown.stdout
    finally:
        server.remove()
