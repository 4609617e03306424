"""What happens at the end of a period: https://docs.stripe.com/billing/subscriptions/billing-cycle"""

from fakestripe import due
from fakestripe.acts import invoices, subscriptions
from fakestripe.store import Row


@due.act("renew")
def renew(engine, subscription_id: str, at: int) -> None:
    """The subscription ends, or begins its next period with an invoice for it."""
    subscription = engine.get("subscription", subscription_id)
    item = subscriptions.item_of(subscription)
    if subscription["ended_at"] or item["current_period_end"] != at:
        return
    if subscription["cancel_at"] and subscription["cancel_at"] <= at:
        subscriptions.cancel(engine, subscription_id)
        return
    closes = item["current_period_start"]
    with engine.changing("customer.subscription.updated", subscription):
        subscriptions.set_period(engine, subscription, at)
        if subscription["status"] == "trialing":
            subscription["status"] = "active"
        invoice = bill(engine, subscription, reason="subscription_cycle", closes=closes)
    _treat_as_paused(engine, subscription, invoice)


def bill(engine, subscription: Row, *, reason: str, closes: int) -> Row:
    """A draft for the period that has just begun; it costs nothing while a trial lasts."""
    item = subscriptions.item_of(subscription)
    amount = 0 if subscription["status"] == "trialing" else item["price"]["unit_amount"] * item["quantity"]
    period = (item["current_period_start"], item["current_period_end"])
    invoice = invoices.draft(engine, subscription, reason=reason, amount=amount, period=period, closes=closes)
    subscription["latest_invoice"] = invoice["id"]
    return invoice


def _treat_as_paused(engine, subscription: Row, invoice: Row) -> None:
    """Invoices made during a pause: https://docs.stripe.com/billing/subscriptions/pause-payment"""
    pause = subscription["pause_collection"]
    if not pause:
        return
    invoice.update(auto_advance=False, next_payment_attempt=None, automatically_finalizes_at=None)
    if pause["behavior"] == "keep_as_draft":
        return
    invoices.finalise(engine, invoice["id"])
    if invoice["status"] == "paid":  # over nothing
        return
    if pause["behavior"] == "void":
        invoices.void(engine, invoice["id"])
    else:
        invoices.give_up(engine, invoice["id"])
