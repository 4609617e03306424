"""Customers: made, changed, deleted. https://docs.stripe.com/api/customers"""

from typing import Any

from fakestripe.acts import subscriptions
from fakestripe.errors import Refused
from fakestripe.fields import merged_metadata
from fakestripe.shapes import people
from fakestripe.store import Row


def create(engine, given: dict[str, Any]) -> Row:
    return engine.add(people.customer(engine.now(), given), "customer.created")


def existing(engine, customer_id: str) -> Row:
    """Raises Refused for one that is unknown or was deleted."""
    customer = engine.get("customer", customer_id)
    if customer.get("deleted"):
        raise Refused(f"No such customer: '{customer_id}'", code="resource_missing", param="customer")
    return customer


def update(engine, customer_id: str, changes: dict[str, Any]) -> Row:
    customer = existing(engine, customer_id)
    settings = changes.get("invoice_settings", {})
    if settings.get("default_payment_method"):
        engine.get("payment_method", settings["default_payment_method"])
    with engine.changing("customer.updated", customer):
        for name, value in changes.items():
            if name == "metadata":
                customer["metadata"] = merged_metadata(customer["metadata"], value)
            elif name == "invoice_settings":
                customer["invoice_settings"] = {**customer["invoice_settings"], **settings}
            else:
                customer[name] = value
    return customer


def delete(engine, customer_id: str) -> Row:
    """
    Ends the customer's subscriptions at once. The row stays for those who sum up what was paid; Stripe's own endpoint
    answers with nothing but the id from now on.
    """
    customer = existing(engine, customer_id)
    for subscription in engine.find("subscription", customer=customer_id):
        if not subscription["ended_at"]:
            subscriptions.cancel(engine, subscription["id"])
    customer["deleted"] = True
    engine.tell("customer.deleted", customer)
    return stub(customer)


def stub(customer: Row) -> Row:
    return {"id": customer["id"], "object": "customer", "deleted": True}
