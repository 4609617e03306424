"""What happens at Stripe comes to stand in the ledger, whatever happens there."""

import datetime as dt

import pytest

from donations import reconcile, stripe_gateway, sync
from donations.models import Adjustment, Contribution, Intent, Invoice, Payment, Pledge, StripeEvent
from donations.money import Money
from donations.quarters import add_months
from foundation.models import Letter
from tests.donations.stripe_path import ASKS, FAILS_LATER, REFUND_FAILS, Path, figures

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(stand_in):
    return Path(stand_in)


def letters() -> list[str]:
    return sorted(Letter.objects.values_list("kind", flat=True))


def test_a_pledge_is_in_the_figures_from_its_first_charge(path):
    pledge = path.pledge(minor=2500)
    assert (pledge.status, pledge.intent.status) == ("active", "completed")
    assert figures(2027, 2) == (1, {"USD": 2500}, {})
    assert figures(2027, 3) == (1, {}, {"USD": 2500})
    payment = Payment.objects.get()
    assert payment.fee_minor > 0
    assert payment.backer.email == "reader@example.org"
    assert path.statuses().keys() == {"done"}


def test_a_gift_counts_once_and_only_for_the_next_quarter(path):
    path.gift(minor=5000)
    assert figures(2027, 2) == (1, {"USD": 5000}, {})
    assert figures(2027, 3) == (0, {}, {})
    assert letters() == ["thanks"]


def test_every_later_charge_backs_the_quarter_after(path):
    path.pledge()
    path.go_on(days=200)
    path.settle()
    assert Payment.objects.count() == 3
    assert [figures(2027, number) for number in (2, 3, 4)] == [(1, {"USD": 2500}, {})] * 3
    assert figures(2028, 1) == (1, {}, {"USD": 2500})


def test_the_draft_of_a_charge_is_still_a_promise(path):
    path.pledge()
    path.go_to(dt.datetime(2027, 5, 15, 12, 10, tzinfo=dt.UTC))
    path.settle()
    assert figures(2027, 3) == (1, {}, {"USD": 2500})
    path.go_on(days=1)
    path.settle()
    assert figures(2027, 3) == (1, {"USD": 2500}, {})


def test_a_failed_charge_stays_promised_until_it_is_paid_with_another_card(path):
    pledge = path.pledge(FAILS_LATER)
    path.go_on(days=90)
    path.settle()
    assert figures(2027, 3) == (1, {}, {"USD": 2500})
    assert Invoice.objects.get(status="open").next_attempt_at
    assert "charge-failed" in letters()
    path.stand_in.do(f"customers/{pledge.customer.stripe_id}/card", card="4242424242424242")
    path.go_on(days=8)
    path.settle()
    assert figures(2027, 3) == (1, {"USD": 2500}, {})
    pledge.refresh_from_db()
    assert pledge.status == "active"


def test_when_the_attempts_are_over_we_end_the_pledge_and_its_charge(path):
    pledge = path.pledge(FAILS_LATER)
    path.go_on(days=110)
    path.settle()
    pledge.refresh_from_db()
    assert pledge.status == "canceled"
    assert path.row("subscription", pledge.stripe_id)["status"] == "canceled"
    assert {invoice["status"] for invoice in path.rows("invoice")} == {"paid", "void"}
    assert set(Invoice.objects.values_list("status", flat=True)) == {"paid", "void"}
    assert figures(2027, 3) == (0, {}, {})
    assert figures(2027, 2) == (1, {"USD": 2500}, {})  # what was paid stays
    assert "ended" in letters()


