"""Many objects at a time, for comparing with the ledger. The answers come while pages of a hundred are fetched."""

import datetime as dt
import json
from collections.abc import Iterator

from donations.facts import AdjustmentFacts, ChargeFacts, EventEnvelope, InvoiceFacts, Reference, SubscriptionFacts
from donations.stripe_gateway import invoices, translate
from donations.stripe_gateway.client import WORKING, Patience, asking, client
from donations.stripe_gateway.errors import NotPaid, StripeDown
from donations.stripe_gateway.events import envelope
from foundation import clock

_PAGE = 100


def list_subscriptions(
    *, since: dt.datetime | None = None, until: dt.datetime | None = None, patience: Patience = WORKING
) -> Iterator[SubscriptionFacts]:
    """Every subscription that has not ended; with `since`, those begun in the span instead, ended or not."""
    asked = {"limit": _PAGE, "expand": ["data.customer"]}
    if since:
        asked |= {"status": "all", "created": _span(since, until)}
    began_at = clock.real_now()
    with asking():
        for made in client(patience).v1.subscriptions.list(asked).auto_paging_iter():
            yield translate.subscription(made, began_at)


def list_invoices(since: dt.datetime, until: dt.datetime, *, patience: Patience = WORKING) -> Iterator[InvoiceFacts]:
    """
    Invoices made in the span, and every open one however old. Charges are not looked up (`paid_by` names what paid);
    what an open one waits for is.
    """
    began_at = clock.real_now()
    seen = set()
    with asking():
        service = client(patience).v1.invoices
        for asked in ({"created": _span(since, until)}, {"status": "open"}):
            pages = service.list({"limit": _PAGE, "expand": ["data.payments"], **asked})
            for made in pages.auto_paging_iter():
                if made.id in seen or not translate.subscription_of(made):
                    continue
                seen.add(made.id)
                yield invoices.facts_of_listed(made, began_at, patience)


def list_charges(
    since: dt.datetime, until: dt.datetime, *, patience: Patience = WORKING
) -> Iterator[tuple[ChargeFacts, Reference]]:
    """Charges made in the span that have succeeded, each with our words on its payment intent, if there are any."""
    asked = {
        "created": _span(since, until),
        "limit": _PAGE,
        "expand": ["data.balance_transaction", "data.customer", "data.payment_intent"],
    }
    with asking():
        for made in client(patience).v1.charges.list(asked).auto_paging_iter():
            try:
                facts = translate.charge(made)
            except (NotPaid, StripeDown):  # the latter: it succeeded, and Stripe does not say yet when
                continue
            told = made.payment_intent.metadata if made.payment_intent else made.metadata
            yield facts, translate.reference(told)


def list_refunds(since: dt.datetime, until: dt.datetime, *, patience: Patience = WORKING) -> Iterator[AdjustmentFacts]:
    with asking():
        pages = client(patience).v1.refunds.list({"created": _span(since, until), "limit": _PAGE})
        for made in pages.auto_paging_iter():
            yield translate.refund(made)


def list_disputes(since: dt.datetime, until: dt.datetime, *, patience: Patience = WORKING) -> Iterator[AdjustmentFacts]:
    with asking():
        pages = client(patience).v1.disputes.list({"created": _span(since, until), "limit": _PAGE})
        for made in pages.auto_paging_iter():
            yield translate.dispute(made)


def list_warned_charges(since: dt.datetime, until: dt.datetime, *, patience: Patience = WORKING) -> Iterator[str]:
    """The charges of the span's early fraud warnings."""
    with asking():
        asked = {"created": _span(since, until), "limit": _PAGE}
        for made in client(patience).v1.radar.early_fraud_warnings.list(asked).auto_paging_iter():
            yield translate.id_of(made.charge)


def list_events(
    since: dt.datetime, *, undelivered_only: bool = True, patience: Patience = WORKING
) -> Iterator[EventEnvelope]:
    """Events since then (Stripe keeps them for 30 days), the newest first; by default those not delivered yet."""
    asked = {"created": {"gte": int(since.timestamp())}, "limit": _PAGE}
    if undelivered_only:
        asked["delivery_success"] = False
    with asking():
        for made in client(patience).v1.events.list(asked).auto_paging_iter():
            yield envelope(json.dumps(made.to_dict(for_json=True)))


def _span(since: dt.datetime, until: dt.datetime | None) -> dict[str, int]:
    span = {"gte": int(since.timestamp())}
    return span | {"lte": int(until.timestamp())} if until else span
