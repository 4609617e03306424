"""The time of day, asked in one place by everything that falls due: publication, addenda, links, quarters."""

import datetime as dt

from django.utils import timezone

# Those that an address can name. Years at the ends of the calendar have months that begin before it, or end after it.
YEARS = range(1000, 3000)


def now() -> dt.datetime:
    """The current instant, aware, in UTC."""
    return timezone.now()


def local_month_bounds(year: int, month: int) -> tuple[dt.datetime, dt.datetime]:
    """The half-open span of a calendar month in the site's zone. Raises ValueError for one that no address names."""
    if year not in YEARS:
        raise ValueError(f"The year {year} is not between {YEARS.start} and {YEARS.stop - 1}.")
    zone = timezone.get_default_timezone()
    start = dt.datetime(year, month, 1, tzinfo=zone)
    end = dt.datetime(year + month // 12, month % 12 + 1, 1, tzinfo=zone)
    return start, end
