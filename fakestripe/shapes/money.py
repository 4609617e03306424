"""
Payment intents, charges, refunds and what they mean for the balance.
https://docs.stripe.com/api/payment_intents/object, /charges/object, /refunds/object, /balance_transactions/object
"""

from typing import Any

from fakestripe import identity
from fakestripe.shapes.people import billing_details
from fakestripe.store import Row


def payment_intent(now: int, *, amount: int, currency: str, customer_id: str | None, **given: Any) -> Row:
    key = identity.new("payment_intent")
    return {
        "id": key,
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic",
        "client_secret": f"{key}_secret_{identity.token(25)}",
        "confirmation_method": "automatic",
        "created": now,
        "currency": currency,
        "customer": customer_id,
        "customer_account": None,
        "description": given.get("description"),
        "excluded_payment_method_types": None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": given.get("metadata", {}),
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {},
        "payment_method_types": ["card"],
        "processing": None,
        "receipt_email": given.get("receipt_email"),
        "review": None,
        "setup_future_usage": given.get("setup_future_usage"),
        "shipping": None,
        "source": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": given.get("statement_descriptor_suffix"),
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": None,
    }


def charge(now: int, *, intent: Row, method: Row, address: str) -> Row:
    """A charge before it is known what becomes of it: `acts.charging` sets the outcome."""
    key = identity.new("charge")
    billing = method["billing_details"]
    return {
        "id": key,
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": billing_details(billing["email"], billing["name"]),
        "calculated_statement_descriptor": "STAND-IN",
        "captured": False,
        "created": now,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "on_behalf_of": None,
        "outcome": None,
        "paid": False,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": _details(method),
        "radar_options": {},
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": f"{address}/receipt/{key}",
        "refunded": False,
        "review": None,
        "shipping": None,
        "source": None,
        "source_transfer": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "pending",
        "transfer_data": None,
        "transfer_group": None,
    }


def _details(method: Row) -> dict[str, Any]:
    kind = method["type"]
    known = method[kind]
    if kind != "card":
        left_out = ("generated_from", "financial_connections_account", "networks", "status_details")
        details = {name: value for name, value in known.items() if name not in left_out}
        return {"type": kind, kind: {**details, "mandate": None}}
    card = {
        "amount_authorized": None,
        "authorization_code": None,
        "brand": known["brand"],
        "checks": dict(known["checks"]),
        "country": known["country"],
        "exp_month": known["exp_month"],
        "exp_year": known["exp_year"],
        "extended_authorization": {"status": "disabled"},
        "fingerprint": known["fingerprint"],
        "funding": known["funding"],
        "incremental_authorization": {"status": "unavailable"},
        "installments": None,
        "last4": known["last4"],
        "mandate": None,
        "multicapture": {"status": "unavailable"},
        "network": known["brand"],
        "network_token": {"used": False},
        "network_transaction_id": None,
        "regulated_status": "unregulated",
        "three_d_secure": None,
        "wallet": None,
    }
    return {"type": "card", "card": card}


def outcome(reason: str | None = None, words: str = "Payment complete.") -> dict[str, Any]:
    return {
        "advice_code": "try_again_later" if reason else None,
        "network_advice_code": None,
        "network_decline_code": "05" if reason else None,
        "network_status": "declined_by_network" if reason else "approved_by_network",
        "reason": reason,
        "risk_level": "normal",
        "risk_score": 20,
        "seller_message": words,
        "type": "issuer_declined" if reason else "authorized",
    }


def balance_transaction(
    now: int, *, kind: str, source: str, amount: int, fee: int, rate: float | None, words: str
) -> Row:
    """Amounts in the settlement currency, US cents. `rate` is None when the money was in that currency already."""
    fees = [{"amount": fee, "application": None, "currency": "usd", "description": "Fees", "type": "stripe_fee"}]
    return {
        "id": identity.new("balance_transaction"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": now + 2 * 86400,
        "balance_type": "payments",
        "created": now,
        "currency": "usd",
        "description": words,
        "exchange_rate": rate,
        "fee": fee,
        "fee_details": fees if fee else [],
        "net": amount - fee,
        "reporting_category": {"payment": "charge", "adjustment": "dispute"}.get(kind, kind),
        "source": source,
        "status": "pending",
        "type": kind,
    }


def refund(now: int, *, of: Row, amount: int, reason: str | None, metadata: dict[str, str]) -> Row:
    return {
        "id": identity.new("refund"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": of["id"],
        "created": now,
        "currency": of["currency"],
        "destination_details": {
            "card": {"reference": None, "reference_status": "pending", "reference_type": None, "type": "refund"},
            "type": "card",
        },
        "metadata": metadata,
        "payment_intent": of["payment_intent"],
        "reason": reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }
