"""Checkout, gifts, bank debits, and money that goes back: refunds, disputes, warnings."""

import pytest
import stripe

from tests.fakestripe.running import Refusal
from tests.fakestripe.shopping import Shop

DAY = 86400
DECLINED = "4000000000000002"
ASKS = "4000002760003184"
DISPUTED = "4000000000000259"
REFUND_FAILS = "4000000000005126"
REFUND_WAITS = "4000000000007726"


@pytest.fixture
def shop(stand_in):
    return Shop(stand_in)


def balance_of(shop, charge) -> stripe.BalanceTransaction:
    return shop.api.charges.retrieve(charge.id, {"expand": ["balance_transaction"]}).balance_transaction


def test_a_pledge_exists_only_once_its_session_is_complete(stand_in, shop):
    session = shop.pledge_session(currency="eur")
    assert (session.status, session.payment_status, session.subscription, session.customer) == (
        "open",
        "unpaid",
        None,
        None,
    )
    assert session.url == f"{stand_in.address}/pay/{session.id}"
    with pytest.raises(Refusal, match="card_declined"):
        shop.complete(session, DECLINED)
    assert shop.api.subscriptions.list().data == []
    done = shop.complete(session)
    assert (done.status, done.payment_status, done.url) == ("complete", "paid", None)
    assert shop.api.subscriptions.retrieve(done.subscription).metadata.site == "testserver"
    with pytest.raises(Refusal, match="complete"):
        shop.complete(session)
    assert len(shop.api.subscriptions.list().data) == 1


def test_a_declined_gift_leaves_its_try_and_may_be_tried_again(shop):
    session = shop.gift_session()
    with pytest.raises(Refusal, match="card_declined"):
        shop.complete(session, DECLINED)
    assert [charge.status for charge in shop.api.charges.list().data] == ["failed"]
    done = shop.complete(session)
    assert [charge.status for charge in shop.api.charges.list().data] == ["succeeded", "failed"]
    intent = shop.api.payment_intents.retrieve(done.payment_intent)
    assert (intent.status, intent.customer, intent.metadata.site) == ("succeeded", done.customer, "testserver")


def test_a_bank_that_asks_is_answered_before_anything_is_made(shop):
    for session in (shop.gift_session(), shop.pledge_session()):
        with pytest.raises(Refusal, match="authentication_required"):
            shop.complete(session, ASKS, authenticated=None)
        with pytest.raises(Refusal, match="payment_intent_authentication_failure"):
            shop.complete(session, ASKS, authenticated=False)
        assert shop.complete(session, ASKS, authenticated=True).payment_status == "paid"


def test_an_abandoned_session_expires_by_itself(stand_in, shop):
    session, soon = shop.pledge_session(), shop.gift_session(expires_at=stand_in.now() + 1900)
    stand_in.do("clock", advance=2000)
    assert shop.api.checkout.sessions.retrieve(soon.id).status == "expired"
    stand_in.do("clock", advance=DAY)
    assert shop.api.checkout.sessions.retrieve(session.id).status == "expired"
    assert shop.event_types()[-2:] == ["checkout.session.expired"] * 2
    with pytest.raises(stripe.InvalidRequestError):
        shop.api.checkout.sessions.expire(session.id)


@pytest.mark.parametrize(
    ("currency", "minor", "cents", "rate", "fee"),
    [("usd", 2500, 2500, None, 103), ("eur", 2500, 2731, 1.0925, 109), ("jpy", 3000, 2010, 0.0067, 88)],
)
def test_a_charge_settles_in_dollars_less_its_fee(shop, currency, minor, cents, rate, fee):
    made = balance_of(shop, shop.gift(minor=minor, currency=currency))
    assert (made.amount, made.currency, made.exchange_rate) == (cents, "usd", rate)
    assert made.fee == fee
    assert made.net == made.amount - made.fee


def test_settlement_may_come_later(stand_in, shop):
    stand_in.do("faults", late_settlement=3600)
    charge = shop.gift()
    assert charge.balance_transaction is None
    stand_in.do("clock", advance=3601)
    assert balance_of(shop, charge).amount == 5000
    assert shop.event_types()[-1] == "charge.updated"


@pytest.mark.parametrize("kind", ["pledge", "gift"])
@pytest.mark.parametrize(("card", "paid"), [("", True), (DECLINED, False)])
def test_a_bank_debit_is_answered_three_days_later(stand_in, shop, kind, card, paid):
    ask = shop.pledge_session if kind == "pledge" else shop.gift_session
    session = shop.complete(ask(currency="eur"), card, debit=True)
    assert (session.status, session.payment_status) == ("complete", "unpaid")
    charge = shop.api.charges.list().data[0]
    assert (charge.status, charge.balance_transaction) == ("pending", None)
    assert charge.payment_method_details.type == "sepa_debit"
    stand_in.do("clock", advance=3 * DAY - 60)
    assert shop.api.charges.retrieve(charge.id).status == "pending"
    stand_in.do("clock", advance=120)
    assert shop.api.charges.retrieve(charge.id).status == ("succeeded" if paid else "failed")
    session = shop.api.checkout.sessions.retrieve(session.id)
    assert session.payment_status == ("paid" if paid else "unpaid")
    outcome = "succeeded" if paid else "failed"
    assert shop.event_types().count(f"checkout.session.async_payment_{outcome}") == 1
    if paid:
        assert balance_of(shop, charge).created == charge.created + 3 * DAY
    if kind == "pledge":
        subscription = shop.api.subscriptions.retrieve(session.subscription)
        assert subscription.status == ("active" if paid else "past_due")
        assert shop.invoices(subscription)[0].status == ("paid" if paid else "open")


