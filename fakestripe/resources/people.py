"""https://docs.stripe.com/api/customers, https://docs.stripe.com/api/payment_methods"""

from typing import Any

from fakestripe import fields, listing
from fakestripe.acts import people
from fakestripe.fields import Schema
from fakestripe.resources.endpoint import Endpoint, living, retrieving

_ADDRESS: Schema = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"), fields.text)
_CUSTOMER: Schema = {
    "address": fields.unsettable(_ADDRESS),
    "description": fields.text,
    "email": fields.email,
    "metadata": fields.metadata,
    "name": fields.text,
    "phone": fields.text,
    "preferred_locales": fields.listed(fields.text),
}


def _create(engine, asked: dict[str, Any]) -> dict[str, Any]:
    return people.create(engine, _without_expand(asked))


def _update(engine, asked: dict[str, Any], key: str) -> dict[str, Any]:
    return people.update(engine, key, _without_expand(asked))


def _delete(engine, asked: dict[str, Any], key: str) -> dict[str, Any]:
    return people.delete(engine, key)


def _list(engine, asked: dict[str, Any]) -> dict[str, Any]:
    return listing.page(engine, "customer", "/v1/customers", asked, keep=living, email=asked.get("email"))


def _methods(engine, asked: dict[str, Any], key: str) -> dict[str, Any]:
    address = f"/v1/customers/{key}/payment_methods"
    people.existing(engine, key)
    return listing.page(engine, "payment_method", address, asked, customer=key, type=asked.get("type"))


def _without_expand(asked: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in asked.items() if name != "expand"}


ENDPOINTS = [
    Endpoint("POST", "/v1/customers", _CUSTOMER, _create),
    Endpoint("GET", "/v1/customers", {**listing.PAGING, "email": fields.text}, _list),
    retrieving("/v1/customers", "customer"),
    Endpoint(
        "POST",
        "/v1/customers/<key>",
        {**_CUSTOMER, "invoice_settings": {"default_payment_method": fields.text}},
        _update,
    ),
    Endpoint("DELETE", "/v1/customers/<key>", {}, _delete),
    Endpoint("GET", "/v1/customers/<key>/payment_methods", {**listing.PAGING, "type": fields.text}, _methods),
    retrieving("/v1/payment_methods", "payment_method"),
]
