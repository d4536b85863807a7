"""The hot path takes no more instructions than it did; tests/bench/instructions.py counts, and says how to accept more."""

import sys

import pytest

from places import PROJECT

sys.path.append(str(PROJECT / "tests/bench"))
import instructions  # noqa: E402

# Not for its own sake: two valgrinds would take time from those who measure some.
pytestmark = pytest.mark.alone


def test_none_grew_by_more_than_a_tenth(record_property):
    kept = instructions.kept_counts()
    if not kept:
        pytest.skip("nobody has counted on this kind of machine")
    counts = instructions.count_all()
    record_property("figure", ", ".join(f"{case}: {count:,} instructions" for case, count in counts.items()))
    assert instructions.grown(counts, kept) == []


def test_growth_is_seen():
    counts = {"grew": 111, "grew within the room": 110, "shrank": 50, "new": 1}
    grown = instructions.grown(counts, {"grew": 100, "grew within the room": 100, "shrank": 100})
    assert [line.partition(":")[0] for line in grown] == ["new", "grew"]
