"""The same policy in each language: from an empty folder to a real client that reads the refusal; the same verdicts, reasons,
texts and log lines for the same stanzas."""

import pytest

from authors import LANGUAGES, SECONDS, Author
from client import Client, new_marker
from places import PROJECT
from server import Server
from world import PASSWORD, local_hosts, shared_cache, wait_until_settled

CASES = PROJECT / "tests" / "authors" / "no-shouting.json"
NEEDED = ["content", "log"]


@pytest.fixture(scope="module", params=LANGUAGES)
def author(request, tmp_path_factory):
    return Author(request.param, tmp_path_factory.mktemp(request.param))


def say(alice, bob, text):
    """Sends a message; returns what bob got, and the text of the error that alice got."""
    alice.send(f"<message to='{bob.bare}' type='chat' id='{new_marker()}'><body>{text}</body></message>")
    errors = [stanza.findtext("{*}error/{*}text") for stanza in alice.synchronise() if stanza.get("type") == "error"]
    bodies = [body.text for stanza in bob.synchronise() for body in stanza.iterfind("{*}body")]
    return bodies, errors


def test_the_project_is_well_as_it_is(author):
    author.check_types()
    assert "3 of 3" in author.run("test")
    assert "accepted" in author.run("check", author.component, "--settings", '{"limit":2}')


def test_it_may_do_what_it_uses_and_no_more(author):
    permissions = [line.split()[1] for line in author.run("inspect", author.component).splitlines() if line.startswith("  may ")]
    assert permissions == NEEDED


def test_settings_that_do_not_fit_are_refused(author):
    assert "refuses its settings" in author.run("check", author.component, "--settings", '{"limit":"two"}', expected=1)


def test_a_real_client_is_refused(author):
    policies = {"no-shouting": {"path": str(author.component), "settings": {"limit": 2}}}
    with Server("13.0", local_hosts(policies), {**shared_cache(), "wasm_compile_seconds": SECONDS}) as server:
        assert "running" in wait_until_settled(server, SECONDS)
        alice, bob = (Client(server, f"{user}@local.test", PASSWORD) for user in ("alice", "bob"))
        assert say(alice, bob, "Good morning!") == (["Good morning!"], [])
        assert say(alice, bob, "Good morning!!!") == ([], ["Please do not shout."])
        assert "exclamation marks: 3" in server.log()
    print(author.summary())


# Last: it replaces the project's own cases.
def test_the_same_stanzas_get_the_same_verdicts(author):
    answers = author.answers(CASES)
    assert len(answers) == 40
    assert [(name, came, differences) for name, came, differences in answers if differences] == []
