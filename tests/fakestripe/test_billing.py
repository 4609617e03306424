"""A pledge over its quarters: renewals, drafts, retries, authentication, pauses, endings, trials."""

import pytest
import stripe

from tests.fakestripe.running import Refusal
from tests.fakestripe.shopping import QUARTERLY, Shop
from tests.fakestripe.test_months import epoch

DAY = 86400
HOUR = 3600
PAYS = "4242424242424242"
FAILS_LATER = "4000000000000341"
ASKS = "4000002760003184"


@pytest.fixture
def shop(stand_in):
    return Shop(stand_in)


def go(stand_in, when: str | int) -> None:
    stand_in.do("clock", to=epoch(when) if isinstance(when, str) else when)


def starts(shop, subscription) -> list[int]:
    return [invoice.lines.data[0].period.start for invoice in shop.invoices(subscription)]


def payment_of(shop, invoice) -> stripe.PaymentIntent:
    payments = shop.api.invoice_payments.list({"invoice": invoice.id, "expand": ["data.payment.payment_intent"]})
    return payments.data[0].payment.payment_intent


@pytest.mark.parametrize(
    "dates",
    [
        ["2027-01-31 09:00", "2027-04-30 09:00", "2027-07-31 09:00", "2027-10-31 09:00", "2028-01-31 09:00"],
        ["2027-11-30 09:00", "2028-02-29 09:00", "2028-05-30 09:00", "2028-08-30 09:00", "2028-11-30 09:00"],
        ["2026-11-29 09:00", "2027-02-28 09:00", "2027-05-29 09:00", "2027-08-29 09:00", "2027-11-29 09:00"],
        ["2027-08-31 09:00", "2027-11-30 09:00", "2028-02-29 09:00", "2028-05-31 09:00", "2028-08-31 09:00"],
        ["2026-12-31 22:30", "2027-03-31 22:30", "2027-06-30 22:30", "2027-09-30 22:30", "2027-12-31 22:30"],
        ["2028-02-29 09:00", "2028-05-29 09:00", "2028-08-29 09:00", "2028-11-29 09:00", "2029-02-28 09:00"],
        ["2027-02-15 09:00", "2027-05-15 09:00", "2027-08-15 09:00", "2027-11-15 09:00", "2028-02-15 09:00"],
    ],
)
def test_a_pledge_is_charged_once_a_quarter_on_its_day(stand_in, shop, dates):
    go(stand_in, dates[0])
    subscription = shop.pledge()
    go(stand_in, epoch(dates[-1]) + 2 * HOUR)
    found = starts(shop, subscription)
    # The clock goes on while the first request is on its way.
    assert [abs(one - epoch(date)) < 60 for one, date in zip(found, dates, strict=True)] == [True] * len(dates)
    assert [charge.status for charge in shop.charges(subscription.customer)] == ["succeeded"] * len(dates)
    later = shop.again(subscription)
    assert later.billing_cycle_anchor == subscription.billing_cycle_anchor
    assert later.items.data[0].current_period_start == found[-1]


def test_a_quarter_that_is_walked_day_by_day_ends_like_one_that_is_leapt_over(stand_in, shop):
    go(stand_in, "2027-01-31 09:00")
    subscription = shop.pledge(card=FAILS_LATER)
    begun = subscription.billing_cycle_anchor
    for day in range(120):
        go(stand_in, begun + day * DAY)
    invoice = shop.invoices(subscription)[1]
    finalised = invoice.status_transitions.finalized_at
    tries = [charge.created for charge in shop.charges(subscription.customer)][1:]
    assert tries == [finalised, finalised + 3 * DAY, finalised + 8 * DAY, finalised + 15 * DAY]


def test_an_invoice_is_a_draft_for_an_hour(stand_in, shop):
    go(stand_in, "2027-02-15 09:00")
    subscription = shop.pledge()
    renewal = subscription.items.data[0].current_period_end
    go(stand_in, renewal + HOUR - 60)
    invoice = shop.invoices(subscription)[1]
    assert (invoice.status, invoice.billing_reason) == ("draft", "subscription_cycle")
    assert invoice.automatically_finalizes_at == renewal + HOUR
    assert invoice.parent.subscription_details.metadata.site == "testserver"
    assert shop.api.invoice_payments.list({"invoice": invoice.id}).data == []
    go(stand_in, renewal + HOUR)
    invoice = shop.invoices(subscription)[1]
    assert (invoice.status, invoice.amount_paid) == ("paid", 2500)
    assert invoice.created == renewal
    assert invoice.status_transitions.paid_at == renewal + HOUR


