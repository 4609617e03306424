"""
A bank that asks for an authentication waits for two weeks from the latest time that it asked, and a debit fails when
the bank says so: by Stripe's own times, whenever and in whatever order we hear of them.
"""

import dataclasses
import datetime as dt
import random

import pytest

from donations import inbox, reconcile, stripe_gateway, sync
from donations.models import Contribution, Invoice, Pledge, StripeEvent
from foundation.models import Letter
from tests.donations.stripe_path import Path, figures

pytestmark = pytest.mark.django_db

DECLINED, ASKED = "card_declined", "authentication_required"
FIRST_ATTEMPT = dt.datetime(2027, 5, 15, 13, tzinfo=dt.UTC)
LAST_ATTEMPT = FIRST_ATTEMPT + dt.timedelta(days=15)
A_DAY = dt.timedelta(days=1)


@pytest.fixture
def path(stand_in):
    return Path(stand_in)


@pytest.fixture
def asked_last(path):
    """Declined three times; the last attempt, fifteen days after the first, asks for an authentication."""
    path.pledge()
    for day, reason in ((0, DECLINED), (3, DECLINED), (8, DECLINED), (15, ASKED)):
        path.stand_in.do("faults", next_renewal=reason)
        path.go_to(FIRST_ATTEMPT + dt.timedelta(days=day, minutes=5))
    return Pledge.objects.get()


def unpaid() -> Invoice:
    return Invoice.objects.latest("period_start")


def test_the_two_weeks_run_from_the_last_time_that_it_asked(path, asked_last):
    path.settle()
    assert abs(unpaid().needs_action_since - LAST_ATTEMPT) < dt.timedelta(minutes=1)
    row = Contribution.objects.get(due_at=unpaid().period_start)
    assert (row.state, row.lapses_at) == ("promised", unpaid().needs_action_since + 14 * A_DAY)
    assert figures(2027, 3) == (1, {}, {"USD": 2500})
    sync.sync_unanswered()
    assert Pledge.objects.get().status == "past_due"
    assert [str(each) for each in reconcile.run().found] == []


def test_they_end_fourteen_days_later(path, asked_last):
    path.settle()
    path.go_to(LAST_ATTEMPT + 14 * A_DAY - dt.timedelta(hours=1))
    sync.sync_unanswered()
    assert (Pledge.objects.get().status, figures(2027, 3)) == ("past_due", (1, {}, {"USD": 2500}))
    path.go_to(LAST_ATTEMPT + 14 * A_DAY + dt.timedelta(hours=1))
    assert figures(2027, 3) == (0, {}, {})
    sync.sync_unanswered()
    assert Pledge.objects.get().status == "canceled"


def test_whoever_answers_on_the_last_day_has_paid(path, asked_last):
    path.settle()
    path.go_to(LAST_ATTEMPT + 13 * A_DAY)
    path.stand_in.do(f"invoices/{unpaid().stripe_id}/authenticate", ok=True)
    path.settle()
    assert figures(2027, 3) == (1, {"USD": 2500}, {})


def test_a_further_ask_begins_them_anew(path):
    path.pledge()
    path.stand_in.do("faults", next_renewal=ASKED)
    path.go_to(FIRST_ATTEMPT + dt.timedelta(minutes=5))
    path.settle()
    first = unpaid().needs_action_since
    assert abs(first - FIRST_ATTEMPT) < dt.timedelta(minutes=1)
    path.go_to(FIRST_ATTEMPT + 10 * A_DAY)
    path.stand_in.do("faults", next_renewal=ASKED)
    v1 = stripe_gateway.client.client(stripe_gateway.WORKING).v1
    with pytest.raises(Exception, match="additional user action"):
        v1.invoices.pay(unpaid().stripe_id)
    path.settle()
    assert unpaid().needs_action_since - first > 9 * A_DAY
    assert Letter.objects.filter(kind="authenticate").count() == 2


