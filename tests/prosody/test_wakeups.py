"""A short day of a phone in a pocket: the policy wakes it less often than mod_csi_simple, and it misses nothing."""

import pytest

from conftest import THREE_VERSIONS
from day import day
from wakeups import measure

STANZAS = 200


@pytest.mark.parametrize("version", THREE_VERSIONS)
def test_fewer_wake_ups_and_nothing_lost(version):
    events = day(STANZAS)
    simple, policy = measure(version, "mod_csi_simple", events), measure(version, "policy csi", events)
    assert {"lost": policy.lost, "doubled": policy.doubled, "out of order": policy.out_of_order} == {
        "lost": 0, "doubled": 0, "out of order": 0}
    assert policy.stanzas_while_inactive + policy.stanzas_on_activity + policy.superseded == len(events)
    assert 0 < policy.wake_ups < simple.wake_ups < len(events)
    assert policy.superseded > 0
