"""https://docs.stripe.com/api/payment_intents, /charges, /refunds, /disputes, /balance_transactions"""

from typing import Any

from fakestripe import fields
from fakestripe.acts import refunds
from fakestripe.errors import Refused
from fakestripe.fields import Schema
from fakestripe.resources.endpoint import Endpoint, listing_of, retrieving

_REFUND: Schema = {
    "amount": fields.positive,
    "charge": fields.text,
    "metadata": fields.metadata,
    "payment_intent": fields.text,
    "reason": fields.choice("duplicate", "fraudulent", "requested_by_customer"),
}


def _refund(engine, asked: dict[str, Any]) -> dict[str, Any]:
    return refunds.refund(
        engine,
        _charge_to_refund(engine, asked),
        amount=asked.get("amount"),
        reason=asked.get("reason"),
        metadata=asked.get("metadata"),
    )


def _charge_to_refund(engine, asked: dict[str, Any]) -> str:
    if ("charge" in asked) == ("payment_intent" in asked):
        raise Refused("Give one of charge and payment_intent.", param="charge", executed=False)
    if "charge" in asked:
        return asked["charge"]
    intent = engine.get("payment_intent", asked["payment_intent"])
    if not intent["latest_charge"]:
        raise Refused(f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.")
    return intent["latest_charge"]


ENDPOINTS = [
    retrieving("/v1/payment_intents", "payment_intent"),
    listing_of("/v1/payment_intents", "payment_intent", "customer"),
    retrieving("/v1/charges", "charge"),
    listing_of("/v1/charges", "charge", "customer", "payment_intent"),
    retrieving("/v1/balance_transactions", "balance_transaction"),
    listing_of("/v1/balance_transactions", "balance_transaction", "source", "type", currency=fields.currency),
    Endpoint("POST", "/v1/refunds", _REFUND, _refund),
    retrieving("/v1/refunds", "refund"),
    listing_of("/v1/refunds", "refund", "charge", "payment_intent"),
    retrieving("/v1/disputes", "dispute"),
    listing_of("/v1/disputes", "dispute", "charge", "payment_intent"),
    retrieving("/v1/radar/early_fraud_warnings", "radar.early_fraud_warning"),
    listing_of("/v1/radar/early_fraud_warnings", "radar.early_fraud_warning", "charge", "payment_intent"),
]
