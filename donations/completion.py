"""
What follows once an intent is completed, whichever way that was learned: this browser's other payment pages are
closed, and the pledge that the new one takes the place of is ended. Both are asked of Stripe by a task.
"""

import contextlib
import datetime as dt

from donations import stripe_gateway
from donations.models import Intent, Invoice, Pledge
from donations.stripe_gateway import NoSuchObject
from foundation import clock
from foundation.tasks import retried_task

ATTEMPTS = 20
CLOCKS_DIFFER = dt.timedelta(seconds=10)  # Stripe's and ours
KEPT_FOR = dt.timedelta(days=60)


class NotYet(Exception):
    """The new pledge gives nothing so far, so the old one stays. The task is repeated."""


def follow(intent: Intent) -> None:
    """Called in the transaction that completes the intent. Asks for a task only where there is something to do."""
    if intent.browser_hash or intent.replaces_id:
        finish.enqueue(str(intent.pk))


@retried_task(attempts=ATTEMPTS)
def finish(intent_id: str) -> None:
    intent = Intent.objects.select_related("pledge", "replaces").filter(pk=intent_id).first()
    if intent is None or intent.status != Intent.Status.COMPLETED:
        return
    if intent.browser_hash:
        _close_other_pages(intent)
    if intent.replaces:
        _end_replaced(intent)


def _close_other_pages(intent: Intent) -> None:
    """Those begun before it was paid: what is begun after that is meant, however late this comes."""
    others = Intent.objects.open().filter(
        browser_hash=intent.browser_hash,
        livemode=intent.livemode,
        created_at__lt=(intent.completed_at or clock.now()) + CLOCKS_DIFFER,
    )
    for other in others.exclude(pk=intent.pk).filter(session_id__isnull=False):
        with contextlib.suppress(NoSuchObject):
            stripe_gateway.expire_session(other.session_id)
            if stripe_gateway.fetch_session(other.session_id).status == "expired":
                closed = Intent.objects.open().filter(pk=other.pk, session_id=other.session_id)
                closed.update(status=Intent.Status.EXPIRED)


def _end_replaced(intent: Intent) -> None:
    # The ledger calls `follow`, and what tells the ledger about Stripe stands above it.
    from donations import sync

    old, new = intent.replaces, getattr(intent, "pledge", None)
    if old == new:
        return
    if new is None or new.status not in Pledge.GIVING:
        raise NotYet(str(intent.pk))
    if old.status not in Pledge.ENDED:
        stripe_gateway.cancel_now(old)
        sync.sync_subscription(old.stripe_id)
    # A charge that failed before must not be taken by a later attempt: the new pledge stands for it.
    for invoice in old.invoices.filter(status=Invoice.Status.OPEN):
        stripe_gateway.void_invoice(invoice.stripe_id)
        sync.sync_invoice(invoice.stripe_id)


def forget_abandoned() -> int:
    """
    Empties what was typed into forms that nobody paid, and forgets in which browser the others were. Two months later
    no payment page can still be open. Returns how many intents were emptied.
    """
    old = Intent.objects.filter(created_at__lt=clock.now() - KEPT_FOR)
    abandoned = old.exclude(status=Intent.Status.COMPLETED).exclude(browser_hash="", public_name="", message="")
    emptied = abandoned.update(
        public_name="", message="", came_from="", browser_hash="", name_status=Intent.NameStatus.HIDDEN
    )
    old.exclude(browser_hash="").update(browser_hash="")
    return emptied
