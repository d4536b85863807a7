"""The rule against telling where one is, with a real client, and the files of rules while the server runs."""


import pytest

from client import Client
from conftest import THREE_VERSIONS
from geoloc_client import geoloc, geoloc_elsewhere, told, tune
from server import Server
from shell import Shell
from waiting import wait_until
from world import PASSWORD, local_hosts, policy_list, shared_cache, wait_until_settled

HOST = "local.test"
DROP = "::deliver\n\nKIND: message\nDROP.\n"
BOUNCE = "::deliver\n\nKIND: message\nBOUNCE=policy-violation (by the second file)\n"
BROKEN = "::deliver\n\nKIND: message\nDORP.\n"


def hosts(**entry):
    return [host for host in local_hosts({"firewall": entry}) if host.name == HOST]


def server_with(version, **entry):
    return Server(version, hosts(**entry), shared_cache())


@pytest.mark.parametrize("version", THREE_VERSIONS)
def test_nobody_publishes_where_he_is(version):
    with server_with(version, files=["geoloc.pfw"]) as server:
        assert "running" in wait_until_settled(server)
        answers = told(server, f"alice@{HOST}", PASSWORD, [geoloc, geoloc_elsewhere, tune])
        assert [answer and answer[0] for answer in answers] == ["policy-violation", "policy-violation", None], answers
        assert not any("geoloc" in path.read_text() for path in (server.folder / "data").rglob("*.list"))


@pytest.mark.parametrize("version", THREE_VERSIONS)
def test_without_the_rule_he_does(version):
    with server_with(version, files=["geoloc.pfw"], mode="off") as server:
        assert told(server, f"alice@{HOST}", PASSWORD, [geoloc, geoloc_elsewhere, tune]) == [None] * 3


class Rules:
    """A server whose rules are in a file of its own folder."""

    def __init__(self, version, text, **entry):
        self.server = server_with(version, files=["rules.pfw"], **entry)
        self.write(text)

    def write(self, text):
        """Without a text there is no file."""
        file = self.server.folder / "rules.pfw"
        if text is None:
            file.unlink(missing_ok=True)
        else:
            file.write_bytes(text if isinstance(text, bytes) else text.encode())

    def reload(self):
        with Shell(self.server) as shell:
            assert shell.run("config:reload()").ok
            wait_until(lambda: shell.info(HOST, "firewall")["Preparing"] == "-")
        return policy_list(self.server)

    def becomes(self):
        """What happens to a message: its error's text, "arrived" or "nothing"."""
        with Client(self.server, f"alice@{HOST}", PASSWORD) as alice, Client(self.server, f"bob@{HOST}", PASSWORD) as bob:
            alice.send(f"<message to='{bob.full}' type='chat' id='tried'><body>hello</body></message>")
            answers = [stanza.findtext("{*}error/{*}text") for stanza in alice.synchronise() if stanza.get("id") == "tried"]
            arrived = [stanza for stanza in bob.synchronise() if stanza.get("id") == "tried"]
        return answers[0] if answers else "arrived" if arrived else "nothing"


def test_a_changed_file_is_in_force_after_a_reload(version):
    rules = Rules(version, DROP)
    with rules.server:
        wait_until_settled(rules.server)
        assert rules.becomes() == "nothing"
        rules.write(BOUNCE)
        rules.reload()
        assert rules.becomes() == "by the second file"
        with Shell(rules.server) as shell:
            info = shell.info(HOST, "firewall")
        assert (info["Files"], info["Settings"]) == ("rules.pfw", "-")


def test_a_broken_file_changes_nothing_and_is_said_with_line_and_column(version):
    rules = Rules(version, BOUNCE)
    with rules.server:
        wait_until_settled(rules.server)
        rules.write(BROKEN)
        listing = rules.reload()
        assert "running" in listing and "rules.pfw:4:1: " in listing, listing
        assert rules.becomes() == "by the second file"
        rules.write(None)
        assert "rules.pfw is not there" in rules.reload()
        assert rules.becomes() == "by the second file"
        rules.write(DROP)
        assert "rules.pfw" not in rules.reload()
        assert rules.becomes() == "nothing"


@pytest.mark.parametrize("text, sentence", [(BROKEN, "rules.pfw:4:1: "), (None, "rules.pfw is not there"),
                                            (b"\xff", "rules.pfw is not valid UTF-8")])
def test_a_server_that_starts_with_a_broken_file_is_closed(version, text, sentence):
    rules = Rules(version, text)
    with rules.server:
        listing = wait_until_settled(rules.server)
        assert "failed" in listing and sentence in listing, listing
        assert rules.becomes().startswith("This server cannot check messages at the moment")


def test_a_followed_file_is_taken_by_itself(version):
    rules = Rules(version, DROP, follow=True)
    with rules.server:
        wait_until_settled(rules.server)
        rules.write(BOUNCE)
        with Shell(rules.server) as shell:
            wait_until(lambda: shell.info(HOST, "firewall")["In force"].endswith(" by follow"))
        assert rules.becomes() == "by the second file"
