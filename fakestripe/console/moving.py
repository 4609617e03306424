"""Where the clock's buttons lead."""

import datetime as dt

from fakestripe.errors import Refused
from fakestripe.months import DAY, add_months

STEPS = {"day": "a day", "week": "a week", "month": "a month", "quarter": "to the next quarter"}


def target(now: int, step: str, date: str = "") -> int:
    """The moment to move to: a step from now, or noon of a date, which is that day in the site's zone too."""
    if step == "quarter":
        at = dt.datetime.fromtimestamp(now, dt.UTC)
        first = at.replace(month=at.month - (at.month - 1) % 3, day=1, hour=12, minute=0, second=0, microsecond=0)
        return add_months(int(first.timestamp()), 3)
    if step in STEPS:
        return add_months(now, 1) if step == "month" else now + {"day": DAY, "week": 7 * DAY}[step]
    try:
        noon = dt.datetime.combine(dt.date.fromisoformat(date), dt.time(12), dt.UTC)
    except ValueError:
        raise Refused("A date such as 2027-01-31 is needed.") from None
    if noon.timestamp() <= now:
        raise Refused("The clock is only moved forwards: what was charged cannot be undone.")
    return int(noon.timestamp())
