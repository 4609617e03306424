"""
What follows once an intent is completed, whichever way that was learned: this browser's other payment pages are
closed, and the pledge whose place the new one takes is ended as soon as the new one stands. Both are asked of Stripe by
a task, which is made anew by whatever tells of the new pledge: a bank may need days for its first debit.
"""

import contextlib
import datetime as dt
import logging

from django.db.models import Q

from donations import replacing, stripe_gateway
from donations.models import Intent, Pledge
from donations.stripe_gateway import NoSuchObject
from foundation import clock
from foundation.tasks import AT_ONCE, retried_task

logger = logging.getLogger(__name__)

ATTEMPTS = 20
CLOCKS_DIFFER = dt.timedelta(seconds=10)  # Stripe's and ours
KEPT_FOR = dt.timedelta(days=60)


def follow(intent: Intent) -> None:
    """Called in the transaction that completes the intent. Asks for a task only where there is something to do."""
    if intent.browser_hash or intent.replaces_id:
        finish.enqueue(str(intent.pk))


def follow_pledge(pledge: Pledge) -> None:
    """Called in the transaction of any news of a pledge, so that the one which it replaces ends with the right news."""
    old = replacing.predecessor(pledge)
    if old and replacing.is_to_be_ended(old) and replacing.stands(pledge):
        finish.enqueue(str(pledge.intent_id))


def follow_left_over() -> int:
    """Where the task was lost, or Stripe did not answer for longer than it waits. Returns how many were taken up."""
    left = replacing.unfinished()
    for intent in left:
        finish.enqueue(str(intent.pk))
    return len(left)


@retried_task(attempts=ATTEMPTS, priority=AT_ONCE)
def finish(intent_id: str) -> None:
    intent = Intent.objects.select_related("pledge", "replaces").filter(pk=intent_id).first()
    if intent is None or intent.status != Intent.Status.COMPLETED:
        return
    try:
        if intent.browser_hash or intent.replaces_id:
            _close_other_pages(intent)
    finally:  # a page that cannot be closed must not leave two pledges charging
        if intent.replaces:
            end_replaced(intent)


def _close_other_pages(intent: Intent) -> None:
    """
    Those begun before it was paid: what is begun after that is meant, however late this comes. A pledge is replaced
    once, from whatever browser.
    """
    same = Q(browser_hash=intent.browser_hash) if intent.browser_hash else Q(pk=None)
    if intent.replaces_id:
        same |= Q(replaces=intent.replaces_id)
    others = Intent.objects.open().filter(
        same,
        livemode=intent.livemode,
        created_at__lt=(intent.completed_at or clock.now()) + CLOCKS_DIFFER,
    )
    for other in others.exclude(pk=intent.pk).filter(session_id__isnull=False):
        with contextlib.suppress(NoSuchObject):
            stripe_gateway.expire_session(other.session_id)
            if stripe_gateway.fetch_session(other.session_id).status == "expired":
                closed = Intent.objects.open().filter(pk=other.pk, session_id=other.session_id)
                closed.update(status=Intent.Status.EXPIRED)


def end_replaced(intent: Intent) -> None:
    """Nothing while the new pledge does not stand: who follows it learns when it does."""
    # The ledger calls `follow`, and what tells the ledger about Stripe stands above it.
    from donations import sync

    old, new = intent.replaces, getattr(intent, "pledge", None)
    if old is None or new is None or old == new or not replacing.stands(new):
        return
    if old.status not in Pledge.ENDED:
        stripe_gateway.cancel_now(old)
        old = sync.sync_subscription(old.stripe_id)
    # A charge that failed before must not be taken by a later attempt: the new pledge stands for it.
    for invoice in replacing.charges_to_void(old):
        stripe_gateway.void_invoice(invoice.stripe_id)
        sync.sync_invoice(invoice.stripe_id)
    _tell_of_two_successors(old, new)


def _tell_of_two_successors(old: Pledge, new: Pledge) -> None:
    """
    Nothing chooses between two that were both paid for at once, in two windows. (That the old one was charged as well
    as its successor is seen on the desk: `replacing.charged_by_both`.)
    """
    for other in replacing.successors(old):
        if other != new and other.status not in Pledge.ENDED and replacing.stands(other):
            logger.error("%s and %s both took the place of %s", new.stripe_id, other.stripe_id, old.stripe_id)


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
