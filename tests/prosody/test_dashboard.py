"""The dashboard and the alert rules ask for what a real server reports, and the rules wake an operator when they should."""

import json
import re
import subprocess

import pytest

from configuration import Host
from metrics import samples
from places import PROJECT, TARGET
from server import Server
from world import bundled, shared_cache, wait_until_settled, with_wasm

MONITORING = PROJECT / "docs" / "monitoring"
DASHBOARD = json.loads((MONITORING / "grafana.json").read_text())
RULES = MONITORING / "alerts.yml"
PROMTOOL = TARGET / "promtool"
# Grafana puts these in before it asks.
VARIABLES = {"$__rate_interval": "5m", "$host": ".*"}
SELECTOR = re.compile(r"\b(prosody_\w+)(?:\{([^}]*)\})?")
needs_promtool = pytest.mark.skipif(not PROMTOOL.exists(), reason="there is no promtool: tests/setup/promtool.sh fetches it")


def panel_queries():
    return [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]


def alert_queries():
    return re.findall(r"expr: (?:>-\n)?((?:.(?!for:))+)", RULES.read_text(), re.DOTALL)


def asked():
    """[(metric, {label, …}, what is asked for as state or verdict)] of all queries."""
    found = [match for query in panel_queries() + alert_queries() for match in SELECTOR.findall(query)]
    matchers = [(name, re.findall(r'(\w+)=~?"([^"]*)"', labels)) for name, labels in found]
    return [(name, dict(labels)) for name, labels in matchers]


def test_every_metric_and_label_is_reported(world):
    reported = {}
    for name, labels, _ in samples(world.local):
        reported.setdefault(name, set()).update(labels)
    questions = asked()
    assert len(questions) > 10
    for name, labels in questions:
        assert name in reported, f"{name} is not on the page"
        assert set(labels) <= reported[name], f"{name} has no label {set(labels) - reported[name]}"


def test_every_state_and_verdict_exists():
    page = (PROJECT / "docs" / "operators.md").read_text()
    states = set(re.findall(r"^\| `(\w+)` \| [a-z]", page, re.MULTILINE))
    counted = re.search(r"verdict_names = \{(.*?)\}", (PROJECT / "lua-shim/mod_wasm/metrics.lib.lua").read_text())[1]
    known = {"state": states, "verdict": set(re.findall(r'"(\w+)"', counted))}
    for name, labels in asked():
        for label in labels.keys() & known.keys():
            assert set(labels[label].split("|")) <= known[label], (name, labels)


def test_panels_have_their_places():
    taken = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert not cells & taken and max(x for x, _ in cells) < 24, panel["title"]
        taken |= cells
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
    names = {variable["name"] for variable in DASHBOARD["templating"]["list"]}
    assert set(re.findall(r"\$\{?([a-z]+)", json.dumps(DASHBOARD["panels"]))) == names


def promtool(*words):
    result = subprocess.run([PROMTOOL, *words], capture_output=True, text=True, cwd=PROJECT)
    assert result.returncode == 0, result.stdout + result.stderr


@needs_promtool
def test_the_queries_of_the_dashboard_are_promql(tmp_path):
    rules = []
    for number, query in enumerate(panel_queries()):
        for variable, value in VARIABLES.items():
            query = query.replace(variable, value)
        rules.append({"record": f"panel_{number}", "expr": query})
    # JSON is YAML, too.
    (tmp_path / "rules.yml").write_text(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))
    promtool("check", "rules", tmp_path / "rules.yml")


@needs_promtool
def test_alerts_come_when_they_should():
    promtool("test", "rules", PROJECT / "tests" / "prosody" / "alerts.test.yml")


def refused(server):
    return [number for name, _, number in samples(server) if name == "prosody_mod_wasm__refused"]


def test_a_refused_change_is_reported(version):
    host = Host("local.test", with_wasm(bundled({"direct": "mandatory"})))
    with Server(version, [host], shared_cache()) as server:
        wait_until_settled(server)
        assert refused(server) == [0]
        host.options.update(with_wasm(bundled({"direct": "mandatroy"})))
        server.write_configuration()
        server.shell("config:reload()")
        assert "running" in wait_until_settled(server)
        assert refused(server) == [1]
        host.options.update(with_wasm(bundled({"direct": "mandatory"})))
        server.write_configuration()
        server.shell("config:reload()")
        wait_until_settled(server)
        assert refused(server) == [0]
