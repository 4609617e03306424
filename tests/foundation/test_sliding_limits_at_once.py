"""
Many who ask a sliding limit at the same instant, some of them just before the end of a step and some just after it.
Proved on PostgreSQL, since SQLite in memory has one connection; the last test is the negative control.
"""

import datetime as dt
import threading

import pytest
from django.db import connection

from foundation import clock, limits
from tests.foundation.races import at_once

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite in memory has one connection"),
]

WINDOW = dt.timedelta(minutes=10)
BEFORE = dt.datetime(2027, 2, 15, 12, 4, 59, tzinfo=dt.UTC)
AFTER = dt.datetime(2027, 2, 15, 12, 5, tzinfo=dt.UTC)


@pytest.fixture
def ask(monkeypatch):
    """Asks at once, one for each moment, and tells at which moments somebody was let through."""
    here = threading.local()
    monkeypatch.setattr(clock, "real_now", lambda: here.moment)

    def go(moments: list[dt.datetime], who: str, limit: int) -> list[dt.datetime]:
        passed = []

        def one(moment):
            here.moment = moment
            if limits.slide("test", who, limit=limit, window=WINDOW):
                passed.append(moment)

        assert at_once(*[lambda moment=moment: one(moment) for moment in moments]) == [None] * len(moments)
        return passed

    return go


@pytest.mark.parametrize("moments", [[BEFORE] * 16, [BEFORE, AFTER] * 8], ids=["in one step", "in two steps"])
def test_of_many_at_once_exactly_as_many_pass_as_there_are_places(ask, moments):
    for round_ in range(4):
        assert len(ask(moments, f"somebody {round_}", 5)) == 5


def test_what_was_refused_left_no_mark(ask):
    ask([BEFORE, AFTER] * 4, "somebody", 5)
    assert ask([AFTER + WINDOW + dt.timedelta(minutes=1)] * 8, "somebody", 5) != []
    assert len(ask([AFTER + 3 * WINDOW] * 8, "somebody", 5)) == 5


def test_without_the_line_two_would_have_the_last_place(ask, monkeypatch):
    counted, add_up = threading.Barrier(2), limits._sum

    def add_up_when_both_have_counted(steps):
        counted.wait(30)
        found = add_up(steps)
        counted.wait(30)  # nobody commits before both have looked
        return found

    monkeypatch.setattr(limits, "_wait_in_line", lambda *_told: None)
    monkeypatch.setattr(limits, "_sum", add_up_when_both_have_counted)
    assert sorted(ask([BEFORE, AFTER], "somebody", 1)) == [BEFORE, AFTER]
