"""Odd data of a treasurer's: three decimals or none, returns on the day of a closing, more taken back than is left."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.contrib import admin
from django.core.exceptions import ValidationError

from donations import books, chart, figures, offline, tally, wording
from donations.admin import payments, quarters, refunds
from donations.models import Currency, ExchangeRate, LateEntry, Payment, QuarterBook
from donations.money import Money
from donations.quarters import Quarter
from tests.donations.stripe_facts import charge_of, gift, take_back, utc

pytestmark = pytest.mark.django_db

Q2 = Quarter(2027, 2)


def given(minor: int, currency: str = "USD", *, who: str = "a", on=dt.date(2027, 3, 1)) -> Payment:
    return offline.record_offline_gift(
        backer=None, email=f"{who}@example.org", money=Money(minor, currency), received_on=on, method="cash"
    )


def returned(payment: Payment, on: dt.date, minor: int | None = None):
    money = Money(minor or payment.amount_minor, payment.currency)
    return offline.give_back(payment, money, returned_on=on, reason="", key=uuid.uuid4())


class TestThreeDecimals:
    """KWD 12,345.000 is no 12.345."""

    @pytest.fixture(autouse=True)
    def _dinars(self, settings):
        settings.BASE_CURRENCY = "KWD"

    def test_a_goal_that_is_saved_again_stays_what_it_is(self):
        goal = Money(12_345_000, "KWD")
        form = quarters.GoalForm({"goal": goal.typed})
        assert form.is_valid()
        assert form.cleaned_data["goal"] == goal.minor

    def test_all_that_is_left_is_what_is_offered_to_be_given_back(self):
        left = Money(12_345_000, "KWD")
        form = refunds.RefundForm(left=left)
        sent = refunds.RefundForm({name: form[name].value() for name in form.fields}, left=left)
        assert sent.is_valid(), sent.errors
        assert sent.money == left


def test_a_return_on_the_day_of_the_closing_and_after_it_was_not_found_late():
    with time_machine.travel(utc(2027, 7, 14, 8), tick=False) as traveller:
        payment = given(5000)
        books.close(Q2, livemode=False)
        traveller.move_to(utc(2027, 7, 14, 9))
        returned(payment, dt.date(2027, 7, 14))
        entry = LateEntry.objects.get()
        assert (entry.reason, entry.occurred_at, entry.backers) == ("refund", utc(2027, 7, 14, 9), -1)
        assert books.unbalanced(livemode=False) == []


def test_everything_taken_back_and_more_found_late_is_told_drawn_and_balanced(settings):
    settings.AMOUNTS_HIDDEN_BELOW = 0
    with time_machine.travel(utc(2027, 7, 20), tick=False) as traveller:
        payment = gift(utc(2027, 3, 20), minor=2500)
        books.close(Q2, livemode=False)
        traveller.move_to(utc(2027, 8, 1))
        take_back(charge_of(payment), utc(2027, 8, 1))
        take_back(charge_of(payment), utc(2027, 8, 1), kind="dispute", status="lost", name="2")
        given(1_000_000, who="b")  # forty times the quarter, found late
        (shown,) = [each for each in figures.public_quarters() if each.quarter == Q2]
        assert [str(each.money) for each in shown.changes] == ["−$25", "$10,000"]
        assert shown.total == Money(2500, "USD")
        drawn = chart.draw(figures.public_quarters(), "USD")
        heights = [float(each.changed_height) for each in drawn.columns if each.changed_height]
        assert len(heights) == 1
        assert 0 < heights[0] <= drawn.ground
        assert books.unbalanced(livemode=False) == []


def test_a_quarter_closed_with_nothing_may_still_gain(settings):
    settings.AMOUNTS_HIDDEN_BELOW = 0
    with time_machine.travel(utc(2027, 7, 20), tick=False):
        given(100, on=dt.date(2026, 12, 1))
        books.close(Q2, livemode=False)
        given(4000)
        (shown,) = [each for each in figures.public_quarters() if each.quarter == Q2]
        assert (shown.total, [str(each.money) for each in shown.changes]) == (Money(0, "USD"), ["$40"])
        assert chart.draw(figures.public_quarters(), "USD")
        assert books.unbalanced(livemode=False) == []


def test_without_any_rate_nothing_is_lost_and_nothing_is_converted(settings):
    settings.AMOUNTS_HIDDEN_BELOW = 0
    ExchangeRate.objects.all().delete()
    with time_machine.travel(utc(2027, 7, 20), tick=False):
        given(5000, "EUR")
        found = tally.for_quarter(Q2)
        assert (found.backers, found.received_micro, found.unconverted) == (1, 0, [Money(5000, "EUR")])
        book = books.close(Q2, livemode=False)
        assert (book.closed_totals, book.closed_unconverted) == ({"EUR": 5000}, {"EUR": 5000})
        (shown,) = [each for each in figures.public_quarters() if each.quarter == Q2]
        assert shown.apart == ("€50",)
        assert books.unbalanced(livemode=False) == []


def test_a_base_currency_without_decimals_is_summed_goalled_and_drawn(settings):
    settings.BASE_CURRENCY, settings.AMOUNTS_HIDDEN_BELOW = "JPY", 0
    Currency.objects.create(code="JPY", presets="1000", minimum_minor=500, maximum_minor=500_000)
    with time_machine.travel(utc(2027, 3, 20), tick=False):
        given(50_000, "JPY")
        QuarterBook.objects.create(quarter=Q2, livemode=False, goal_minor=200_000)
        found = tally.for_sentence()
        assert wording.sentence(found) == "So far 1 of you is backing the next quarter with JPY 50,000."
        assert found.percent == 25
        assert "JPY 50,000" in [line.label for line in chart.draw(figures.public_quarters(), "JPY").lines]


def test_what_a_payment_comes_to_is_written_in_the_base_currencys_own_decimals(settings):
    settings.BASE_CURRENCY = "JPY"
    shown = payments.PaymentAdmin(Payment, admin.site)
    assert shown.base(Payment(base_micro=1_018_400_000)) == "JPY 1018"
    settings.BASE_CURRENCY = "USD"
    assert shown.base(Payment(base_micro=1_018_250_000)) == "$1018.25 USD"
    assert shown.base(Payment()) == "—"


@pytest.mark.parametrize(("day", "quarter"), [(dt.date(2026, 12, 31), "Q1 2027"), (dt.date(2027, 1, 1), "Q2 2027")])
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"])
def test_the_last_and_the_first_day_of_a_year_are_those_of_the_sites_own_calendar(settings, day, quarter, zone):
    settings.TIME_ZONE = zone
    with time_machine.travel(utc(2027, 1, 10), tick=False):
        payment = given(100, on=day)
        assert str(payment.quarter) == quarter
        assert payment.succeeded_at.date() == day


def test_the_currency_of_the_ask_cannot_be_taken_off_the_page_that_it_leads_to(settings):
    base = Currency.objects.get(code=settings.BASE_CURRENCY)
    base.is_offered = False
    with pytest.raises(ValidationError, match="the site's own currency"):
        base.full_clean()
    other = Currency.objects.exclude(code=base.code).first()
    other.is_offered = False
    other.full_clean()
