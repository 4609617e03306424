"""
Two equal pledges or gifts of one person within an hour: perhaps meant, perhaps one click too many. They are shown to
whoever made them and to the treasurer; nothing is undone by itself.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from donations.mode import is_live
from donations.models import Intent, Payment, Pledge
from donations.money import Money
from foundation import clock

WITHIN = dt.timedelta(hours=1)
LOOKED_BACK = dt.timedelta(days=60)


@dataclass(frozen=True)
class Double:
    """Two of a kind: both pledges, or both one-off payments."""

    first: Pledge | Payment
    second: Pledge | Payment

    @property
    def money(self) -> Money:
        return self.second.amount

    @property
    def is_standing(self) -> bool:
        return isinstance(self.second, Pledge)


def recent(backer=None) -> list[Double]:
    """Of everybody, or of one backer. Pledges that have ended and gifts that were refunded in full are settled."""
    since = clock.now() - LOOKED_BACK
    pledges = Pledge.objects.not_ended().filter(livemode=is_live(), started_at__gt=since).select_related("backer")
    gifts = Payment.objects.filter(livemode=is_live(), kind=Payment.Kind.ONCE, succeeded_at__gt=since)
    gifts = gifts.exclude(contribution__state="gone").select_related("backer")
    if backer is not None:
        pledges, gifts = pledges.filter(backer=backer), gifts.filter(backer=backer)
    return [*_pairs(pledges, "started_at"), *_pairs(gifts, "succeeded_at")]


def before(browser: str, kind: str, money: Money) -> Intent | None:
    """An equal one that this browser completed within the hour: asked before another payment page is made."""
    return _completed_in(browser, kind, money).filter(completed_at__gt=clock.now() - WITHIN).first()


def twin_of(intent: Intent) -> Intent | None:
    """An equal one of the same browser that was completed within an hour of this one."""
    others = _completed_in(intent.browser_hash, intent.kind, intent.amount).exclude(pk=intent.pk)
    at = intent.completed_at
    return others.filter(completed_at__range=(at - WITHIN, at + WITHIN)).first() if at else None


def _completed_in(browser: str, kind: str, money: Money):
    equal = Intent.objects.filter(
        livemode=is_live(), browser_hash=browser, kind=kind, currency=money.currency, amount_minor=money.minor
    )
    return equal.filter(status=Intent.Status.COMPLETED).exclude(browser_hash="").order_by("-completed_at")


def _pairs(rows: Iterable, moment: str) -> list[Double]:
    def likeness(row) -> tuple:
        return row.backer_id, row.currency, row.amount_minor

    ordered = sorted(rows, key=lambda row: (*likeness(row), getattr(row, moment)))
    return [
        Double(first, second)
        for first, second in pairwise(ordered)
        if likeness(first) == likeness(second) and getattr(second, moment) - getattr(first, moment) <= WITHIN
    ]
