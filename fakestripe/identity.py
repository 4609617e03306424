"""Ids as Stripe makes them: a prefix that tells the kind, and characters that tell nothing."""

import random
import string

_ALPHABET = string.ascii_letters + string.digits
_random = random.Random()  # noqa: S311 - the names of invented objects

PREFIXES = {
    "customer": "cus_",
    "product": "prod_",
    "price": "price_",
    "checkout.session": "cs_test_",
    "item": "li_",
    "subscription": "sub_",
    "subscription_item": "si_",
    "invoice": "in_",
    "line_item": "il_",
    "invoice_payment": "inpay_",
    "payment_intent": "pi_",
    "charge": "ch_",
    "balance_transaction": "txn_",
    "payment_method": "pm_",
    "refund": "re_",
    "dispute": "du_",
    "radar.early_fraud_warning": "issfr_",
    "event": "evt_",
    "billing_portal.session": "bps_",
    "billing_portal.configuration": "bpc_",
    "request": "req_",
}
_KINDS = {prefix: kind for kind, prefix in PREFIXES.items()}


def new(kind: str) -> str:
    return PREFIXES[kind] + token(24)


def token(length: int) -> str:
    return "".join(_random.choices(_ALPHABET, k=length))


def kind_of(key: str) -> str | None:
    """Which kind of object an id names, by its prefix. None for ids that people chose themselves."""
    cut = key.rfind("_") + 1
    return _KINDS.get(key[:cut])
