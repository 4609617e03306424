"""An invoice that the treasurer had charged in parts, or that was paid outside Stripe: each charge counts, and once."""

import datetime as dt
import random

import pytest
from django.db import transaction
from django.test import Client

from antiempire.demo.standin import StandIn
from donations import drift, inbox, offline, reconcile, stripe_gateway, sync
from donations.models import Contribution, Invoice, Payment, Pledge, StripeEvent
from donations.money import Money
from foundation.models import Letter
from tests.donations.signed import post
from tests.donations.stripe_path import Path, figures, handled, written
from tests.fakestripe.running import KEY, SECRET

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(stand_in):
    return Path(stand_in)


@pytest.fixture
def invoice(path):
    """The charge of 15 May, which was declined and is tried again on the 18th."""
    path.pledge()
    path.stand_in.do("faults", next_renewal="card_declined")
    path.go_to(dt.datetime(2027, 5, 16, 12, tzinfo=dt.UTC))
    path.settle()
    return Invoice.objects.get(status="open")


@pytest.fixture
def in_two(path, invoice):
    """10 of the 25 dollars by hand, the rest by the next attempt."""
    path.stand_in.do(f"invoices/{invoice.stripe_id}/part", amount=1000)
    path.settle()
    path.go_on(days=3)
    path.settle()
    invoice.refresh_from_db()
    return invoice


def nothing_differs() -> None:
    assert [str(each) for each in reconcile.run().found] == []
    assert drift.of_contributions() == ""


def test_the_first_part_counts_when_it_is_paid_and_the_rest_is_promised(path, invoice):
    path.stand_in.do(f"invoices/{invoice.stripe_id}/part", amount=1000)
    path.settle()
    assert figures(2027, 3) == (1, {"USD": 1000}, {"USD": 1500})
    nothing_differs()


def test_a_part_that_is_given_back_is_gone_and_the_rest_still_promised(path, invoice):
    path.stand_in.do(f"invoices/{invoice.stripe_id}/part", amount=1000)
    path.settle()
    part = Payment.objects.get(invoice=invoice)
    path.stand_in.do(f"charges/{part.fact_key}/refund")
    path.settle()
    assert figures(2027, 3) == (1, {}, {"USD": 1500})
    nothing_differs()


def test_the_rest_goes_with_the_pledge_and_the_part_stays(path, invoice):
    path.stand_in.do(f"invoices/{invoice.stripe_id}/part", amount=1000)
    path.settle()
    StandIn(path.stand_in.address, KEY).delete(f"subscriptions/{invoice.pledge.stripe_id}")
    path.settle()
    assert figures(2027, 3) == (1, {"USD": 1000}, {})
    nothing_differs()


def test_all_of_it_counts_once_and_for_one_quarter(path, in_two):
    assert in_two.status == "paid"
    assert figures(2027, 3) == (1, {"USD": 2500}, {})
    assert figures(2027, 2) == (1, {"USD": 2500}, {})
    paid = Payment.objects.filter(invoice=in_two).order_by("succeeded_at")
    assert [(each.amount_minor, str(each.quarter)) for each in paid] == [(1000, "Q3 2027"), (1500, "Q3 2027")]
    assert Contribution.objects.filter(due_at=in_two.period_start).count() == 1
    sync.sync_invoice(in_two.stripe_id)
    assert Payment.objects.count() == 3
    nothing_differs()


def test_each_part_has_its_receipt(in_two):
    texts = list(Letter.objects.filter(kind="thanks").values_list("text", flat=True))
    assert len(texts) == 3
    assert [sum(amount in text for text in texts) for amount in ("$10 USD", "$15 USD")] == [1, 1]


@pytest.mark.parametrize("given_back", [0, 1])
def test_a_refund_takes_back_its_own_part(path, in_two, given_back):
    part = Payment.objects.filter(invoice=in_two).order_by("succeeded_at")[given_back]
    path.stand_in.do(f"charges/{part.fact_key}/refund")
    path.settle()
    assert figures(2027, 3) == (1, {"USD": 2500 - part.amount_minor}, {})
    nothing_differs()


def test_both_refunded_leave_nobody(path, in_two):
    for part in Payment.objects.filter(invoice=in_two):
        path.stand_in.do(f"charges/{part.fact_key}/refund")
    path.settle()
    assert figures(2027, 3) == (0, {}, {})
    nothing_differs()


@pytest.mark.parametrize("lost", ["first", "second", "both"])
def test_a_part_that_is_missing_is_a_difference_and_repaired(in_two, lost):
    expected = written()
    parts = list(Payment.objects.filter(invoice=in_two).order_by("succeeded_at"))
    for part in {"first": parts[:1], "second": parts[1:], "both": parts}[lost]:
        part.delete()
    (found,) = reconcile.run(apply=True).repaired
    assert found.about == in_two.stripe_id
    assert written() == expected
    nothing_differs()


def test_news_of_a_refund_may_come_before_that_of_its_part(path, invoice):
    path.stand_in.do(f"invoices/{invoice.stripe_id}/part", amount=1000)
    part = next(row for row in path.rows("charge") if row["amount"] == 1000)
    path.stand_in.do(f"charges/{part['id']}/refund", amount=400)
    sync.sync_charge(part["id"])
    assert figures(2027, 3) == (1, {"USD": 600}, {"USD": 1500})


def test_every_order_of_events_ends_in_the_same(path, in_two):
    events = [told for told in path.stand_in.see("events") if handled(told)]
    expected = written()
    chance = random.Random(5)  # noqa: S311
    for _ in range(4):
        shuffled = events * 2
        chance.shuffle(shuffled)
        with transaction.atomic():
            for model in (Contribution, Payment, Invoice, Pledge):
                model.objects.all().delete()
            StripeEvent.objects.all().delete()
            for told in shuffled:
                assert post(Client(), told, secret=SECRET).status_code == 200
            for row in StripeEvent.objects.filter(status="waiting"):
                inbox.work(row)
            assert written() == expected
            transaction.set_rollback(True)


class TestPaidElsewhere:
    """Stripe was told of a bank transfer: it calls the invoice paid, and no charge stands behind it."""

    @pytest.fixture
    def transfer(self, path, invoice):
        path.stand_in.do(f"invoices/{invoice.stripe_id}/elsewhere")
        path.settle()
        return invoice

    def test_it_is_said_and_counts_for_nothing(self, transfer, caplog):
        assert figures(2027, 3) == (0, {}, {})
        sync.sync_invoice(transfer.stripe_id)
        assert f"{transfer.stripe_id} was paid outside Stripe" in caplog.text
        (found,) = reconcile.run(apply=True).remaining
        assert "was paid outside Stripe ($25)" in found[0].words

    def test_an_offline_gift_with_its_number_ends_the_alarm(self, transfer):
        offline.record_offline_gift(
            backer=Pledge.objects.get().backer,
            money=Money(2500, "USD"),
            received_on=dt.date(2027, 5, 16),
            method="bank",
            note=f"for {transfer.stripe_id}",
        )
        assert figures(2027, 3) == (1, {"USD": 2500}, {})
        nothing_differs()

    def test_the_part_that_came_through_stripe_counts(self, path, invoice):
        path.stand_in.do(f"invoices/{invoice.stripe_id}/part", amount=1000)
        path.stand_in.do(f"invoices/{invoice.stripe_id}/elsewhere")
        path.settle()
        assert figures(2027, 3) == (1, {"USD": 1000}, {})
        assert stripe_gateway.fetch_invoice(invoice.stripe_id).paid_elsewhere_minor == 1500
