"""
Many robots at the same moment. Proved on PostgreSQL, since SQLite has one writer; the last test is the negative
control: with the lock off the same race breaks.
"""

import contextlib
import threading

import pytest
from django.db import connection
from django.db.models import QuerySet

from bottrap import bans, trap_links, verdicts
from bottrap.models import Ban, Hit, TrapSettings
from tests.bottrap.visiting import ROBOT, numbered
from tests.foundation.races import at_once

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer and no row locks"),
]

ROBOTS = 25


def follow_second(number: int) -> None:
    verdicts.judge(verdicts.Visit(numbered(number), trap_links.SECOND, "a-robot"), TrapSettings.load())


@pytest.fixture
def warned(armed):
    for number in range(ROBOTS):
        verdicts.judge(verdicts.Visit(numbered(number), trap_links.FIRST, "a-robot"), armed)


def all_at_once() -> int:
    assert at_once(*[lambda number=number: follow_second(number) for number in range(ROBOTS)]) == [None] * ROBOTS
    return Ban.objects.count()


def test_the_breaker_counts_robots_that_come_at_once(warned):
    assert all_at_once() == verdicts.MOST_AT_ONCE
    assert Hit.objects.filter(outcome=Hit.Outcome.BREAKER).count() == ROBOTS - verdicts.MOST_AT_ONCE


def test_one_robot_with_many_arms_is_banned_once(armed):
    verdicts.judge(verdicts.Visit(ROBOT, trap_links.FIRST, "a-robot"), armed)

    def follow():
        verdicts.judge(verdicts.Visit(ROBOT, trap_links.SECOND, "a-robot"), armed)

    assert at_once(*[follow] * 8) == [None] * 8
    assert (Ban.objects.count(), Ban.objects.get().times) == (1, 1)


def test_lifting_by_many_at_once_is_done_once(armed):
    bans.ban(f"{ROBOT}/32", reason="for the test")
    lifted = []
    assert at_once(*[lambda: lifted.append(bans.lift(f"{ROBOT}/32", by=Ban.Lifted.STAFF))] * 6) == [None] * 6
    assert sorted(lifted) == [False] * 5 + [True]


def test_without_the_lock_the_breaker_would_be_outrun(warned, monkeypatch):
    together, count = threading.Barrier(ROBOTS), verdicts._too_many_with

    def count_together(hit, kept):
        found = count(hit, kept)
        with contextlib.suppress(threading.BrokenBarrierError):
            together.wait(timeout=20)
        return found

    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self.all())
    monkeypatch.setattr(verdicts, "_too_many_with", count_together)
    assert all_at_once() == ROBOTS
