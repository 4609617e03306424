"""Stripe's objects into our facts. Nothing here asks anybody: what has to be looked up is handed in, or expanded."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

import stripe
from django.conf import settings

from donations.facts import (
    AdjustmentFacts,
    ChargeFacts,
    InvoiceFacts,
    Person,
    Reference,
    SessionFacts,
    SubscriptionFacts,
)
from donations.stripe_gateway.errors import NotPaid, StripeDown

_MONTHS = {"month": 1, "year": 12}
_THROUGH_STRIPE = ("payment_intent", "charge")  # other payments of an invoice were only told to Stripe
_BACK_AGAIN = ("failed", "canceled")  # refunds whose money stayed here


def instant(epoch: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(epoch, dt.UTC)


def instant_or_none(epoch: int | None) -> dt.datetime | None:
    return None if epoch is None else instant(epoch)


def id_of(thing: object) -> str:
    """The id of an object that may be expanded or not; empty for none."""
    if thing is None or isinstance(thing, str):
        return thing or ""
    return thing.id


def reference(metadata: object) -> Reference:
    """Our words in an object's metadata. Another site's words are none of ours."""
    words = _words_of(metadata)
    if words.get("site") != settings.STRIPE_SITE:
        return Reference()
    return Reference(site=words["site"], intent=_uuid(words.get("intent", "")))


def _words_of(metadata: object) -> dict[str, str]:
    return metadata.to_dict() if isinstance(metadata, stripe.StripeObject) else dict(metadata or {})


def _uuid(text: str) -> str:
    """An intent's id, and nothing for what can be none."""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return ""


def words(*texts: str | None) -> list[str]:
    """What somebody typed at Stripe, without what no database keeps: NUL, and halves of characters."""
    return [(text or "").replace("\0", "").encode(errors="ignore").decode() for text in texts]


def person(customer: object, *, email: str | None = "", name: str | None = "") -> Person:
    """The expanded customer's own words, else those that came with the payment."""
    if isinstance(customer, str) or customer is None or getattr(customer, "deleted", False):
        return Person(id_of(customer), *words(email, name))
    return Person(customer.id, *words(customer.email or email, customer.name or name))


def subscription(made: stripe.Subscription, fetched_at: dt.datetime) -> SubscriptionFacts:
    """With the customer expanded. Ours have one item; of others the sum is told, and a rhythm that is refused."""
    items = made.items.data
    every, period_end = items[0].price.recurring, items[0].current_period_end
    ends_at = _ends_at(made, period_end)
    goes_on = made.ended_at is None and (ends_at is None or ends_at > instant(period_end))
    is_ours = len(items) == 1 and every is not None
    return SubscriptionFacts(
        id=made.id,
        livemode=made.livemode,
        reference=reference(made.metadata),
        person=person(made.customer),
        item=items[0].id,
        currency=made.currency.upper(),
        amount_minor=sum((item.price.unit_amount or 0) * (item.quantity or 1) for item in items),
        months=_MONTHS.get(every.interval, 0) * every.interval_count if is_ours else 0,
        status=made.status,
        anchor_at=instant(made.billing_cycle_anchor),
        started_at=instant(made.start_date),
        next_charge_at=instant(period_end) if goes_on else None,
        ends_at=ends_at,
        ended_at=instant_or_none(made.ended_at),
        is_paused=made.pause_collection is not None,
        canceled_at=instant_or_none(made.canceled_at),
        is_held=made.pause_collection is not None and _words_of(made.metadata).get("paused_for") == "dispute",
        held_for=tuple(_words_of(made.metadata).get("held_for", "").split()),
        fetched_at=fetched_at,
    )


def _ends_at(made: stripe.Subscription, period_end: int) -> dt.datetime | None:
    if made.cancel_at is not None:
        return instant(made.cancel_at)
    return instant(period_end) if made.cancel_at_period_end and not made.ended_at else None


@dataclass(frozen=True)
class Waiting:
    """What an open invoice waits for, as far as somebody looked: an answer, a bank, or its next attempt."""

    asks_since: dt.datetime | None = None
    is_processing: bool = False
    failed_at: dt.datetime | None = None


def invoice(
    made: stripe.Invoice,
    payments: Iterable[stripe.InvoicePayment],
    fetched_at: dt.datetime,
    *,
    charges: tuple[ChargeFacts, ...] = (),
    waits: Waiting = Waiting(),
) -> InvoiceFacts:
    """`charges` are those that paid it, where they were looked up."""
    paid = [each for each in payments if each.status == "paid" and each.payment.type in _THROUGH_STRIPE]
    owed = made.amount_due - sum(each.amount_paid or 0 for each in paid)
    return InvoiceFacts(
        id=made.id,
        subscription=subscription_of(made),
        status=made.status or "draft",
        period_start=_period_start(made),
        amount_minor=made.amount_due,
        currency=made.currency.upper(),
        next_attempt_at=instant_or_none(made.next_payment_attempt),
        needs_action_since=waits.asks_since,
        is_processing=waits.is_processing,
        hosted_url=made.hosted_invoice_url or "",
        created_at=instant(made.created),
        charges=charges,
        attempts=made.attempt_count,
        failed_at=waits.failed_at,
        reference=reference(made.parent.subscription_details.metadata) if subscription_of(made) else Reference(),
        paid_by=tuple(intent_behind(each) or id_of(each.payment.charge) for each in paid),
        paid_elsewhere_minor=max(0, owed) if made.status == "paid" else 0,
        fetched_at=fetched_at,
    )


