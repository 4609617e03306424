"""
Subscriptions: begun, changed, ended, and how they stand. What happens at the end of a period is in `renewals`.
https://docs.stripe.com/billing/subscriptions/overview
"""

from typing import Any

from fakestripe import due
from fakestripe.errors import Refused
from fakestripe.fields import merged_metadata
from fakestripe.months import add_months
from fakestripe.shapes import billing, catalogue
from fakestripe.store import Row

LONGEST_TRIAL = 730 * 86400


def create(engine, *, customer: Row, price: Row, method_id: str | None, data: dict[str, Any]) -> Row:
    """`data` is what Checkout was told about the subscription: metadata, description, trial_end."""
    now = engine.now()
    subscription = billing.subscription(
        now,
        customer=customer,
        price=price,
        method_id=method_id,
        anchor=data.get("trial_end") or now,
        metadata=data.get("metadata", {}),
        description=data.get("description"),
    )
    if not customer["currency"]:
        with engine.changing("customer.updated", customer):
            customer["currency"] = price["currency"]
    set_period(engine, subscription, now)
    return engine.add(subscription, "customer.subscription.created")


def item_of(subscription: Row) -> Row:
    return subscription["items"]["data"][0]


def width(subscription: Row) -> int:
    """Months between two charges."""
    recurring = item_of(subscription)["price"]["recurring"]
    return recurring["interval_count"] * (12 if recurring["interval"] == "year" else 1)


def set_period(engine, subscription: Row, start: int) -> None:
    """The period that begins now, up to the anchor's next date; its end falls due."""
    anchor = subscription["billing_cycle_anchor"]
    end, steps = anchor, 0
    while end <= start:
        steps += 1
        end = add_months(anchor, steps * width(subscription))
    item_of(subscription).update(current_period_start=start, current_period_end=end)
    engine.agenda.add(end, "renew", subscription["id"])


def change(engine, subscription_id: str, changes: dict[str, Any]) -> Row:
    """
    What the endpoint takes, already read. Amounts change with the next invoice; nothing is ever prorated.
    https://docs.stripe.com/api/subscriptions/update
    """
    subscription = engine.get("subscription", subscription_id)
    if subscription["ended_at"] and set(changes) - {"metadata", "cancellation_details"}:
        raise Refused("A canceled subscription can only update its cancellation_details and metadata.")
    _refuse_nonsense(engine, subscription, changes)
    with engine.changing("customer.subscription.updated", subscription):
        for name, value in changes.items():
            _CHANGES.get(name, _set)(engine, subscription, value, name)
    return subscription


def cancel(engine, subscription_id: str, details: dict[str, Any] | None = None) -> Row:
    """At once. Invoices that are not paid stay, but nobody asks for them any more."""
    subscription = engine.get("subscription", subscription_id)
    if subscription["ended_at"]:
        raise Refused(f"No such subscription: '{subscription_id}'", status=404, code="resource_missing", param="id")
    now = engine.now()
    subscription.update(
        status="canceled", ended_at=now, canceled_at=subscription["canceled_at"] or now, pause_collection=None
    )
    _note_reason(subscription, details)
    for invoice in engine.find("invoice", subscription=subscription_id):
        if invoice["status"] in ("draft", "open"):
            with engine.changing("invoice.updated", invoice):
                invoice.update(auto_advance=False, next_payment_attempt=None, automatically_finalizes_at=None)
    engine.tell("customer.subscription.deleted", subscription)
    return subscription


def fall_behind(engine, subscription: Row) -> None:
    if subscription["status"] == "active":
        with engine.changing("customer.subscription.updated", subscription):
            subscription["status"] = "past_due"


def catch_up(engine, subscription: Row) -> None:
    """Active again once its latest finalised invoice is settled; older ones may stay open."""
    latest = next((row for row in engine.find("invoice", subscription=subscription["id"]) if row["number"]), None)
    if subscription["status"] == "past_due" and latest and latest["status"] in ("paid", "void"):
        with engine.changing("customer.subscription.updated", subscription):
            subscription["status"] = "active"


@due.act("end")
def end(engine, subscription_id: str, at: int) -> None:
    subscription = engine.get("subscription", subscription_id)
    if not subscription["ended_at"] and subscription["cancel_at"] == at:
        cancel(engine, subscription_id)