def test_a_refused_card_is_tried_three_more_times_and_then_left(stand_in, shop):
    go(stand_in, "2027-02-15 09:00")
    subscription = shop.pledge(card=FAILS_LATER)
    first = subscription.items.data[0].current_period_end + HOUR
    go(stand_in, first)
    assert shop.again(subscription).status == "past_due"
    for number, attempt in enumerate((first + 3 * DAY, first + 8 * DAY, first + 15 * DAY), start=1):
        invoice = shop.invoices(subscription)[1]
        assert (invoice.attempt_count, invoice.next_payment_attempt) == (number, attempt)
        go(stand_in, attempt)
    invoice = shop.invoices(subscription)[1]
    assert (invoice.status, invoice.attempt_count, invoice.next_payment_attempt) == ("open", 4, None)
    assert shop.again(subscription).status == "past_due"
    assert payment_of(shop, invoice).last_payment_error.code == "card_declined"
    assert shop.event_types().count("invoice.payment_failed") == 4


def test_another_card_is_taken_at_the_next_attempt(stand_in, shop):
    go(stand_in, "2027-02-15 09:00")
    subscription = shop.pledge(card=FAILS_LATER)
    go(stand_in, subscription.items.data[0].current_period_end + 2 * DAY)
    stand_in.do(f"customers/{subscription.customer}/card", card=PAYS)
    assert shop.again(subscription).status == "past_due"
    go(stand_in, subscription.items.data[0].current_period_end + 4 * DAY)
    assert shop.again(subscription).status == "active"
    assert shop.invoices(subscription)[1].status == "paid"


def test_a_backer_may_pay_an_open_invoice_with_another_card(stand_in, shop):
    subscription = shop.pledge(card=FAILS_LATER)
    go(stand_in, subscription.items.data[0].current_period_end + 2 * DAY)
    invoice = shop.invoices(subscription)[1]
    with pytest.raises(Refusal, match="card_declined"):
        stand_in.do(f"invoices/{invoice.id}/pay", card="4000000000000002")
    assert shop.invoices(subscription)[1].next_payment_attempt == invoice.next_payment_attempt
    stand_in.do(f"invoices/{invoice.id}/pay", card=PAYS)
    assert shop.invoices(subscription)[1].status == "paid"
    with pytest.raises(Refusal, match="invoice_already_paid"):
        stand_in.do(f"invoices/{invoice.id}/pay", card=PAYS)


def test_the_site_may_ask_for_one_more_attempt(stand_in, shop):
    subscription = shop.pledge(card=FAILS_LATER)
    go(stand_in, subscription.items.data[0].current_period_end + 2 * HOUR)
    invoice = shop.invoices(subscription)[1]
    with pytest.raises(stripe.CardError) as refusal:
        shop.api.invoices.pay(invoice.id)
    assert refusal.value.code == "card_declined"
    stand_in.do(f"customers/{subscription.customer}/card", card=PAYS)
    assert shop.api.invoices.pay(invoice.id).status == "paid"


def renewed_with_a_bank_that_asks(stand_in, shop):
    go(stand_in, "2027-02-15 09:00")
    subscription = shop.pledge(card=ASKS)
    go(stand_in, subscription.items.data[0].current_period_end + 2 * HOUR)
    return subscription, shop.invoices(subscription)[1]


def test_a_bank_that_asks_is_waited_for(stand_in, shop):
    subscription, invoice = renewed_with_a_bank_that_asks(stand_in, shop)
    assert (invoice.status, invoice.next_payment_attempt) == ("open", None)
    assert payment_of(shop, invoice).status == "requires_action"
    assert shop.again(subscription).status == "past_due"
    told = shop.event_types()
    assert told.count("invoice.payment_action_required") == told.count("invoice.payment_failed") == 1
    go(stand_in, invoice.created + 30 * DAY)
    assert shop.invoices(subscription)[1].attempt_count == 1


