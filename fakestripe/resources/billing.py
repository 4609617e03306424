"""https://docs.stripe.com/api/subscriptions, https://docs.stripe.com/api/invoices, /invoice-payment"""

from typing import Any

from fakestripe import fields, listing
from fakestripe.acts import catalogue, invoices, subscriptions
from fakestripe.errors import Refused
from fakestripe.fields import Required, Schema
from fakestripe.resources.catalogue import PRICE_DATA
from fakestripe.resources.endpoint import Endpoint, listing_of, retrieving
from fakestripe.store import Row

_FEEDBACK = fields.choice(
    "customer_service",
    "low_quality",
    "missing_features",
    "other",
    "switched_service",
    "too_complex",
    "too_expensive",
    "unused",
)
_DETAILS: Schema = {"comment": fields.text, "feedback": fields.unsettable(_FEEDBACK)}
_ITEM_PRICE_DATA: Schema = {name: reader for name, reader in PRICE_DATA.items() if name != "product_data"}

_CHANGES: Schema = {
    "cancel_at": fields.unsettable(fields.integer),
    "cancel_at_period_end": fields.boolean,
    "cancellation_details": _DETAILS,
    "default_payment_method": fields.text,
    "description": fields.text,
    "items": fields.listed({"id": fields.text, "price": fields.text, "price_data": _ITEM_PRICE_DATA}),
    "metadata": fields.metadata,
    "pause_collection": fields.unsettable(
        {
            "behavior": Required(fields.choice("keep_as_draft", "mark_uncollectible", "void")),
            "resumes_at": fields.integer,
        }
    ),
    "proration_behavior": fields.choice("always_invoice", "create_prorations", "none"),
    "trial_end": fields.either(fields.choice("now"), fields.integer),
}


def _change(engine, asked: dict[str, Any], key: str) -> dict[str, Any]:
    """What would be prorated is refused unless the request says that it must not be."""
    behaviour = asked.pop("proration_behavior", "create_prorations")
    if behaviour != "none" and {"items", "trial_end"} & set(asked):
        raise Refused("The stand-in never prorates: say proration_behavior=none.", param="proration_behavior")
    asked.pop("expand", None)
    for number, item in enumerate(asked.get("items", [])):
        asked["items"][number] = {"id": item.get("id"), "price": catalogue.chosen_price(engine, item)}
    return subscriptions.change(engine, key, asked)


def _cancel(engine, asked: dict[str, Any], key: str) -> dict[str, Any]:
    return subscriptions.cancel(engine, key, asked.get("cancellation_details"))


def _list_subscriptions(engine, asked: dict[str, Any]) -> dict[str, Any]:
    """Without a status, all that are not canceled."""
    status, price = asked.get("status"), asked.get("price")

    def keep(row: Row) -> bool:
        if price and subscriptions.item_of(row)["price"]["id"] != price:
            return False
        if status in ("all", None):
            return status == "all" or row["status"] != "canceled"
        return row["status"] == status or (status == "ended" and row["ended_at"] is not None)

    return listing.page(engine, "subscription", "/v1/subscriptions", asked, keep=keep, customer=asked.get("customer"))


def _list_payments(engine, asked: dict[str, Any]) -> dict[str, Any]:
    intent = asked.get("payment", {}).get("payment_intent")
    equals = {"invoice": asked.get("invoice"), "status": asked.get("status"), "payment_intent": intent}
    return listing.page(engine, "invoice_payment", "/v1/invoice_payments", asked, **equals)


def _finalise(engine, asked: dict[str, Any], key: str) -> dict[str, Any]:
    """By hand. The first attempt is the caller's own affair, with or without `auto_advance`."""
    made = invoices.finalise(engine, key)
    if not asked.get("auto_advance", made["auto_advance"]):
        made.update(auto_advance=False, next_payment_attempt=None)
        engine.store.touch("invoice", made)
    return made


def _verb(act) -> Any:
    return lambda engine, asked, key: act(engine, key)


_STATES = ("active", "all", "canceled", "ended", "incomplete", "incomplete_expired", "past_due", "paused", "trialing")

ENDPOINTS = [
    Endpoint(
        "GET",
        "/v1/subscriptions",
        {
            **listing.PAGING,
            "customer": fields.text,
            "price": fields.text,
            "status": fields.choice(*_STATES, "unpaid"),
        },
        _list_subscriptions,
    ),
    retrieving("/v1/subscriptions", "subscription"),
    Endpoint("POST", "/v1/subscriptions/<key>", _CHANGES, _change),
    Endpoint("DELETE", "/v1/subscriptions/<key>", {"cancellation_details": _DETAILS}, _cancel),
    listing_of(
        "/v1/invoices",
        "invoice",
        "customer",
        "subscription",
        status=fields.choice("draft", "open", "paid", "uncollectible", "void"),
    ),
    retrieving("/v1/invoices", "invoice"),
    Endpoint("POST", "/v1/invoices/<key>/pay", {}, _verb(invoices.collect)),
    Endpoint("POST", "/v1/invoices/<key>/void", {}, _verb(invoices.void)),
    Endpoint("POST", "/v1/invoices/<key>/finalize", {"auto_advance": fields.boolean}, _finalise),
    Endpoint("POST", "/v1/invoices/<key>/mark_uncollectible", {}, _verb(invoices.give_up)),
    Endpoint(
        "GET",
        "/v1/invoice_payments",
        {
            **listing.PAGING,
            "invoice": fields.text,
            "payment": {"type": Required(fields.choice("payment_intent")), "payment_intent": fields.text},
            "status": fields.choice("canceled", "open", "paid"),
        },
        _list_payments,
    ),
    retrieving("/v1/invoice_payments", "invoice_payment"),
]
