"""
The letters to backers: which fact is told, to whom, once. Every verb may be called again and again: the letter's key is
made of the fact alone. Nothing is told of what happened more than a week ago, so that an import of history or a late
repair mails nobody; nothing goes to people who asked to be forgotten. Call them after the ledger's transaction.
"""

import datetime as dt
import hashlib
import logging
from collections.abc import Callable

from donations import dedications, letter_words, people, replacing
from donations.facts import Person
from donations.mode import is_live
from donations.models import Adjustment, Backer, Intent, Invoice, Payment, Pledge
from foundation import clock, letters
from foundation.models import Letter

logger = logging.getLogger(__name__)

TOLD_WITHIN = dt.timedelta(days=7)
BOUNCES_WITHIN = dt.timedelta(days=21)  # of its beginning, which is all that Stripe dates a bank debit by


def payment_recorded(payment: Payment) -> Letter | None:
    """Thanks, and the receipt, for gifts, first charges and renewals alike; word to whom a gift honours."""
    dedications.tell(payment)
    about = f"payment {payment.pk}"
    key = f"thanks:{payment.fact_key}"
    return _tell(payment.backer, key, payment.succeeded_at, lambda: letter_words.of_payment(payment), about)


def charge_failed(invoice: Invoice, *, at: dt.datetime | None = None) -> Letter | None:
    """
    A renewal failed and is tried again: one letter for each further attempt. When none is left the pledge ends, and
    `pledge_ended` tells that. None while another pledge is about to take its place: whoever is asked to pay would pay
    twice. Should that one's debit bounce, the letter about it tells what is owed here. `at` is Stripe's time of the
    failure; without it, it is taken to have just happened.
    """
    if invoice.needs_action_since:
        return needs_authentication(invoice)
    pledge = invoice.pledge
    if invoice.next_attempt_at is None or invoice.status != Invoice.Status.OPEN or not _is_renewing(pledge):
        return None
    if invoice.next_attempt_at < clock.now() - TOLD_WITHIN or replacing.under_way(pledge):
        return None
    key = f"charge-failed:{invoice.stripe_id}:{invoice.next_attempt_at:%Y%m%d}"
    return _tell(pledge.backer, key, at or clock.now(), lambda: letter_words.of_failure(invoice), f"pledge {pledge.pk}")


def needs_authentication(invoice: Invoice) -> Letter | None:
    """The bank wants to hear from the backer before it pays a renewal. Told again when a later attempt asks anew."""
    pledge = invoice.pledge
    if invoice.status != Invoice.Status.OPEN or not invoice.needs_action_since or not _is_renewing(pledge):
        return None
    if replacing.under_way(pledge):
        return None
    since = invoice.needs_action_since
    key = f"authenticate:{invoice.stripe_id}:{since:%Y%m%d}"
    return _tell(pledge.backer, key, since, lambda: letter_words.of_authentication(invoice), f"pledge {pledge.pk}")


def pledge_set_to_end(pledge: Pledge, *, at: dt.datetime | None = None) -> Letter | None:
    """
    The backer ended the pledge, and it runs out at `pledge.ends_at`. `at` is when that was decided; without it, just
    now: so call it without `at` only when the change was seen to happen, not when history is imported.
    """
    if pledge.ends_at is None or pledge.ended_at or _was_replaced(pledge):
        return None
    key = _set_to_end(pledge, pledge.ends_at)
    return _tell(pledge.backer, key, at or clock.now(), lambda: letter_words.of_ending(pledge), f"pledge {pledge.pk}")


def pledge_ended(pledge: Pledge) -> Letter | None:
    """It ended at once: by us after the last attempt failed, or at Stripe. What was told before ends silently."""
    if pledge.ended_at is None or pledge.status != Pledge.Status.CANCELED or _was_replaced(pledge):
        return None
    if _was_told_to_end(pledge) or Letter.objects.filter(key=_bounced(pledge.stripe_id)).exists():
        return None
    key = f"ended:{pledge.stripe_id}"
    return _tell(pledge.backer, key, pledge.ended_at, lambda: letter_words.of_end(pledge), f"pledge {pledge.pk}")


