"""
When something happened that no object at Stripe dates: its event does. Stripe keeps events for 30 days.

A payment intent and a charge say when they were made. A bank's answer to a debit comes days later; the balance of such
a charge is noted when the debit is sent to the bank, and so tells nothing of it either:
https://support.stripe.com/questions/changes-to-balance-transaction-behavior-for-debit-payment-methods
"""

import datetime as dt
import logging
from collections.abc import Callable, Iterator

import stripe

from donations.stripe_gateway import translate
from donations.stripe_gateway.client import asking
from donations.stripe_gateway.errors import StripeDown, StripeRefused
from foundation import clock

logger = logging.getLogger(__name__)

EVENTS_KEPT_FOR = dt.timedelta(days=29)  # a day less than Stripe promises
_DEBITS = ("acss_debit", "au_becs_debit", "bacs_debit", "nz_bank_account", "sepa_debit", "us_bank_account")


def told_at(v1, event_type: str, since: int, is_it: Callable[[stripe.StripeObject], bool]) -> int | None:
    """When Stripe's latest event of that type about such an object happened. Raises StripeRefused."""
    for event in _events(v1, event_type, since):  # the newest first
        if is_it(event.data.object):
            return event.created
    return None


def _events(v1, event_type: str, since: int) -> Iterator[stripe.Event]:
    with asking():
        yield from v1.events.list({"type": event_type, "created": {"gte": since}, "limit": 100}).auto_paging_iter()


def told_of(v1, event_type: str, since: int, object_id: str) -> int | None:
    """The same for one object. None too with a key that may not see events: that is no reason to know nothing else."""
    try:
        return told_at(v1, event_type, since, lambda about: about.id == object_id)
    except StripeRefused as error:
        logger.warning("Events could not be listed: %s", error)
        return None


def gift_settled_at(v1, made: stripe.Charge) -> int | None:
    """
    When a bank had answered the debit of a gift. None for everything that is answered at once, and for a debit of which
    nothing tells any more. Raises StripeDown while its event still must come.
    """
    details = made.payment_method_details
    if made.status != "succeeded" or details is None or details.type not in _DEBITS:
        return None
    intent_id = translate.id_of(made.payment_intent)
    try:
        found = told_at(
            v1,
            "checkout.session.async_payment_succeeded",
            made.created,
            lambda session: translate.id_of(session.payment_intent) == intent_id,
        )
    except StripeRefused as error:
        logger.warning("Events could not be listed: %s", error)
        return None
    if found is None and translate.instant(made.created) > clock.now() - EVENTS_KEPT_FOR:
        raise StripeDown(f"charge {made.id} succeeded, and Stripe does not say yet when")
    return found
