"""
Calendar quarters: half-open spans in one zone. Pure: the zone is given, the present moment too; the site's own zone
and clock come in by `donations.periods`.
"""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Quarter:
    """One of four in a year, `number` from 1 to 4. Raises ValueError for any other number."""

    year: int
    number: int

    def __post_init__(self):
        if self.number not in (1, 2, 3, 4):
            raise ValueError(f"A year has no quarter {self.number}")

    @classmethod
    def containing(cls, moment: dt.datetime, zone: dt.tzinfo) -> "Quarter":
        """`moment` must be aware; a naive one raises ValueError."""
        local = _aware(moment).astimezone(zone)
        return cls(local.year, (local.month - 1) // 3 + 1)

    @classmethod
    def from_ordinal(cls, ordinal: int) -> "Quarter":
        return cls(ordinal // 4, ordinal % 4 + 1)

    @property
    def ordinal(self) -> int:
        """Quarters counted through the years, so that neighbours differ by one."""
        return self.year * 4 + self.number - 1

    def plus(self, quarters: int) -> "Quarter":
        return Quarter.from_ordinal(self.ordinal + quarters)

    @property
    def next(self) -> "Quarter":
        return self.plus(1)

    @property
    def previous(self) -> "Quarter":
        return self.plus(-1)

    def start(self, zone: dt.tzinfo) -> dt.datetime:
        """Its first instant, in UTC."""
        return dt.datetime(self.year, 3 * self.number - 2, 1, tzinfo=zone).astimezone(dt.UTC)

    def end(self, zone: dt.tzinfo) -> dt.datetime:
        """The first instant that is no longer in it, in UTC."""
        return self.next.start(zone)

    def last_day(self) -> dt.date:
        return dt.date(self.next.year, 3 * self.next.number - 2, 1) - dt.timedelta(days=1)

    def __str__(self) -> str:
        return f"Q{self.number} {self.year}"


def months_between(earlier: dt.datetime, later: dt.datetime) -> int:
    """Whole calendar months by month numbers, both in UTC; days do not matter, since anchors on the 31st clamp."""
    first, second = _aware(earlier).astimezone(dt.UTC), _aware(later).astimezone(dt.UTC)
    return (second.year - first.year) * 12 + second.month - first.month


def add_months(anchor: dt.datetime, months: int) -> dt.datetime:
    """
    The anchor's day and time in UTC so many months on; the month's last day where it has no such day, as Stripe bills
    (https://docs.stripe.com/billing/subscriptions/billing-cycle).
    """
    base = _aware(anchor).astimezone(dt.UTC)
    year, month = divmod(base.year * 12 + base.month - 1 + months, 12)
    last = (dt.date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - dt.timedelta(days=1)).day
    return base.replace(year=year, month=month + 1, day=min(base.day, last))


def _aware(moment: dt.datetime) -> dt.datetime:
    if moment.tzinfo is None:
        raise ValueError("A moment without a zone belongs to no quarter and has no month")
    return moment