def test_a_pledge_by_debit_is_debited_again(stand_in, shop):
    session = shop.complete(shop.pledge_session(), "", debit=True)
    subscription = shop.api.subscriptions.retrieve(session.subscription)
    stand_in.do("clock", to=subscription.items.data[0].current_period_end + DAY)
    invoice = shop.invoices(subscription)[1]
    assert (invoice.status, invoice.next_payment_attempt) == ("open", None)
    stand_in.do("clock", advance=4 * DAY)
    assert shop.invoices(subscription)[1].status == "paid"


def test_parts_of_a_charge_are_refunded_up_to_the_whole(shop):
    charge = shop.gift()
    shop.api.refunds.create({"charge": charge.id, "amount": 1500, "reason": "requested_by_customer"})
    part = shop.api.charges.retrieve(charge.id)
    assert (part.amount_refunded, part.refunded) == (1500, False)
    with pytest.raises(stripe.InvalidRequestError, match="greater than"):
        shop.api.refunds.create({"charge": charge.id, "amount": 3501})
    rest = shop.api.refunds.create({"payment_intent": charge.payment_intent})
    assert (rest.amount, rest.status) == (3500, "succeeded")
    assert shop.api.charges.retrieve(charge.id).refunded
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        shop.api.refunds.create({"charge": charge.id})
    assert refusal.value.code == "charge_already_refunded"
    listed = shop.api.refunds.list({"charge": charge.id}).data
    assert [refund.amount for refund in listed] == [3500, 1500]
    assert shop.event_types().count("charge.refunded") == 2


def test_a_refund_may_fail_days_after_it_had_succeeded(stand_in, shop):
    charge = shop.gift(REFUND_FAILS)
    refund = shop.api.refunds.create({"charge": charge.id})
    assert refund.status == "succeeded"
    stand_in.do("clock", advance=4 * DAY)
    failed = shop.api.refunds.retrieve(refund.id)
    assert (failed.status, failed.failure_reason) == ("failed", "unknown")
    assert shop.api.charges.retrieve(charge.id).amount_refunded == 0
    assert {"refund.failed", "refund.updated"} <= set(shop.event_types())
    assert shop.api.balance_transactions.retrieve(failed.failure_balance_transaction).amount == 5000


def test_a_refund_may_wait(stand_in, shop):
    refund = shop.api.refunds.create({"charge": shop.gift(REFUND_WAITS).id})
    assert (refund.status, refund.pending_reason) == ("pending", "processing")
    stand_in.do("clock", advance=4 * DAY)
    assert shop.api.refunds.retrieve(refund.id).status == "succeeded"


def test_any_refund_can_be_made_to_fail(stand_in, shop):
    charge = shop.gift()
    made = stand_in.do(f"charges/{charge.id}/refund", amount=1000)
    assert stand_in.do(f"refunds/{made['id']}/fail")["status"] == "failed"
    with pytest.raises(Refusal):
        stand_in.do(f"refunds/{made['id']}/fail")


@pytest.mark.parametrize(("outcome", "returned"), [("won", True), ("lost", False)])
def test_a_dispute_takes_the_money_until_it_is_won(stand_in, shop, outcome, returned):
    charge = shop.gift()
    made = stand_in.do(f"charges/{charge.id}/dispute", reason="fraudulent")
    assert shop.api.charges.retrieve(charge.id).disputed
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        shop.api.refunds.create({"charge": charge.id})
    assert refusal.value.code == "charge_disputed"
    stand_in.do(f"disputes/{made['id']}/close", outcome=outcome)
    dispute = shop.api.disputes.list({"charge": charge.id}).data[0]
    assert dispute.status == outcome
    assert sum(one.amount for one in dispute.balance_transactions) == (0 if returned else -5000)
    with pytest.raises(Refusal):
        stand_in.do(f"disputes/{made['id']}/close", outcome="lost")


def test_a_stolen_card_is_disputed_a_day_later(stand_in, shop):
    charge = shop.gift(DISPUTED)
    assert shop.api.disputes.list().data == []
    stand_in.do("clock", advance=DAY + 1)
    assert shop.api.disputes.list().data[0].charge == charge.id


def test_an_early_warning_names_its_charge(stand_in, shop):
    charge = shop.gift()
    stand_in.do(f"charges/{charge.id}/warn")
    warning = shop.api.radar.early_fraud_warnings.list({"charge": charge.id}).data[0]
    assert (warning.charge, warning.actionable) == (charge.id, True)


def test_the_portal_opens_for_a_customer(stand_in, shop):
    customer = shop.pledge().customer
    flow = {"type": "payment_method_update", "after_completion": {"type": "portal_homepage"}}
    session = shop.api.billing_portal.sessions.create(
        {"customer": customer, "return_url": "http://testserver/", "flow_data": flow}
    )
    assert session.url == f"{stand_in.address}/portal/{session.id}"
    with pytest.raises(stripe.InvalidRequestError):
        shop.api.billing_portal.sessions.create({"customer": "cus_nobody"})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"customer_email": "not an address"}, "Invalid email"),
        ({"expires_at": 1}, "expires_at"),
        ({"payment_intent_data": {"metadata": {"a": "b"}}}, "subscription"),
        ({"customer_creation": "always"}, "subscription"),
        ({"payment_method_types": ["card"]}, "unknown parameter"),
        ({"mode": "setup"}, "must be one of"),
    ],
)
def test_nonsense_is_refused(shop, changes, words):
    with pytest.raises(stripe.InvalidRequestError, match=words):
        shop.pledge_session(**changes)


def test_too_little_is_refused(shop):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        shop.gift_session(minor=49)
    assert refusal.value.code == "amount_too_small"
