"""Verbs in odd orders: whatever was said before, the one that is said to be in force judges, and canaries stay out."""


from marking import HOST, POLICY, Running, delivers_canary, exchange, marks
from waiting import wait_until

TWO, THREE = {"settings": {"version": "two"}}, {"settings": {"version": "three"}}
# A verb with its flags, whether it is done, who judges afterwards (None: nobody, so nothing is delivered).
STORY = [
    ("promote", {}, False, "one"),
    ("rollback", {}, False, "one"),
    ("stage", TWO, True, "one"),
    ("shadow", THREE, True, "one"),
    ("swap", {"probation": 60}, True, "two"),
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


def test_a_candidate_is_promoted_when_it_has_stood_its_time(version):
    with Running(version) as it:
        # A shadow that differs is not promoted; one that does not is, and so is a canary that did not fail.
        assert it.shell.wasm("shadow", HOST, POLICY, **TWO, promote_after=1).ok
        assert judge(it) == "one"
        wait_until(lambda: "is not promoted" in it.server.log())
        assert judge(it) == "one"
        assert it.shell.wasm("shadow", HOST, POLICY, **TWO, promote_after=1, allow_differences=100).ok
        assert judge(it) == "one"
        wait_until(lambda: judge(it) == "two")
        assert it.swap(**TWO, fresh=True, probation=0).ok
        assert it.shell.wasm("canary", HOST, POLICY, **THREE, share=1, promote_after=1).ok
        wait_until(lambda: judge(it) == "three")