@due.act("resume")
def resume(engine, subscription_id: str, at: int) -> None:
    subscription = engine.get("subscription", subscription_id)
    pause = subscription["pause_collection"]
    if pause and pause["resumes_at"] == at:
        change(engine, subscription_id, {"pause_collection": None})


def _refuse_nonsense(engine, subscription: Row, changes: dict[str, Any]) -> None:
    if changes.get("cancel_at") and changes.get("cancel_at_period_end"):
        raise Refused("Only one of cancel_at and cancel_at_period_end may be set.", param="cancel_at")
    if changes.get("cancel_at") and changes["cancel_at"] <= engine.now():
        raise Refused("cancel_at must be in the future.", param="cancel_at")
    if changes.get("default_payment_method"):
        engine.get("payment_method", changes["default_payment_method"])
    if isinstance(changes.get("trial_end"), int) and not 0 < changes["trial_end"] - engine.now() < LONGEST_TRIAL:
        raise Refused("trial_end must be in the future, and at most two years ahead.", param="trial_end")
    for asked in changes.get("items", []):
        if asked.get("id") != item_of(subscription)["id"]:
            raise Refused("The stand-in changes the one item that there is: give its id.", param="items[0][id]")
        if asked["price"]["currency"] != subscription["currency"]:
            raise Refused("A subscription's currency cannot be changed.", param="items[0][price_data][currency]")


def _set(engine, subscription: Row, value: Any, name: str) -> None:
    subscription[name] = value


def _set_metadata(engine, subscription: Row, value: dict[str, str], name: str) -> None:
    subscription["metadata"] = merged_metadata(subscription["metadata"], value)


def _set_to_end(engine, subscription: Row, is_set: bool, name: str) -> None:
    """A date that was set by `cancel_at` is no end of a period, and stays."""
    if not is_set and not subscription["cancel_at_period_end"]:
        return
    end_at = item_of(subscription)["current_period_end"] if is_set else None
    _set_end(engine, subscription, end_at, name)
    subscription["cancel_at_period_end"] = is_set


def _set_end(engine, subscription: Row, end_at: int | None, name: str) -> None:
    subscription.update(cancel_at=end_at, cancel_at_period_end=False)
    subscription["canceled_at"] = engine.now() if end_at else None
    reason = "cancellation_requested" if end_at else None
    subscription["cancellation_details"] = {**subscription["cancellation_details"], "reason": reason}
    if end_at:
        engine.agenda.add(end_at, "end", subscription["id"])


def _set_pause(engine, subscription: Row, pause: dict[str, Any] | None, name: str) -> None:
    subscription["pause_collection"] = {"resumes_at": None, **pause} if pause else None
    if pause and pause.get("resumes_at"):
        engine.agenda.add(pause["resumes_at"], "resume", subscription["id"])


def _set_trial(engine, subscription: Row, trial_end: int | str | None, name: str) -> None:
    """A trial that is put into the future moves the anchor there; one that ends now makes the renewal fall due."""
    now = engine.now()
    anchor = now if trial_end == "now" else trial_end
    start = now if trial_end == "now" else item_of(subscription)["current_period_start"]
    subscription.update(
        trial_end=anchor, trial_start=subscription["trial_start"] or now, billing_cycle_anchor=anchor, status="trialing"
    )
    item_of(subscription).update(current_period_start=start, current_period_end=anchor)
    engine.agenda.add(anchor, "renew", subscription["id"])


def _set_items(engine, subscription: Row, items: list[dict[str, Any]], name: str) -> None:
    for asked in items:
        item_of(subscription).update(price=asked["price"], plan=catalogue.plan(asked["price"]))


def _note_reason(subscription: Row, details: dict[str, Any] | None) -> None:
    known = subscription["cancellation_details"]
    subscription["cancellation_details"] = {
        **known,
        **{name: value for name, value in (details or {}).items() if value is not None},
        "reason": known["reason"] or "cancellation_requested",
    }


def _set_details(engine, subscription: Row, details: dict[str, Any], name: str) -> None:
    subscription["cancellation_details"] = {**subscription["cancellation_details"], **details}


_CHANGES = {
    "metadata": _set_metadata,
    "cancel_at_period_end": _set_to_end,
    "cancel_at": _set_end,
    "pause_collection": _set_pause,
    "trial_end": _set_trial,
    "items": _set_items,
    "cancellation_details": _set_details,
}
