"""No addresses in the log, whatever writes it, and no records about people that nobody asked for."""

from contextlib import ExitStack, contextmanager
from urllib.parse import quote

import pytest

import people
import system_log
from client import Client
from people import TRACES, register
from server import Server
from world import introduce

# Before the module is loaded the server says on which of its own addresses it listens, and nothing about people.
ABOUT_OURSELVES = ("Activated service", "Added listening service", "Server FD", "Serving ")


def traces(text):
    return [line for line in text.splitlines() if any(trace in line for trace in TRACES)]


def at_info_and_above(text):
    return "\n".join(line for line in text.splitlines() if "debug\t" not in line)


class Logs:
    """What each sink of a server wrote since the last look."""

    def __init__(self, server):
        self.paths = {name: server.folder / name for name in ("prosody.log", "info.log", "output.txt")}
        self.read = dict.fromkeys(self.paths, 0)

    def since(self):
        fresh = {}
        for name, path in self.paths.items():
            data = path.read_bytes()
            fresh[name] = data[self.read[name]:].decode(errors="replace")
            self.read[name] = len(data)
        return fresh


def about_people(text):
    """What a start tells beyond the server's own addresses."""
    return [line for line in traces(text) if not any(words in line for words in ABOUT_OURSELVES)]


def new_server(version, neighbours, options):
    enabled = [*people.modules(version), *options.pop("more", []), "wasm_retention"]
    hosts = people.hosts(**options.pop("on_host", {}))
    server = Server(version, hosts, {"modules_enabled": enabled, **options}, neighbours=neighbours)
    server.options.setdefault("log", [
        {"levels": {"min": "debug"}, "to": "file", "filename": str(server.log_path)},
        {"levels": {"min": "info"}, "to": "file", "filename": str(server.folder / "info.log")},
        {"levels": {"min": "debug"}, "to": "console"},
    ])
    return server


@contextmanager
def running(version, **options):
    """A server with another one to talk to."""
    neighbours = {}
    server = new_server(version, neighbours, options)
    remote = Server(version, people.remote_hosts(), neighbours=neighbours)
    introduce(neighbours, server, remote)
    with ExitStack() as started:
        if "syslog" in str(options.get("log")):
            server.syslog = started.enter_context(system_log.Syslog(server))
        started.enter_context(server)
        started.enter_context(remote)
        yield server


def status(server):
    return server.shell("module:info('wasm_retention')")


def test_info_and_above_name_nobody(version):
    with running(version) as server:
        logs = Logs(server)
        assert about_people(at_info_and_above("".join(logs.since().values()))) == []
        people.live_a_day(server, ["calliope"])
        told = logs.since()
        for name, text in told.items():
            assert traces(at_info_and_above(text)) == [], name
            assert "Authenticated as <jid>" in text, name
        # What nobody asked to be scrubbed is there, so this test would see it elsewhere.
        missing = [trace for trace in TRACES if trace not in told["prosody.log"]]
        assert missing == []
        assert "scrubbing 3 sinks, info and above" in status(server)


def test_no_level_names_anybody(version):
    with running(version, wasm_retention={"redact": True}) as server:
        logs = Logs(server)
        assert about_people("".join(logs.since().values())) == []
        between = [None, "config:reload()", "module:reload('wasm_retention')", "config:reload()"]
        for day, command in enumerate(between):
            if command:
                assert "rror" not in server.shell(command)
            people.live_a_day(server, [f"calliope{day}"])
            told = logs.since()
            assert [words for words in people.NAMES_ALONE if words not in told["prosody.log"]] == []
            for name, text in told.items():
                assert traces(text) == [], (command, name)
                assert "Authenticated as <jid>" in text, name
                # Domains, sessions and what happened are still there.
                assert "local.test" in text and "c2s" in text, name
        assert "scrubbing 3 sinks, all levels" in status(server)
        assert server.log_lines("error") == []
        # A start with all that in the stores.
        server.stop()
        server.start()
        assert about_people("".join(logs.since().values())) == []
        server.shell("module:unload('wasm_retention')")
        logs.since()
        people.live_a_day(server, ["calliope-at-last"])
        told = logs.since()
        for name, text in told.items():
            assert "Authenticated as aldonza@local.test" in text, name
        assert [trace for trace in TRACES if trace not in told["output.txt"]] == []


