"""
What is wrong with the figures, if anything is: one question each, answered in words, empty when all is well. Nothing
here repairs or changes anything.
"""

import contextlib
import datetime as dt
import itertools
import time
from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from donations import books, contributions, ground, reconcile
from donations.contributions import Cause
from donations.mode import is_live
from donations.models import Contribution, Intent, LateEntry, Payment, Pledge, StripeEvent
from donations.stripe_gateway import StripeDown, StripeRefused
from foundation import clock

NEWS_TAKES = dt.timedelta(seconds=45)  # from Stripe's act to the ledger, usually less
NAMED_AT_MOST = 20
PLEDGES_AT_ONCE, GIFTS_AT_ONCE = 100, 1000


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
    found = list(itertools.islice(_stale(), NAMED_AT_MOST + 1))
    lines = [f"{thing} brings something else than is written" for thing in found[:NAMED_AT_MOST]]
    return "\n".join([*lines, *(["and there are more"] if len(found) > NAMED_AT_MOST else [])])


def _stale() -> Iterator[str]:
    """Part by part, without the ledger's lock. It is taken only to look again at what seems wrong, one at a time."""
    cause = Cause(LateEntry.Reason.CORRECTION, clock.now())
    for pledge in _suspects(Pledge.objects.filter(livemode=is_live()), contributions.unlike_pledges, PLEDGES_AT_ONCE):
        if _changes(Contribution.objects.filter(pledge=pledge), Pledge, pledge.pk, contributions.derive_pledge, cause):
            yield f"The pledge {pledge.stripe_id}"
    gifts = Payment.objects.filter(livemode=is_live(), pledge=None)
    for gift in _suspects(gifts, contributions.unlike_gifts, GIFTS_AT_ONCE):
        if _changes(Contribution.objects.filter(payment=gift), Payment, gift.pk, contributions.derive_gift, cause):
            yield f"The gift {gift.fact_key}"
    nobodys = Q(payment=None) | Q(payment__pledge__isnull=False)
    for row in Contribution.objects.filter(nobodys, livemode=is_live(), pledge=None):
        yield f"The contribution {row.pk}, behind which nothing stands,"


def _suspects(rows: QuerySet, unlike: Callable[[QuerySet], list], at_once: int) -> Iterator:
    """By number, so that no cursor stays open over the whole ledger."""
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    for chunk in itertools.batched(keys, at_once):
        yield from unlike(rows.filter(pk__gte=chunk[0], pk__lte=chunk[-1]))


def _changes(written: QuerySet, model: type, pk: int, derive: Callable[..., object], cause: Cause) -> bool:
    """Derived from what stands now, under the ledger's lock, in a transaction that is taken back."""
    fields = ("due_at", "quarter", "state", "currency", "amount_minor", "base_micro", "lapses_at", "backer", "payment")
    with contextlib.suppress(IntegrityError), ground.held():  # what cannot even be written is different
        before = set(written.all().values_list(*fields))
        derive(model.objects.get(pk=pk), cause)
        after = set(written.all().values_list(*fields))
        transaction.set_rollback(True)
        return before != after
    return True


def of_silence() -> str:
    """
    Since the last event, by the clock that it was received under; before any came, since somebody first went to a
    payment page and nothing came of it, by the clock that this was noted under.
    """
    latest, now = StripeEvent.objects.order_by("-received_at").first(), clock.real_now()
    since = latest.received_at if latest else None
    if latest is None:
        asked = Intent.objects.exclude(session_id=None).order_by("created_at")
        since, now = asked.values_list("created_at", flat=True).first(), clock.now()
    allowed = dt.timedelta(hours=settings.STRIPE_SILENT_AFTER_HOURS)
    if since is None or now - since <= allowed:
        return ""
    # How long, and not since when: events are stamped by another clock than a moved demo shows.
    hours = (now - since) // dt.timedelta(hours=1)
    told = f"{hours // 24} days" if hours >= 48 else f"{hours} hours"
    return f"Stripe has told nothing for {told}: is the webhook endpoint reachable and enabled?"


def _listed(lines: list[str]) -> str:
    shown = lines[:NAMED_AT_MOST]
    if len(lines) > len(shown):
        shown.append(f"and {len(lines) - len(shown)} more")
    return "\n".join(shown)
