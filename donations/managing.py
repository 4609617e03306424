"""
What a backer may do with a pledge of their own, and how it stands. Each verb asks Stripe and then takes in at once
what Stripe says, so that the figures follow without waiting for an event. They raise StripeDown or StripeRefused, and
NotSo when Stripe said yes and its next answer tells otherwise.
"""

import datetime as dt
from dataclasses import dataclass, replace

from django.conf import settings

from donations import holding, periods, replacing, stripe_gateway, sync
from donations.models import Backer, Contribution, Customer, Invoice, Payment, Pledge
from donations.money import Money
from foundation import clock

SOONEST_LATER_CHARGE = dt.timedelta(hours=48)  # Stripe's own bound for a first charge that is put off
QUARTERS_AHEAD = 3  # beyond the next one
ONE_SECOND = dt.timedelta(seconds=1)
SPARED_WHILE_SETTLING = dt.timedelta(days=14)
BEING_CHARGED = dt.timedelta(hours=1)  # so near to a charge it may be under way already


class ChargeUnderWay(Exception):
    """
    A charge is so near that ending this pledge for another could come too late: it falls due `at`. Without that, a bank
    is at one, which nobody can stop.
    """

    def __init__(self, at: dt.datetime | None = None):
        super().__init__(at)
        self.at = at


class ChangeUnderWay(Exception):
    """Another was begun to take this pledge's place, and a bank is at its first debit."""

    def __init__(self, successor: Pledge):
        super().__init__(successor)
        self.successor = successor


TOO_LATE = (ChargeUnderWay, ChangeUnderWay)


class NotSo(Exception):
    """The change was taken, and the pledge does not stand as it asked: somebody else changed it too."""


@dataclass(frozen=True)
class Standing:
    """A pledge in the backer's terms, and what may be done with it now."""

    pledge: Pledge
    state: str  # gives, starts, fails, ends, paused, ended, waits
    retry_at: dt.datetime | None = None
    pay_url: str = ""  # where a charge that failed, or asks for an authentication, can be paid by hand
    is_settling: bool = False  # a bank is at its first charge
    gives_way_to: Pledge | None = None  # one of which that is so, and which takes its place when it has come
    was_paid: bool = True
    is_debited: bool = False  # a bank is at a charge of it, which nobody can stop
    is_disputed: bool = False  # a bank asks about a payment of it, or of one before it, and has not decided

    @property
    def is_over(self) -> bool:
        return self.state == "ended"

    @property
    def waits_for(self) -> Pledge | None:
        """The pledge that goes on until this one's first payment has come, and ends for it then."""
        old = self.pledge.intent.replaces if self.is_settling and self.pledge.intent else None
        return old if old and old.status not in Pledge.ENDED else None

    @property
    def may_be_changed(self) -> bool:
        return self.state in ("gives", "starts", "fails", "paused")

    @property
    def may_be_paused(self) -> bool:
        return self.state in ("gives", "starts")


def standings(backer: Backer) -> list[Standing]:
    """All pledges of the backer, those that go on first."""
    pledges = backer.pledges.filter(livemode=backer.livemode).select_related("customer", "intent__replaces")
    unpaid, settling = {}, set(_settling(backer).values_list("pk", flat=True))
    still_open = list(Invoice.objects.filter(pledge__in=pledges, status=Invoice.Status.OPEN).order_by("period_start"))
    for invoice in still_open:
        unpaid[invoice.pledge_id] = invoice
    debited = {invoice.pledge_id for invoice in still_open if invoice.is_processing}
    found = [standing(pledge, unpaid.get(pledge.pk)) for pledge in pledges]
    found = [replace(each, is_settling=each.pledge.pk in settling) for each in found]
    coming = {each.waits_for.pk: each.pledge for each in found if each.waits_for}
    paid = set(Payment.objects.filter(pledge__in=pledges).values_list("pledge", flat=True))
    disputed = _disputed(found)
    found = [
        replace(
            each,
            gives_way_to=coming.get(each.pledge.pk),
            was_paid=each.pledge.pk in paid,
            is_debited=each.pledge.pk in debited,
            is_disputed=each.pledge.pk in disputed,
        )
        for each in found
    ]
    return sorted(found, key=lambda each: each.is_over)


def _disputed(found: list[Standing]) -> set[int]:
    """Pledges that an open dispute concerns. Only of one that is paused that has to be known."""
    return {each.pledge.pk for each in found if each.state == "paused" and holding.is_disputed(each.pledge)}


