"""The same policy in each language: from an empty folder to a real client that reads the refusal; the same verdicts, reasons,
texts and log lines for the same stanzas. The times that it prints are those of a warm cache."""

import shutil

import pytest

from author import BUILD_SECONDS, Author
from client import Client, new_marker
from languages import CHECK_TYPES, FAILURES, INSTALL, SOURCES
from places import PROJECT, RUNS
from server import Server
from world import PASSWORD, local_hosts, shared_cache, wait_until_settled

CASES = PROJECT / "tests" / "authors" / "no-shouting.json"
COMPONENT = "build/no-shouting.wasm"


@pytest.fixture(scope="module", params=list(INSTALL))
def language(request):
    return request.param


@pytest.fixture(scope="module")
def author(language, tmp_path_factory):
    """In a project that was just made and built."""
    author = Author(tmp_path_factory.mktemp(language), RUNS / "author-rust")
    author.done(f"prosody-wasm new no-shouting --lang {language}")
    author.enter("no-shouting")
    INSTALL[language](author.folder)
    assert "implements message-policy" in author.done("prosody-wasm build")
    return author


def say(alice, bob, text):
    """Sends a message; returns what bob got, and the texts of the errors that alice got."""
    alice.send(f"<message to='{bob.bare}' type='chat' id='{new_marker()}'><body>{text}</body></message>")
    errors = [stanza.findtext("{*}error/{*}text") for stanza in alice.synchronise() if stanza.get("type") == "error"]
    bodies = [body.text for stanza in bob.synchronise() for body in stanza.iterfind("{*}body")]
    return bodies, errors


def test_the_project_is_well_as_it_is(language, author):
    CHECK_TYPES[language](author.folder)
    assert "3 of 3" in author.done("prosody-wasm test")
    assert "accepted" in author.done(f"prosody-wasm check {COMPONENT} --settings '{{\"limit\":2}}'")


def test_it_may_do_what_it_uses_and_no_more(author):
    lines = author.done(f"prosody-wasm inspect {COMPONENT}").splitlines()
    assert [line.split()[1] for line in lines if line.startswith("  may ")] == ["content", "log"]


def test_settings_that_do_not_fit_are_refused(author):
    status, printed = author.type(f"prosody-wasm check {COMPONENT} --settings '{{\"limit\":\"two\"}}'")
    assert status == 1 and "settings.limit must be a whole number, at least 0, not a text" in printed, printed


def test_a_real_client_is_refused(author):
    policies = {"no-shouting": {"path": str(author.folder / COMPONENT), "settings": {"limit": 2}}}
    with Server("13.0", local_hosts(policies), {**shared_cache(), "wasm_compile_seconds": BUILD_SECONDS}) as server:
        assert "running" in wait_until_settled(server, BUILD_SECONDS)
        alice, bob = (Client(server, f"{user}@local.test", PASSWORD) for user in ("alice", "bob"))
        assert say(alice, bob, "Good morning!") == (["Good morning!"], [])
        assert say(alice, bob, "Good morning!!!") == ([], ["Please do not shout."])
        assert "exclamation marks: 3" in server.log()


# From here on the project has other cases than its own.
def test_the_same_stanzas_get_the_same_verdicts(author):
    shutil.rmtree(author.folder / "cases")
    (author.folder / "cases").mkdir()
    shutil.copy(CASES, author.folder / "cases")
    assert "40 of 40 as expected" in author.done("prosody-wasm test")


def test_an_error_says_where_it_was(language, author):
    if language not in FAILURES:
        pytest.skip("in test_author_rust.py, with the lines of the compiler")
    line, fails, place = FAILURES[language]
    author.replace(SOURCES[language], line, fails + line)
    author.done("prosody-wasm build")
    status, printed = author.type("prosody-wasm test")
    assert status == 1 and place in printed, printed
