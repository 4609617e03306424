"""The time of day, asked in one place by everything that falls due: publication, addenda, links, quarters."""

import datetime as dt

from django.utils import timezone


def now() -> dt.datetime:
    """The current instant, aware, in UTC."""
    return timezone.now()


def local_month_bounds(year: int, month: int) -> tuple[dt.datetime, dt.datetime]:
    """The half-open span of a calendar month in the site's zone. Raises ValueError for a month that does not exist."""
    zone = timezone.get_default_timezone()
    start = dt.datetime(year, month, 1, tzinfo=zone)
    end = dt.datetime(year + month // 12, month % 12 + 1, 1, tzinfo=zone)
    return start, end
