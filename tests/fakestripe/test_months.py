"""The grid of an anchor. The dates were counted on a paper calendar."""

import datetime as dt

import pytest

from fakestripe.months import add_months


def epoch(text: str) -> int:
    return int(dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC).timestamp())


@pytest.mark.parametrize(
    ("anchor", "months", "expected"),
    [
        ("2026-01-31 10:00", 3, "2026-04-30 10:00"),
        ("2026-01-31 10:00", 6, "2026-07-31 10:00"),
        ("2026-11-30 10:00", 3, "2027-02-28 10:00"),
        ("2026-11-30 10:00", 6, "2027-05-30 10:00"),
        ("2027-11-30 10:00", 3, "2028-02-29 10:00"),
        ("2026-08-29 00:00", 6, "2027-02-28 00:00"),
        ("2028-02-29 23:59", 12, "2029-02-28 23:59"),
        ("2028-02-29 23:59", 48, "2032-02-29 23:59"),
        ("2026-12-31 22:30", 3, "2027-03-31 22:30"),
        ("2026-10-15 12:00", 3, "2027-01-15 12:00"),
    ],
)
def test_a_short_month_is_charged_on_its_last_day_and_the_day_comes_back(anchor, months, expected):
    assert add_months(epoch(anchor), months) == epoch(expected)
