"""Verbs in odd orders: whatever was said before, the one that is said to be in force judges, and canaries stay out."""

from marking import HOST, POLICY, Running, delivers_canary, exchange, marks

TWO, THREE = {"settings": {"version": "two"}}, {"settings": {"version": "three"}}
# A verb with its flags, whether it is done, who judges afterwards (None: nobody, so nothing is delivered).
STORY = [
    ("promote", {}, False, "one"),
    ("rollback", {}, False, "one"),
    ("stage", TWO, True, "one"),
    ("shadow", THREE, True, "one"),
    ("swap", {}, True, "two"),
    ("canary", {**THREE, "share": 50}, False, "two"),
    ("rollback", {}, True, "one"),
    ("rollback", {}, True, "two"),
    ("unload", {}, True, None),
    ("shadow", THREE, True, None),
    ("rollback", {}, True, None),
    ("rollback", {}, True, "two"),
    ("swap", {**THREE, "probation": 0}, True, "three"),
    ("swap", THREE, True, "three"),
    ("canary", {**TWO, "share": 100}, True, "two"),
    ("promote", {}, True, "two"),
    ("unload", {}, True, None),
    ("unload", {}, True, None),
    ("swap", {}, True, "one"),
]


def judge(it):
    """The version that marks a message, or None; none lets a canary through."""
    assert not delivers_canary(it.alice, it.bob) and not delivers_canary(it.bob, it.alice)
    arrived = exchange(it.alice, it.bob)
    return marks(arrived)[0]["version"] if arrived is not None else None


def test_whoever_is_said_to_be_in_force_judges(version):
    with Running(version) as it:
        for number, (verb, flags, is_done, judged_by) in enumerate(STORY):
            answer = it.shell.wasm(verb, HOST, POLICY, **flags)
            assert (answer.ok, judge(it)) == (is_done, judged_by), f"{number}: {verb} {flags}: {answer}"
        assert "raceback" not in it.server.log()
