"""
Forgetting a person: the pledges end, the customer goes at Stripe, names and words go here. What stays is money without
a person: sums, dates, Stripe's numbers, and a keyed hash of the addresses, so that a later reconciliation, import or
restored copy attaches to the same pseudonym and counts nobody twice.
"""

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from donations import cache_tags, dedications, ground, people, stripe_gateway
from donations.mode import is_live
from donations.models import Backer, Intent, Invoice, PublicName, StripeEvent
from foundation import clock, letters
from foundation.letters import fold
from foundation.models import Letter

_AT_ONCE = 20  # how many numbers one question about bodies names


class NotForgotten(Exception):
    """Nothing was changed here; the message says why. What was done at Stripe already is done, and may be repeated."""


def forget(backer: Backer) -> Backer:
    """
    Ends what is live at Stripe, removes the person there, then everything here that tells who it was. May be repeated.
    Not to be called inside a transaction. Raises NotForgotten.
    """
    try:
        ended = remove_at_stripe(backer)
    except (stripe_gateway.StripeDown, stripe_gateway.StripeRefused) as error:
        raise NotForgotten(f"Stripe could not be told: {error} Nothing was forgotten here. Try again.") from error
    with ground.held():
        backer = Backer.objects.select_for_update().get(pk=backer.pk)
        _scrub(backer)
    _tell_ledger(ended)
    return backer


def remove_at_stripe(backer: Backer) -> list[str]:
    """Answers with the subscriptions that were ended. Raises what the gateway raises, or NotForgotten."""
    pledges, customers = list(backer.pledges.not_ended()), list(backer.customers.all())
    if not pledges and not customers:
        return []
    if backer.livemode != is_live():
        raise NotForgotten("This backer belongs to Stripe’s other mode (test or live). Put that mode’s key in first.")
    for pledge in pledges:
        stripe_gateway.cancel_now(pledge)
    for customer in customers:
        stripe_gateway.delete_customer(customer.stripe_id)
    return [pledge.stripe_id for pledge in pledges]


def _tell_ledger(subscriptions: list[str]) -> None:
    """They ended; what they promised leaves the figures. What cannot be fetched now comes by its event."""
    from donations import sync

    for subscription in subscriptions:
        try:
            sync.sync_subscription(subscription)
        except (stripe_gateway.StripeDown, stripe_gateway.StripeRefused):
            continue


def scrub_late(backer: Backer) -> None:
    """
    What somebody began before they were forgotten came to its end only now, as a bank debit does: what they had typed
    beside it goes too, and the customer that was made for it.
    """
    remove_at_stripe(backer)
    with ground.held():
        _empty_intents(backer)
        _empty_bodies(_numbers_of(backer))


def scrub_again() -> int:
    """
    What came in about forgotten people since: the bodies of the events that their going made at Stripe. Returns how
    many were emptied.
    """
    return sum(_empty_bodies(_numbers_of(backer)) for backer in Backer.objects.exclude(forgotten_at=None))


def _scrub(backer: Backer) -> None:
    numbers = _numbers_of(backer)
    _forget_letters(backer)
    _empty_bodies([*numbers, backer.email] if backer.email else numbers)
    _empty_intents(backer)
    dedications.forget_receiver(backer)
    Invoice.objects.filter(pledge__backer=backer).update(hosted_url="")
    backer.pledges.update(cancel_reason="")
    backer.payments.update(note="")
    if backer.email:
        people.remember_key(backer, backer.email)
    backer.email = backer.name = backer.note = ""
    backer.forgotten_at = backer.forgotten_at or clock.now()
    backer.save()
    about = ContentType.objects.get_for_model(Backer)
    LogEntry.objects.filter(content_type=about, object_id=str(backer.pk)).update(object_repr=str(backer))


def _empty_intents(backer: Backer) -> None:
    """Those of this person, and what was typed in the same browsers and never paid."""
    own = Q(pledge__backer=backer) | Q(payments__backer=backer) | Q(customer__backer=backer)
    told = dict(Intent.objects.filter(own).values_list("pk", "browser_hash"))
    unpaid = Q(browser_hash__in=set(told.values()) - {""}) & ~Q(status=Intent.Status.COMPLETED)
    emptied = list(Intent.objects.filter(Q(pk__in=list(told)) | unpaid).values_list("pk", flat=True))
    Intent.objects.filter(pk__in=emptied).update(
        public_name="", message="", came_from="", browser_hash="", name_status=Intent.NameStatus.HIDDEN
    )
    dedications.forget_giver(emptied)
    cache_tags.names_changed()
    # The log calls by its words what somebody judged.
    judged = ContentType.objects.get_for_model(PublicName, for_concrete_model=False)
    LogEntry.objects.filter(content_type=judged, object_id__in=[str(pk) for pk in emptied]).update(
        object_repr="A forgotten name"
    )


def _forget_letters(backer: Backer) -> None:
    """Those to the address we have, and those about their money to any other."""
    about = [f"pledge {pk}" for pk in backer.pledges.values_list("pk", flat=True)]
    about += [f"payment {pk}" for pk in backer.payments.values_list("pk", flat=True)]
    addresses = set(Letter.objects.filter(about__in=about).values_list("folded_to", flat=True))
    for address in {*addresses, fold(backer.email)} - {""}:
        letters.forget(address)


def _numbers_of(backer: Backer) -> list[str]:
    """Every number at Stripe by which an event may be about this person."""
    numbers = {
        *backer.customers.values_list("stripe_id", flat=True),
        *backer.pledges.values_list("stripe_id", flat=True),
    }
    numbers |= set(Invoice.objects.filter(pledge__backer=backer).values_list("stripe_id", flat=True))
    for charge, intent in backer.payments.exclude(method__in=["bank", "cash"]).values_list(
        "fact_key", "payment_intent"
    ):
        numbers |= {charge, intent}
    return sorted(numbers - {""})


def _empty_bodies(texts: list[str]) -> int:
    emptied = 0
    for first in range(0, len(texts), _AT_ONCE):
        named = Q()
        for text in texts[first : first + _AT_ONCE]:
            named |= Q(body__icontains=text)
        emptied += StripeEvent.objects.exclude(body="").filter(named).update(body="")
    return emptied