def test_an_answered_authentication_pays(stand_in, shop):
    subscription, invoice = renewed_with_a_bank_that_asks(stand_in, shop)
    stand_in.do(f"invoices/{invoice.id}/authenticate", ok=True)
    assert shop.invoices(subscription)[1].status == "paid"
    assert shop.again(subscription).status == "active"
    with pytest.raises(Refusal):
        stand_in.do(f"invoices/{invoice.id}/authenticate", ok=True)


def test_a_refused_authentication_is_a_failed_attempt(stand_in, shop):
    subscription, invoice = renewed_with_a_bank_that_asks(stand_in, shop)
    stand_in.do(f"invoices/{invoice.id}/authenticate", ok=False)
    intent = payment_of(shop, invoice)
    assert intent.status == "requires_payment_method"
    assert intent.last_payment_error.code == "payment_intent_authentication_failure"
    assert shop.invoices(subscription)[1].next_payment_attempt == pytest.approx(stand_in.now() + 3 * DAY, abs=60)


def test_a_pause_voids_what_falls_due_and_keeps_the_day(stand_in, shop):
    go(stand_in, "2027-01-31 09:00")
    subscription = shop.pledge()
    shop.api.subscriptions.update(subscription.id, {"pause_collection": {"behavior": "void"}})
    go(stand_in, "2027-08-15 09:00")
    assert [invoice.status for invoice in shop.invoices(subscription)] == ["paid", "void", "void"]
    assert shop.again(subscription).status == "active"
    shop.api.subscriptions.update(subscription.id, {"pause_collection": ""})
    go(stand_in, "2027-11-15 09:00")
    assert [invoice.status for invoice in shop.invoices(subscription)] == ["paid", "void", "void", "paid"]
    assert starts(shop, subscription)[-1] == pytest.approx(epoch("2027-10-31 09:00"), abs=60)
    assert len(shop.charges(subscription.customer)) == 2


def test_a_pause_may_end_by_itself(stand_in, shop):
    subscription = shop.pledge()
    resumes = stand_in.now() + 10 * DAY
    shop.api.subscriptions.update(subscription.id, {"pause_collection": {"behavior": "void", "resumes_at": resumes}})
    go(stand_in, resumes + 1)
    assert shop.again(subscription).pause_collection is None


def test_a_pledge_set_to_end_is_charged_no_more(stand_in, shop):
    subscription = shop.pledge()
    end = subscription.items.data[0].current_period_end
    changed = shop.api.subscriptions.update(subscription.id, {"cancel_at_period_end": True})
    assert (changed.cancel_at_period_end, changed.cancel_at, changed.status) == (True, end, "active")
    go(stand_in, end + 100 * DAY)
    ended = shop.again(subscription)
    assert (ended.status, ended.ended_at) == ("canceled", end)
    assert len(shop.invoices(subscription)) == 1
    assert shop.event_types()[-1] == "customer.subscription.deleted"
    assert shop.api.subscriptions.list().data == []
    assert [one.id for one in shop.api.subscriptions.list({"status": "all"}).data] == [subscription.id]


def test_an_end_may_be_taken_back(stand_in, shop):
    subscription = shop.pledge()
    shop.api.subscriptions.update(subscription.id, {"cancel_at_period_end": True})
    kept = shop.api.subscriptions.update(subscription.id, {"cancel_at_period_end": False})
    assert (kept.cancel_at, kept.canceled_at, kept.cancellation_details.reason) == (None, None, None)
    go(stand_in, subscription.items.data[0].current_period_end + DAY)
    assert len(shop.invoices(subscription)) == 2


def test_an_end_on_a_date_is_taken_back_by_an_empty_text_alone(shop):
    subscription = shop.pledge()
    end = subscription.items.data[0].current_period_end - DAY
    shop.api.subscriptions.update(subscription.id, {"cancel_at": end, "proration_behavior": "none"})
    still = shop.api.subscriptions.update(subscription.id, {"cancel_at_period_end": False})
    assert (still.cancel_at, still.cancel_at_period_end) == (end, False)
    kept = shop.api.subscriptions.update(subscription.id, {"cancel_at": ""})
    assert (kept.cancel_at, kept.canceled_at) == (None, None)


