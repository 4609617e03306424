"""
What is done about each type of event. A handler is given the id of the object that the event speaks of, and nothing
else of it: it fetches the object and records what that says. Types without a handler are kept, and nothing follows.
"""

from collections.abc import Callable

from donations import declines, stripe_gateway, sync

Handler = Callable[[str], object]

_handlers: dict[str, Handler] = {}


def handles(*types: str) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        for each in types:
            _handlers[each] = handler
        return handler

    return register


def handler_of(event_type: str) -> Handler | None:
    return _handlers.get(event_type)


def types() -> list[str]:
    """Those the webhook endpoint at Stripe has to be told of."""
    return sorted(_handlers)


@handles("checkout.session.completed", "checkout.session.async_payment_succeeded")
def session_completed(session_id: str) -> None:
    """Somebody finished the payment page, or a bank paid days later: how gifts and new pledges enter the ledger."""
    sync.sync_session(session_id)


@handles("checkout.session.async_payment_failed", "checkout.session.expired")
def session_came_to_nothing(session_id: str) -> None:
    """What was asked for will not come: the intent is closed, so that nobody waits for it."""
    sync.sync_session(session_id)


@handles("invoice.paid")
def invoice_paid(invoice_id: str) -> None:
    """A pledge was charged: how a promise becomes money."""
    sync.sync_invoice(invoice_id)


@handles("invoice.payment_failed", "invoice.payment_action_required")
def invoice_in_trouble(invoice_id: str) -> None:
    """A charge failed or waits for an answer: it stays a promise while it may succeed, and the backer is told."""
    sync.sync_invoice(invoice_id)


@handles("invoice.updated")
def invoice_changed(invoice_id: str) -> None:
    """A bank is at it, or its next attempt was put elsewhere: nothing else tells of either."""
    sync.sync_invoice(invoice_id)


@handles("invoice.voided", "invoice.marked_uncollectible")
def invoice_given_up(invoice_id: str) -> None:
    """The charge will never come: its promise is gone."""
    sync.sync_invoice(invoice_id)


@handles("customer.subscription.created", "customer.subscription.updated")
def subscription_changed(subscription_id: str) -> None:
    """Amount, next charge or end are what its promises are made of."""
    sync.sync_subscription(subscription_id)


@handles("customer.subscription.deleted", "customer.subscription.paused", "customer.subscription.resumed")
def subscription_stopped_or_went_on(subscription_id: str) -> None:
    """Its promises go, or come back."""
    sync.sync_subscription(subscription_id)


@handles("charge.failed")
def charge_failed(charge_id: str) -> None:
    """A card was declined at a payment page: many at once are somebody trying out stolen ones."""
    declines.charge_failed(charge_id)


@handles("charge.refunded")
def charge_refunded(charge_id: str) -> None:
    """Money went back, here or at Stripe's dashboard."""
    sync.sync_charge(charge_id)


@handles("refund.created", "refund.updated", "refund.failed")
def refund_changed(refund_id: str) -> None:
    """A refund may fail after weeks: then the money counts again."""
    if charge_id := stripe_gateway.charge_of_refund(refund_id):
        sync.sync_charge(charge_id)


@handles("charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed")
def dispute_changed(dispute_id: str) -> None:
    """A lost dispute takes the money back and ends the pledge; an open one is shown to the treasurer."""
    sync.sync_charge(stripe_gateway.charge_of_dispute(dispute_id))


@handles("radar.early_fraud_warning.created")
def fraud_warned(warning_id: str) -> None:
    """The treasurer can still refund what would be disputed soon."""
    sync.sync_charge(stripe_gateway.charge_of_warning(warning_id), is_warned=True)
