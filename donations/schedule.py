"""
Which quarter each charge of a pledge backs, and which charges are still to come. Pure: charges, anchor, zone and the
closed books are given.

The rules are those told to readers: the first charge backs the quarter after the one in which it succeeded; each
later one the first quarter + n, where n counts from the anchor to the start of the charge's period, both in UTC, in
steps of three months. A moved anchor begins again by the first rule, never earlier than the quarter after the last
one paid. A charge paid after its quarter's books closed backs the quarter after its payment.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from donations.quarters import Quarter, add_months, months_between

MONTHS = 3  # between two charges
AHEAD = 4  # how many charges that are not made yet are looked at: enough for the next two quarters, whatever is late
_SAME_GRID = dt.timedelta(hours=36)  # clamped days and leap seconds stay within, the next day of a moved anchor is not


@dataclass(frozen=True, order=True)
class Charge:
    """`due_at` is the start of the period it pays for; `succeeded_at` is None while it is not paid."""

    due_at: dt.datetime
    succeeded_at: dt.datetime | None = None


@dataclass
class _Epoch:
    anchor_at: dt.datetime
    first: Quarter

    def holds(self, due_at: dt.datetime) -> bool:
        return _on_grid(self.anchor_at, due_at)

    def quarter(self, due_at: dt.datetime) -> Quarter:
        return self.first.plus(months_between(self.anchor_at, due_at) // MONTHS)


def due_dates_ahead(
    anchor_at: dt.datetime, known: Iterable[dt.datetime], *, next_at: dt.datetime | None = None
) -> list[dt.datetime]:
    """
    The next charges by the anchor that are not among the known ones, counted from the latest known, and none from
    before the one that goes before `next_at`: that one may not have been told of yet, older ones were made long ago.
    """
    on_grid = [due for due in known if _on_grid(anchor_at, due)]
    first = months_between(anchor_at, max(on_grid)) // MONTHS + 1 if on_grid else 0
    if next_at is not None:
        first = max(first, months_between(anchor_at, next_at) // MONTHS - 1)
    return [add_months(anchor_at, MONTHS * number) for number in range(first, first + AHEAD)]


def quarters_backed(
    charges: Iterable[Charge],
    *,
    anchor_at: dt.datetime,
    zone: dt.tzinfo,
    closed: Mapping[Quarter, dt.datetime],
) -> dict[dt.datetime, Quarter]:
    """
    The quarter each charge backs, by its `due_at`. `anchor_at` is the subscription's present anchor, `closed` says
    when a quarter's books were closed. The answer does not depend on the order of the charges.
    """
    backed: dict[dt.datetime, Quarter] = {}
    epoch: _Epoch | None = None
    last_paid: Quarter | None = None
    for charge in _one_for_each_period(charges):
        if epoch is None or not epoch.holds(charge.due_at):
            epoch = _begin(charge, anchor_at=anchor_at, zone=zone, last_paid=last_paid)
        quarter = epoch.quarter(charge.due_at)
        if charge.succeeded_at is not None:
            if quarter in closed and charge.succeeded_at >= closed[quarter]:
                quarter = Quarter.containing(charge.succeeded_at, zone).next
            last_paid = max(last_paid, quarter) if last_paid else quarter
        backed[charge.due_at] = quarter
    return backed


def _one_for_each_period(charges: Iterable[Charge]) -> list[Charge]:
    """In their order; where several were made for one period, the first of them that was paid."""
    ordered = sorted(
        charges, key=lambda each: (each.due_at, each.succeeded_at is None, each.succeeded_at or each.due_at)
    )
    return [next(same) for _due_at, same in groupby(ordered, key=lambda each: each.due_at)]


def _begin(charge: Charge, *, anchor_at: dt.datetime, zone: dt.tzinfo, last_paid: Quarter | None) -> _Epoch:
    """
    The anchor is where the epoch's first charge fell: this charge's own date, or the subscription's anchor when an
    earlier charge of the same grid is not known to us.
    """
    starts_here = not _on_grid(anchor_at, charge.due_at) or anchor_at > charge.due_at
    anchor = charge.due_at if starts_here else anchor_at
    is_first = abs(charge.due_at - anchor) <= _SAME_GRID
    moment = charge.succeeded_at if is_first and charge.succeeded_at else anchor
    first = Quarter.containing(moment, zone).next
    return _Epoch(anchor, max(first, last_paid.next) if last_paid else first)


def _on_grid(anchor_at: dt.datetime, due_at: dt.datetime) -> bool:
    """Whether a charge at that date belongs to that anchor: whole quarters of months away, on the anchor's day."""
    months = months_between(anchor_at, due_at)
    return months % MONTHS == 0 and abs(add_months(anchor_at, months) - due_at) <= _SAME_GRID
