"""
Invoices of subscriptions: drafted, finalised, attempted, paid. https://docs.stripe.com/billing/invoices/subscription

A renewal's invoice is a draft for an hour, then attempted; a refused card is tried again three, five and seven days
after the attempt before, as in https://docs.stripe.com/billing/revenue-recovery/smart-retries with a fixed schedule.
After that `next_payment_attempt` is null and the subscription stays past due.
"""

from fakestripe import due
from fakestripe.acts import charging, subscriptions, wallet
from fakestripe.acts.charging import Outcome
from fakestripe.errors import AuthenticationNeeded, CardRefused, Refused
from fakestripe.months import DAY, HOUR
from fakestripe.shapes import billing, money
from fakestripe.store import Row, value_of

DRAFT_FOR = HOUR
RETRIES = (3 * DAY, 5 * DAY, 7 * DAY)


def draft(engine, subscription: Row, *, reason: str, amount: int, period: tuple[int, int], closes: int) -> Row:
    customer = engine.get("customer", subscription["customer"])
    invoice = billing.invoice(
        engine.now(), of=subscription, customer=customer, reason=reason, amount=amount, period=period, closes=closes
    )
    if reason == "subscription_cycle":
        invoice.update(
            automatically_finalizes_at=engine.now() + DRAFT_FOR, next_payment_attempt=engine.now() + DRAFT_FOR
        )
        engine.agenda.add(engine.now() + DRAFT_FOR, "finalise", invoice["id"])
    return engine.add(invoice, "invoice.created")


@due.act("finalise")
def finalise_when_due(engine, invoice_id: str, at: int) -> None:
    invoice = engine.get("invoice", invoice_id)
    if invoice["status"] == "draft" and invoice["automatically_finalizes_at"] == at:
        finalise(engine, invoice_id)
        if invoice["status"] == "open":
            attempt(engine, invoice)


@due.act("attempt")
def attempt_when_due(engine, invoice_id: str, at: int) -> None:
    invoice = engine.get("invoice", invoice_id)
    if invoice["status"] == "open" and invoice["next_payment_attempt"] == at:
        attempt(engine, invoice)


def finalise(engine, invoice_id: str) -> Row:
    """Open from now on; one over nothing is paid with that. https://docs.stripe.com/api/invoices/finalize"""
    invoice = engine.get("invoice", invoice_id)
    if invoice["status"] != "draft":
        raise Refused("This invoice is already finalized, you can't re-finalize a non-draft invoice.")
    customer = engine.get("customer", invoice["customer"])
    sequence = customer["next_invoice_sequence"]
    customer["next_invoice_sequence"] = sequence + 1
    engine.store.touch("customer", customer)
    invoice.update(
        status="open",
        number=f"{customer['invoice_prefix']}-{sequence:04}",
        effective_at=engine.now(),
        ending_balance=0,
        automatically_finalizes_at=None,
        hosted_invoice_url=f"{engine.address}/invoice/{invoice_id}",
        invoice_pdf=f"{engine.address}/invoice/{invoice_id}/pdf",
    )
    invoice["status_transitions"]["finalized_at"] = engine.now()
    engine.tell("invoice.finalized", invoice)
    if invoice["amount_due"]:
        _ask_for_payment(engine, invoice)
    else:
        settle(engine, invoice)
    return invoice


def attempt(
    engine, invoice: Row, *, is_present: bool = False, authenticated: bool | None = None, is_scheduled: bool = True
) -> Outcome:
    """
    Charges the means of payment that the subscription has now. Only attempts that are scheduled plan the next one, and
    count, but for the very first: https://docs.stripe.com/api/invoices/object#invoice_object-attempt_count
    """
    method = wallet.chosen(engine, subscription_of(engine, invoice))
    intent = intent_of(engine, invoice)
    if method is None:
        outcome = Outcome.DECLINED
    else:
        outcome = charging.charge(engine, intent, method, is_present=is_present, authenticated=authenticated)
    if not is_present or not invoice["attempt_count"]:
        invoice["attempt_count"] += 1
    conclude(engine, invoice, outcome, is_scheduled=is_scheduled)
    return outcome


