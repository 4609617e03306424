"""
What Stripe says now, brought into the ledger. Each verb fetches outside any transaction, lets `donations.ledger` take
the facts, and then writes the letters that follow. They may be called again, at the same time and in any order, by
whoever has news or a doubt: the inbox, the thanks page, the pages under manage, reconciliation.

They raise what the gateway raises, and the ledger's Refused and NotOurs.
"""

import datetime as dt
import logging
from dataclasses import replace

from django.db import transaction
from django.db.models import Q

from donations import (
    cache_tags,
    contributions,
    forgetting,
    holding,
    ledger,
    letters,
    offline,
    replacing,
    stripe_gateway,
)
from donations.facts import ChargeStory, InvoiceFacts, Person, SessionFacts, SubscriptionFacts
from donations.ledger import NotOurs, PledgeMissing, Refused
from donations.mode import is_live
from donations.models import Intent, Invoice, Payment, Pledge
from donations.stripe_gateway import NotPaid, StripeDown
from foundation import clock

logger = logging.getLogger(__name__)

NEXT_ATTEMPT_IS_TOLD_WITHIN = dt.timedelta(hours=1)
_STOPPED = (Pledge.Status.PAST_DUE, Pledge.Status.UNPAID, Pledge.Status.CANCELED)


def sync_session(session_id: str) -> SessionFacts:
    """What came of a visit to the payment page: the pledge with its first charge, or the gift."""
    facts = stripe_gateway.fetch_session(session_id)
    if not facts.reference.site:
        raise NotOurs
    if facts.livemode != is_live():
        raise Refused("it belongs to Stripe's other mode (test or live)")
    if facts.subscription:
        sync_subscription(facts.subscription)
        if facts.invoice:
            sync_invoice(facts.invoice, is_page_done=facts.status == "complete")
    elif facts.status == "complete" and facts.is_paid:
        sync_charge(facts.charge or _charge_behind(facts))
    elif facts.status == "expired" or (facts.status == "complete" and not facts.is_processing):
        _give_up(facts)
        if facts.has_bounced and facts.person:
            _tell_of_bounced_gift(facts, facts.person)
    return facts


def _tell_of_bounced_gift(facts: SessionFacts, person: Person) -> None:
    intent = Intent.objects.filter(session_id=facts.id).exclude(status=Intent.Status.COMPLETED).first()
    if intent:
        letters.gift_bounced(intent, person)


def _charge_behind(facts: SessionFacts) -> str:
    try:
        return stripe_gateway.charge_of_payment_intent(facts.payment_intent)
    except NotPaid as error:  # two answers of Stripe that do not fit: the later one will
        raise StripeDown(f"Session {facts.id} is paid, and not its payment intent") from error


def _give_up(facts: SessionFacts) -> None:
    """Expired, or a bank refused it afterwards. An intent that has another session by now is not meant."""
    Intent.objects.open().filter(session_id=facts.id).update(status=Intent.Status.EXPIRED)


def sync_subscription(subscription_id: str, *, adopt: bool = False) -> Pledge:
    """
    A pledge; once it has ended also its open charges, which Stripe gives up without a word. `adopt` takes in history
    whose intent this database does not know.
    """
    pledge = _take(stripe_gateway.fetch_subscription(subscription_id), adopt=adopt)
    if pledge.backer.forgotten_at and pledge.status not in Pledge.ENDED:
        forgetting.remove_at_stripe(pledge.backer)
        pledge = _take(stripe_gateway.fetch_subscription(subscription_id))
    if pledge.status == Pledge.Status.CANCELED:
        for invoice_id in list(pledge.invoices.filter(status=Invoice.Status.OPEN).values_list("stripe_id", flat=True)):
            sync_invoice(invoice_id)
    elif replacing.predecessor(pledge):  # whose payment may have been disputed before this one was heard of
        _heed_disputes(pledge)
        pledge.refresh_from_db()
    return pledge


def _take(facts: SubscriptionFacts, *, adopt: bool = False) -> Pledge:
    pledge = ledger.apply_subscription(with_beginning(facts), adopt=adopt)
    if pledge.ended_at:
        letters.pledge_ended(pledge)
    elif pledge.ends_at and facts.canceled_at:
        letters.pledge_set_to_end(pledge, at=facts.canceled_at)
    return pledge


def with_beginning(facts: SubscriptionFacts) -> SubscriptionFacts:
    """With what its first invoice asked for, where news of a pledge comes after its amount was changed."""
    intent = Intent.objects.open().filter(pk=facts.reference.intent).first() if facts.reference.intent else None
    known = Pledge.objects.filter(stripe_id=facts.id).exists()
    if intent is None or not ledger.is_changed_since_asked(facts, intent, known=known):
        return facts
    return replace(facts, begun_minor=stripe_gateway.amount_begun_with(facts.id))


