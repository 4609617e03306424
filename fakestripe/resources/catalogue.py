"""https://docs.stripe.com/api/products, https://docs.stripe.com/api/prices"""

from typing import Any

from fakestripe import fields
from fakestripe.acts import catalogue
from fakestripe.fields import Required, Schema
from fakestripe.resources.endpoint import Endpoint, listing_of, retrieving

RECURRING: Schema = {
    "interval": Required(fields.choice("day", "week", "month", "year")),
    "interval_count": fields.positive,
}
_PRODUCT: Schema = {
    "active": fields.boolean,
    "description": fields.text,
    "images": fields.listed(fields.text),
    "metadata": fields.metadata,
    "statement_descriptor": fields.text,
    "url": fields.text,
}
_PRODUCT_DATA: Schema = {
    "name": Required(fields.text),
    "description": fields.text,
    "images": fields.listed(fields.text),
    "metadata": fields.metadata,
}
# What a line of a session or of a subscription may describe instead of naming a price.
PRICE_DATA: Schema = {
    "currency": Required(fields.currency),
    "unit_amount": Required(fields.integer),
    "product": fields.text,
    "product_data": _PRODUCT_DATA,
    "recurring": RECURRING,
}


def _create_product(engine, asked: dict[str, Any]) -> dict[str, Any]:
    asked.pop("expand", None)
    return catalogue.create_product(engine, asked)


def _update_product(engine, asked: dict[str, Any], key: str) -> dict[str, Any]:
    asked.pop("expand", None)
    return catalogue.update_product(engine, key, asked)


def _create_price(engine, asked: dict[str, Any]) -> dict[str, Any]:
    return catalogue.create_price(engine, asked)


ENDPOINTS = [
    Endpoint("POST", "/v1/products", {**_PRODUCT, "id": fields.text, "name": Required(fields.text)}, _create_product),
    Endpoint("POST", "/v1/products/<key>", {**_PRODUCT, "name": fields.filled(fields.text)}, _update_product),
    retrieving("/v1/products", "product"),
    listing_of("/v1/products", "product", active=fields.boolean),
    Endpoint(
        "POST",
        "/v1/prices",
        {**PRICE_DATA, "metadata": fields.metadata, "nickname": fields.text},
        _create_price,
    ),
    retrieving("/v1/prices", "price"),
    listing_of("/v1/prices", "price", "product", "currency", "type", active=fields.boolean),
]
