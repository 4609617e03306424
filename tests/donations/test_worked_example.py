"""The example that readers are told on “How this number is made”, at the ledger; the browser tells it once more."""

import pytest
import time_machine

from donations import books, tally
from donations.models import Currency, LateEntry
from donations.quarters import Quarter
from tests.donations.stripe_facts import PledgeStory, charge_of, gift, take_back, utc

pytestmark = pytest.mark.django_db

Q1, Q2, Q3, Q4 = (Quarter(2027, number) for number in (1, 2, 3, 4))


@pytest.fixture(autouse=True)
def _amounts_are_shown(settings):
    settings.AMOUNTS_HIDDEN_BELOW = 0
    assert Currency.objects.count() == 5


def said(at, quarter=None) -> tuple[int, str, str]:
    """Backers, received and promised of a quarter at a moment; of the sentence's own quarter unless told."""
    with time_machine.travel(at, tick=False):
        figures = tally.for_quarter(quarter) if quarter else tally.for_sentence()
    return figures.backers, str(figures.received), str(figures.promised)


@pytest.fixture
def pledge():
    story = PledgeStory(utc(2027, 2, 15, 10))
    story.tell()
    story.paid(0)
    return story


def test_what_was_charged_in_february_backs_the_second_quarter(pledge):
    assert said(utc(2027, 3, 20)) == (1, "$25", "$0")


@pytest.mark.parametrize("day", [utc(2027, 4, 2), utc(2027, 5, 14)])
def test_the_charge_of_may_is_promised_for_the_third(pledge, day):
    assert said(day) == (1, "$0", "$25")


def test_a_draft_is_still_a_promise(pledge):
    pledge.invoice(1, "draft")
    assert said(utc(2027, 5, 15, 10, 30)) == (1, "$0", "$25")


def test_once_charged_it_is_received(pledge):
    pledge.invoice(1, "draft")
    pledge.paid(1)
    assert said(utc(2027, 5, 16)) == (1, "$25", "$0")


def test_set_to_end_it_promises_nothing_from_that_moment(pledge):
    pledge.tell(ends_at=utc(2027, 5, 15, 10))
    assert said(utc(2027, 5, 1)) == (0, "$0", "$0")
    assert said(utc(2027, 5, 1), Q2) == (1, "$25", "$0")


def test_a_charge_that_fails_and_recovers_in_july(pledge):
    pledge.tell(status="past_due")
    pledge.invoice(1, "open", next_attempt_at=utc(2027, 7, 10))
    assert said(utc(2027, 5, 16)) == (1, "$0", "$25")
    assert said(utc(2027, 7, 1), Q3) == (1, "$0", "$25")
    pledge.tell(status="active")
    pledge.paid(1, at=utc(2027, 7, 10, 9))
    assert said(utc(2027, 7, 11), Q3) == (1, "$25", "$0")
    assert said(utc(2027, 7, 11)) == (1, "$0", "$25")  # of Q4


def test_a_gift_of_march_counts_for_the_second_quarter_only():
    gift(utc(2027, 3, 20))
    assert said(utc(2027, 3, 31, 23, 59)) == (1, "$50", "$0")
    assert said(utc(2027, 4, 1)) == (0, "$0", "$0")


def test_a_refund_after_the_closing_stands_beside_the_closed_figure():
    given = gift(utc(2027, 6, 20), minor=2500)
    assert given.quarter == Q3
    with time_machine.travel(utc(2027, 10, 14), tick=False):
        book = books.close(Q3, livemode=False)
    with time_machine.travel(utc(2027, 10, 20, 12), tick=False):
        take_back(charge_of(given), utc(2027, 10, 20, 12))
    book.refresh_from_db()
    assert (book.closed_backers, book.closed_base_micro) == (1, 25_000_000)
    entry = LateEntry.objects.get()
    assert (entry.occurred_at, entry.amount_minor, entry.currency) == (utc(2027, 10, 20, 12), -2500, "USD")
    assert entry.backers == -1
    assert not books.unbalanced(livemode=False)


def test_a_first_charge_late_on_new_years_eve_leaves_no_quarter_out_and_none_twice(settings):
    settings.TIME_ZONE = "Europe/Paris"
    story = PledgeStory(utc(2026, 12, 31, 22, 30))
    story.tell()
    for number in range(8):
        story.paid(number)
    charged = [row.quarter for row in story.intent.pledge.contributions.filter(state="paid")]
    assert charged == [Q1.plus(number) for number in range(8)]
