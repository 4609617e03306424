"""
What is wrong with the figures, if anything is: one question each, answered in words, empty when all is well. Nothing
here repairs or changes anything.
"""

import datetime as dt
import time
from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import transaction

from donations import books, contributions, ground, reconcile
from donations.contributions import Cause
from donations.mode import is_live
from donations.models import Contribution, Intent, LateEntry, Payment, Pledge, StripeEvent
from donations.stripe_gateway import StripeDown, StripeRefused
from foundation import clock

NEWS_TAKES = dt.timedelta(seconds=45)  # from Stripe's act to the ledger, usually less
NAMED_AT_MOST = 20


def from_stripe(*, pause: Callable[[], object] = lambda: time.sleep(NEWS_TAKES.total_seconds())) -> str:
    """Differences that are no mere news on its way."""
    try:
        lasting = reconcile.lasting(pause=pause)
    except (StripeDown, StripeRefused) as error:
        return f"The ledger could not be compared with Stripe: {error}"
    return _listed([str(each) for each in lasting])


def is_made_good(report: reconcile.Report, since: dt.datetime | None, until: dt.datetime | None) -> bool:
    """
    Whether a repair has left nothing that `from_stripe` would find: it reached at least as far, nothing remained, and
    where something was repaired a second look finds nothing. A Stripe that cannot be asked again is no answer.
    """
    now = clock.now()
    reached = (since is None or since <= now - reconcile.USUAL_SPAN) and (until is None or until >= now)
    if not reached or report.remaining:
        return False
    try:
        return not (report.found and reconcile.run().found)
    except (StripeDown, StripeRefused):
        return False


def of_closed_books() -> str:
    return _listed([f"The closed books of {book} do not add up" for book in books.unbalanced(livemode=is_live())])


def of_contributions() -> str:
    """Pledges and gifts for which a derivation from the facts says something else than what is written."""
    return _listed([f"{thing} brings something else than is written" for thing in _stale()])


def _stale() -> Iterator[str]:
    cause = Cause(LateEntry.Reason.CORRECTION, clock.now())
    for pledge in Pledge.objects.filter(livemode=is_live()).iterator():
        written = Contribution.objects.filter(pledge=pledge)
        if _changes(written, lambda pledge=pledge: contributions.derive_pledge(pledge, cause)):
            yield f"The pledge {pledge.stripe_id}"
    for payment in Payment.objects.filter(livemode=is_live(), pledge=None).iterator():
        written = Contribution.objects.filter(payment=payment)
        if _changes(written, lambda payment=payment: contributions.derive_gift(payment, cause)):
            yield f"The gift {payment.fact_key}"
    for row in Contribution.objects.filter(livemode=is_live(), pledge=None, payment=None):
        yield f"The contribution {row.pk}, behind which nothing stands,"


def _changes(written, derive: Callable[[], object]) -> bool:
    """Derived under the ledger's lock, in a transaction that is taken back."""
    fields = ("due_at", "quarter", "state", "currency", "amount_minor", "base_micro", "lapses_at", "backer", "payment")
    with ground.held():
        before = set(written.all().values_list(*fields))
        derive()
        after = set(written.all().values_list(*fields))
        transaction.set_rollback(True)
    return before != after


def of_silence() -> str:
    """By real time: since the last event, or since somebody first went to a payment page and nothing came of it."""
    latest = StripeEvent.objects.order_by("-received_at").values_list("received_at", flat=True).first()
    if latest is None:
        asked = Intent.objects.exclude(session_id=None).order_by("created_at")
        latest = asked.values_list("created_at", flat=True).first()
    allowed = dt.timedelta(hours=settings.STRIPE_SILENT_AFTER_HOURS)
    if latest is None or clock.real_now() - latest <= allowed:
        return ""
    return f"Stripe has told nothing since {latest:%d %B %Y, %H:%M} UTC: is the webhook endpoint reachable and enabled?"


def _listed(lines: list[str]) -> str:
    shown = lines[:NAMED_AT_MOST]
    if len(lines) > len(shown):
        shown.append(f"and {len(lines) - len(shown)} more")
    return "\n".join(shown)