def test_that_no_attempt_is_left_is_believed_an_hour_after_the_failure(path):
    """Stripe may write down the next attempt a while after a failure: no pledge ends by looking too soon."""
    pledge = path.pledge(FAILS_LATER)
    path.go_on(days=95)
    while (invoice := open_invoice(path))["next_payment_attempt"]:
        path.go_to(dt.datetime.fromtimestamp(invoice["next_payment_attempt"] + 60, dt.UTC))
    path.settle()
    pledge.refresh_from_db()
    assert pledge.status == "past_due"
    assert "ended" not in letters()
    path.go_to(dt.datetime.fromtimestamp(failed_at(path) + 2 * 3600, dt.UTC))
    sync.sync_unanswered()
    pledge.refresh_from_db()
    assert pledge.status == "canceled"
    assert "ended" in letters()


def open_invoice(path) -> dict:
    return next(invoice for invoice in path.rows("invoice") if invoice["status"] == "open")


def failed_at(path) -> int:
    return max(charge["created"] for charge in path.rows("charge") if charge["status"] == "failed")


def test_an_unanswered_question_of_the_bank_is_a_promise_for_two_weeks(path):
    pledge = pledge_that_asks(path)
    path.go_to(dt.datetime(2027, 5, 16, 12, tzinfo=dt.UTC))
    path.settle()
    assert Invoice.objects.get(status="open").needs_action_since
    assert figures(2027, 3) == (1, {}, {"USD": 2500})
    assert "authenticate" in letters()
    path.go_on(days=25)
    path.settle()
    sync.sync_unanswered()
    path.settle()
    pledge.refresh_from_db()
    assert (pledge.status, figures(2027, 3)) == ("canceled", (0, {}, {}))


def pledge_that_asks(path) -> Pledge:
    intent = path.ask()
    session = path.pay(intent, ASKS, authenticated=True)
    path.settle()
    return Pledge.objects.get(stripe_id=session["subscription"])


def test_an_answered_question_of_the_bank_is_money(path):
    pledge_that_asks(path)
    path.go_to(dt.datetime(2027, 5, 16, 12, tzinfo=dt.UTC))
    path.settle()
    path.stand_in.do(f"invoices/{Invoice.objects.get(status='open').stripe_id}/authenticate", ok=True)
    path.settle()
    assert figures(2027, 3) == (1, {"USD": 2500}, {})


def test_ending_at_the_periods_end_takes_the_promise_at_once_and_keeps_what_was_paid(path):
    pledge = path.pledge()
    stripe_gateway.cancel_at_period_end(pledge)
    path.settle()
    pledge.refresh_from_db()
    assert pledge.ends_at == add_months(pledge.anchor_at, 3)
    assert figures(2027, 2) == (1, {"USD": 2500}, {})
    assert figures(2027, 3) == (0, {}, {})
    assert "set-to-end" in letters()
    stripe_gateway.keep_going(pledge)
    path.settle()
    assert figures(2027, 3) == (1, {}, {"USD": 2500})


def test_a_pause_takes_the_promise_and_the_charges_and_keeps_the_anchor(path):
    pledge = path.pledge()
    anchor = pledge.anchor_at
    stripe_gateway.pause(pledge)
    path.settle()
    assert figures(2027, 3) == (0, {}, {})
    path.go_on(days=92)
    path.settle()
    assert Payment.objects.count() == 1
    stripe_gateway.resume(pledge)
    path.settle()
    pledge.refresh_from_db()
    assert pledge.anchor_at == anchor
    path.go_on(days=92)
    path.settle()
    assert figures(2027, 4) == (1, {"USD": 2500}, {})


def test_another_amount_holds_from_the_next_charge(path):
    pledge = path.pledge()
    stripe_gateway.change_amount(pledge, Money(4000, "USD"))
    path.settle()
    assert figures(2027, 2) == (1, {"USD": 2500}, {})
    assert figures(2027, 3) == (1, {}, {"USD": 4000})
    path.go_on(days=90)
    path.settle()
    assert figures(2027, 3) == (1, {"USD": 4000}, {})


