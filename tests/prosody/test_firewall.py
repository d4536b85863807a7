"""mod_firewall and the policy `firewall` decide the same about every stanza of a corpus, or it is known why not."""

import pytest

from conftest import VERSIONS
from firewall_differences import TABLE
from firewall_run import Side, decisions
from firewall_servers import by_mod_firewall, by_policy, rule_sets


@pytest.fixture(scope="module", params=VERSIONS)
def both(request, tmp_path_factory):
    """(version, what mod_firewall did, what the policy did)"""
    version, folder = request.param, tmp_path_factory.mktemp("lists")
    sets = rule_sets(version)
    theirs = decisions(version, sets, by_mod_firewall, Side.load_mod_firewall)
    ours = decisions(version, sets, by_policy(folder), Side.wait_for_policies)
    return version, theirs, ours


def shown(key, theirs, ours):
    return f"{key[0]}.test, {key[1]}:\n  mod_firewall: {theirs}\n  the policy:   {ours}"


def test_the_same_becomes_of_every_stanza(both):
    version, theirs, ours = both
    assert theirs.keys() == ours.keys()
    unknown = [shown(key, theirs[key], ours[key]) for key in theirs
               if theirs[key] != ours[key] and not any(known.covers(version, *key) for known in TABLE)]
    assert not unknown, f"{len(unknown)} of {len(theirs)} differ:\n" + "\n".join(unknown[:20])


def test_every_known_difference_is_one(both):
    version, theirs, ours = both
    for known in TABLE:
        if known.versions and version not in known.versions:
            continue
        meant = [key for key in theirs if known.covers(version, *key)]
        assert meant, f"no row: {known.reason}"
        same = [key for key in meant if theirs[key] == ours[key]]
        assert not same, f"{known.reason}: {same[:5]} do not differ"


def test_rules_of_every_kind_decide_something(both):
    """A set under which everything passes would prove nothing."""
    _, theirs, _ = both
    sets = {name for name, _ in theirs}
    plain = {row: arrived for (name, row), arrived in theirs.items() if name == "blocking"}
    for name in sets - {"blocking", "geoloc"}:
        changed = [row for row in plain if theirs[name, row] != plain[row]]
        assert len(changed) > 10, name