@pytest.mark.parametrize("seed", range(3))
def test_any_order_of_the_news_says_the_same(path, asked_last, seed):
    path.deliver()
    events = list(StripeEvent.objects.filter(status="waiting"))
    random.Random(seed).shuffle(events)  # noqa: S311
    for event in events:
        inbox.work(event)
    assert abs(unpaid().needs_action_since - LAST_ATTEMPT) < dt.timedelta(minutes=1)
    assert Pledge.objects.get().status == "past_due"


def test_when_every_news_of_it_was_lost_reconciliation_says_the_same(path, asked_last):
    path.stand_in.do("deliveries/take", limit=100)
    path.go_to(LAST_ATTEMPT + 10 * A_DAY)
    reconcile.run(apply=True)
    assert abs(unpaid().needs_action_since - LAST_ATTEMPT) < dt.timedelta(minutes=1)
    assert figures(2027, 3) == (1, {}, {"USD": 2500})


def test_a_key_that_may_not_see_events_still_brings_the_invoice(path, asked_last, monkeypatch):
    path.settle()

    def refused(*args):
        raise stripe_gateway.StripeRefused("Not with this key")

    monkeypatch.setattr(stripe_gateway.moments, "_events", refused)
    facts = stripe_gateway.fetch_invoice(unpaid().stripe_id)
    assert FIRST_ATTEMPT - A_DAY < facts.needs_action_since < LAST_ATTEMPT


class TestDebitThatFailsLate:
    """A bank's answer to a renewal may come after more than a week; the stand-in's is made to."""

    @pytest.fixture
    def failed(self, path, monkeypatch):
        intent = path.ask(currency="EUR")
        done = {"card": "4000000000000341", "email": "reader@example.org", "name": "Reader", "debit": True}
        path.stand_in.do(f"checkout/{intent.session_id}/complete", **done)
        path.go_on(days=4)
        path.settle()
        due_at = Pledge.objects.get().next_charge_at
        monkeypatch.setattr("fakestripe.acts.charging.DEBIT_TAKES", 12 * 86400)
        path.go_to(due_at + dt.timedelta(minutes=70))
        path.settle()
        assert unpaid().is_processing
        path.go_on(days=12)
        path.settle()
        return due_at

    def test_the_letter_is_written_all_the_same(self, path, failed):
        assert unpaid().next_attempt_at
        assert Letter.objects.filter(kind="charge-failed").count() == 1

    def test_the_failure_is_dated_by_the_banks_answer(self, path, failed):
        facts = stripe_gateway.fetch_invoice(unpaid().stripe_id)
        assert abs(facts.failed_at - failed - 12 * A_DAY) < dt.timedelta(hours=2)

    def test_that_no_attempt_is_left_is_not_believed_at_once(self, path, failed):
        """It began twelve days ago, and failed just now: Stripe may write the next attempt down in a while."""
        facts = stripe_gateway.fetch_invoice(unpaid().stripe_id)
        assert not sync.is_given_up(dataclasses.replace(facts, next_attempt_at=None))
        path.go_on(days=0.1)
        assert sync.is_given_up(dataclasses.replace(facts, next_attempt_at=None))

    def test_an_old_failure_that_is_heard_of_late_is_not_told(self, path, failed):
        Letter.objects.all().delete()
        path.go_on(days=8)
        sync.sync_invoice(unpaid().stripe_id)
        assert Letter.objects.filter(kind="charge-failed").count() == 0


def test_one_charge_that_cannot_be_looked_at_keeps_no_other_from_it(path, asked_last, monkeypatch):
    path.settle()
    broken = unpaid()
    broken.pk, broken.stripe_id = None, "in_broken"
    broken.save()
    fetch, looked_at = stripe_gateway.fetch_invoice, []

    def fetch_invoice(invoice_id):
        looked_at.append(invoice_id)
        if invoice_id == "in_broken":
            raise ValueError("nothing that anybody thought of")
        return fetch(invoice_id)

    monkeypatch.setattr(stripe_gateway, "fetch_invoice", fetch_invoice)
    waiting = list(Invoice.objects.filter(status="open").values_list("stripe_id", flat=True))
    assert sync.sync_unanswered() == len(waiting) == 2
    assert sorted(looked_at) == sorted(waiting)
