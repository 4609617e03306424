"""
Two rows that are one person, and one row that is two people. The facts stay as they are, only whose they are changes;
what follows from them is derived anew, and a change of people in closed books is dated beside them.
"""

from collections.abc import Iterable

from donations import contributions, ground, people
from donations.contributions import Cause
from donations.models import Backer, BackerKey, Customer, LateEntry, Payment, Pledge
from foundation import clock


class CannotJoin(Exception):
    """Says in words for the treasurer why the two are not made one."""


class CannotPart(Exception):
    """Says in words for the treasurer why nothing was parted."""


def join(keep: Backer, other: Backer) -> Backer:
    """Everything of `other` becomes `keep`'s, and its row goes. Raises CannotJoin."""
    with ground.held():
        keep, other = _both(keep, other)
        other.keys.update(backer=keep)
        other.customers.update(backer=keep)
        pledges, gifts = list(other.pledges.all()), list(other.payments.filter(pledge=None))
        _hand_over(keep, pledges, gifts)
        keep.email, keep.name = keep.email or other.email, keep.name or other.name
        keep.note = "\n\n".join(note for note in (keep.note, other.note) if note)
        keep.created_at = min(keep.created_at, other.created_at)
        keep.news_stopped_at = keep.news_stopped_at or other.news_stopped_at
        keep.save()
        other.delete()
        return keep


def _both(keep: Backer, other: Backer) -> tuple[Backer, Backer]:
    rows = {row.pk: row for row in Backer.objects.select_for_update().filter(pk__in=[keep.pk, other.pk])}
    if len(rows) < 2:
        raise CannotJoin("Choose two different backers.")
    keep, other = rows[keep.pk], rows[other.pk]
    if keep.livemode != other.livemode:
        raise CannotJoin("One of the two belongs to Stripe’s test mode.")
    if bool(keep.forgotten_at) != bool(other.forgotten_at):
        raise CannotJoin("One of the two asked to be forgotten: joined, the other’s name would tell who it was.")
    return keep, other


def part(
    backer: Backer, *, customers: Iterable[Customer], gifts: Iterable[Payment], email: str = "", name: str = ""
) -> Backer:
    """
    A new backer with these customers at Stripe, everything that came through them, and these gifts without one. The
    e-mail, if it led to the old backer, leads to the new one from now on. Raises CannotPart.
    """
    with ground.held():
        backer = Backer.objects.select_for_update().get(pk=backer.pk)
        moved = list(backer.customers.filter(pk__in=[customer.pk for customer in customers]))
        loose = list(backer.payments.filter(pk__in=[gift.pk for gift in gifts], customer=None, pledge=None))
        _insist_on_two(backer, moved, loose, email)
        made = Backer.objects.create(
            livemode=backer.livemode, email=email.strip(), name=name.strip()[:200], created_at=clock.now()
        )
        _take_key(made, email)
        Customer.objects.filter(pk__in=[customer.pk for customer in moved]).update(backer=made)
        pledges = list(backer.pledges.filter(customer__in=moved))
        gifts = [*backer.payments.filter(customer__in=moved, pledge=None), *loose]
        _hand_over(made, pledges, gifts)
        return made


def _insist_on_two(backer: Backer, customers: list[Customer], loose: list[Payment], email: str) -> None:
    if backer.forgotten_at:
        raise CannotPart("This person asked to be forgotten; there is nothing left to tell two people apart by.")
    if not customers and not loose:
        raise CannotPart("Choose what belongs to the other person.")
    keeps_customer = backer.customers.count() > len(customers)
    keeps_gift = backer.payments.filter(customer=None, pledge=None).count() > len(loose)
    if not (keeps_customer or keeps_gift):
        raise CannotPart("Something has to stay with this backer. To correct an address, change it above.")
    found = people.find(email, livemode=backer.livemode) if email.strip() else None
    if found and found.pk != backer.pk:
        raise CannotPart(f"That address belongs to another backer already, number {found.pk}.")


def _take_key(made: Backer, email: str) -> None:
    digest = people.email_hash(email)
    if digest:
        BackerKey.objects.update_or_create(livemode=made.livemode, email_hash=digest, defaults={"backer": made})


def _hand_over(to: Backer, pledges: list[Pledge], gifts: list[Payment]) -> None:
    """One derivation for each, so that a quarter loses or gains a person exactly when the last or first thing moves."""
    cause = Cause(LateEntry.Reason.PEOPLE, clock.now())
    for pledge in pledges:
        pledge.backer = to
        pledge.save(update_fields=["backer"])
        pledge.payments.update(backer=to)
        contributions.derive_pledge(pledge, cause)
    for gift in gifts:
        gift.backer = to
        gift.save(update_fields=["backer"])
        contributions.derive_gift(gift, cause)