@pytest.mark.parametrize("name", ["trial_end", "pause_collection[resumes_at]"])
def test_what_stripe_does_not_unset_by_an_empty_text_is_refused(shop, name):
    subscription = shop.pledge()
    asked = {"pause_collection": {"behavior": "void", "resumes_at": ""}}
    if name == "trial_end":
        asked = {"trial_end": "", "proration_behavior": "none"}
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        shop.api.subscriptions.update(subscription.id, asked)
    assert refusal.value.param == name


def test_a_pledge_may_end_on_a_day_of_its_own(stand_in, shop):
    subscription = shop.pledge()
    last = stand_in.now() + 20 * DAY
    shop.api.subscriptions.update(subscription.id, {"cancel_at": last})
    go(stand_in, last)
    assert shop.again(subscription).ended_at == last


def test_nobody_asks_for_an_open_invoice_of_an_ended_pledge(stand_in, shop):
    subscription = shop.pledge(card=FAILS_LATER)
    go(stand_in, subscription.items.data[0].current_period_end + 2 * HOUR)
    shop.api.subscriptions.cancel(subscription.id)
    go(stand_in, stand_in.now() + 30 * DAY)
    invoice = shop.invoices(subscription)[1]
    assert (invoice.status, invoice.attempt_count, invoice.next_payment_attempt) == ("open", 1, None)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        shop.api.subscriptions.cancel(subscription.id)
    assert refusal.value.code == "resource_missing"


def test_a_trial_moves_the_first_charge_to_its_end(stand_in, shop):
    first = stand_in.now() + 40 * DAY
    session = shop.complete(shop.pledge_session(data={"trial_end": first}))
    assert (session.payment_status, session.amount_total) == ("no_payment_required", 0)
    subscription = shop.api.subscriptions.retrieve(session.subscription)
    assert (subscription.status, subscription.billing_cycle_anchor) == ("trialing", first)
    assert shop.charges(subscription.customer) == []
    go(stand_in, first + 2 * HOUR)
    assert [invoice.amount_paid for invoice in shop.invoices(subscription)] == [0, 2500]
    assert shop.again(subscription).status == "active"
    assert starts(shop, subscription)[1] == first


def test_a_trial_of_less_than_two_days_is_refused(stand_in, shop):
    with pytest.raises(stripe.InvalidRequestError, match="2 days"):
        shop.pledge_session(data={"trial_end": stand_in.now() + DAY})


def test_another_amount_is_charged_from_the_next_quarter_on(stand_in, shop):
    subscription = shop.pledge()
    item = {"id": subscription.items.data[0].id, "price_data": shop.line(4000, "usd", QUARTERLY)["price_data"]}
    with pytest.raises(stripe.InvalidRequestError, match="prorates"):
        shop.api.subscriptions.update(subscription.id, {"items": [item]})
    changed = shop.api.subscriptions.update(subscription.id, {"items": [item], "proration_behavior": "none"})
    assert changed.items.data[0].price.unit_amount == 4000
    assert changed.items.data[0].current_period_end == subscription.items.data[0].current_period_end
    go(stand_in, subscription.items.data[0].current_period_end + DAY)
    assert [invoice.amount_paid for invoice in shop.invoices(subscription)] == [2500, 4000]


def test_a_customer_keeps_one_currency(shop):
    subscription = shop.pledge(currency="eur")
    with pytest.raises(stripe.InvalidRequestError, match="currencies"):
        shop.pledge_session(currency="gbp", customer=subscription.customer)
    assert shop.pledge_session(currency="eur", customer=subscription.customer).customer == subscription.customer


def test_a_moved_anchor_begins_a_new_grid(stand_in, shop):
    go(stand_in, "2027-01-31 09:00")
    subscription = shop.pledge()
    anchor = epoch("2027-03-10 09:00")
    shop.api.subscriptions.update(subscription.id, {"trial_end": anchor, "proration_behavior": "none"})
    go(stand_in, "2027-06-20 09:00")
    assert starts(shop, subscription)[1:] == [anchor, epoch("2027-06-10 09:00")]
    assert shop.again(subscription).billing_cycle_anchor == anchor


def test_a_deleted_customer_has_no_pledge_left(stand_in, shop):
    subscription = shop.pledge()
    shop.api.customers.delete(subscription.customer)
    assert shop.again(subscription).status == "canceled"
    assert shop.api.customers.retrieve(subscription.customer).deleted
    assert shop.api.customers.list().data == []
    assert stand_in.see("rows")["customer"][0]["email"] == "reader@example.org"
