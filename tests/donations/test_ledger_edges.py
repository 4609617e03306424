"""Rare turns of a charge: two invoices for one period, a dispute about another sum, a gift that is matched."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

import pytest
import time_machine

from donations import books, contributions, offline, tally
from donations.contributions import Cause
from donations.models import Contribution, ExchangeRate, Invoice, Pledge
from donations.money import Money
from donations.quarters import Quarter
from tests.donations.stripe_facts import PledgeStory, charge_of, gift, take_back, utc

pytestmark = pytest.mark.django_db

Q2, Q3, Q4 = (Quarter(2027, number) for number in (2, 3, 4))


def figures(quarter):
    found = tally.for_quarter(quarter)
    return found.backers, {each.currency: (each.received_minor, each.promised_minor) for each in found.currencies}


@pytest.fixture(autouse=True)
def in_may():
    with time_machine.travel(utc(2027, 5, 20), tick=False):
        yield


@pytest.fixture
def story():
    told = PledgeStory(utc(2027, 2, 15))
    told.tell(status="past_due")
    told.paid(0)
    return told


def test_a_second_invoice_for_the_period_that_is_void_takes_no_promise_away(story):
    story.invoice(1, "open", next_attempt_at=utc(2027, 5, 23))
    story.invoice(11, "void", period_start=utc(2027, 5, 15))
    assert figures(Q3) == (1, {"USD": (0, 2500)})


def test_a_void_invoice_gives_way_to_the_one_that_was_made_in_its_place(story):
    story.invoice(1, "void")
    story.invoice(11, "open", period_start=utc(2027, 5, 15), next_attempt_at=utc(2027, 5, 23))
    assert figures(Q3) == (1, {"USD": (0, 2500)})


def test_two_promises_for_one_period_are_one(story):
    story.invoice(1, "open", next_attempt_at=utc(2027, 5, 23))
    story.invoice(11, "open", period_start=utc(2027, 5, 15), next_attempt_at=utc(2027, 5, 23))
    assert figures(Q3) == (1, {"USD": (0, 2500)})


@pytest.mark.parametrize("numbers", [(1, 11), (11, 1)])
def test_a_charge_paid_after_the_closing_is_not_led_back_by_a_void_one_for_its_period(story, numbers):
    paid, void = numbers
    with time_machine.travel(utc(2027, 10, 14), tick=False):
        books.close(Q3, livemode=False)
    for number in sorted(numbers):
        if number == paid:
            story.invoice(paid, "paid", paid_at=utc(2027, 10, 20), period_start=utc(2027, 5, 15))
        else:
            story.invoice(void, "void", period_start=utc(2027, 5, 15))
    assert figures(Q3) == (0, {})
    assert figures(Q4.next) == (1, {"USD": (2500, 2500)})


def test_a_lost_dispute_about_another_sum_than_it_was_first_takes_that_sum():
    payment = gift(utc(2027, 5, 1))
    take_back(charge_of(payment), utc(2027, 5, 9), kind="dispute", status="lost", minor=1000)
    assert figures(Q3) == (1, {"USD": (4000, 0)})
    take_back(charge_of(payment), utc(2027, 5, 9), kind="dispute", status="lost", minor=2000)
    assert figures(Q3) == (1, {"USD": (3000, 0)})
    row = Contribution.objects.get()
    assert row.base_micro == 30_000_000


def test_a_sum_that_changes_after_the_closing_is_entered_late():
    payment = gift(utc(2027, 5, 1))
    take_back(charge_of(payment), utc(2027, 5, 9), kind="dispute", status="lost", minor=1000)
    with time_machine.travel(utc(2027, 10, 14), tick=False):
        book = books.close(Q3, livemode=False)
    with time_machine.travel(utc(2027, 11, 2), tick=False):
        take_back(charge_of(payment), utc(2027, 5, 9), kind="dispute", status="lost", minor=2000)
    entry = book.late_entries.get()
    assert (entry.reason, entry.occurred_at, entry.amount_minor) == ("dispute", utc(2027, 11, 2), -1000)
    assert not books.unbalanced(livemode=False)


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Paris"])
def test_an_offline_gift_is_dated_by_its_day_in_the_sites_zone_and_by_the_banks_calendar(zone, settings):
    """Its quarter goes by the one, its rate by the other: noon in Kiritimati is the day before elsewhere."""
    settings.TIME_ZONE = zone
    for day in (29, 30):  # of April, a Thursday and a Friday
        ExchangeRate.objects.create(
            base="USD",
            currency="EUR",
            dated_on=dt.date(2027, 4, day),
            rate=day,
            source="ecb",
            recorded_at=utc(2027, 5, 1),
        )
    given = offline.record_offline_gift(
        backer=None, email="", money=Money(100, "EUR"), received_on=dt.date(2027, 5, 1), method="cash"
    )
    local = given.succeeded_at.astimezone(ZoneInfo(zone))
    assert (local.date(), given.succeeded_at.date()) == (dt.date(2027, 5, 1), dt.date(2027, 5, 1))
    assert given.rate_dated_on == dt.date(2027, 4, 30)


class TestMatchedGifts:
    @pytest.fixture
    def offline_gift(self):
        return offline.record_offline_gift(
            backer=None,
            email="reader@example.org",
            money=Money(5000, "USD"),
            received_on=dt.date(2027, 5, 2),
            method="bank",
        )

    def give_back(self, gift, minor=5000):
        money, key = Money(minor, "USD"), uuid.uuid4()
        return offline.give_back(gift, money, returned_on=dt.date(2027, 5, 19), reason="", key=key)

    def test_what_does_not_count_cannot_be_returned(self, offline_gift):
        """The money is the payment's: returning it here would leave it in the figures."""
        offline.match(offline_gift, gift(utc(2027, 5, 1)))
        with pytest.raises(offline.CannotGiveBack, match="payment at Stripe"):
            self.give_back(offline_gift)
        assert figures(Q3) == (1, {"USD": (5000, 0)})

    def test_a_gift_of_which_something_was_returned_is_no_payment_at_stripe(self, offline_gift):
        """Otherwise what was returned would come back into the figures."""
        self.give_back(offline_gift, 2000)
        with pytest.raises(offline.CannotMatch, match="returned"):
            offline.match(offline_gift, gift(utc(2027, 5, 1), customer="cus_other", email="other@example.org"))


