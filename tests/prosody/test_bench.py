"""The benchmarks that need no server run, and what they find can be shown; what they find is not looked at here."""

import sys
import xml.etree.ElementTree as ElementTree

import pytest

from places import PROJECT

sys.path.append(str(PROJECT / "tests/bench"))
import docs  # noqa: E402
import measuring  # noqa: E402
import run  # noqa: E402

ONCE = {"BENCH_ROUNDS": "1", "BENCH_QUICK": "1"}
MACHINE = {"processor": "a processor", "cores": 2, "Lua": "5.4"}


@pytest.mark.parametrize("group", ["crossing", "floor", "uninterested", "policies", "logging"])
def test_a_group_runs_and_is_shown(group):
    rows = measuring.summed(group, [row for command in run.GROUPS[group] for row in run.rows_of(command, ONCE)])
    assert rows and all(row["median"] > 0 and row["ratio"] > 0 for row in rows)
    page, plots = docs.filled(f"<!-- {group} -->\n<!-- end -->", {"machine": MACHINE, "rows": rows})
    assert all(row["case"] in page and row["what"] in page for row in rows)
    assert all(ElementTree.fromstring(plot).tag.endswith("svg") for plot in plots.values()) and plots


def test_rows_have_median_spread_and_ratio():
    values = {"one": [3.0, 1.0, 2.0], "other": [4.0, 8.0, 6.0, 2.0, 100.0]}
    rows = [{"case": "a", "what": what, "unit": "µs", "values": found, "reference": "one"} for what, found in values.items()]
    one, other = measuring.summed("group", rows)
    assert (one["median"], one["low"], one["high"], one["ratio"], one["rounds"]) == (2.0, 1.0, 3.0, 1.0, 3)
    assert (other["median"], other["low"], other["high"], other["ratio"]) == (6.0, 2.0, 100.0, 3.0)


def test_a_goal_beside_what_is_lost_in_the_noise_is_not_reached():
    values = {"mod_firewall, three rules": [-2.0, -1.0, 1.0], "all bundled policies": [900.0, 901.0, 902.0]}
    rows = [{"case": "chat, with archive and more: added", "what": what, "unit": "thousand more", "values": found,
             "reference": "mod_firewall, three rules"} for what, found in values.items()]
    rows = measuring.summed("server-instructions", rows)
    assert "| ∞ × | **no** |" in docs.goals(rows), docs.goals(rows)


def test_what_is_less_than_nothing_can_be_drawn():
    rows = [{"case": "a", "what": "b", "unit": "µs", "low": -3.0, "median": -1.0, "high": 2.0}]
    assert "-1.00" in docs.svg("title", rows)


def test_every_group_has_its_place_on_the_page():
    shown = {match[2] for match in docs.MARKED.finditer(docs.PAGE.read_text())}
    assert {group for group in run.GROUPS if not group.endswith("-0.12")} <= shown
