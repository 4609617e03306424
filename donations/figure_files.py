"""The public figures for machines, as rows of a CSV file and as one JSON document: quarters only, never a gift."""

from collections.abc import Iterable, Sequence

from django.conf import settings

from donations import periods
from donations.figures import Change, PublicQuarter, all_currencies
from donations.money import Money

HEADER = [
    "quarter", "first_day", "last_day", "state", "closed_on", "backers", "currency", "total", "received", "promised",
    "approximate", "amounts_hidden", "goal", "backers_since", "total_since", "without_a_rate",
]  # fmt: skip


def rows(quarters: Sequence[PublicQuarter]) -> list[list[str]]:
    """
    A row per quarter, the next one first, and a column for each currency's part of the total at the end. An empty
    field is a figure that is not told. `…_since` is what changed after the books were closed, as far as it is told.
    """
    codes = all_currencies(quarters)
    return [[*HEADER, *codes], *([*_row(quarter), *_parts(quarter, codes)] for quarter in quarters)]


def _row(quarter: PublicQuarter) -> list[str]:
    told = [change for change in quarter.changes if change.money]
    base = settings.BASE_CURRENCY
    return [
        str(quarter.quarter),
        periods.start_of(quarter.quarter).astimezone(periods.zone()).date().isoformat(),
        quarter.quarter.last_day().isoformat(),
        quarter.state.value,
        _day(quarter.closed_at),
        str(quarter.backers),
        base,
        _plain(quarter.total),
        _plain(quarter.received),
        _plain(quarter.promised),
        _yes(quarter.is_about),
        _yes(quarter.is_hidden),
        _plain(quarter.goal.money if quarter.goal else None),
        str(sum(change.backers for change in quarter.changes)) if quarter.changes else "",
        _plain(sum((change.money for change in told), Money(0, base))) if told else "",
        ", ".join(quarter.apart),
    ]


def _parts(quarter: PublicQuarter, codes: Iterable[str]) -> list[str]:
    parts = {each.currency: each.money for each in quarter.currencies}
    return [_plain(parts.get(code)) for code in codes]


def document(quarters: Sequence[PublicQuarter]) -> dict:
    """Amounts are decimal figures as text; null is a figure that is not told."""
    return {
        "base_currency": settings.BASE_CURRENCY,
        "time_zone": settings.TIME_ZONE,
        "amounts_hidden_below": settings.AMOUNTS_HIDDEN_BELOW,
        "quarters": [_quarter(quarter) for quarter in quarters],
    }


def _quarter(quarter: PublicQuarter) -> dict:
    return {
        "quarter": str(quarter.quarter),
        "starts_at": periods.start_of(quarter.quarter).isoformat(),
        "ends_at": periods.end_of(quarter.quarter).isoformat(),
        "state": quarter.state.value,
        "closed_on": _day(quarter.closed_at) or None,
        "backers": quarter.backers,
        "total": _plain(quarter.total) or None,
        "received": _plain(quarter.received) or None,
        "promised": _plain(quarter.promised) or None,
        "approximate": quarter.is_about,
        "goal": _plain(quarter.goal.money) if quarter.goal else None,
        "currencies": {each.currency: _plain(each.money) or None for each in quarter.currencies},
        "without_a_rate": list(quarter.apart),
        "since_closing": [_change(change) for change in quarter.changes],
    }


def _change(change: Change) -> dict:
    return {
        "first_on": _day(change.first_at),
        "last_on": _day(change.last_at),
        "reasons": list(change.reasons),
        "backers": change.backers,
        "total": _plain(change.money) or None,
        "approximate": change.is_about,
        "without_a_rate": list(change.apart),
    }


def _plain(money: Money | None) -> str:
    return "" if money is None else f"{money.decimal:f}"


def _day(moment) -> str:
    return moment.astimezone(periods.zone()).date().isoformat() if moment else ""


def _yes(claim: bool) -> str:
    return "yes" if claim else "no"
