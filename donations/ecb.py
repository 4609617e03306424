"""
Reads the European Central Bank's reference rates: its daily file, that of 90 days and the whole history have one form
(https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates). Pure: bytes in, days out.
What a value is worth is not judged here; a file that is not whole is no file at all.
"""

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal
from xml.parsers import expat

# The whole history had 7,000 days and fewer than 50 currencies after 27 years.
MOST_DAYS = 20_000
MOST_VALUES = 1_000_000
DEEPEST = 8
LONGEST_TEXT = 60

_NUMBER = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,12})?")
_CODE = re.compile(r"[A-Z]{3}")

# Currencies given up for the euro: from which day on, and how many of its units the Council fixed as one euro for
# ever. The bank lists them no more.
FIXED = {
    "LVL": (dt.date(2014, 1, 1), Decimal("0.702804")),
    "LTL": (dt.date(2015, 1, 1), Decimal("3.45280")),
    "HRK": (dt.date(2023, 1, 1), Decimal("7.53450")),
    "BGN": (dt.date(2026, 1, 1), Decimal("1.95583")),
}


class Unreadable(ValueError):
    """The file is not what the bank publishes, or not all of it. Says what is wrong, for the log."""


@dataclass
class Day:
    """The rates of one day as they were written: how many units of each currency one euro was worth."""

    dated_on: dt.date
    written: dict[str, str] = field(default_factory=dict)

    def says_of(self, currency: str) -> str | None:
        """None for a currency that is not among the day's rates."""
        if currency == "EUR":
            return "1"
        since, units = FIXED.get(currency, (dt.date.max, None))
        return str(units) if self.dated_on >= since else self.written.get(currency)


def number(written: str) -> Decimal | None:
    """The value as a number above zero; None for everything else, so also for NaN, signs and exponents."""
    if not _NUMBER.fullmatch(written):
        return None
    return Decimal(written) or None


def read(document: bytes) -> list[Day]:
    """The days of a file, oldest first. Raises Unreadable, also for any DTD: the bank's files have none."""
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = reader.refuse_dtd
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    try:
        parser.Parse(document, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(f"it is not whole XML: {error}") from error
    days = sorted(reader.days.values(), key=lambda day: day.dated_on)
    if not days or not all(day.written for day in days):
        raise Unreadable("it names no rates")
    return days


class _Reader:
    """Three Cubes inside each other: one around all, one with `time`, one with `currency` and `rate`."""

    def __init__(self) -> None:
        self.days: dict[dt.date, Day] = {}
        self._day: Day | None = None
        self._day_depth = 0
        self._depth = 0
        self._values = 0

    def refuse_dtd(self, *declaration: object) -> None:
        raise Unreadable("it declares a document type")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Unreadable("it is nested too deeply")
        if name.rpartition(" ")[2] != "Cube":
            return
        if "time" in attributes:
            self._begin_day(attributes["time"])
        elif "currency" in attributes:
            self._note(attributes["currency"], attributes.get("rate", ""))

    def end(self, name: str) -> None:
        if self._day is not None and self._depth == self._day_depth:
            self._day = None
        self._depth -= 1

    def _begin_day(self, written: str) -> None:
        try:
            dated_on = dt.datetime.strptime(written[:LONGEST_TEXT], "%Y-%m-%d").replace(tzinfo=dt.UTC).date()
        except ValueError as error:
            raise Unreadable(f"“{written[:LONGEST_TEXT]}” is not a date") from error
        if self._day is not None or dated_on in self.days or len(self.days) >= MOST_DAYS:
            raise Unreadable(f"it tells of {dated_on} twice, or of too many days")
        self._day = self.days[dated_on] = Day(dated_on)
        self._day_depth = self._depth

    def _note(self, currency: str, written: str) -> None:
        self._values += 1
        if self._day is None or not _CODE.fullmatch(currency) or currency in self._day.written:
            raise Unreadable(f"it names “{currency[:LONGEST_TEXT]}” where it should not")
        if self._values > MOST_VALUES:
            raise Unreadable("it has more rates than there can be")
        self._day.written[currency] = written.strip()[:LONGEST_TEXT]