def standing(pledge: Pledge, unpaid: Invoice | None = None) -> Standing:
    if pledge.status in Pledge.ENDED or pledge.ended_at:
        return Standing(pledge, "ended")
    if pledge.is_paused:
        return Standing(pledge, "paused")
    if pledge.ends_at:
        return Standing(pledge, "ends")
    if pledge.status in (Pledge.Status.PAST_DUE, Pledge.Status.UNPAID) or (unpaid and unpaid.needs_action_since):
        if unpaid is None:
            return Standing(pledge, "fails")
        return Standing(pledge, "fails", retry_at=unpaid.next_attempt_at, pay_url=unpaid.hosted_url)
    return Standing(pledge, {"trialing": "starts", "active": "gives"}.get(pledge.status, "waits"))


def backs_until(backer: Backer, found: list[Standing]) -> dt.datetime | None:
    """
    How long the ask is spared: a year ahead while a pledge gives, since it goes on by itself; else to the end of the
    last quarter that was paid for, or some days while a first debit may still be refused. None for somebody who backs
    no quarter from the present one on.
    """
    if any(each.state in ("gives", "starts") and not each.is_settling for each in found):
        return periods.end_of(periods.next_quarter().plus(QUARTERS_AHEAD)) - ONE_SECOND
    paid = Contribution.objects.filter(backer=backer, livemode=backer.livemode).received()
    last = paid.order_by("-quarter").values_list("quarter", flat=True).first()
    if last and last >= periods.current_quarter():
        return periods.end_of(last) - ONE_SECOND
    return clock.now() + SPARED_WHILE_SETTLING if any(each.is_settling for each in found) else None


def _settling(backer: Backer):
    """Pledges whose first debit a bank is at: none of their money has come so far."""
    return backer.pledges.filter(livemode=backer.livemode, payments=None, invoices__is_processing=True)


def change_amount(pledge: Pledge, money: Money) -> None:
    stripe_gateway.change_amount(pledge, money)
    _insist(_look_again(pledge).amount == money)


def end(pledge: Pledge, reason: str) -> None:
    """
    At the end of what is paid; what is not paid so far is asked for no more. The reason is kept even when Stripe does
    not answer: it was given.
    """
    if reason:
        Pledge.objects.filter(pk=pledge.pk).update(cancel_reason=reason)
    sync.stop_charges(pledge)
    stripe_gateway.cancel_at_period_end(pledge)
    _insist(_is_ending(_look_again(pledge)))


def keep(pledge: Pledge) -> None:
    stripe_gateway.keep_going(pledge)
    _insist(not _is_ending(_look_again(pledge)))


def pause(pledge: Pledge) -> None:
    """A charge that was made within the hour, and not tried yet, is none any more."""
    stripe_gateway.pause(pledge)
    sync.stop_charges(pledge)
    _insist(_look_again(pledge).is_paused)


def resume(pledge: Pledge) -> None:
    stripe_gateway.resume(pledge)
    _insist(not _look_again(pledge).is_paused)


def _look_again(pledge: Pledge) -> Pledge:
    return sync.sync_subscription(pledge.stripe_id)


def _is_ending(pledge: Pledge) -> bool:
    return bool(pledge.ends_at or pledge.ended_at or pledge.status in Pledge.ENDED)


def _insist(is_so: bool) -> None:
    if not is_so:
        raise NotSo


def card_page(customer: Customer, return_url: str) -> str:
    return stripe_gateway.portal_url(customer.stripe_id, return_url)


def customer_for(backer: Backer, currency: str) -> Customer | None:
    """The one that Stripe lets pay in that currency: it ties each customer to one."""
    own = backer.customers.filter(livemode=backer.livemode, currency=currency)
    return own.order_by("-created_at", "-pk").first()


def first_charge_of_successor(pledge: Pledge) -> dt.datetime | None:
    """
    When a pledge in another currency that takes this one's place is first charged: when this one would have been. None
    for at once, because that is less than two days away, or a charge is unpaid. Raises ChargeUnderWay, ChangeUnderWay.
    """
    if successor := replacing.under_way(pledge):
        raise ChangeUnderWay(successor)
    if pledge.invoices.filter(status=Invoice.Status.OPEN, is_processing=True).exists():
        raise ChargeUnderWay
    attempt_at = replacing.next_attempt(pledge)
    if attempt_at and attempt_at - clock.now() < BEING_CHARGED:
        raise ChargeUnderWay(attempt_at)
    if pledge.status in (Pledge.Status.PAST_DUE, Pledge.Status.UNPAID) or pledge.next_charge_at is None:
        return None
    left = pledge.next_charge_at - clock.now()
    if left < BEING_CHARGED and not pledge.is_paused:
        raise ChargeUnderWay(pledge.next_charge_at)
    return pledge.next_charge_at if left >= SOONEST_LATER_CHARGE else None


def return_address(path: str) -> str:
    return settings.SITE_URL + path