def test_refunds_take_back_their_part_and_failed_ones_give_it_back(path):
    payment = path.gift(minor=5000)
    path.stand_in.do(f"charges/{payment.fact_key}/refund", amount=1000)
    path.stand_in.do(f"charges/{payment.fact_key}/refund", amount=500)
    path.settle()
    assert figures(2027, 2) == (1, {"USD": 3500}, {})
    path.stand_in.do(f"refunds/{Adjustment.objects.get(amount_minor=1000).fact_key}/fail")
    path.settle()
    assert figures(2027, 2) == (1, {"USD": 4500}, {})
    assert Adjustment.objects.count() == 2


def test_a_refund_that_fails_by_itself_days_later_gives_the_money_back(path):
    payment = path.gift(REFUND_FAILS, minor=5000)
    path.stand_in.do(f"charges/{payment.fact_key}/refund")
    path.settle()
    assert figures(2027, 2) == (0, {}, {})
    path.go_on(days=10)
    path.settle()
    assert figures(2027, 2) == (1, {"USD": 5000}, {})


def test_a_full_refund_removes_the_backer_from_the_count(path):
    payment = path.gift()
    path.stand_in.do(f"charges/{payment.fact_key}/refund")
    path.settle()
    assert figures(2027, 2) == (0, {}, {})
    assert Contribution.objects.get().state == "gone"
    assert letters() == ["refund", "thanks"]


def test_the_refund_we_ask_for_is_made_once_for_each_key(path):
    payment = path.gift(minor=5000)
    first = stripe_gateway.refund(payment, Money(1000, "USD"), "key")
    assert stripe_gateway.refund(payment, Money(1000, "USD"), "key").id == first.id
    path.settle()
    assert Adjustment.objects.count() == 1
    assert figures(2027, 2) == (1, {"USD": 4000}, {})


@pytest.mark.parametrize(("outcome", "expected"), [("won", (1, {"USD": 2500}, {})), ("lost", (0, {}, {}))])
def test_a_dispute_counts_until_it_is_lost(path, outcome, expected):
    pledge = path.pledge()
    Intent.objects.update(name_status="approved")
    payment = Payment.objects.get()
    path.stand_in.do(f"charges/{payment.fact_key}/dispute", reason="fraudulent")
    path.settle()
    adjustment = Adjustment.objects.get()
    assert figures(2027, 2) == (1, {"USD": 2500}, {})
    path.stand_in.do(f"disputes/{adjustment.fact_key}/close", outcome=outcome)
    path.settle()
    pledge.refresh_from_db()
    assert figures(2027, 2) == expected
    assert (pledge.status == "canceled") == (outcome == "lost")
    assert (Intent.objects.get().name_status == "hidden") == (outcome == "lost")


def test_an_early_fraud_warning_is_noted_for_the_treasurer(path):
    payment = path.gift()
    path.stand_in.do(f"charges/{payment.fact_key}/warn")
    path.settle()
    payment.refresh_from_db()
    assert payment.fraud_warned_at
    assert figures(2027, 2) == (1, {"USD": 2500}, {})


def test_a_bank_debit_is_no_money_before_it_settles_and_counts_by_that_day(path):
    path.go_to(dt.datetime(2027, 3, 30, 12, tzinfo=dt.UTC))
    intent = path.ask("once", 5000)
    path.pay(intent, "", debit=True)
    path.settle()
    assert not Payment.objects.exists()
    intent.refresh_from_db()
    assert intent.status == "open"
    path.go_on(days=4)
    path.settle()
    payment = Payment.objects.get()
    assert payment.succeeded_at >= dt.datetime(2027, 4, 1, tzinfo=dt.UTC)
    assert (figures(2027, 2), figures(2027, 3)) == ((0, {}, {}), (1, {"USD": 5000}, {}))


