"""
Holds the ledger against the independent summation of the stand-in's rows, figure by figure. Answers with differences
in words, so that an empty list is the proof.
"""

import datetime as dt
from fractions import Fraction
from zoneinfo import ZoneInfo

from tests.donations.summation import Summation

ONE_MICRO = Fraction(1, 1_000_000)


def rates_by_date() -> dict[str, list[tuple[dt.date, Fraction]]]:
    """Every rate that converts something, by currency, the newest first."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT currency, dated_on, rate FROM donations_exchangerate WHERE status = 'accepted'")
        found: dict[str, list] = {}
        for currency, dated_on, rate in cursor.fetchall():
            day = dated_on if isinstance(dated_on, dt.date) else dt.date.fromisoformat(dated_on)
            found.setdefault(currency, []).append((day, Fraction(str(rate))))
    return {currency: sorted(rows, reverse=True) for currency, rows in found.items()}


def summed(rows: dict, *, site: str, now: dt.datetime, base: str = "USD") -> Summation:
    known = rates_by_date()

    def rate(currency: str, day: dt.date) -> Fraction:
        if currency == base:
            return Fraction(1)
        return next(figure for dated_on, figure in known[currency] if dated_on < day)

    from django.conf import settings

    return Summation(rows, site=site, zone=ZoneInfo(settings.TIME_ZONE), now=int(now.timestamp()), rate=rate)


def differences(rows: dict, *, site: str, now: dt.datetime) -> list[str]:
    """Everything in which the ledger departs from the summation, and from a recomputation of itself."""
    return [*_of_figures(summed(rows, site=site, now=now)), *_of_facts(rows, site=site), *_of_derivation()]


def _of_figures(expected: Summation) -> list[str]:
    from donations import tally
    from donations.models import Payment
    from donations.quarters import Quarter

    quarters = {*expected.people, *expected.received, *expected.promised} | {_next_quarter()}
    found = []
    most_rounded = ONE_MICRO * max(1, Payment.objects.count())
    # Promises are written four charges ahead; of quarters further on neither side tells.
    for year, number in sorted(quarters):
        if (year, number) > _plus(_next_quarter(), 1):
            continue
        told = tally.for_quarter(Quarter(year, number))
        key = (year, number)
        sides = {
            "backers": (told.backers, expected.backers(key)),
            "received": (
                {each.currency: each.received_minor for each in told.currencies if each.received_minor},
                {code: minor for code, minor in expected.received[key].items() if minor},
            ),
            "promised": (
                {each.currency: each.promised_minor for each in told.currencies if each.promised_minor},
                {code: minor for code, minor in expected.promised[key].items() if minor},
            ),
            "unconverted": ([str(money) for money in told.unconverted], []),
        }
        found += [
            f"{told.quarter}, {name}: {ours} in the ledger, {theirs} at the stand-in"
            for name, (ours, theirs) in sides.items()
            if ours != theirs
        ]
        if abs(Fraction(told.received_micro, 1_000_000) - expected.base[key]) > most_rounded:
            found.append(f"{told.quarter}: {told.received_micro} in base, {float(expected.base[key])} at the stand-in")
    return found


def _next_quarter() -> tuple[int, int]:
    from donations import periods

    quarter = periods.next_quarter()
    return quarter.year, quarter.number


def _plus(quarter: tuple[int, int], steps: int) -> tuple[int, int]:
    count = quarter[0] * 4 + quarter[1] - 1 + steps
    return count // 4, count % 4 + 1


def _of_facts(rows: dict, *, site: str) -> list[str]:
    """Charge by charge: what is there once, with its amount, and what was taken back."""
    from donations.models import Adjustment, Payment

    charges = {row["id"]: (row["amount"], row["currency"].upper()) for row in rows["charge"] if _succeeded(row)}
    payments = {
        payment.fact_key: (payment.amount_minor, payment.currency)
        for payment in Payment.objects.exclude(method="offline")
        if not payment.fact_key.startswith("offline:")
    }
    taken = {row["id"]: row["amount"] for kind in ("refund", "dispute") for row in rows[kind] if _takes_back(row)}
    adjusted = dict(Adjustment.objects.taking_back().values_list("fact_key", "amount_minor"))
    return [
        f"{name} {key}: {ours.get(key)} in the ledger, {theirs.get(key)} at the stand-in"
        for name, ours, theirs in (("charge", payments, charges), ("taken back by", adjusted, taken))
        for key in sorted({*ours, *theirs})
        if ours.get(key) != theirs.get(key)
    ]


def _succeeded(charge: dict) -> bool:
    return charge["status"] == "succeeded"


def _takes_back(row: dict) -> bool:
    if row["object"] == "dispute":
        return row["status"] == "lost"
    return row["status"] not in ("failed", "canceled")


def _of_derivation() -> list[str]:
    """The rows that figures are read from, against themselves derived anew from the facts."""
    from donations import contributions, ground
    from donations.models import Contribution

    with ground.held():
        before = _said(Contribution.objects.all())
        contributions.rebuild(livemode=False)
        after = _said(Contribution.objects.all())
    return [f"a contribution that is not derived from the facts: {row}" for row in before ^ after]


def _said(rows) -> set[tuple]:
    fields = ("backer", "pledge", "payment", "due_at", "quarter", "state", "currency", "amount_minor", "base_micro")
    return set(rows.values_list(*fields))
