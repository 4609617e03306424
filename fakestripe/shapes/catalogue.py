"""Products and prices. https://docs.stripe.com/api/products/object, https://docs.stripe.com/api/prices/object"""

from typing import Any

from fakestripe import identity
from fakestripe.store import Row


def product(now: int, *, name: str, description: str | None = None, key: str | None = None, **given: Any) -> Row:
    return {
        "id": key or identity.new("product"),
        "object": "product",
        "active": given.get("active", True),
        "created": now,
        "default_price": None,
        "description": description,
        "images": given.get("images", []),
        "livemode": False,
        "marketing_features": [],
        "metadata": given.get("metadata", {}),
        "name": name,
        "package_dimensions": None,
        "shippable": None,
        "statement_descriptor": given.get("statement_descriptor"),
        "tax_code": None,
        "type": "service",
        "unit_label": None,
        "updated": now,
        "url": given.get("url"),
    }


def price(
    now: int, *, product_id: str, currency: str, unit_amount: int, recurring: dict[str, Any] | None, **given
) -> Row:
    return {
        "id": identity.new("price"),
        "object": "price",
        "active": given.get("active", True),
        "billing_scheme": "per_unit",
        "created": now,
        "currency": currency,
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": None,
        "metadata": given.get("metadata", {}),
        "nickname": given.get("nickname"),
        "product": product_id,
        "recurring": _recurring(recurring) if recurring else None,
        "tax_behavior": "unspecified",
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "recurring" if recurring else "one_time",
        "unit_amount": unit_amount,
        "unit_amount_decimal": str(unit_amount),
    }


def _recurring(asked: dict[str, Any]) -> dict[str, Any]:
    return {
        "interval": asked["interval"],
        "interval_count": asked.get("interval_count", 1),
        "meter": None,
        "trial_period_days": None,
        "usage_type": "licensed",
    }


def plan(of: Row) -> Row:
    """The old name of a recurring price, still part of every subscription item."""
    return {
        "id": of["id"],
        "object": "plan",
        "active": of["active"],
        "amount": of["unit_amount"],
        "amount_decimal": of["unit_amount_decimal"],
        "billing_scheme": "per_unit",
        "created": of["created"],
        "currency": of["currency"],
        "interval": of["recurring"]["interval"],
        "interval_count": of["recurring"]["interval_count"],
        "livemode": False,
        "metadata": of["metadata"],
        "meter": None,
        "nickname": of["nickname"],
        "product": of["product"],
        "tiers_mode": None,
        "transform_usage": None,
        "trial_period_days": None,
        "usage_type": "licensed",
    }
