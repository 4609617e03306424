"""
Exchange rates for the demo. They are invented: a few made-up figures, straight lines between them and a small wobble,
the same on every machine. They resemble no day's real rates and must never convert real money.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator
from decimal import Decimal, localcontext
from itertools import pairwise

from donations import rates

FIRST, LAST = dt.date(2024, 1, 1), dt.date(2029, 12, 31)
SOURCE_NOTE = "invented for the demo"

# What one unit is worth in US dollars at the beginning of each year, and on the last day.
_ANCHOR_DAYS = [*(dt.date(year, 1, 1) for year in range(2024, 2030)), LAST]
_ANCHORS = {
    "USD": "1 1 1 1 1 1 1",
    "EUR": "1.10 1.04 1.17 1.13 1.08 1.15 1.11",
    "GBP": "1.27 1.25 1.34 1.30 1.26 1.33 1.29",
    "CAD": "0.75 0.70 0.73 0.74 0.72 0.76 0.75",
    "AUD": "0.68 0.62 0.66 0.67 0.65 0.70 0.69",
    "JPY": "0.0071 0.0064 0.0067 0.0069 0.0072 0.0070 0.0068",
}
_WOBBLE = Decimal("0.003")  # to either side


class NotInvented(ValueError):
    """There is no sample for that currency."""


def currencies(base: str) -> list[str]:
    """Those there is a sample for. Raises NotInvented for a base currency without one."""
    if base not in _ANCHORS:
        raise NotInvented(f"There are no sample rates against {base}, only against {', '.join(_ANCHORS)}.")
    return [currency for currency in _ANCHORS if currency != base]


def working_days() -> Iterator[dt.date]:
    """The days on which the European Central Bank would publish."""
    days = (FIRST + dt.timedelta(days=number) for number in range((LAST - FIRST).days + 1))
    return filter(rates.is_working_day, days)


def rate_on(day: dt.date, currency: str, base: str) -> Decimal:
    """What one unit of the currency is said to be worth in the base currency, to ten decimals."""
    with localcontext(prec=40):
        return (_in_dollars(day, currency) / _in_dollars(day, base)).quantize(Decimal("1e-10"))


def _in_dollars(day: dt.date, currency: str) -> Decimal:
    anchors = list(zip(_ANCHOR_DAYS, map(Decimal, _ANCHORS[currency].split()), strict=True))
    (start, low), (end, high) = next(pair for pair in pairwise(anchors) if pair[0][0] <= day <= pair[1][0])
    straight = low + (high - low) * (day - start).days / (end - start).days
    return straight if currency == "USD" else straight * (1 + _WOBBLE * _wobble(day, currency))


def _wobble(day: dt.date, currency: str) -> Decimal:
    """From −1 to 1, settled by the day and the currency."""
    number = int.from_bytes(hashlib.sha256(f"{currency} {day}".encode()).digest()[:2])
    return Decimal(number - 32768) / 32768
