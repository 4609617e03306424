"""
One object at a time. Each answer notes when the first request for it began, so that what was asked earlier never
overwrites what was asked later. Never called inside a transaction.
"""

import datetime as dt

import stripe

from donations.facts import ChargeStory, SessionFacts, SubscriptionFacts
from donations.stripe_gateway import moments, translate
from donations.stripe_gateway.client import WORKING, Patience, asking, client
from donations.stripe_gateway.errors import NotPaid
from foundation import clock

_WHOLE_CHARGE = {"expand": ["balance_transaction", "customer", "payment_intent", "refunds"]}


def fetch_session(session_id: str, *, patience: Patience = WORKING) -> SessionFacts:
    """A Checkout session; for a gift also its charge. Raises StripeDown, StripeRefused or NoSuchObject, as all do."""
    began_at = clock.real_now()
    with asking():
        made = client(patience).v1.checkout.sessions.retrieve(session_id, {"expand": ["payment_intent"]})
        return translate.session(made, began_at)


def fetch_subscription(subscription_id: str, *, patience: Patience = WORKING) -> SubscriptionFacts:
    began_at = clock.real_now()
    with asking():
        made = client(patience).v1.subscriptions.retrieve(subscription_id, {"expand": ["customer"]})
        return translate.subscription(made, began_at)


def amount_begun_with(subscription_id: str, *, patience: Patience = WORKING) -> int | None:
    """What its first invoice asked for, in minor units: 0 when its first charge came later; None without one."""
    with asking():
        listed = client(patience).v1.invoices.list({"subscription": subscription_id, "limit": 100})
        amounts = [made.amount_due for made in listed.auto_paging_iter()]
    return amounts[-1] if amounts else None


def unpaid_invoices(subscription_id: str, *, patience: Patience = WORKING) -> list[str]:
    """Those of a pledge that may still be charged, drafts that nobody was told of among them."""
    found = []
    with asking():
        service = client(patience).v1.invoices
        for status in ("draft", "open"):
            listed = service.list({"subscription": subscription_id, "status": status, "limit": 100})
            found += [made.id for made in listed.auto_paging_iter()]
    return found


def fetch_charge_story(charge_id: str, *, patience: Patience = WORKING) -> ChargeStory:
    """
    A charge with its refunds and disputes and where it came from; neither words of this site nor an invoice means that
    it is not ours. Raises NotPaid for one that has not succeeded.
    """
    began_at = clock.real_now()
    with asking():
        v1 = client(patience).v1
        made = v1.charges.retrieve(charge_id, _WHOLE_CHARGE)
        taken = [translate.refund(each) for each in _refunds(v1, made)]
        if made.disputed:
            disputes = v1.disputes.list({"charge": charge_id, "limit": 100})
            taken += [translate.dispute(each) for each in disputes.auto_paging_iter()]
        told = made.payment_intent.metadata if made.payment_intent else made.metadata
        reference = translate.reference(told)
        settled_at = moments.gift_settled_at(v1, made) if reference.site else None
        return ChargeStory(
            translate.charge(made, settled_at=settled_at),
            tuple(taken),
            reference,
            invoice="" if reference.site else _invoice_paid_by(v1, translate.id_of(made.payment_intent)),
            fetched_at=began_at,
        )


def _refunds(v1, made: stripe.Charge) -> list[stripe.Refund]:
    """Failed ones too, which no sum on the charge tells of. A charge brings its ten newest along."""
    if made.refunds is not None and not made.refunds.has_more:
        return made.refunds.data
    return list(v1.refunds.list({"charge": made.id, "limit": 100}).auto_paging_iter())


def _invoice_paid_by(v1, intent_id: str) -> str:
    if not intent_id:
        return ""
    about = {"payment": {"type": "payment_intent", "payment_intent": intent_id}, "limit": 1}
    return next((translate.id_of(each.invoice) for each in v1.invoice_payments.list(about).data), "")


def declined_at_page(charge_id: str, *, patience: Patience = WORKING) -> dt.datetime | None:
    """
    When a card was declined at one of our payment pages, for a gift or for a pledge's first charge. None for renewals,
    for debits from a bank, and for what is not ours.
    """
    with asking():
        v1 = client(patience).v1
        made = v1.charges.retrieve(charge_id, {"expand": ["payment_intent"]})
        if made.status != "failed" or made.payment_method_details is None or made.payment_method_details.type != "card":
            return None
        told = made.payment_intent.metadata if made.payment_intent else made.metadata
        if translate.reference(told).site or _is_of_new_pledge(v1, translate.id_of(made.payment_intent)):
            return translate.instant(made.created)
    return None


def _is_of_new_pledge(v1, intent_id: str) -> bool:
    invoice_id = _invoice_paid_by(v1, intent_id)
    if not invoice_id:
        return False
    made = v1.invoices.retrieve(invoice_id)
    is_first = made.billing_reason == "subscription_create" and translate.subscription_of(made)
    return bool(is_first and translate.reference(made.parent.subscription_details.metadata).site)


def charge_of_payment_intent(intent_id: str, *, patience: Patience = WORKING) -> str:
    """The charge by which it succeeded. Raises NotPaid."""
    with asking():
        intent = client(patience).v1.payment_intents.retrieve(intent_id)
    if intent.status != "succeeded":
        raise NotPaid(f"payment intent {intent_id} is {intent.status}")
    return translate.id_of(intent.latest_charge)


def charge_of_refund(refund_id: str, *, patience: Patience = WORKING) -> str:
    """Empty for a refund that no charge stands behind."""
    with asking():
        return translate.id_of(client(patience).v1.refunds.retrieve(refund_id).charge)


def charge_of_dispute(dispute_id: str, *, patience: Patience = WORKING) -> str:
    with asking():
        return translate.id_of(client(patience).v1.disputes.retrieve(dispute_id).charge)


def charge_of_warning(warning_id: str, *, patience: Patience = WORKING) -> str:
    """An early fraud warning of the card's network."""
    with asking():
        return translate.id_of(client(patience).v1.radar.early_fraud_warnings.retrieve(warning_id).charge)


def receipt_url(charge_id: str, *, patience: Patience = WORKING) -> str:
    """Stripe's own receipt of a charge; empty when there is none."""
    with asking():
        return client(patience).v1.charges.retrieve(charge_id).receipt_url or ""