def sync_invoice(invoice_id: str, *, adopt: bool = False, is_page_done: bool = False) -> Invoice | None:
    """
    A charge of a pledge, however far it is; the pledge first, if it is not known yet. None for one over nothing. When
    it will not be tried again the pledge is ended. `is_page_done` is known where the payment page was asked: the first
    charge is not being tried there any more.
    """
    facts = stripe_gateway.fetch_invoice(invoice_id)
    if not facts.subscription:
        raise NotOurs
    try:
        invoice = ledger.apply_invoice(facts)
    except PledgeMissing:
        sync_subscription(facts.subscription, adopt=adopt)
        invoice = ledger.apply_invoice(facts)
    if invoice is None:
        return None
    if _has_bounced(invoice, facts, is_page_done=is_page_done):
        letters.pledge_bounced(invoice.pledge)
        stopped = (*_STOPPED, Pledge.Status.INCOMPLETE) if is_page_done else _STOPPED
        if _end_unpaid(invoice, stopped):
            return ledger.apply_invoice(stripe_gateway.fetch_invoice(invoice_id))
        return invoice
    if not facts.charges and is_given_up(facts) and _end_unpaid(invoice):
        return ledger.apply_invoice(stripe_gateway.fetch_invoice(invoice_id))
    _write_about(invoice, facts)
    return invoice


def _has_bounced(invoice: Invoice, facts: InvoiceFacts, *, is_page_done: bool) -> bool:
    """
    The first charge failed after the payment page had let it pass, as only a bank debit can. A pledge that never was
    money is not tried again: its backer is told to begin anew, and must not be charged twice for it.
    """
    if facts.charges or facts.status != Invoice.Status.OPEN or facts.is_processing or not facts.failed_at:
        return False
    if invoice.needs_action_since or invoice.period_start > invoice.pledge.started_at:
        return False
    status = _take(stripe_gateway.fetch_subscription(facts.subscription)).status
    return status in _STOPPED or (is_page_done and status == Pledge.Status.INCOMPLETE)


def _write_about(invoice: Invoice, facts: InvoiceFacts) -> None:
    for charge in facts.charges:
        letters.payment_recorded(Payment.objects.get(fact_key=charge.id))
    if facts.paid_elsewhere_minor and not offline.notes(invoice.stripe_id):
        words = "Invoice %s was paid outside Stripe in part or whole: enter that as an offline gift, with its number"
        logger.error(words, invoice.stripe_id)
    if facts.charges:
        return
    if invoice.status == Invoice.Status.OPEN and invoice.needs_action_since:
        letters.needs_authentication(invoice)
    elif invoice.status == Invoice.Status.OPEN and facts.failed_at:
        letters.charge_failed(invoice, at=facts.failed_at)


def is_given_up(facts: InvoiceFacts) -> bool:
    """
    It was tried, and will not be again: the attempts are over, or nobody has answered its question for two weeks.
    Stripe may write down the next attempt a while after a failure, so that there is none is believed after an hour
    (https://docs.stripe.com/billing/revenue-recovery/smart-retries); `sync_unanswered` looks again.
    """
    if facts.status != Invoice.Status.OPEN or facts.next_attempt_at or facts.is_processing or not facts.attempts:
        return False
    if facts.needs_action_since:
        return facts.needs_action_since + contributions.AUTHENTICATION_WAITS <= clock.now()
    return facts.failed_at is None or facts.failed_at + NEXT_ATTEMPT_IS_TOLD_WITHIN <= clock.now()


def _end_unpaid(invoice: Invoice, stopped: tuple[str, ...] = _STOPPED) -> bool:
    """
    A pledge whose charge has failed for good ends, and the charge with it: a card that is renewed years later must not
    be charged for it. First charges at the payment page are Stripe's own affair. Returns whether anything was ended.
    """
    pledge = _take(stripe_gateway.fetch_subscription(invoice.pledge.stripe_id))
    if pledge.status not in stopped:
        return False
    if pledge.status != Pledge.Status.CANCELED:
        stripe_gateway.cancel_now(pledge)
    stripe_gateway.void_invoice(invoice.stripe_id)
    _take(stripe_gateway.fetch_subscription(pledge.stripe_id))
    return True


def sync_unanswered() -> int:
    """Looks at every charge that waits without a further attempt: no event tells of its end. Returns how many."""
    waiting = Invoice.objects.filter(
        status=Invoice.Status.OPEN, next_attempt_at=None, is_processing=False, pledge__livemode=is_live()
    )
    ids = list(waiting.values_list("stripe_id", flat=True))
    for stripe_id in ids:
        try:
            sync_invoice(stripe_id)
        except StripeDown:
            raise
        # A loop over strangers: what is wrong with one must not keep the others, nor the night's alarms.
        except Exception:
            logger.exception("Charge %s waits, and could not be looked at", stripe_id)
    return len(ids)


