"""A sliding limit holds for every span of its length, wherever that begins."""

import datetime as dt

import pytest
import time_machine

from foundation import limits
from foundation.models import Counter

pytestmark = pytest.mark.django_db

BEGIN = dt.datetime(2027, 2, 15, 12, tzinfo=dt.UTC)
WINDOW = dt.timedelta(minutes=10)


def passes(moments, ask=limits.slide) -> list[dt.datetime]:
    """At which of these moments one was let through, with a limit of 5."""
    passed = []
    for moment in sorted(moments):
        with time_machine.travel(moment, tick=False):
            if ask("test", "somebody", limit=5, window=WINDOW):
                passed.append(moment)
    return passed


def most_in_a_span(moments) -> int:
    return max(sum(begin <= each < begin + WINDOW for each in moments) for begin in moments)


@pytest.mark.parametrize("phase", range(0, 660, 55))
def test_no_span_holds_more_than_the_limit(phase):
    moments = [BEGIN + dt.timedelta(seconds=phase + 11 * n) for n in range(150)]
    passed = passes(moments)
    assert most_in_a_span(passed) == 5
    assert len(passed) >= 10  # and it goes on letting through


def test_fixed_spans_let_twice_the_limit_through_around_their_boundary():
    """The other kind of counter, so that the test above is known to see the difference."""
    moments = [BEGIN - dt.timedelta(seconds=5 - n) for n in range(10)]
    assert most_in_a_span(passes(moments, ask=limits.hit)) == 10
    assert len(passes(moments)) == 5


def test_what_is_refused_does_not_count():
    moments = [BEGIN + dt.timedelta(seconds=n) for n in range(600)]
    assert len(passes(moments)) == 5
    assert len(passes([BEGIN + dt.timedelta(minutes=11)])) == 1


def test_names_and_people_are_counted_apart():
    assert len(passes([BEGIN] * 6)) == 5
    with time_machine.travel(BEGIN, tick=False):
        assert limits.slide("test", "somebody else", limit=5, window=WINDOW)
        assert limits.slide("another", "somebody", limit=5, window=WINDOW)
        assert limits.noted("test", "somebody", window=WINDOW) == 5
        assert [limits.note("count", "", window=WINDOW) for _ in range(3)] == [1, 2, 3]


def test_steps_are_kept_as_long_as_a_span_reaches_back_to_them():
    passes([BEGIN] * 5)
    with time_machine.travel(BEGIN + dt.timedelta(minutes=9), tick=False):
        limits.prune()
        assert not limits.slide("test", "somebody", limit=5, window=WINDOW)
    with time_machine.travel(BEGIN + dt.timedelta(minutes=30), tick=False):
        limits.prune()
        assert not Counter.objects.exists()


def test_a_span_too_short_to_be_cut_is_refused():
    with pytest.raises(ValueError, match="ten seconds"):
        limits.slide("test", "", limit=1, window=dt.timedelta(seconds=9))
