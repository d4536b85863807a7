"""What an operator sees: `wasm list`, `wasm info`, the counters on the OpenMetrics page, the log."""

import re
import urllib.request

from canaries import CANARY
from network import LOOPBACK
from world import policy_info, policy_list


def send_plaintext(world):
    world.alice.send(f"<message to='{world.bob.bare}' type='chat'><body>{CANARY}</body></message>")
    world.alice.synchronise()


def test_list_names_every_policy_with_its_state(world):
    listing = policy_list(world.local)
    for host in ("local.test", "rooms.local.test"):
        assert re.search(rf"^\W*{re.escape(host)}\b.*\be2ee\b.*\brunning\b", listing, re.MULTILINE), listing


def test_info_shows_what_a_policy_is_and_may(world):
    info = policy_info(world.local, "local.test", "e2ee")
    for wanted in ("e2ee", "local.test", "running", "message-policy", "enforce", "deny"):
        assert wanted in info, info
    assert re.search(r"\b[0-9a-f]{64}\b", info), info


def test_info_about_an_unknown_policy_says_so(world):
    assert "e2ee" in policy_info(world.local, "local.test", "e2e")


def counted(world):
    """The sum of all counters of mod_wasm whose labels name a bounce."""
    page = urllib.request.urlopen(f"http://{LOOPBACK}:{world.local.ports['http']}/metrics", timeout=20).read().decode()
    lines = [line for line in page.splitlines() if line.startswith("prosody_mod_wasm") and "bounce" in line]
    return sum(float(line.split()[-1]) for line in lines if "_created" not in line), page


def test_metrics_count_decisions(world):
    before, _ = counted(world)
    send_plaintext(world)
    after, page = counted(world)
    assert after == before + 1, [line for line in page.splitlines() if "wasm" in line]


def test_log_has_one_line_per_decision_without_addresses_or_text(world):
    before = len(decision_lines(world))
    send_plaintext(world)
    lines = decision_lines(world)[before:]
    assert len(lines) == 1, lines
    assert "verdict=bounce" in lines[0] and "policy=e2ee" in lines[0]
    assert not re.search(r"alice|bob|local\.test|" + CANARY, lines[0])


def decision_lines(world):
    return [text for _, text in world.local.log_lines("debug") if text.startswith("decision ") and "kind=message" in text]
