"""
The links of a day. Signed with the site's key and the same for every visitor, so pages that carry them can be stored;
good for some days more, so that a stored page never holds a dead one.
"""

import datetime as dt
import hmac

from django.conf import settings
from django.utils.crypto import salted_hmac

from bottrap.paths import TRAP
from foundation import clock

# The numbers of the links. What stands before a page's words is met early by whoever takes links in their order, what
# stands at its foot by whoever takes the last one first. Each leads to the page that warns, and so do two.
AHEAD, AT_FOOT = (3, 4), (1, 5)
FIRST, SECOND = 1, 2
NAMES = {
    3: "at the top, first",
    4: "at the top, second",
    5: "at the foot, first",
    1: "at the foot",
    2: "on the warning",
}
GOOD_FOR_DAYS = 3
_SIGNS = 20


def first() -> str:
    """The one that stands last on every page."""
    return _address(_today(), FIRST)


def ahead() -> list[str]:
    return [_address(_today(), number) for number in AHEAD]


def at_foot() -> list[str]:
    """The last place is that of `first`."""
    return [_address(_today(), number) for number in reversed(AT_FOOT)]


def second() -> str:
    """What stands on the page that warns."""
    return _address(_today(), SECOND)


def number_of(day: int, mark: str) -> int | None:
    """Which of that day's links this is; None for a forged one and for one whose time is over."""
    if not 0 <= _today() - day < GOOD_FOR_DAYS:
        return None
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    for number in (*AT_FOOT, *AHEAD, SECOND):
        if any(hmac.compare_digest(mark.encode(), _mark(day, number, key).encode()) for key in keys):
            return number
    return None


def _today() -> int:
    """By the machine's own time, like every signature."""
    return (clock.real_now().date() - dt.date(2020, 1, 1)).days


def _address(day: int, number: int) -> str:
    return f"{TRAP}{day}/{_mark(day, number, settings.SECRET_KEY)}/"


def _mark(day: int, number: int, key: str) -> str:
    return salted_hmac("bottrap.links", f"{day}:{number}", secret=key, algorithm="sha256").hexdigest()[:_SIGNS]
