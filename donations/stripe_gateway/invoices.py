"""
Invoices with what paid them, and what an open one waits for. An invoice may be paid in parts, each by a charge of its
own: Stripe's dashboard offers that (https://docs.stripe.com/invoicing/partial-payments).

No object at Stripe says when a bank asked for an authentication, or when a debit failed (`stripe_gateway.moments`).
"""

import datetime as dt

import stripe

from donations.facts import ChargeFacts, InvoiceFacts, Person
from donations.stripe_gateway import moments, translate
from donations.stripe_gateway.client import WORKING, Patience, asking, client
from donations.stripe_gateway.translate import Waiting
from foundation import clock

_WITH_CHARGE = {"expand": ["latest_charge.balance_transaction"]}


def fetch_invoice(invoice_id: str, *, patience: Patience = WORKING) -> InvoiceFacts:
    """An invoice with the charges that paid it. `subscription` is empty for one that no subscription made."""
    began_at = clock.real_now()
    with asking():
        v1 = client(patience).v1
        made = v1.invoices.retrieve(invoice_id, {"expand": ["payments"]})
        payments = _payments(v1, made)
        intents = {
            name: v1.payment_intents.retrieve(name, _WITH_CHARGE)
            for name in (translate.intent_behind(each) for each in payments if each.status != "canceled")
            if name
        }
        charges = tuple(found for each in payments if (found := _charge(v1, made, each, intents)))
        waits = _waiting(v1, made, intents.get(translate.intent_behind(translate.unpaid(payments))))
        return translate.invoice(made, payments, began_at, charges=charges, waits=waits)


def facts_of_listed(made: stripe.Invoice, began_at: dt.datetime, patience: Patience) -> InvoiceFacts:
    """With `payments` expanded. Charges are not looked up; what an open one of ours waits for is."""
    payments = made.payments.data if made.payments else []
    facts = translate.invoice(made, payments, began_at)
    intent_id = translate.intent_behind(translate.unpaid(payments))
    if not facts.reference.site or made.status != "open" or not intent_id:
        return facts
    with asking():
        v1 = client(patience).v1
        intent = v1.payment_intents.retrieve(intent_id, {"expand": ["latest_charge"]})
        return translate.invoice(made, payments, began_at, waits=_waiting(v1, made, intent))


def _payments(v1, made: stripe.Invoice) -> list[stripe.InvoicePayment]:
    """The first few come with the invoice."""
    if made.payments is None:
        return []
    if not made.payments.has_more:
        return made.payments.data
    return list(v1.invoice_payments.list({"invoice": made.id, "limit": 100}).auto_paging_iter())


def _charge(v1, made: stripe.Invoice, payment: stripe.InvoicePayment, intents: dict) -> ChargeFacts | None:
    intent = intents.get(translate.intent_behind(payment))
    if intent is not None:
        found = intent.latest_charge if intent.status == "succeeded" else None
    elif payment.payment.type == "charge" and payment.status == "paid":
        found = v1.charges.retrieve(translate.id_of(payment.payment.charge), {"expand": ["balance_transaction"]})
    else:
        return None
    if found is None:
        return None
    settled_at = payment.status_transitions.paid_at or made.status_transitions.paid_at
    payer = Person(translate.id_of(made.customer), *translate.words(made.customer_email, made.customer_name))
    return translate.charge(found, settled_at=settled_at, payer=payer)


def _waiting(v1, made: stripe.Invoice, intent: stripe.PaymentIntent | None) -> Waiting:
    """What an open invoice waits for, by the payment intent that is to pay it."""
    if made.status != "open" or intent is None:
        return Waiting()
    if intent.status in ("requires_action", "requires_confirmation"):
        return Waiting(asks_since=_asked_at(v1, made, intent))
    failed_at = _failed_at(v1, made, intent.latest_charge)
    return Waiting(is_processing=intent.status == "processing", failed_at=failed_at)


def _asked_at(v1, made: stripe.Invoice, intent: stripe.PaymentIntent) -> dt.datetime:
    """Each attempt may ask again, and whoever is asked has two weeks from then on."""
    since = made.status_transitions.finalized_at or made.created
    attempt = intent.latest_charge
    known = max(since, attempt.created if attempt is not None and attempt.status == "failed" else since)
    told = moments.told_of(v1, "invoice.payment_action_required", known, made.id)
    return translate.instant(max(known, told or known))


def _failed_at(v1, made: stripe.Invoice, attempt: stripe.Charge | None) -> dt.datetime | None:
    """A card fails when it is charged, a debit some days later."""
    if attempt is None or attempt.status != "failed":
        return None
    details = attempt.payment_method_details
    is_card = details is None or details.type == "card"
    told = None if is_card else moments.told_of(v1, "invoice.payment_failed", attempt.created, made.id)
    return translate.instant(told or attempt.created)
