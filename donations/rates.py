"""Exchange rates: what is pinned to a payment, what promises are told in, and how rates are kept."""

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from django.conf import settings

from donations import money
from donations.models import ExchangeRate

MICRO = 1_000_000


@dataclass(frozen=True)
class PinnedRate:
    """What one unit of the currency is worth in the base currency, by the reference rate of that date."""

    rate: Decimal
    dated_on: dt.date


def before(currency: str, date: dt.date) -> PinnedRate | None:
    """
    The last reference rate dated before `date`; None unless it is certain that no later one before that date will
    still come.
    """
    if currency == settings.BASE_CURRENCY:
        return PinnedRate(Decimal(1), date - dt.timedelta(days=1))
    known = ExchangeRate.objects.converting(currency, base=settings.BASE_CURRENCY)
    last = known.dated_before(date).order_by("-dated_on").first()
    if last is None:
        return None
    if last.dated_on >= last_publication_before(date) or known.filter(dated_on__gte=date).exists():
        return PinnedRate(last.rate, last.dated_on)
    return None


def latest(currency: str) -> PinnedRate | None:
    """The newest accepted rate, for promises."""
    if currency == settings.BASE_CURRENCY:
        return PinnedRate(Decimal(1), dt.date.min)
    row = ExchangeRate.objects.converting(currency, base=settings.BASE_CURRENCY).order_by("-dated_on").first()
    return PinnedRate(row.rate, row.dated_on) if row else None


def to_base_micro(minor: int, currency: str, rate: Decimal) -> int:
    """Millionths of the base currency's unit, rounded once, half to even."""
    return int((money.to_decimal(minor, currency) * rate * MICRO).to_integral_value(rounding=ROUND_HALF_EVEN))


def last_publication_before(date: dt.date) -> dt.date:
    """The last day before `date` on which the European Central Bank publishes: TARGET's working days."""
    day = date - dt.timedelta(days=1)
    while day.weekday() >= 5 or (day.month, day.day) in {(1, 1), (5, 1), (12, 25), (12, 26)} or _is_easter(day):
        day -= dt.timedelta(days=1)
    return day


def _is_easter(day: dt.date) -> bool:
    """Good Friday or Easter Monday, by the anonymous Gregorian computus."""
    a, b, c = day.year % 19, day.year // 100, day.year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    sunday = dt.date(day.year, f // 31, f % 31 + 1)
    return day in (sunday - dt.timedelta(days=2), sunday + dt.timedelta(days=1))
