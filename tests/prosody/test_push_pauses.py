"""A burst wakes a phone twice: at its beginning, and when the pause is over. A call does not wait."""

from contextlib import contextmanager

import pytest
from expected_push import is_exactly, notification
from phone import Phone
from push_server import PRESENT, ClockedPushServer, policies
from push_story import BODY, CALL, Story
from waiting import wait_until
from world import wait_until_settled

BURST = 20
STORM = 100
# Timers that set timers: each is run when the server is awake again.
ROUNDS = 5
PAUSE = 60
AFTER_THE_PAUSE = 61 / 3600  # hours
LATER = 0.5
HOURLY = 5  # of one sender, who has half of what a user may get


@contextmanager
def story(version, **settings):
    with Story(version, policies(**settings), server=ClockedPushServer, **PRESENT) as story:
        yield story


def all_by(story, hours):
    """Everything that has been pushed since, when the clock has come there."""
    before = len(story.app_server.pushes)
    story.server.go_to(hours)
    for _ in range(ROUNDS):
        story.server.census()
        story.app_server.collect()
    return story.app_server.pushes[before:]


def check_contents(story):
    for push in story.app_server.pushes:
        assert is_exactly(push, notification(push, "node")), push.text


def test_a_burst_is_two(version):
    with story(version, pause=PAUSE) as it:
        assert len(it.write(BURST)) == 1
        it.server.go_to(AFTER_THE_PAUSE)
        wait_until(lambda: it.app_server.collect() or len(it.app_server.pushes) > 1)
        assert all_by(it, LATER) == []
        assert len(it.app_server.pushes) == 2
        assert len(it.write()) == 1, "after a quiet time, at once"
        check_contents(it)


def test_one_alone_is_one(version):
    with story(version, pause=PAUSE) as it:
        assert len(it.write()) == 1
        assert all_by(it, LATER) == []


def test_a_call_does_not_wait(version):
    with story(version, pause=PAUSE) as it:
        assert len(it.write(BURST)) == 1
        assert len(it.call()) == 1
        check_contents(it)


def test_who_has_come_back_is_not_woken(version):
    with story(version, pause=PAUSE) as it:
        it.write(BURST)
        it.register()
        assert it.is_registered
        with Phone(it.server, "bob") as phone:
            phone.enable(it.service, "node", it.inside)
            assert all_by(it, LATER) == []


def test_one_that_is_disabled_meanwhile_is_not_woken(version):
    with story(version, pause=PAUSE) as it:
        it.write(BURST)
        with Phone(it.server, "bob") as phone:
            phone.disable(it.service)
        assert all_by(it, LATER) == []


def write_every_few_seconds(story):
    for number in range(BURST):
        story.server.go_to(2 * number / 3600)
        story.write()


def test_so_many_an_hour_and_the_rest_later(version):
    with story(version, hourly=2 * HOURLY) as it:
        write_every_few_seconds(it)
        assert len(it.app_server.pushes) == HOURLY
        assert 1 <= len(all_by(it, 0.9)) <= HOURLY
        all_by(it, 2.5)
        assert len(it.write()) == 1, "later there are new ones"
        check_contents(it)


def test_a_call_comes_through_when_the_hour_is_used_up(version):
    with story(version, hourly=2 * HOURLY) as it:
        write_every_few_seconds(it)
        assert len(it.call()) == 1


@pytest.mark.parametrize("inside", [CALL, BODY], ids=["calls", "messages"])
def test_a_storm_is_limited(version, inside):
    with story(version, pause=PAUSE, hourly=2 * HOURLY) as it:
        it.write(STORM, inside)
        assert len(it.app_server.pushes) <= 2 * HOURLY  # calls may be twice as many, and of one sender half of that


def test_what_waits_is_sent_before_a_reload(version):
    with story(version, pause=PAUSE) as it:
        assert len(it.write(BURST)) == 1
        it.server.shell("module:reload('wasm', 'local.test')")
        wait_until(lambda: it.app_server.collect() or len(it.app_server.pushes) > 1)
        wait_until_settled(it.server)
        assert all_by(it, LATER) == []
        check_contents(it)


def test_what_waits_stays_when_nobody_may_be_told_any_more(version):
    with story(version, pause=PAUSE) as it:
        assert len(it.write(BURST)) == 1
        it.server.shell("wasm:unload('local.test', 'push')")
        assert all_by(it, LATER) == []
