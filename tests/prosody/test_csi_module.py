"""mod_csi is loaded for the policies that need it, and mod_wasm does not go when it goes."""

from configuration import Host
from server import Server
from world import PASSWORD, shared_cache, wait_until_settled, with_wasm


def loaded(server):
    answers = {name: server.shell(f"> prosody.hosts['local.test'].modules.{name} ~= nil") for name in ("csi", "wasm")}
    return {name for name, answer in answers.items() if "Result: true" in answer}


def test_comes_by_itself_and_goes_alone(version):
    host = Host("local.test", with_wasm({"csi": {"on_error": "pass"}, "e2ee": {}}), users={"alice": PASSWORD})
    with Server(version, [host], shared_cache()) as server:
        assert "running" in wait_until_settled(server)
        assert loaded(server) == {"csi", "wasm"}
        server.shell("module:unload('csi', 'local.test')")
        assert loaded(server) == {"wasm"}
        server.shell("config:reload()")
        wait_until_settled(server)
        assert loaded(server) == {"csi", "wasm"}


def test_stays_away_when_it_is_disabled(version):
    host = Host("local.test", {**with_wasm({"csi": {"on_error": "pass"}}), "modules_disabled": ["csi"]}, users={"alice": PASSWORD})
    with Server(version, [host], shared_cache()) as server:
        assert "running" in wait_until_settled(server)
        assert loaded(server) == {"wasm"}
        assert any("it is in modules_disabled" in text for _, text in server.log_lines("error"))
