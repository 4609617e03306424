"""Means of payment: https://docs.stripe.com/api/payment_methods. What a card does is known by its number alone."""

from fakestripe import cards
from fakestripe.acts import people
from fakestripe.shapes import people as shapes
from fakestripe.store import Row


def make(
    engine, *, customer_id: str | None, card: str, kind: str = "card", email: str | None = None, name: str | None = None
) -> Row:
    """A new payment method of a customer, not yet the default of anything."""
    known = cards.known(card)
    method = shapes.payment_method(engine.now(), customer_id=customer_id, kind=kind, card=known, email=email, name=name)
    engine.store.add("number", {"number": known.number}, method["id"])
    return engine.add(method, "payment_method.attached" if customer_id else "")


def replace_card(engine, customer_id: str, *, card: str) -> Row:
    """
    What the portal does: the new card becomes the default of the customer and of every subscription that has not ended.
    A card is not charged by this: https://docs.stripe.com/customer-management
    """
    customer = people.existing(engine, customer_id)
    method = make(engine, customer_id=customer_id, card=card, email=customer["email"], name=customer["name"])
    people.update(engine, customer_id, {"invoice_settings": {"default_payment_method": method["id"]}})
    for subscription in engine.find("subscription", customer=customer_id):
        if not subscription["ended_at"]:
            with engine.changing("customer.subscription.updated", subscription):
                subscription["default_payment_method"] = method["id"]
    return method


def shown(engine, customer_id: str) -> Row | None:
    """The means of payment that would be charged next."""
    customer = engine.get("customer", customer_id)
    for subscription in engine.find("subscription", customer=customer_id):
        if not subscription["ended_at"]:
            return chosen(engine, subscription)
    key = customer["invoice_settings"]["default_payment_method"]
    return engine.get("payment_method", key) if key else None


def chosen(engine, subscription: Row) -> Row | None:
    """A subscription's own default, or its customer's."""
    customer = engine.get("customer", subscription["customer"])
    key = subscription["default_payment_method"] or customer["invoice_settings"]["default_payment_method"]
    return engine.get("payment_method", key) if key else None