def intent_behind(payment: stripe.InvoicePayment | None) -> str:
    """Empty for a payment that no payment intent made."""
    if payment is None or payment.payment.type != "payment_intent":
        return ""
    return id_of(payment.payment.payment_intent)


def unpaid(payments: Iterable[stripe.InvoicePayment]) -> stripe.InvoicePayment | None:
    """The one that is to pay what is left."""
    still_open = [each for each in payments if each.status == "open"]
    return max(still_open, key=lambda each: each.is_default, default=None)


def subscription_of(made: stripe.Invoice) -> str:
    details = made.parent.subscription_details if made.parent else None
    return id_of(details.subscription) if details else ""


def _period_start(made: stripe.Invoice) -> dt.datetime:
    """Of the subscription's own line: the invoice's own period is the one before."""
    starts = [
        line.period.start
        for line in made.lines.data
        if line.parent and line.parent.subscription_item_details and not line.parent.subscription_item_details.proration
    ]
    return instant(max(starts, default=made.period_end))


def charge(made: stripe.Charge, *, settled_at: int | None = None, payer: Person | None = None) -> ChargeFacts:
    """
    With the balance transaction expanded. `settled_at` is when a bank's debit succeeded, where that is known. Raises
    NotPaid for one that has not succeeded, and StripeDown for one of which nothing tells yet when it did.
    """
    if made.status != "succeeded" or not made.captured:
        raise NotPaid(f"charge {made.id} is {made.status}")
    balance = made.balance_transaction
    if isinstance(balance, str):
        balance = None
    billing = made.billing_details
    return ChargeFacts(
        id=made.id,
        livemode=made.livemode,
        amount_minor=made.amount,
        currency=made.currency.upper(),
        succeeded_at=instant(_succeeded_at(made, balance, settled_at)),
        payment_intent=id_of(made.payment_intent),
        person=payer or person(made.customer, email=billing.email or made.receipt_email, name=billing.name),
        settled_minor=balance.amount if balance else None,
        settled_currency=balance.currency.upper() if balance else "",
        fee_minor=balance.fee if balance else None,
        begun_at=instant(made.created),
        is_dated=settled_at is not None or _is_card(made),
    )


def _succeeded_at(made: stripe.Charge, balance: stripe.BalanceTransaction | None, settled_at: int | None) -> int:
    """
    A card pays when it is charged, a debit days later. Without any word of that, when its money was noted as a balance:
    right for whatever is paid at once, and the nearest there is for a debit of long ago.
    """
    if _is_card(made):
        return made.created
    if settled_at is not None:
        return settled_at
    if balance is None:
        raise StripeDown(f"charge {made.id} succeeded, and Stripe does not say yet when")
    return balance.created


def _is_card(made: stripe.Charge) -> bool:
    return made.payment_method_details is None or made.payment_method_details.type == "card"


def refund(made: stripe.Refund) -> AdjustmentFacts:
    status = made.status or ""
    return AdjustmentFacts(
        id=made.id,
        kind="refund",
        status=status,
        takes_back=status not in _BACK_AGAIN,
        amount_minor=made.amount,
        occurred_at=instant(made.created),
        reason=made.reason or "",
        charge=id_of(made.charge),
    )


def dispute(made: stripe.Dispute) -> AdjustmentFacts:
    """An inquiry moves nothing, and costs nothing so far."""
    moved = made.balance_transactions
    return AdjustmentFacts(
        id=made.id,
        kind="dispute",
        status=made.status,
        takes_back=made.status == "lost",
        amount_minor=made.amount,
        occurred_at=instant(made.created),
        reason=made.reason,
        charge=id_of(made.charge),
        fee_minor=sum(each.fee for each in moved) if moved else None,
        fee_currency=moved[0].currency.upper() if moved else "",
    )


def session(made: stripe.checkout.Session, fetched_at: dt.datetime) -> SessionFacts:
    """With the payment intent expanded."""
    intent = made.payment_intent
    intent = None if isinstance(intent, str) else intent
    is_refused = intent is not None and intent.status == "requires_payment_method"
    filled_in = made.customer_details
    return SessionFacts(
        id=made.id,
        livemode=made.livemode,
        url=made.url or "",
        status=made.status or "",
        is_paid=made.payment_status in ("paid", "no_payment_required"),
        reference=reference(made.metadata),
        mode=made.mode,
        amount_minor=made.amount_total or 0,
        currency=(made.currency or "").upper(),
        subscription=id_of(made.subscription),
        payment_intent=id_of(made.payment_intent),
        charge=id_of(intent.latest_charge) if intent else "",
        fetched_at=fetched_at,
        invoice=id_of(made.invoice),
        is_processing=bool(intent and intent.status == "processing"),
        has_bounced=made.status == "complete" and made.payment_status == "unpaid" and is_refused,
        person=Person(id_of(made.customer), *words(filled_in.email, filled_in.name)) if filled_in else None,
    )
