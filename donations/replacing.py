"""
A pledge that takes another's place, as a change of currency makes it. The old one gives way when the new one stands: it
was paid, or began with a first charge that is put off. Until then the old one goes on as if nothing had been asked, and
what both promise for one quarter counts once: the old one's word.
"""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from donations.mode import is_live
from donations.models import Backer, Contribution, Intent, Invoice, Payment, Pledge
from donations.money import Money
from donations.quarters import Quarter
from foundation import clock


def stands(pledge: Pledge) -> bool:
    """
    The pledge has truly begun. A debit that a bank is at has not: it may bounce for days. One that was paid once stands
    for good, whatever became of it since.
    """
    if pledge.payments.exists():
        return True
    if pledge.status not in Pledge.GIVING or not _begins_later(pledge):
        return False
    unpaid = pledge.invoices.filter(status__in=(Invoice.Status.DRAFT, Invoice.Status.OPEN))
    return not unpaid.filter(period_start__lte=pledge.started_at).exists()


def _begins_later(pledge: Pledge) -> bool:
    return pledge.status == Pledge.Status.TRIALING or bool(pledge.intent and pledge.intent.trial_end_at)


def predecessor(pledge: Pledge) -> Pledge | None:
    """The one whose place this one is to take."""
    old = pledge.intent.replaces if pledge.intent_id else None
    return None if old is None or old.pk == pledge.pk else old


def successors(pledge: Pledge) -> list[Pledge]:
    """Those begun to take its place, the first of them first. More than one where two windows were open."""
    begun = Pledge.objects.filter(intent__replaces=pledge).exclude(pk=pledge.pk).select_related("intent")
    return list(begun.order_by("started_at", "pk"))


def under_way(pledge: Pledge) -> Pledge | None:
    """One begun to take its place, at whose first debit a bank is: it may still bounce, for days."""
    begun = Pledge.objects.exclude(status__in=Pledge.ENDED).exclude(pk=pledge.pk)
    begun = begun.filter(intent__replaces=pledge, payments=None, invoices__is_processing=True)
    return begun.order_by("started_at", "pk").first()


def involved(pledges: Iterable[Pledge]) -> set[int]:
    """Numbers of pledges that take another's place or are replaced, among them all such of the given ones."""
    given = [pledge.pk for pledge in pledges]
    pairs = Pledge.objects.filter(Q(pk__in=given) | Q(intent__replaces__in=given), intent__replaces__isnull=False)
    return {pk for pair in pairs.values_list("pk", "intent__replaces") for pk in pair}


def family(pledge: Pledge) -> list[Pledge]:
    """
    Whose promises may change with this one's state: the one before it, itself and all that follow, each after the one
    whose place it takes. Empty where there is no other.
    """
    if pledge.pk not in involved([pledge]):
        return []
    old = predecessor(pledge)
    found = [*([old] if old else []), pledge]
    for each in found:  # which grows
        found += [new for new in successors(each) if new not in found]
    return found


def next_attempt(pledge: Pledge) -> dt.datetime | None:
    """When a charge that failed is tried again."""
    waiting = pledge.invoices.filter(status=Invoice.Status.OPEN).exclude(next_attempt_at=None)
    return waiting.order_by("next_attempt_at").values_list("next_attempt_at", flat=True).first()


def has_successor(pledge: Pledge) -> bool:
    """Another stands in its place, so it is charged no more."""
    return any(stands(each) for each in successors(pledge))


def gave_way(pledge: Pledge) -> bool:
    """It ended, or ends, for another that stood in its place then."""
    for each in successors(pledge):
        ended_before = each.ended_at and (pledge.ended_at is None or each.ended_at <= pledge.ended_at)
        if each.payments.exists() or (_begins_later(each) and not ended_before):
            return True
    return False


def spoken_for(pledge: Pledge) -> set[Quarter]:
    """The quarters that the one which it is to replace has paid or still promises, while it does not stand itself."""
    old = predecessor(pledge)
    if old is None or stands(pledge):
        return set()
    counting = Contribution.objects.filter(pledge=old).counting(clock.now())
    return set(counting.values_list("quarter", flat=True))


def is_to_be_ended(old: Pledge) -> bool:
    """It still may charge: its successor's coming has not been told to Stripe, or not all of it."""
    return old.status not in Pledge.ENDED or _stoppable().filter(pledge=old).exists()


def charges_to_void(old: Pledge) -> list[Invoice]:
    """
    A charge that a bank is at cannot be stopped; when it fails it is given up like any other of an ended pledge. One
    that was paid in part stays with whoever charged that part.
    """
    return list(_stoppable().filter(pledge=old))


def charged_by_both(*, livemode: bool, backer: Backer | None = None) -> list[Contribution]:
    """
    What pledges brought to quarters for which the one that they replaced was charged as well, and neither was given
    back: a debit cannot be stopped, nor a charge that comes while a bank is at it. The later ones first.
    """
    standing = Contribution.objects.received().filter(pledge=OuterRef("pledge__intent__replaces"))
    both = Contribution.objects.received().filter(Exists(standing.filter(quarter=OuterRef("quarter"))))
    both = both.filter(livemode=livemode, **({"backer": backer} if backer else {}))
    return list(both.select_related("pledge__intent__replaces", "backer").order_by("-due_at"))


def paid_besides(payment: Payment) -> Money | None:
    """What the pledge before or after that of this payment brought for the same quarter, if that was charged too."""
    pledge = payment.pledge
    if pledge is None:
        return None
    others = [each for each in (predecessor(pledge), *successors(pledge)) if each]
    paid = Contribution.objects.received().filter(pledge__in=others, quarter=payment.quarter).first()
    return Money(paid.amount_minor, paid.currency) if paid else None


def _stoppable():
    return Invoice.objects.filter(status=Invoice.Status.OPEN, is_processing=False, payments=None)


def unfinished() -> list[Intent]:
    """Completed intents whose pledge stands, and the one it replaces was not ended: a task was lost, or gave up."""
    done = Intent.objects.filter(livemode=is_live(), status=Intent.Status.COMPLETED, pledge__isnull=False)
    goes_on = ~Q(replaces__status__in=Pledge.ENDED) | Q(replaces__invoices__in=_stoppable())
    left = done.exclude(replaces=None).filter(goes_on).select_related("pledge__intent", "replaces").distinct()
    return [intent for intent in left if intent.pledge != intent.replaces and stands(intent.pledge)]
