"""The calendar of billing: https://docs.stripe.com/billing/subscriptions/billing-cycle. All in UTC."""

import calendar
import datetime as dt

DAY = 86400
HOUR = 3600


def add_months(anchor: int, months: int) -> int:
    """
    The anchor's day and time of day so many months on, or the last day of a month that is too short. Always counted
    from the anchor, so that the 31st comes back after February.
    """
    start = dt.datetime.fromtimestamp(anchor, dt.UTC)
    count = start.year * 12 + start.month - 1 + months
    year, month = divmod(count, 12)
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return int(start.replace(year=year, month=month + 1, day=day).timestamp())


def next_on_grid(anchor: int, months: int, after: int) -> int:
    """The first date of the anchor's grid that lies after a moment; `months` is the grid's width."""
    steps = 0
    while add_months(anchor, steps * months) <= after:
        steps += 1
    return add_months(anchor, steps * months)
