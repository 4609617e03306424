"""
Gifts that did not come through Stripe, entered by the treasurer: bank transfers and cash. One that later turns out to
be a payment at Stripe is matched with it, and then counts once.
"""

import datetime as dt
import uuid

from donations import contributions, conversion, ground, people, periods
from donations.contributions import Cause
from donations.ledger import Reason
from donations.mode import is_live
from donations.models import Adjustment, Backer, Payment
from donations.money import Money
from foundation import clock

# In minor units. Beyond it is a slip of the hand, and no sum of many such gifts fits any more what holds it.
TOO_MUCH = 10**10


class CannotMatch(Exception):
    """Says in words for the treasurer why the two are not one gift."""


class CannotGiveBack(Exception):
    """Says in words for the treasurer why that cannot be taken from the gift."""


def record_offline_gift(
    *,
    backer: Backer | None,
    email: str = "",
    name: str = "",
    money: Money,
    received_on: dt.date,
    method: str,
    note: str = "",
    by=None,
    key: uuid.UUID | None = None,
) -> Payment:
    """
    A gift received on a day of the site's own calendar; it backs the quarter after that day's. Given to `backer`, or
    to whoever has that e-mail. Its rate is the one dated before that day. The same `key` again records nothing more.
    """
    received_at = _moment_of(received_on)
    fact_key = f"offline:{key or uuid.uuid4()}"
    with ground.held():
        known = Payment.objects.filter(fact_key=fact_key).first()
        if known:
            return known
        backer = backer or people.find_or_make_by_email(email, livemode=is_live(), name=name, at=received_at)
        payment = Payment(
            fact_key=fact_key,
            livemode=backer.livemode,
            kind=Payment.Kind.OFFLINE,
            method=method,
            backer=backer,
            amount_minor=money.minor,
            currency=money.currency,
            succeeded_at=received_at,
            quarter=periods.backed_by_gift_at(received_at),
            note=note,
            recorded_at=clock.now(),
            recorded_by=by,
        )
        conversion.pin(payment)
        payment.save()
        contributions.derive_gift(payment, Cause(Reason.CORRECTION, received_at, payment))
        return payment


def give_back(gift: Payment, money: Money, *, returned_on: dt.date, reason: str, key: uuid.UUID) -> Adjustment:
    """
    An offline gift, or a part of it, was returned or was never received. Recorded like a refund, once for each key.
    Raises CannotGiveBack.
    """
    # Not about noon if it is today: books that were closed this morning were closed before it.
    is_today = returned_on == clock.now().astimezone(periods.zone()).date()
    returned_at = clock.now() if is_today else _moment_of(returned_on)
    with ground.held():
        gift = Payment.objects.select_for_update().get(pk=gift.pk)
        known = gift.adjustments.filter(fact_key=f"offline-return:{key}").first()
        if known:
            return known
        if gift.kind != Payment.Kind.OFFLINE or money.currency != gift.currency:
            raise CannotGiveBack("Only an offline gift is returned by hand, and in its own currency.")
        if gift.matched_id:
            raise CannotGiveBack("This gift is a payment at Stripe and does not count by itself: give that one back.")
        left = gift.amount_minor - sum(each.amount_minor for each in gift.adjustments.taking_back())
        if not 0 < money.minor <= left:
            raise CannotGiveBack(f"Of this gift {Money(left, gift.currency).with_code} are left.")
        adjustment = Adjustment.objects.create(
            fact_key=f"offline-return:{key}",
            payment=gift,
            kind=Adjustment.Kind.REFUND,
            status="succeeded",
            takes_back=True,
            amount_minor=money.minor,
            reason=reason[:100],
            occurred_at=returned_at,
            fetched_at=clock.real_now(),
            recorded_at=clock.now(),
        )
        conversion.share_out(gift)
        contributions.derive_gift(gift, Cause(Reason.REFUND, returned_at, gift))
        return adjustment


def _moment_of(day: dt.date) -> dt.datetime:
    """About noon, and on that day both in the site's zone, for the quarter, and in UTC, for the rate."""
    begins, ends = (
        dt.datetime.combine(each, dt.time(), tzinfo=periods.zone()).astimezone(dt.UTC)
        for each in (day, day + dt.timedelta(days=1))
    )
    midnight = dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)
    first, last = max(begins, midnight), min(ends, midnight + dt.timedelta(days=1))
    return first + (last - first) // 2


def notes(number: str) -> bool:
    """Whether an offline gift names that number of Stripe's in its note: then it stands for it."""
    return Payment.objects.filter(kind=Payment.Kind.OFFLINE, note__contains=number).exists()


def match(gift: Payment, payment: Payment) -> None:
    """Says that the offline gift is this payment at Stripe. Raises CannotMatch."""
    with ground.held():
        gift, payment = Payment.objects.get(pk=gift.pk), Payment.objects.get(pk=payment.pk)
        if gift.kind != Payment.Kind.OFFLINE or payment.kind == Payment.Kind.OFFLINE:
            raise CannotMatch("Only an offline gift can be matched, and only with a payment that came through Stripe.")
        if gift.livemode != payment.livemode:
            raise CannotMatch("One of the two belongs to Stripe’s test mode.")
        if (gift.amount_minor, gift.currency) != (payment.amount_minor, payment.currency):
            raise CannotMatch(f"The gift is {gift.amount.with_code}, the payment {payment.amount.with_code}.")
        if gift.adjustments.taking_back().exists():
            raise CannotMatch("Of the offline gift something was returned, which the payment knows nothing of.")
        if payment.offline_twins.exclude(pk=gift.pk).exists():
            raise CannotMatch("That payment is matched with another offline gift already.")
        _set_match(gift, payment)


def unmatch(gift: Payment) -> None:
    """They were two gifts after all."""
    with ground.held():
        _set_match(Payment.objects.get(pk=gift.pk), None)


def _set_match(gift: Payment, payment: Payment | None) -> None:
    gift.matched = payment
    gift.save(update_fields=["matched"])
    contributions.derive_gift(gift, Cause(Reason.CORRECTION, clock.now(), gift))
