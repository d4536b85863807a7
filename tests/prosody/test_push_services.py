"""App servers that answer, refuse, are busy, say nothing or are gone: nothing grows, and what is dead is given up."""

import pytest
from app_server import BUSY, GONE, NOTHING, RESULT
from push_server import ClockedPushServer, policies
from push_story import Story
from waiting import wait_until

# Prosody gives a registration up after so many errors.
PATIENCE = 16
MANY = 60
FORGOTTEN = 6 / 60  # hours: what is never answered is kept for five minutes
DAY = 25
UNHURRIED = {"hourly": 10_000}


@pytest.fixture(params=["13.0", "0.12"])
def story(request):
    """`story(answer)` begins one; it ends with the test."""
    begun = []

    def begin(answer, **how):
        begun.append(Story(request.param, policies(**UNHURRIED), answer, ClockedPushServer, **how).__enter__())
        return begun[-1]

    yield begin
    for one in begun:
        one.__exit__(None, None, None)


@pytest.mark.parametrize("answer", [RESULT, BUSY], ids=["result", "busy"])
def test_nothing_is_kept_of_what_is_answered(story, answer):
    story = story(answer)
    assert len(story.write(MANY)) == MANY
    wait_until(lambda: story.remembered() == 0)
    assert story.is_registered
    assert len(story.write()) == 1


def test_a_service_that_refuses_is_given_up(story):
    story = story(GONE)
    for number in range(PATIENCE):
        assert len(story.write()) == 1, number
    story.app_server.collect()
    assert not story.is_registered
    assert story.write(MANY) == []
    wait_until(lambda: story.remembered() == 0)
    story.register()
    assert len(story.write()) == 1


def test_one_that_refuses_many_at_once_is_given_up(story):
    story = story(NOTHING)
    story.write(MANY)
    story.app_server.answer = GONE
    for push in story.app_server.pushes:
        story.app_server.answer_to(push)
    story.app_server.collect()
    wait_until(lambda: story.remembered() == 0)
    assert not story.is_registered


def test_one_that_recovers_is_not_given_up(story):
    story = story(GONE)
    for _ in range(3):
        story.app_server.answer = GONE
        assert len([story.write() for _ in range(PATIENCE - 1)]) == PATIENCE - 1
        story.app_server.answer = RESULT
        story.write()
        story.app_server.collect()
    assert story.is_registered
    wait_until(lambda: story.remembered() == 0)


def test_what_is_never_answered_is_forgotten(story):
    story = story(NOTHING)
    story.write(MANY)
    assert story.remembered() >= MANY
    story.server.go_to(FORGOTTEN)
    wait_until(lambda: story.remembered() == 0)
    assert story.is_registered, "for a few minutes, a service may be down"


def test_one_that_says_nothing_for_a_day_is_given_up(story):
    story = story(NOTHING)
    story.write(PATIENCE + 1)
    story.server.go_to(FORGOTTEN)
    wait_until(lambda: story.remembered() == 0)
    story.write()
    story.server.go_to(DAY)
    story.write()
    story.server.go_to(DAY + FORGOTTEN)
    wait_until(lambda: not story.is_registered)
    assert story.write(MANY) == []


def test_one_answer_a_day_is_enough(story):
    story = story(NOTHING)
    story.write(PATIENCE + 1)
    story.app_server.answer = RESULT
    story.server.go_to(DAY - 1)
    story.write()
    story.app_server.answer = NOTHING
    story.write(PATIENCE + 1)
    story.server.go_to(DAY + FORGOTTEN)
    wait_until(lambda: story.remembered() == 0)
    assert story.is_registered


@pytest.mark.parametrize("service", ["gone.push.test", "app.push.test"], ids=["no such domain", "not connected"])
def test_one_that_is_not_there_leaves_nothing_behind(story, service):
    story = story(RESULT, service=service)
    story.write(MANY)
    story.server.go_to(FORGOTTEN)
    wait_until(lambda: story.remembered() == 0)


def test_whoever_writes_while_one_cannot_be_reached_takes_nothing_away(story):
    story = story(RESULT, service="gone.push.test")
    for _ in range(PATIENCE + 4):
        story.write()
        story.server.census()
    assert story.is_registered


@pytest.mark.parametrize("answer", [RESULT, NOTHING], ids=["answered", "unanswered"])
@pytest.mark.parametrize("version", ["13.0", "0.12"])
def test_prosody_alone_forgets_nothing(version, answer):
    with Story(version, None, answer, ClockedPushServer) as story:
        story.write(MANY)
        story.server.go_to(DAY)
        story.write(MANY)
        story.app_server.collect()
        assert story.remembered() == 4 * MANY
        assert story.server.census()["ids"] == 2 * MANY