def pay(engine, invoice_id: str, *, card: str | None = None, authenticated: bool | None = None) -> Row:
    """
    The backer pays on the hosted page, perhaps with another card, which is kept. Raises CardRefused or
    AuthenticationNeeded; both leave the schedule of further attempts as it was.
    """
    invoice = _payable(engine, invoice_id)
    if card:
        wallet.replace_card(engine, invoice["customer"], card=card)
    method = wallet.chosen(engine, subscription_of(engine, invoice))
    if method and method["type"] == "card" and authenticated is None and charging.card_of(engine, method).asks:
        raise AuthenticationNeeded
    attempt(engine, invoice, is_present=True, authenticated=authenticated, is_scheduled=False)
    if invoice["status"] == "open" and intent_of(engine, invoice)["status"] != "processing":
        raise refusal_of(engine, invoice)
    return invoice


def collect(engine, invoice_id: str) -> Row:
    """The merchant asks for one more attempt, without the backer: https://docs.stripe.com/api/invoices/pay"""
    invoice = _payable(engine, invoice_id)
    outcome = attempt(engine, invoice, is_scheduled=False)
    if outcome == Outcome.ASKS:
        raise CardRefused(
            "This payment requires additional user action before it can be completed successfully.",
            code="invoice_payment_intent_requires_action",
        )
    if outcome == Outcome.DECLINED:
        raise refusal_of(engine, invoice)
    return invoice


def authenticate(engine, invoice_id: str, *, ok: bool) -> Row:
    """The backer answers the bank that asked. A "no" is a failed attempt; the schedule goes on with the next one."""
    invoice = engine.get("invoice", invoice_id)
    if invoice["status"] != "open" or intent_of(engine, invoice)["status"] != "requires_action":
        raise Refused("Nobody asked for an authentication of this invoice.")
    attempt(engine, invoice, is_present=True, authenticated=ok)
    return invoice


def _payable(engine, invoice_id: str) -> Row:
    invoice = engine.get("invoice", invoice_id)
    if invoice["status"] == "paid":
        raise Refused("Invoice is already paid", code="invoice_already_paid")
    if invoice["status"] not in ("draft", "open", "uncollectible"):
        raise Refused(f"An invoice that is {invoice['status']} cannot be paid.", code="invoice_not_editable")
    if invoice["status"] == "draft":
        finalise(engine, invoice_id)
    if intent_of(engine, invoice)["status"] == "processing":
        raise Refused("This invoice is being paid at this moment.", code="payment_intent_unexpected_state")
    return invoice


def void(engine, invoice_id: str) -> Row:
    """https://docs.stripe.com/api/invoices/void"""
    invoice = engine.get("invoice", invoice_id)
    if invoice["status"] not in ("open", "uncollectible"):
        raise Refused(f"You can only pass in open invoices. This invoice isn't open: it is {invoice['status']}.")
    for payment in engine.find("invoice_payment", invoice=invoice_id):
        call_off(engine, payment)
    invoice.update(status="void", next_payment_attempt=None, auto_advance=False)
    invoice["status_transitions"]["voided_at"] = engine.now()
    engine.tell("invoice.voided", invoice)
    subscriptions.catch_up(engine, subscription_of(engine, invoice))
    return invoice


def give_up(engine, invoice_id: str) -> Row:
    """https://docs.stripe.com/api/invoices/mark_uncollectible"""
    invoice = engine.get("invoice", invoice_id)
    if invoice["status"] != "open":
        raise Refused(f"Only an open invoice can be marked uncollectible; this one is {invoice['status']}.")
    invoice.update(status="uncollectible", next_payment_attempt=None, auto_advance=False)
    invoice["status_transitions"]["marked_uncollectible_at"] = engine.now()
    engine.tell("invoice.marked_uncollectible", invoice)
    return invoice


