"""Customers and their means of payment. https://docs.stripe.com/api/customers/object and /payment_methods/object"""

import datetime as dt
import hashlib
from typing import Any

from fakestripe import identity
from fakestripe.cards import Card
from fakestripe.shapes import NO_ADDRESS
from fakestripe.store import Row

# The bank debit that Checkout would offer for a currency.
DEBITS = {
    "eur": "sepa_debit",
    "usd": "us_bank_account",
    "gbp": "bacs_debit",
    "cad": "acss_debit",
    "aud": "au_becs_debit",
}


def customer(now: int, given: dict[str, Any]) -> Row:
    return {
        "id": identity.new("customer"),
        "object": "customer",
        "address": given.get("address"),
        "balance": 0,
        "created": now,
        "currency": None,
        "customer_account": None,
        "default_source": None,
        "delinquent": False,
        "description": given.get("description"),
        "discount": None,
        "email": given.get("email"),
        "invoice_prefix": identity.token(8).upper(),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": given.get("metadata", {}),
        "name": given.get("name"),
        "next_invoice_sequence": 1,
        "phone": given.get("phone"),
        "preferred_locales": given.get("preferred_locales", []),
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }


def payment_method(
    now: int, *, customer_id: str | None, kind: str, card: Card, email: str | None, name: str | None
) -> Row:
    return {
        "id": identity.new("payment_method"),
        "object": "payment_method",
        "allow_redisplay": "limited",
        "billing_details": billing_details(email, name),
        kind: _card(now, card) if kind == "card" else _debit(kind, card),
        "created": now,
        "customer": customer_id,
        "customer_account": None,
        "livemode": False,
        "metadata": {},
        "type": kind,
    }


def billing_details(email: str | None, name: str | None) -> dict[str, Any]:
    return {"address": dict(NO_ADDRESS), "email": email, "name": name, "phone": None, "tax_id": None}


def _card(now: int, card: Card) -> dict[str, Any]:
    return {
        "brand": card.brand,
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": "US",
        "display_brand": card.brand,
        "exp_month": 12,
        "exp_year": dt.datetime.fromtimestamp(now, dt.UTC).year + 5,
        "fingerprint": fingerprint(card),
        "funding": "credit",
        "generated_from": None,
        "last4": card.last4,
        "networks": {"available": [card.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }


def _debit(kind: str, card: Card) -> dict[str, Any]:
    return {"fingerprint": fingerprint(card), "last4": card.last4, **_BANKS[kind]}


_BANKS: dict[str, dict[str, Any]] = {
    "sepa_debit": {
        "bank_code": "19043",
        "branch_code": "",
        "country": "AT",
        "generated_from": {"charge": None, "setup_attempt": None},
    },
    "us_bank_account": {
        "account_holder_type": "individual",
        "account_type": "checking",
        "bank_name": "STAND-IN BANK",
        "financial_connections_account": None,
        "networks": {"preferred": "ach", "supported": ["ach"]},
        "routing_number": "110000000",
        "status_details": None,
    },
    "bacs_debit": {"sort_code": "108800"},
    "acss_debit": {"bank_name": "STAND-IN BANK", "institution_number": "000", "transit_number": "11000"},
    "au_becs_debit": {"bsb_number": "000000"},
}


def fingerprint(card: Card) -> str:
    return hashlib.sha256(card.number.encode()).hexdigest()[:16]
