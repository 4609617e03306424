"""
A quarter's books: open while it lasts, closing for some days after it, closed by `close()`. The closed figure then
stands for ever; what changes later is dated beside it (`donations.contributions`), and both together must always be
what a recomputation finds.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.db.models import Count, Q

from donations import contributions, ground, periods
from donations.models import Contribution, LateEntry, QuarterBook, StripeEvent
from donations.quarters import Quarter
from foundation import clock


class State(StrEnum):
    AHEAD = "ahead"
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"


class CannotClose(Exception):
    """Says in words for the treasurer why the books stay open."""


class AreClosed(Exception):
    """Says in words for the treasurer why something about a quarter is no longer changed."""


@dataclass(frozen=True)
class Standing:
    """A quarter's sums in the form in which they are closed: millionths of the base unit, minor units per currency."""

    backers: int
    base_micro: int
    totals: dict[str, int]
    unconverted: dict[str, int]


def closes_at(quarter: Quarter) -> dt.datetime:
    """The earliest moment: the first of the day that is BOOKS_CLOSE_AFTER_DAYS days after the quarter's last."""
    zone = periods.zone()
    day = quarter.last_day() + dt.timedelta(days=settings.BOOKS_CLOSE_AFTER_DAYS)
    return dt.datetime.combine(day, dt.time(), tzinfo=zone).astimezone(dt.UTC)


def state(quarter: Quarter, book: QuarterBook | None) -> State:
    if book and book.closed_at:
        return State.CLOSED
    current = periods.current_quarter()
    if quarter > current:
        return State.AHEAD
    return State.OPEN if quarter == current else State.CLOSING


def to_be_closed(*, livemode: bool) -> list[Quarter]:
    """Quarters whose time has come, the oldest first: every one from the first that holds anything."""
    first = Contribution.objects.filter(livemode=livemode).order_by("quarter").first()
    if first is None:
        return []
    closed = set(
        QuarterBook.objects.filter(livemode=livemode).exclude(closed_at=None).values_list("quarter", flat=True)
    )
    span = range(first.quarter.ordinal, periods.current_quarter().ordinal)
    quarters = [Quarter.from_ordinal(number) for number in span]
    return [quarter for quarter in quarters if quarter not in closed and closes_at(quarter) <= clock.now()]


def close(quarter: Quarter, *, livemode: bool) -> QuarterBook:
    """
    Closes one quarter's books at the present moment. Raises CannotClose when it is too early or while events wait;
    that nothing differs from Stripe is for the caller to see to (`close_books`). Closing again changes nothing.
    """
    with ground.held():
        book, _ = QuarterBook.objects.get_or_create(quarter=quarter, livemode=livemode)
        if book.closed_at:
            return book
        if clock.now() < closes_at(quarter):
            raise CannotClose(f"The books of {quarter} may be closed from {closes_at(quarter):%-d %B %Y} on.")
        waiting = StripeEvent.objects.unhandled().count()
        if waiting:
            raise CannotClose(f"{waiting} events from Stripe wait to be worked on; the books stay open until they are.")
        standing = recompute(quarter, livemode=livemode)
        book.closed_at = clock.now()
        book.closed_backers, book.closed_base_micro = standing.backers, standing.base_micro
        book.closed_totals, book.closed_unconverted = standing.totals, standing.unconverted
        book.closed_people = _people_by_currency(quarter, livemode=livemode)
        book.save()
        _drop_promises(quarter, livemode=livemode)
        return book


def set_goal(quarter: Quarter, goal_minor: int | None, *, livemode: bool) -> QuarterBook:
    """None for no goal. Raises AreClosed: how far a quarter came is measured by the goal that it was closed with."""
    with ground.held():
        book, _ = QuarterBook.objects.get_or_create(quarter=quarter, livemode=livemode)
        if book.closed_at:
            raise AreClosed(f"The books of {quarter} are closed, and its goal stands as it stood then.")
        book.goal_minor = goal_minor
        book.save(update_fields=["goal_minor"])
        return book


def _drop_promises(quarter: Quarter, *, livemode: bool) -> None:
    """A charge that comes after the closing backs another quarter."""
    cause = contributions.Cause(LateEntry.Reason.CORRECTION, clock.now())
    promised = Contribution.objects.in_quarter(quarter, livemode=livemode).filter(state=Contribution.State.PROMISED)
    for row in promised.select_related("pledge"):
        contributions.derive_pledge(row.pledge, cause)


def recompute(quarter: Quarter, *, livemode: bool) -> Standing:
    """What was received for the quarter as the ledger stands now."""
    totals, unconverted, people, base_micro = defaultdict(int), defaultdict(int), set(), 0
    rows = Contribution.objects.in_quarter(quarter, livemode=livemode).received()
    for backer, currency, minor, micro in rows.values_list("backer", "currency", "amount_minor", "base_micro"):
        people.add(backer)
        totals[currency] += minor
        base_micro += micro or 0
        if micro is None:
            unconverted[currency] += minor
    return Standing(len(people), base_micro, dict(totals), dict(unconverted))


def _people_by_currency(quarter: Quarter, *, livemode: bool) -> dict[str, list[int]]:
    """Everybody who gave in the currency, and those of whose gift no rate is known: what may be told rests on both."""
    rows = Contribution.objects.in_quarter(quarter, livemode=livemode).received().order_by().values("currency")
    counted = rows.annotate(
        everybody=Count("backer", distinct=True),
        unrated=Count("backer", distinct=True, filter=Q(base_micro=None)),
    )
    return {row["currency"]: [row["everybody"], row["unrated"]] for row in counted}


def as_entered(book: QuarterBook) -> Standing:
    """The closed figure and its late entries together."""
    totals, unconverted = defaultdict(int, book.closed_totals), defaultdict(int, book.closed_unconverted)
    backers, base_micro = book.closed_backers, book.closed_base_micro
    for entry in book.late_entries.all():
        backers += entry.backers
        base_micro += entry.base_micro
        totals[entry.currency] += entry.amount_minor
        unconverted[entry.currency] += entry.unconverted_minor
    return Standing(backers, base_micro, _without_zeros(totals), _without_zeros(unconverted))


def unbalanced(*, livemode: bool) -> list[QuarterBook]:
    """Closed books that a recomputation contradicts. There must be none, ever."""
    books = QuarterBook.objects.filter(livemode=livemode).exclude(closed_at=None).prefetch_related("late_entries")
    return [book for book in books if as_entered(book) != recompute(book.quarter, livemode=livemode)]


def _without_zeros(sums: dict[str, int]) -> dict[str, int]:
    return {currency: minor for currency, minor in sums.items() if minor}
