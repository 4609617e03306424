"""https://docs.stripe.com/api/events, https://docs.stripe.com/api/customer_portal, https://docs.stripe.com/api/accounts"""

from typing import Any

from fakestripe import events, fields, listing
from fakestripe.acts import portal
from fakestripe.fields import Required, Schema
from fakestripe.resources.endpoint import Endpoint, listing_of, retrieving
from fakestripe.store import Row

ACCOUNT_ID = "acct_standin000000"

_COMPLETION: Schema = {
    "type": Required(fields.choice("hosted_confirmation", "portal_homepage", "redirect")),
    "redirect": {"return_url": Required(fields.text)},
    "hosted_confirmation": {"custom_message": fields.text},
}
_PORTAL_SESSION: Schema = {
    "configuration": fields.text,
    "customer": Required(fields.text),
    "flow_data": {
        "type": Required(fields.choice("customer_update", "payment_method_update")),
        "after_completion": _COMPLETION,
    },
    "locale": fields.text,
    "return_url": fields.text,
}
_SWITCH: Schema = {"enabled": Required(fields.boolean)}
_CONFIGURATION: Schema = {
    "business_profile": fields.unsettable(
        {"headline": fields.text, "privacy_policy_url": fields.text, "terms_of_service_url": fields.text}
    ),
    "default_return_url": fields.text,
    "features": Required(
        {
            "customer_update": {**_SWITCH, "allowed_updates": fields.listed(fields.choice("address", "name", "phone"))},
            "invoice_history": _SWITCH,
            "payment_method_update": _SWITCH,
            "subscription_cancel": _SWITCH,
            "subscription_update": _SWITCH,
        }
    ),
    "metadata": fields.metadata,
    "name": fields.text,
}


def _event(engine, asked: dict[str, Any], key: str) -> dict[str, Any]:
    return events.shown(engine.get("event", key))


def _events(engine, asked: dict[str, Any]) -> dict[str, Any]:
    types = set(asked.get("types", [])) | {asked["type"]} if "type" in asked else set(asked.get("types", []))
    delivered = asked.get("delivery_success")

    def keep(row: Row) -> bool:
        is_delivered = not row["pending_webhooks"]
        return (not types or row["type"] in types) and delivered in (None, is_delivered)

    page = listing.page(engine, "event", "/v1/events", asked, keep=keep)
    return {**page, "data": [events.shown(row) for row in page["data"]]}


def _portal(engine, asked: dict[str, Any]) -> dict[str, Any]:
    return portal.open_session(engine, asked)


def _configure(engine, asked: dict[str, Any]) -> dict[str, Any]:
    return portal.configure(engine, asked)


def _reconfigure(engine, asked: dict[str, Any], key: str) -> dict[str, Any]:
    return portal.reconfigure(engine, key, asked)


def _account(engine, asked: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": ACCOUNT_ID,
        "object": "account",
        "charges_enabled": True,
        "country": "US",
        "default_currency": "usd",
        "details_submitted": True,
        "email": "treasurer@example.org",
        "metadata": {},
        "payouts_enabled": True,
        "type": "standard",
    }


ENDPOINTS = [
    Endpoint(
        "GET",
        "/v1/events",
        {
            **listing.PAGING,
            "delivery_success": fields.boolean,
            "type": fields.text,
            "types": fields.listed(fields.text),
        },
        _events,
    ),
    Endpoint("GET", "/v1/events/<key>", {}, _event),
    Endpoint("POST", "/v1/billing_portal/sessions", _PORTAL_SESSION, _portal),
    Endpoint("POST", "/v1/billing_portal/configurations", _CONFIGURATION, _configure),
    Endpoint(
        "POST",
        "/v1/billing_portal/configurations/<key>",
        {**_CONFIGURATION, "active": fields.boolean, "features": _CONFIGURATION["features"].reader},
        _reconfigure,
    ),
    retrieving("/v1/billing_portal/configurations", "billing_portal.configuration"),
    listing_of(
        "/v1/billing_portal/configurations",
        "billing_portal.configuration",
        active=fields.boolean,
        is_default=fields.boolean,
    ),
    Endpoint("GET", "/v1/account", {}, _account),
]
