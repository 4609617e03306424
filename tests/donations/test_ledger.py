"""The ledger's verbs: repeated, late and in any order they end in the same figures."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from donations import books, contributions, ledger, tally
from donations.models import Adjustment, Backer, Contribution, ExchangeRate, LateEntry, Payment
from donations.quarters import Quarter
from foundation import clock
from tests.donations.stripe_facts import PledgeStory, charge_of, gift, take_back, utc
from tests.proof import examples

pytestmark = pytest.mark.django_db

Q2, Q3, Q4 = (Quarter(2027, number) for number in (2, 3, 4))


def rate(currency, day, value):
    return ExchangeRate.objects.create(
        base="USD", currency=currency, dated_on=day, rate=Decimal(value), source="ecb", recorded_at=clock.now()
    )


def figures(quarter):
    found = tally.for_quarter(quarter)
    return found.backers, {each.currency: (each.received_minor, each.promised_minor) for each in found.currencies}


class TestAnyOrder(TestCase):
    """The telling of one year of two pledges and a gift, shuffled and repeated."""

    def setUp(self):
        traveller = time_machine.travel(utc(2027, 10, 2), tick=False)
        traveller.start()
        self.addCleanup(traveller.stop)

    def tellings(self):
        first = PledgeStory(utc(2027, 2, 15), name="a")
        second = PledgeStory(utc(2027, 4, 30), name="b", currency="EUR", minor=1000)
        given_once = []

        def give():
            if not given_once:
                given_once.append(gift(utc(2027, 5, 1), name="g", email="READER@example.org "))

        def tell_invoice(story, number):
            story.tell(**({"ends_at": utc(2027, 10, 30)} if story is second else {}))
            story.paid(number)

        def refund():
            tell_invoice(first, 1)
            first.refund(1, utc(2027, 6, 1), minor=1000, refund="r1")
            first.refund(1, utc(2027, 6, 2), minor=500, refund="r2", status="failed")

        return [
            lambda: tell_invoice(first, 0),
            lambda: tell_invoice(first, 1),
            lambda: tell_invoice(first, 2),
            lambda: tell_invoice(second, 0),
            lambda: tell_invoice(second, 1),
            refund,
            give,
        ]

    @settings(max_examples=examples(25))
    @given(order=st.permutations(range(7)), repeated=st.lists(st.integers(0, 6), max_size=6))
    def test_the_figures_ignore_order_and_repetition(self, order, repeated):
        tellings = self.tellings()
        for number in [*order, *repeated]:
            tellings[number]()
        assert figures(Q2) == (1, {"USD": (2500, 0)})
        assert figures(Q3) == (1, {"USD": (1500 + 5000, 0), "EUR": (1000, 0)})
        assert figures(Q4) == (1, {"USD": (2500, 0), "EUR": (1000, 0)})
        assert figures(Q4.next) == (1, {"USD": (0, 2500)})
        assert Payment.objects.count() == 6
        assert Backer.objects.count() == 1
        assert derived_again() == derived()


def derived():
    return sorted(
        Contribution.objects.values_list("backer", "quarter", "state", "currency", "amount_minor", "base_micro"),
        key=str,
    )


def derived_again():
    Contribution.objects.all().delete()
    contributions.rebuild(livemode=False)
    return derived()


def test_an_older_fetch_changes_nothing():
    story = PledgeStory(utc(2027, 2, 15))
    newer = story.tell(status="canceled")
    story.said["status"] = "active"
    older = newer.fetched_at - dt.timedelta(seconds=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.donations.stripe_facts.fetched", lambda: older)
        story.tell()
    newer.refresh_from_db()
    assert newer.status == "canceled"


class TestShares(TestCase):
    @settings(max_examples=examples(40))
    @given(
        minor=st.integers(1, 100_000),
        value=st.decimals("0.01", "3", places=10),
        cuts=st.lists(st.integers(1, 100_000), min_size=1, max_size=5),
    )
    def test_refunds_take_back_exactly_the_whole_and_never_more(self, minor, value, cuts):
        rate("EUR", dt.date(2027, 4, 30), value)
        payment = gift(utc(2027, 5, 1), currency="EUR", minor=minor)
        if payment.base_micro is None:
            rate("EUR", dt.date(2027, 5, 3), value)
            ledger.pin_rates()
            payment.refresh_from_db()
        for number, cut in enumerate(cuts):
            take_back(charge_of(payment), utc(2027, 6, 1 + number), minor=cut, name=str(number))
        left = Contribution.objects.get()
        taken = sum(Adjustment.objects.values_list("base_micro", flat=True))
        assert left.amount_minor == max(0, minor - sum(cuts))
        assert left.base_micro == payment.base_micro - taken
        assert left.base_micro == payment.base_micro - payment.base_micro * min(minor, sum(cuts)) // minor
        assert (left.state == "gone") == (left.amount_minor == 0)


def test_a_payment_in_a_currency_without_a_rate_stands_apart_until_it_has_one():
    gift(utc(2027, 5, 4), currency="EUR", minor=1000)
    found = tally.for_quarter(Q3)
    assert (found.backers, str(found.total), [str(each) for each in found.unconverted]) == (1, "$0", ["€10"])
    rate("EUR", dt.date(2027, 5, 3), "1.1")
    assert ledger.pin_rates() == 1
    found = tally.for_quarter(Q3)
    assert (str(found.total), found.unconverted, found.is_converted) == ("$11", [], True)


def test_a_disputed_payment_counts_until_the_dispute_is_lost():
    payment = gift(utc(2027, 5, 4))
    take_back(charge_of(payment), utc(2027, 5, 9), kind="dispute", status="needs_response")
    assert figures(Q3) == (1, {"USD": (5000, 0)})
    take_back(charge_of(payment), utc(2027, 5, 9), kind="dispute", status="lost")
    assert figures(Q3) == (0, {})


def test_a_charge_paid_after_its_quarters_books_closed_backs_the_quarter_after_its_payment():
    story = PledgeStory(utc(2027, 2, 15))
    story.tell(status="past_due")
    story.paid(0)
    story.invoice(1, "open", next_attempt_at=utc(2027, 10, 20))
    with time_machine.travel(utc(2027, 10, 14), tick=False):
        assert tally.for_quarter(Q3).backers == 1
        books.close(Q3, livemode=False)
        assert figures(Q3) == (0, {})
    story.tell(status="active")
    story.paid(1, at=utc(2027, 10, 20))
    assert figures(Q3) == (0, {})
    assert figures(Q4.next)[1]["USD"][0] == 2500
    assert not LateEntry.objects.exists()
    assert not books.unbalanced(livemode=False)


def test_a_payment_from_before_the_closing_that_is_found_later_is_entered_late():
    gift(utc(2027, 6, 1), name="known", email="one@example.org")
    with time_machine.travel(utc(2027, 10, 14), tick=False):
        books.close(Q3, livemode=False)
    with time_machine.travel(utc(2027, 11, 1), tick=False):
        gift(utc(2027, 6, 2), name="lost", email="two@example.org")
    entry = LateEntry.objects.get()
    assert (entry.reason, entry.amount_minor, entry.backers) == ("found_late", 5000, 1)
    assert entry.occurred_at == utc(2027, 11, 1)
    assert not books.unbalanced(livemode=False)


def test_a_dispute_opened_before_the_closing_and_lost_after_it_is_dated_by_its_end():
    """Stripe tells only when it was opened."""
    payment = gift(utc(2027, 5, 1))
    with time_machine.travel(utc(2027, 9, 20), tick=False):
        take_back(charge_of(payment), utc(2027, 9, 20), kind="dispute", status="needs_response")
    with time_machine.travel(utc(2027, 10, 14, 1), tick=False):
        book = books.close(Quarter(2027, 3), livemode=False)
    with time_machine.travel(utc(2027, 11, 2), tick=False):
        take_back(charge_of(payment), utc(2027, 9, 20), kind="dispute", status="lost")
    entry = book.late_entries.get()
    assert (entry.reason, entry.occurred_at, entry.amount_minor) == ("dispute", utc(2027, 11, 2), -5000)


def test_a_refund_from_before_the_closing_that_fails_after_it_is_a_reversal_dated_by_its_failing():
    payment = gift(utc(2027, 5, 1))
    with time_machine.travel(utc(2027, 9, 20), tick=False):
        take_back(charge_of(payment), utc(2027, 9, 20), status="pending")
    with time_machine.travel(utc(2027, 10, 14, 1), tick=False):
        book = books.close(Quarter(2027, 3), livemode=False)
    with time_machine.travel(utc(2027, 10, 25), tick=False):
        take_back(charge_of(payment), utc(2027, 9, 20), status="failed")
    entry = book.late_entries.get()
    assert (entry.reason, entry.occurred_at, entry.amount_minor) == ("reversal", utc(2027, 10, 25), 5000)


def test_a_moved_anchor_never_backs_a_quarter_that_is_paid_already():
    story = PledgeStory(utc(2027, 2, 15))
    story.tell()
    story.paid(0)
    story.paid(1)  # 15 May, backs Q3
    story.anchor_at = utc(2027, 6, 1)
    story.tell()
    story.invoice(10, "paid", paid_at=utc(2027, 6, 1), period_start=utc(2027, 6, 1))
    quarters = Contribution.objects.filter(state="paid").values_list("quarter", flat=True)
    assert sorted(quarters) == [Q2, Q3, Q4]


def test_nothing_is_written_on_other_ground(settings):
    gift(utc(2027, 5, 4))
    settings.BASE_CURRENCY = "EUR"
    with pytest.raises(ledger.ground.GroundMoved, match="BASE_CURRENCY was USD and is EUR"):
        gift(utc(2027, 5, 5), name="second")
    assert Payment.objects.count() == 1
