"""An ending that was told is not told again, and one that was told and taken back does not silence a later one."""

import pytest
import time_machine

from donations import letters
from foundation.models import Letter
from tests.donations.stripe_facts import PledgeStory, utc

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock_of_the_test():
    with time_machine.travel(utc(2027, 2, 20), tick=False) as traveller:
        yield traveller


@pytest.fixture
def story():
    told = PledgeStory(utc(2027, 2, 15))
    told.tell()
    told.paid(0)
    return told


def kinds() -> list[str]:
    return sorted(Letter.objects.values_list("kind", flat=True))


def test_a_pledge_that_was_kept_after_all_and_fails_later_does_not_end_silently(story, clock_of_the_test):
    letters.pledge_set_to_end(story.tell(ends_at=utc(2027, 5, 15)))
    story.tell(ends_at=None)
    story.paid(1)
    clock_of_the_test.move_to(utc(2027, 9, 1))
    story.invoice(2, "open")
    letters.pledge_ended(story.tell(status="canceled", ended_at=utc(2027, 9, 1)))
    assert kinds() == ["ended", "set-to-end"]
    assert "could not be charged" in Letter.objects.get(kind="ended").text


def test_one_that_ends_before_the_day_that_was_told_is_told_of(story, clock_of_the_test):
    letters.pledge_set_to_end(story.tell(ends_at=utc(2027, 5, 15)))
    clock_of_the_test.move_to(utc(2027, 3, 20))
    letters.pledge_ended(story.tell(status="canceled", ended_at=utc(2027, 3, 20)))
    assert kinds() == ["ended", "set-to-end"]


@pytest.mark.parametrize("ended_at", [utc(2027, 5, 15, 23, 30), utc(2027, 5, 16, 0, 30)])
def test_stripe_may_be_an_hour_late_over_midnight(ended_at, story, clock_of_the_test):
    letters.pledge_set_to_end(story.tell(ends_at=utc(2027, 5, 15, 23, 30)))
    clock_of_the_test.move_to(ended_at)
    letters.pledge_ended(story.tell(status="canceled", ended_at=ended_at))
    assert kinds() == ["set-to-end"]


def test_one_that_was_kept_and_is_ended_again_for_the_same_day_is_told_again(story, clock_of_the_test):
    letters.pledge_set_to_end(story.tell(ends_at=utc(2027, 5, 15)))
    letters.pledge_set_to_end(story.tell(ends_at=utc(2027, 5, 15)))  # heard of twice
    assert kinds() == ["set-to-end"]
    story.tell(ends_at=None)
    clock_of_the_test.move_to(utc(2027, 3, 1))
    letters.pledge_set_to_end(story.tell(ends_at=utc(2027, 5, 15)))
    letters.pledge_set_to_end(story.tell(ends_at=utc(2027, 5, 15)))
    assert kinds() == ["set-to-end", "set-to-end"]
    clock_of_the_test.move_to(utc(2027, 5, 15))
    letters.pledge_ended(story.tell(status="canceled", ended_at=utc(2027, 5, 15)))
    assert kinds() == ["set-to-end", "set-to-end"]


def test_one_that_was_kept_and_ends_at_once_on_the_day_that_was_told_is_told_of(story, clock_of_the_test):
    letters.pledge_set_to_end(story.tell(ends_at=utc(2027, 5, 15)))
    story.tell(ends_at=None)
    clock_of_the_test.move_to(utc(2027, 5, 15))
    letters.pledge_ended(story.tell(status="canceled", ended_at=utc(2027, 5, 15)))
    assert kinds() == ["ended", "set-to-end"]