def pledge_bounced(pledge: Pledge) -> Letter | None:
    """Its first debit did not come through, days after the payment page was done; so it never began, and ends."""
    key, at = _bounced(pledge.stripe_id), _bounced_at(pledge.started_at)
    return _tell(pledge.backer, key, at, lambda: letter_words.of_bounced_pledge(pledge), f"pledge {pledge.pk}")


def gift_bounced(intent: Intent, person: Person) -> Letter | None:
    """The same of a gift. Who meant to give it need not be known here, and is not made known by this."""
    backer = people.find(person.email, livemode=intent.livemode)
    if (backer and backer.forgotten_at) or _bounced_at(intent.created_at) < clock.now() - TOLD_WITHIN:
        return None
    words = letter_words.of_bounced_gift(intent, name=person.name)
    try:
        return letters.post(_bounced(intent.session_id), person.email, *words, about=f"intent {intent.pk}")
    except ValueError:
        logger.warning("Nobody was told that the debit of intent %s bounced: no mail could go there", intent.pk)
        return None


def _bounced(stripe_id: str) -> str:
    return f"debit-failed:{stripe_id}"


def _bounced_at(began_at: dt.datetime) -> dt.datetime:
    """The latest that it can have been."""
    return min(clock.now(), began_at + BOUNCES_WITHIN)


def _set_to_end(pledge: Pledge, day: dt.datetime) -> str:
    """Another letter once it was kept meanwhile, though the day be the same."""
    since = f":{pledge.kept_at:%Y%m%d%H%M%S}" if pledge.kept_at else ""
    return f"set-to-end:{pledge.stripe_id}:{day:%Y%m%d}{since}"


def _was_told_to_end(pledge: Pledge) -> bool:
    """That it ends on this day, and not on another before it was kept after all. Stripe may be late over midnight."""
    days = (pledge.ended_at, pledge.ended_at - dt.timedelta(days=1))
    return Letter.objects.filter(key__in=[_set_to_end(pledge, day) for day in days]).exists()


def taken_back(adjustment: Adjustment) -> Letter | None:
    """
    A refund that was made, or failed; a dispute that was opened, or lost. Failing and losing come weeks later: they are
    told to those who had the first letter.
    """
    stage = letter_words.stage_of(adjustment)
    if not stage:
        return None
    backer, about = adjustment.payment.backer, f"payment {adjustment.payment_id}"
    happened_at = adjustment.occurred_at
    if stage in letter_words.LATER_STAGES:
        first = f"{letter_words.LATER_STAGES[stage]}:{adjustment.fact_key}"
        if Letter.objects.filter(key=first).exists():
            happened_at = clock.now()
    key = f"{stage}:{adjustment.fact_key}"
    return _tell(backer, key, happened_at, lambda: letter_words.of_adjustment(stage, adjustment), about)


def manage_link(backer_email: str, url: str) -> Letter | None:
    """The single-use link to one's own pledges. Each link is a letter of its own."""
    backer = people.find(backer_email, livemode=is_live())
    if backer and backer.forgotten_at:
        return None
    digest = hashlib.sha256(url.encode()).hexdigest()[:32]
    words = letter_words.of_link(url)
    return letters.post(f"manage-link:{digest}", backer_email, *words)


def _is_renewing(pledge: Pledge) -> bool:
    """A first charge that fails is seen on the payment page; an ended pledge is not tried again."""
    return pledge.status in pledge.GIVING or pledge.status == Pledge.Status.UNPAID


def _was_replaced(pledge: Pledge) -> bool:
    """It gave way to a pledge in another currency: the new one's letters tell enough."""
    return replacing.gave_way(pledge)


def _tell(
    backer: Backer, key: str, happened_at: dt.datetime, words: Callable[[], letter_words.Words], about: str
) -> Letter | None:
    if backer.forgotten_at or not backer.email.strip() or happened_at < clock.now() - TOLD_WITHIN:
        return None
    return post_to(backer, key, words(), about=about)


def post_to(backer: Backer, key: str, words: letter_words.Words, *, about: str, stop_url: str = "") -> Letter | None:
    """None, and a line in the log, for an address that no mail could go to: nobody else's letter waits for that."""
    try:
        return letters.post(key, backer.email, *words, about=about, stop_url=stop_url)
    except ValueError:
        logger.warning("The letter %s was not written: backer %s has no address that mail could go to", key, backer.pk)
        return None
