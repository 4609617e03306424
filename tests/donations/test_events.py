"""Events out of order, repeated, lying, of others, and at bad times: the ledger is what Stripe's objects say."""

import itertools
import random

import pytest
from django.db import transaction
from django.test import Client

from donations import inbox, stripe_gateway
from donations.models import Backer, Currency, Intent, Payment, Pledge, StripeEvent
from donations.money import Money
from donations.stripe_gateway import SessionRequest
from tests.donations.in_time import answered_in_time
from tests.donations.signed import event, post
from tests.donations.stripe_path import Path, figures, handled, written
from tests.fakestripe.running import SECRET

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(stand_in):
    return Path(stand_in)


def told_in(events) -> dict:
    """Posted, signed and worked on one by one; then what is written is taken back."""
    with transaction.atomic():
        for told in events:
            assert post(Client(), told, secret=SECRET).status_code == 200
            for row in StripeEvent.objects.filter(status="waiting"):
                inbox.work(row)
        found = written()
        transaction.set_rollback(True)
    return found


def test_every_order_of_the_events_of_a_pledges_first_quarter_ends_in_the_same(path):
    path.pay(path.ask())
    events = [told for told in path.stand_in.see("events") if handled(told)]
    assert len({told["type"] for told in events}) == 3  # session, subscription and invoice
    expected = told_in(events)
    assert len(expected["payments"]) == len(expected["pledges"]) == 1
    for order in itertools.permutations(events):
        assert told_in(order) == expected


def test_shuffled_and_repeated_events_of_a_year_end_in_the_same(path):
    intents = [path.ask(), path.ask(currency="EUR"), path.ask("once", 5000)]
    sessions = [path.pay(intent, email=f"{number}@example.org") for number, intent in enumerate(intents)]
    path.go_on(days=100)
    path.stand_in.do(f"subscriptions/{sessions[1]['subscription']}/cancel")
    charge = path.rows("charge")[0]["id"]
    path.stand_in.do(f"charges/{charge}/refund", amount=700)
    path.go_on(days=100)
    events = [told for told in path.stand_in.see("events") if handled(told)]
    expected = told_in(events)
    assert len(expected["payments"]) == 6
    chance = random.Random(7)  # noqa: S311
    for _time in range(5):
        shuffled = events + chance.sample(events, 5)
        chance.shuffle(shuffled)
        assert told_in(shuffled) == expected


def test_a_lying_body_changes_nothing(path):
    pledge = path.pledge(minor=2500)
    before = written()
    lies = [
        ("invoice.paid", {"id": path.rows("invoice")[0]["id"], "amount_due": 10**9, "status": "void"}),
        ("customer.subscription.updated", {"id": pledge.stripe_id, "status": "canceled", "currency": "eur"}),
        ("customer.subscription.deleted", {"id": pledge.stripe_id, "ended_at": 1}),
        ("charge.refunded", {"id": path.rows("charge")[0]["id"], "amount_refunded": 2500, "refunded": True}),
        ("checkout.session.completed", {"id": path.rows("checkout.session")[0]["id"], "amount_total": 1}),
    ]
    for number, (kind, words) in enumerate(lies):
        post(path.client, event(f"evt_lie{number}", kind, data={"object": words}), secret=SECRET)
    path.work()
    assert path.statuses() == {"done": StripeEvent.objects.count()}
    assert written() == before
    path.stand_in.do(f"charges/{path.rows('charge')[0]['id']}/refund")  # the control: a true refund does
    path.settle()
    assert written() != before


def test_an_event_about_what_stripe_does_not_know_is_set_apart(path):
    post(path.client, event("evt_x", "invoice.paid", "in_invented"), secret=SECRET)
    path.work()
    row = StripeEvent.objects.get()
    assert row.status == "quarantined"
    assert "in_invented" in row.reason


def make(path, *, kind="quarterly", money, intent) -> dict:
    """A session as somebody else with our key could make it, and paid."""
    asked = SessionRequest(
        intent=intent,
        kind=kind,
        money=money,
        success_url="http://testserver/",
        cancel_url="http://testserver/",
        idempotency_key=f"{intent}-{money.minor}-{money.currency}",
    )
    made = stripe_gateway.create_session(asked)
    return path.stand_in.do(f"checkout/{made.id}/complete", card="4242424242424242", email="x@example.org", name="X")


UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize("kind", ["quarterly", "once"])
@pytest.mark.parametrize(
    ("minor", "currency", "knows_intent", "word"),
    [
        (100, "USD", True, "asked for"),
        (2500, "EUR", True, "asked for"),
        (2500, "USD", False, "not known here"),
    ],
)
def test_another_amount_currency_or_reference_is_set_apart_and_counts_for_nothing(
    path, kind, minor, currency, knows_intent, word
):
    intent = path.ask(kind, 2500)
    make(path, kind=kind, money=Money(minor, currency), intent=str(intent.pk) if knows_intent else UNKNOWN)
    path.settle()
    assert path.statuses()["quarantined"] > 0
    assert word in StripeEvent.objects.filter(status="quarantined").first().reason
    assert (Payment.objects.count(), Pledge.objects.count(), Backer.objects.count()) == (0, 0, 0)
    path.pay(intent)  # the control: what was asked for is taken
    path.settle()
    assert Payment.objects.count() == 1


def test_a_currency_that_is_not_the_sites_is_set_apart(path):
    intent = path.ask("once", 2500, "AUD")
    Currency.objects.filter(code="AUD").delete()
    path.pay(intent)
    path.settle()
    assert path.statuses()["quarantined"] > 0
    assert not Payment.objects.exists()


def test_what_carries_no_words_of_this_site_is_not_ours(path, settings):
    settings.STRIPE_SITE = "another.example"
    make(path, money=Money(2500, "USD"), intent=UNKNOWN)
    make(path, kind="once", money=Money(900, "USD"), intent=UNKNOWN)
    settings.STRIPE_SITE = "testserver"
    for charge in path.rows("charge"):
        path.stand_in.do(f"charges/{charge['id']}/refund", amount=100)
        path.stand_in.do(f"charges/{charge['id']}/warn")
    path.settle()
    of_interest = StripeEvent.objects.exclude(reason__startswith="Nothing follows")
    assert set(of_interest.values_list("status", flat=True)) == {"not_ours"}
    assert not Payment.objects.exists()


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 429}, {"refuse": True}, {"lose_answers": True}])
def test_while_stripe_is_in_trouble_events_wait_and_then_nothing_is_lost(path, fault):
    path.pay(path.ask())
    path.stand_in.do("faults", **fault)
    path.deliver()
    about_us = StripeEvent.objects.filter(type="invoice.paid")
    with pytest.raises(stripe_gateway.StripeDown):
        inbox.work(about_us[0], is_last_attempt=False)
    assert StripeEvent.objects.get(type="invoice.paid").status == "waiting"
    assert not Payment.objects.exists()
    path.stand_in.do("faults", **dict.fromkeys(fault, 0))
    path.settle()
    assert figures(2027, 2) == (1, {"USD": 2500}, {})
    assert "failed" not in path.statuses()


def test_a_page_waits_less_than_eight_seconds_for_a_stripe_that_hangs(path):
    path.stand_in.do("faults", hang_seconds=20)

    def give_up():
        with pytest.raises(stripe_gateway.StripeDown):
            stripe_gateway.fetch_session("cs_test_x", patience=stripe_gateway.PLEDGING)

    answered_in_time(give_up)


def test_a_session_whose_answer_was_lost_is_the_same_when_asked_again(path):
    intent = Intent.objects.create(
        livemode=False, kind="once", currency="USD", amount_minor=2500, created_at="2027-02-15T12:00Z"
    )
    asked = SessionRequest(
        intent=str(intent.pk),
        kind="once",
        money=Money(2500, "USD"),
        success_url="http://testserver/",
        cancel_url="http://testserver/",
        idempotency_key="k",
    )
    stripe_gateway.create_session(asked)  # makes the product
    first = stripe_gateway.create_session(asked)
    path.stand_in.do("faults", lose_answers=True)
    with pytest.raises(stripe_gateway.StripeDown):
        stripe_gateway.create_session(asked)
    path.stand_in.do("faults", lose_answers=False)
    assert stripe_gateway.create_session(asked).id == first.id
    assert len(path.rows("checkout.session")) == 1


def test_a_refusal_tells_that_nothing_was_made(path):
    with pytest.raises(stripe_gateway.StripeRefused):
        make(path, money=Money(0, "USD"), intent=UNKNOWN)
    assert path.rows("checkout.session") == []


def test_without_a_key_nothing_is_asked(path, settings):
    settings.STRIPE_SECRET_KEY = ""
    with pytest.raises(stripe_gateway.StripeRefused):
        stripe_gateway.fetch_session("cs_test_x")


def test_the_sdk_speaks_the_version_that_is_pinned():
    import stripe

    assert stripe.api_version == stripe_gateway.API_VERSION
