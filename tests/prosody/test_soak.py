"""A short soak: what `make soak` does for half an hour, and the same is asked of it."""

from soak import Soak

SECONDS, SESSIONS, PER_SECOND = 20, 20, 30


def test_nothing_is_lost_and_nothing_gets_out(version, record_property):
    soak = Soak(version, SECONDS, SESSIONS, PER_SECOND, seconds_between=1)
    assert soak.failures() == [], soak.report()
    # All of it took place: messages, what had to be refused, copies, files, swaps, a rollback, reloads.
    assert min(soak.actions.values()) > 0
    assert soak.ledger.copies and soak.uploads.statuses[201] > 0
    assert {"wasm:swap", "wasm:rollback", "config:reload", "module:reload"} == set(soak.operator.done), soak.operator.done
    actions = sum(soak.actions.values())
    record_property("figure", f"{version}: {actions} actions of {SESSIONS} sessions, {sum(soak.operator.done.values())} of an operator")