def conclude(engine, invoice: Row, outcome: Outcome, *, is_scheduled: bool) -> None:
    """What an attempt, or the late answer of a bank, means for the invoice and its subscription."""
    subscription = subscription_of(engine, invoice)
    invoice["attempted"] = True
    if outcome == Outcome.PAID:
        settle(engine, invoice)
        subscriptions.catch_up(engine, subscription)
        return
    if outcome == Outcome.PROCESSING:
        invoice["next_payment_attempt"] = None
        engine.tell("invoice.updated", invoice)
        return
    if is_scheduled or outcome == Outcome.ASKS:
        _plan_next_attempt(engine, invoice, subscription, outcome)
    if outcome == Outcome.ASKS:
        engine.tell("invoice.payment_action_required", invoice)
    engine.tell("invoice.payment_failed", invoice)
    subscriptions.fall_behind(engine, subscription)


def subscription_of(engine, invoice: Row) -> Row:
    return engine.get("subscription", value_of(invoice, "subscription"))


def intent_of(engine, invoice: Row) -> Row:
    """The one that is to pay what is left of it."""
    return engine.get("payment_intent", payment_of(engine, invoice)["payment"]["payment_intent"])


def payment_of(engine, invoice: Row) -> Row:
    return engine.find("invoice_payment", invoice=invoice["id"], is_default=True)[0]


def refusal_of(engine, invoice: Row) -> CardRefused:
    """Why the last attempt failed, as an error."""
    error = intent_of(engine, invoice)["last_payment_error"]
    if error is None:
        return CardRefused("There is no card to charge.", code="missing")
    return CardRefused(error["message"], code=error["code"], decline_code=error["decline_code"] or "")


def _ask_for_payment(engine, invoice: Row) -> None:
    intent = money.payment_intent(
        engine.now(),
        amount=invoice["amount_due"],
        currency=invoice["currency"],
        customer_id=invoice["customer"],
        description="Subscription update"
        if invoice["billing_reason"] == "subscription_cycle"
        else "Subscription creation",
        setup_future_usage="off_session",
    )
    engine.add(intent, "payment_intent.created")
    engine.add(billing.invoice_payment(engine.now(), of=invoice, intent_id=intent["id"]))


def settle(engine, invoice: Row) -> None:
    now = engine.now()
    invoice.update(
        status="paid",
        amount_paid=invoice["amount_due"],
        amount_remaining=0,
        attempted=True,
        next_payment_attempt=None,
        auto_advance=False,
    )
    invoice["status_transitions"]["paid_at"] = now
    for payment in engine.find("invoice_payment", invoice=invoice["id"], status="open"):
        payment.update(status="paid", amount_paid=payment["amount_requested"])
        payment["status_transitions"]["paid_at"] = now
        engine.tell("invoice_payment.paid", payment)
    engine.tell("invoice.paid", invoice)
    engine.tell("invoice.payment_succeeded", invoice)


def _plan_next_attempt(engine, invoice: Row, subscription: Row, outcome: Outcome) -> None:
    """An authentication is waited for, without further attempts meanwhile."""
    number = max(invoice["attempt_count"], 1)
    may_retry = outcome == Outcome.DECLINED and not subscription["ended_at"] and number <= len(RETRIES)
    invoice["next_payment_attempt"] = engine.now() + RETRIES[number - 1] if may_retry else None
    if may_retry:
        engine.agenda.add(invoice["next_payment_attempt"], "attempt", invoice["id"])


def call_off(engine, payment: Row) -> None:
    payment["status"] = "canceled"
    payment["status_transitions"]["canceled_at"] = engine.now()
    engine.store.touch("invoice_payment", payment)
    intent = engine.get("payment_intent", payment["payment"]["payment_intent"])
    intent.update(status="canceled", canceled_at=engine.now(), cancellation_reason="void_invoice", next_action=None)
    engine.tell("payment_intent.canceled", intent)