def test_a_pledge_costs_no_more_questions_the_longer_it_lasts(story, django_assert_max_num_queries):
    for number in range(1, 12):
        story.paid(number)
    pledge = Pledge.objects.get()
    with django_assert_max_num_queries(8):
        contributions.derive_pledge(pledge, Cause("correction", utc(2027, 5, 20)))


def test_a_pledge_whose_history_is_not_known_promises_what_is_to_come():
    """Taken in a year after it began, without its charges: none of those it made then is still to come."""
    story = PledgeStory(utc(2026, 2, 15))
    story.tell()
    Pledge.objects.update(next_charge_at=utc(2027, 8, 15))
    contributions.rebuild(livemode=False)
    promised = Contribution.objects.order_by("due_at").values_list("due_at", "quarter")
    assert list(promised[:2]) == [(utc(2027, 5, 15), Q3), (utc(2027, 8, 15), Q4)]


def test_what_was_noted_by_a_clock_that_ran_ahead_does_not_stand_in_the_way_until_then(story):
    story.invoice(1, "open", next_attempt_at=utc(2027, 5, 23))
    for model in (Pledge, Invoice):
        model.objects.update(fetched_at=utc(2027, 5, 20, 1))  # it is midnight
    story.invoice(1, "void")
    story.tell(status="canceled")
    assert (Pledge.objects.get().status, Invoice.objects.latest("period_start").status) == ("canceled", "void")
    Pledge.objects.update(fetched_at=utc(2027, 5, 19, 23))
    story.tell(status="active")
    assert Pledge.objects.get().status == "canceled"