def test_the_name_of_a_broken_file_is_cut(version):
    """By Lua, at its front: of a long name that is encoded only the end is left, and no slash."""
    name = "александра"
    with running(version) as server:
        register(server, name)
        path = server.folder / "data/local%2etest/blocklist" / (quote(name).lower() + ".dat")
        path.parent.mkdir()
        path.write_text("return {\n= 1 }\n")
        client = Client(server, f"{name}@local.test", people.PASSWORD)
        client.send("<iq type='get' id='blocked'><blocklist xmlns='urn:xmpp:blocking'/></iq>")
        client.synchronise()
        client.close()
        assert "storage ('...<jid>.dat:2:" in "\n".join(text for _, text in server.log_lines("error"))
        assert "%d0%" not in at_info_and_above(server.log())


def test_a_setting_in_the_section_of_a_host_is_said(version):
    with running(version, on_host={"wasm_retention": {"redact": True}}) as server:
        told = [text for _, text in server.log_lines("error") if "wasm_retention is in the section of local.test, where" in text]
        assert len(told) == 1
        assert "scrubbing 3 sinks, all levels" in status(server)


@pytest.mark.skipif(not system_log.is_possible(), reason="a syslog of its own needs the right to mount")
def test_syslog_names_nobody(version):
    with running(version, log={"debug": "*syslog"}, wasm_retention={"redact": True}) as server:
        begin = len(server.syslog.lines)
        people.live_a_day(server, ["calliope"])
        text = "\n".join(server.syslog.lines[begin:])
        assert "Authenticated as <jid>" in text and traces(text) == []
        server.shell("module:unload('wasm_retention')")
        people.live_a_day(server, ["calliope2"])
        assert "Authenticated as aldonza@local.test" in "\n".join(server.syslog.lines)


def test_without_the_library_lines_are_withheld(version):
    with running(version, wasm_library="/nowhere/prosody_wasm.so") as server:
        logs = Logs(server)
        told = logs.since()["info.log"]
        assert told.count("Until then lines of the log are withheld") == 1
        people.live_a_day(server, ["calliope"])
        text = logs.since()["info.log"]
        assert "\tinfo\t(withheld: this line cannot be scrubbed" in text and traces(text) == []
        assert "lines of 3 sinks are withheld" in status(server)


# The one keeps its records in files; 0.12 has only the other.
KEEPERS = {"13.0": "account_activity", "0.12": "lastactivity"}


def test_records_that_nobody_asked_for(version):
    keeper = KEEPERS[version]
    with running(version, more=[keeper]) as server:
        people.live_a_day(server, ["calliope"])
        told = "\n".join(text for source, text in server.log_lines("warn") if source == "mod_wasm_retention")
        assert f"local.test: mod_{keeper} keeps when each user" in told
        assert "upload.local.test: mod_http_file_share keeps for each upload its file name" in told
        assert "local.test: mod_mam keeps on which days" in told
        assert f"local.test: mod_{keeper} is unloaded" in server.log()
        assert not list(server.folder.glob(f"data/*/{keeper}"))
        assert list(server.folder.glob("data/*/archive")), "the module for messages stays"
        shown = status(server)
        assert "http_file_share, mam, " in shown and keeper not in shown


def test_records_that_were_asked_for(version):
    keeper = KEEPERS[version]
    keeps = [keeper, "http_file_share", "mam", "register_ibr", "smacks", *(["cloud_notify"] if version == "13.0" else [])]
    with running(version, more=[keeper], wasm_retention={"keeps": keeps}) as server:
        people.live_a_day(server, ["calliope"])
        assert [line for line in server.log_lines("warn") if line[0] == "mod_wasm_retention"] == []
        assert f"mod_{keeper} is unloaded" not in server.log()
        assert version != "13.0" or list(server.folder.glob(f"data/*/{keeper}"))
        assert "no module keeps records that were not asked for" in status(server)
