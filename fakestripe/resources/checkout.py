"""https://docs.stripe.com/api/checkout/sessions"""

from typing import Any

from fakestripe import fields, listing
from fakestripe.acts import checkout
from fakestripe.fields import Required, Schema
from fakestripe.resources.catalogue import PRICE_DATA
from fakestripe.resources.endpoint import Endpoint, retrieving
from fakestripe.shapes import a_list
from fakestripe.store import Row

_TEXT_PLACE: Schema = {"message": Required(fields.text)}
_TEXT_PLACES = ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")

_SESSION: Schema = {
    "mode": Required(fields.choice("payment", "subscription")),
    "success_url": Required(fields.text),
    "line_items": Required(
        fields.listed({"price": fields.text, "price_data": PRICE_DATA, "quantity": fields.positive})
    ),
    "adaptive_pricing": {"enabled": fields.boolean},
    "billing_address_collection": fields.choice("auto", "required"),
    "cancel_url": fields.text,
    "client_reference_id": fields.text,
    "custom_text": {place: fields.unsettable(_TEXT_PLACE) for place in _TEXT_PLACES},
    "customer": fields.text,
    "customer_creation": fields.choice("always", "if_required"),
    "customer_email": fields.email,
    "expires_at": fields.integer,
    "locale": fields.text,
    "metadata": fields.metadata,
    "payment_intent_data": {
        "description": fields.text,
        "metadata": fields.metadata,
        "receipt_email": fields.text,
        "setup_future_usage": fields.choice("off_session", "on_session"),
        "statement_descriptor_suffix": fields.text,
    },
    "submit_type": fields.choice("auto", "book", "donate", "pay", "subscribe"),
    "subscription_data": {"description": fields.text, "metadata": fields.metadata, "trial_end": fields.integer},
    "ui_mode": fields.choice("hosted_page"),
}

_LIST: Schema = {
    **listing.PAGING,
    "customer": fields.text,
    "customer_details": {"email": Required(fields.text)},
    "payment_intent": fields.text,
    "status": fields.choice("complete", "expired", "open"),
    "subscription": fields.text,
}


def _create(engine, asked: dict[str, Any]) -> dict[str, Any]:
    return checkout.create(engine, asked)


def _list(engine, asked: dict[str, Any]) -> dict[str, Any]:
    email = asked.get("customer_details", {}).get("email")

    def keep(row: Row) -> bool:
        return not email or (row["customer_details"] or {}).get("email") == email

    equals = {name: asked.get(name) for name in ("customer", "payment_intent", "status", "subscription")}
    return listing.page(engine, "checkout.session", "/v1/checkout/sessions", asked, keep=keep, **equals)


def _lines(engine, asked: dict[str, Any], key: str) -> dict[str, Any]:
    lines = engine.get("checkout.session", key)["line_items"]
    return a_list(lines["url"], list(lines["data"]))


def _expire(engine, asked: dict[str, Any], key: str) -> dict[str, Any]:
    return checkout.expire(engine, key)


ENDPOINTS = [
    Endpoint("POST", "/v1/checkout/sessions", _SESSION, _create),
    Endpoint("GET", "/v1/checkout/sessions", _LIST, _list),
    retrieving("/v1/checkout/sessions", "checkout.session"),
    Endpoint("GET", "/v1/checkout/sessions/<key>/line_items", listing.PAGING, _lines),
    Endpoint("POST", "/v1/checkout/sessions/<key>/expire", {}, _expire),
]
