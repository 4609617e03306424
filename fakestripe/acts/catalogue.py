"""Products and prices. https://docs.stripe.com/api/products, https://docs.stripe.com/api/prices"""

from typing import Any

from fakestripe.errors import Refused
from fakestripe.fields import merged_metadata
from fakestripe.shapes import catalogue
from fakestripe.store import Row

# https://docs.stripe.com/currencies: what cannot be charged because it is too little, in minor units.
SMALLEST = {"gbp": 30, "jpy": 50}


def create_product(engine, given: dict[str, Any]) -> Row:
    key = given.pop("id", None)
    if key and key in engine.store.rows["product"]:
        raise Refused("Product already exists.", code="resource_already_exists", param="id")
    return engine.add(catalogue.product(engine.now(), key=key, **given), "product.created")


def update_product(engine, product_id: str, changes: dict[str, Any]) -> Row:
    product = engine.get("product", product_id)
    with engine.changing("product.updated", product):
        for name, value in changes.items():
            product[name] = merged_metadata(product["metadata"], value) if name == "metadata" else value
        product["updated"] = engine.now()
    return product


def create_price(engine, given: dict[str, Any]) -> Row:
    """With the product that is named, or with a new one."""
    if ("product" in given) == ("product_data" in given):
        raise Refused("Give one of product and product_data.", param="product", executed=False)
    if given["unit_amount"] < 0:
        raise Refused("Invalid non-negative integer", code="parameter_invalid_integer", param="unit_amount")
    if "product" in given:
        product = engine.get("product", given["product"])
    else:
        product = create_product(engine, dict(given["product_data"]))
    made = catalogue.price(
        engine.now(),
        product_id=product["id"],
        currency=given["currency"],
        unit_amount=given["unit_amount"],
        recurring=given.get("recurring"),
        metadata=given.get("metadata", {}),
        nickname=given.get("nickname"),
    )
    return engine.add(made, "price.created")


def chosen_price(engine, asked: dict[str, Any]) -> Row:
    """The price that a line names, or the one that it describes."""
    if ("price" in asked) == ("price_data" in asked):
        raise Refused("Give one of price and price_data.", param="price", executed=False)
    if "price" in asked:
        return engine.get("price", asked["price"])
    return create_price(engine, asked["price_data"])


def refuse_too_little(amount: int, currency: str) -> None:
    least = SMALLEST.get(currency, 50)
    if amount < least:
        raise Refused(
            f"The amount due must be at least {least} of the smallest unit of {currency}.", code="amount_too_small"
        )