def sync_charge(charge_id: str, *, adopt: bool = False, is_warned: bool = False) -> Payment | None:
    """
    A charge with all its refunds and disputes, whether of a pledge or a gift. None while it is no money. While a
    dispute is open its pledge is held, and one that was lost ends it; `is_warned` notes an early fraud warning.
    """
    try:
        story = stripe_gateway.fetch_charge_story(charge_id)
    except NotPaid:
        return None
    payment = _record(story, adopt=adopt)
    if payment.backer.forgotten_at:
        forgetting.scrub_late(payment.backer)
    if is_warned:
        ledger.note_fraud_warning(payment)
    letters.payment_recorded(payment)
    is_lost = any(each.kind == "dispute" and each.takes_back for each in story.adjustments)
    if story.adjustments and not is_lost:
        _heed_all(payment)
    for adjustment in payment.adjustments.select_related("payment__backer", "payment__pledge"):
        letters.taken_back(adjustment)
    if is_lost:
        _heed_all(payment)
        _hide_names(payment)
    return payment


def _record(story: ChargeStory, *, adopt: bool) -> Payment:
    if story.reference.site:
        return ledger.record_gift(story, adopt=adopt)
    if not story.invoice:
        raise NotOurs
    sync_invoice(story.invoice, adopt=adopt)
    return ledger.record_adjustments(story)


def _heed_all(payment: Payment) -> None:
    for pledge in holding.concerned(payment):
        _heed_disputes(pledge)


def _heed_disputes(pledge: Pledge) -> None:
    """
    Nothing further is charged while the bank asks about a payment, what failed before is not tried again either: a
    second one would be disputed as well. Each dispute pauses the pledge once, so that a backer who resumes it meanwhile
    is believed; when none is open it goes on, unless its backer had paused it. What we held it for is read at Stripe,
    where it was written with the pause itself. A dispute that was lost ends it.
    """
    disputes = [] if pledge.status in Pledge.ENDED else holding.disputes_over(pledge)
    if any(each.takes_back for each in disputes):
        stripe_gateway.cancel_now(pledge)
        sync_subscription(pledge.stripe_id)
    elif disputes:
        _hold_or_let_go(pledge, [each.fact_key for each in disputes if each.is_open])


def _hold_or_let_go(pledge: Pledge, still_open: list[str]) -> None:
    facts = stripe_gateway.fetch_subscription(pledge.stripe_id)
    if facts.status == Pledge.Status.INCOMPLETE:
        return  # its first charge is not done; the news of that comes by here again
    unheeded = [each for each in still_open if each not in facts.held_for]
    if unheeded:
        heed = stripe_gateway.hold if _goes_on(facts) else stripe_gateway.note_disputes
        heed(pledge, (*facts.held_for, *unheeded))
    elif facts.is_held and not still_open:
        stripe_gateway.resume(pledge, patience=stripe_gateway.WORKING)
    elif _goes_on(facts):
        return
    _take(stripe_gateway.fetch_subscription(pledge.stripe_id))
    if still_open:
        stop_charges(pledge)


def _goes_on(facts: SubscriptionFacts) -> bool:
    return facts.status in (*Pledge.GIVING, Pledge.Status.UNPAID) and not (facts.is_paused or facts.ends_at)


def stop_charges(pledge: Pledge) -> None:
    """
    What was asked for before a pause or an ending would be tried on. Made void it cannot come any more, and its quarter
    is gone. What a bank is at cannot be stopped; an invoice that was paid in part stays with whoever charged that part.
    A first charge that somebody is at, at the payment page, is Stripe's own affair.
    """
    if pledge.status == Pledge.Status.INCOMPLETE:
        return
    for invoice_id in stripe_gateway.unpaid_invoices(pledge.stripe_id):
        facts = stripe_gateway.fetch_invoice(invoice_id)
        if facts.is_processing or facts.charges:
            continue
        if facts.status == Invoice.Status.DRAFT:
            stripe_gateway.finalise_unasked(invoice_id)
        stripe_gateway.void_invoice(invoice_id)
        sync_invoice(invoice_id)


def _hide_names(payment: Payment) -> None:
    """Who took the money back through the bank wants hardly to be named."""
    hidden = [Intent.NameStatus.PENDING, Intent.NameStatus.APPROVED]
    named = Q(pk=payment.intent_id) | Q(pledge__in=[each for each in holding.concerned(payment) if each.is_over])
    with transaction.atomic():
        Intent.objects.filter(named, name_status__in=hidden).update(name_status=Intent.NameStatus.HIDDEN)
        cache_tags.names_changed()
