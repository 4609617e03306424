"""
The one door to Stripe: nothing else imports the SDK. Facts come out (`donations.facts`), plain orders go in. Never
called inside a transaction. `patience` says how long a caller can wait: PLEDGING while somebody looks at a page,
WORKING in the worker.
"""

from donations.stripe_gateway.client import API_VERSION, PLEDGING, WORKING, Patience, hurried
from donations.stripe_gateway.errors import (
    EventUnreadable,
    NoSuchObject,
    NotPaid,
    SignatureInvalid,
    StripeDown,
    StripeRefused,
)
from donations.stripe_gateway.events import verify_event
from donations.stripe_gateway.invoices import fetch_invoice
from donations.stripe_gateway.listing import (
    list_charges,
    list_disputes,
    list_events,
    list_invoices,
    list_refunds,
    list_subscriptions,
    list_warned_charges,
)
from donations.stripe_gateway.reading import (
    amount_begun_with,
    charge_of_dispute,
    charge_of_payment_intent,
    charge_of_refund,
    charge_of_warning,
    declined_at_page,
    fetch_charge_story,
    fetch_session,
    fetch_subscription,
    receipt_url,
)
from donations.stripe_gateway.writing import (
    SessionRequest,
    cancel_at_period_end,
    cancel_now,
    change_amount,
    create_session,
    delete_customer,
    expire_session,
    keep_going,
    pause,
    portal_url,
    refund,
    resume,
    void_invoice,
)

__all__ = [
    "API_VERSION",
    "PLEDGING",
    "WORKING",
    "EventUnreadable",
    "NoSuchObject",
    "NotPaid",
    "Patience",
    "SessionRequest",
    "SignatureInvalid",
    "StripeDown",
    "StripeRefused",
    "amount_begun_with",
    "cancel_at_period_end",
    "cancel_now",
    "change_amount",
    "charge_of_dispute",
    "charge_of_payment_intent",
    "charge_of_refund",
    "charge_of_warning",
    "create_session",
    "declined_at_page",
    "delete_customer",
    "expire_session",
    "fetch_charge_story",
    "fetch_invoice",
    "fetch_session",
    "fetch_subscription",
    "hurried",
    "keep_going",
    "list_charges",
    "list_disputes",
    "list_events",
    "list_invoices",
    "list_refunds",
    "list_subscriptions",
    "list_warned_charges",
    "pause",
    "portal_url",
    "receipt_url",
    "refund",
    "resume",
    "verify_event",
    "void_invoice",
]
