"""Settings are compared with the schema that a policy carries, before it is loaded: at start, reload and swap."""

import pytest

from configuration import Host
from server import Server
from shell import Shell
from world import policy_info, shared_cache, wait_for_listing, wait_until_settled, with_wasm

HOST = "local.test"
MISTAKES = [
    ({"mdoe": "mixed"}, "settings.mdoe: there is no such setting; did you mean `mode`?"),
    ({"mode": "mixt"}, 'settings.mode cannot be "mixt": it is "mandatory", "mixed", "optional" or "off"; did you mean "mixed"?'),
    ({"strict": "yes"}, "settings.strict must be true or false, not a text"),
    ({"exempt": ["a.org", 1]}, "settings.exempt[2] must be a text, not a number"),
    ({"warn_every": -1}, "settings.warn_every cannot be -1: it is at least 0"),
    ({"texts": {"deutsch": "Hallo"}}, 'settings.texts.deutsch cannot have this name: it must be a text like "en", "de" or "link"'),
]


def server(version, settings):
    host = Host(HOST, with_wasm({"e2ee": {"settings": settings}}, **shared_cache()))
    return Server(version, [host])


def set_settings(running, settings):
    running.hosts[0].options["wasm_policies"]["e2ee"]["settings"] = settings
    running.write_configuration()
    assert Shell(running).run("config:reload()").ok


def identity(running):
    return next(line for line in policy_info(running, HOST, "e2ee").splitlines() if line.startswith("Generation"))


def logged(running, sentence):
    return any(sentence in text for _, text in running.log_lines("error"))


@pytest.mark.parametrize("settings, sentence", MISTAKES[:2])
def test_a_mistake_at_the_start_closes_and_is_named(version, settings, sentence):
    with server(version, settings) as running:
        listing = wait_until_settled(running)
        assert "failed" in listing and sentence in listing
        assert logged(running, sentence)
        set_settings(running, {"mode": "mixed", "exempt": {}})
        wait_for_listing(running, lambda listing: "running" in listing and "failed" not in listing)


def test_a_mistake_at_a_reload_or_swap_changes_nothing(version):
    with server(version, {"mode": "mixed"}) as running:
        wait_until_settled(running)
        before = identity(running)
        for settings, sentence in MISTAKES:
            set_settings(running, settings)
            refusal = "the changed configuration is not in force: " + sentence
            assert "running" in wait_for_listing(running, lambda listing: refusal in listing)
            assert logged(running, sentence)
            answer = Shell(running).wasm("swap", HOST, "e2ee", settings=settings)
            assert not answer.ok and sentence in str(answer), str(answer)
            assert identity(running) == before
        set_settings(running, {"mode": "optional"})
        wait_for_listing(running, lambda listing: "not in force" not in listing)
        assert identity(running) != before