@pytest.mark.parametrize("kind", ["once", "quarterly"])
def test_a_bank_debit_is_not_dated_by_a_balance_that_was_noted_when_it_was_sent(path, kind):
    """The fault dates the balance by the charge's making, as Stripe does for debits since 2024."""
    path.stand_in.do("faults", late_settlement=3600)
    path.go_to(dt.datetime(2027, 3, 30, 12, tzinfo=dt.UTC))
    intent = path.ask(kind, 5000)
    path.pay(intent, "", debit=True)
    path.settle()
    path.go_on(days=3.01)
    path.settle()
    path.go_on(days=1)
    path.settle()
    (charge,) = path.rows("charge")
    sync.sync_charge(charge["id"])
    assert (figures(2027, 2)[1], figures(2027, 3)[1]) == ({}, {"USD": 5000})
    assert [str(each) for each in reconcile.run().found] == []


def test_a_bank_debit_waits_to_be_counted_until_stripe_says_when_it_settled(path, monkeypatch):
    intent = path.ask("once", 5000)
    path.pay(intent, "", debit=True)
    path.settle()
    path.go_on(days=3.01)
    path.deliver()
    with monkeypatch.context() as silence:
        silence.setattr(stripe_gateway.moments, "_events", lambda *asked: iter(()))
        with pytest.raises(stripe_gateway.StripeDown):
            path.work()
    assert not Payment.objects.exists()
    path.settle()
    assert figures(2027, 2) == (1, {"USD": 5000}, {})


def test_a_bank_debit_of_long_ago_is_dated_as_well_as_can_be(path, monkeypatch):
    intent = path.ask("once", 5000)
    path.pay(intent, "", debit=True)
    path.go_on(days=40)
    monkeypatch.setattr(stripe_gateway.moments, "_events", lambda *asked: iter(()))
    path.settle()
    assert figures(2027, 2) == (1, {"USD": 5000}, {})


def test_a_bank_debit_that_fails_closes_the_intent(path):
    intent = path.ask("once", 5000)
    path.pay(intent, "4000000000000002", debit=True)
    path.go_on(days=4)
    path.settle()
    intent.refresh_from_db()
    assert (intent.status, Payment.objects.count()) == ("expired", 0)


def test_a_payment_page_that_was_left_closes_the_intent(path):
    intent = path.ask()
    path.go_on(days=2)
    path.settle()
    intent.refresh_from_db()
    assert intent.status == "expired"


def test_the_thanks_page_can_ask_before_any_event_came(path):
    intent = path.ask()
    path.pay(intent)
    facts = sync.sync_session(intent.session_id)
    assert (facts.status, facts.is_paid) == ("complete", True)
    before = figures(2027, 2)
    assert before == (1, {"USD": 2500}, {})
    path.settle()
    assert figures(2027, 2) == before
    assert (Payment.objects.count(), Pledge.objects.count()) == (1, 1)


def test_what_was_asked_earlier_never_overwrites_what_was_asked_later(path):
    pledge = path.pledge()
    early = stripe_gateway.fetch_subscription(pledge.stripe_id)
    stripe_gateway.cancel_at_period_end(pledge)
    sync.sync_subscription(pledge.stripe_id)
    sync._take(early)
    pledge.refresh_from_db()
    assert pledge.ends_at


def test_letters_are_written_once_however_often_the_news_comes(path):
    path.gift()
    for event in StripeEvent.objects.all():
        StripeEvent.objects.filter(pk=event.pk).update(status="waiting")
    path.work()
    assert letters() == ["thanks"]


def test_the_money_of_a_settlement_that_comes_later_is_noted(path):
    path.stand_in.do("faults", late_settlement=3600)
    payment = path.gift()
    assert payment.settled_minor is None
    path.go_on(days=1)
    sync.sync_charge(payment.fact_key)
    payment.refresh_from_db()
    assert (payment.settled_minor, payment.settled_currency) == (2500, "USD")


@pytest.mark.django_db(transaction=True)
def test_delivered_over_http_and_worked_on_by_the_real_worker(carrying_stand_in, run_tasks):
    path = Path(carrying_stand_in)
    path.pay(path.ask())
    carrying_stand_in.wait_until_delivered()
    run_tasks()
    assert figures(2027, 2) == (1, {"USD": 2500}, {})
    assert set(path.statuses()) == {"done"}
