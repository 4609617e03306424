"""
The two links of a day. Signed with the site's key and the same for every visitor, so pages that carry one can be
stored; good for some days more, so that a stored page never holds a dead one.
"""

import datetime as dt
import hmac

from django.conf import settings
from django.utils.crypto import salted_hmac

from bottrap.paths import TRAP
from foundation import clock

FIRST, SECOND = 1, 2
GOOD_FOR_DAYS = 3
_SIGNS = 20


def first() -> str:
    """What stands at the foot of every page."""
    return _address(_today(), FIRST)


def second() -> str:
    """What stands on the page that warns."""
    return _address(_today(), SECOND)


def step_of(day: int, mark: str) -> int | None:
    """Which of that day's links this is; None for a forged one and for one whose time is over."""
    if not 0 <= _today() - day < GOOD_FOR_DAYS:
        return None
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    for step in (FIRST, SECOND):
        if any(hmac.compare_digest(mark.encode(), _mark(day, step, key).encode()) for key in keys):
            return step
    return None


def _today() -> int:
    """By the machine's own time, like every signature."""
    return (clock.real_now().date() - dt.date(2020, 1, 1)).days


def _address(day: int, step: int) -> str:
    return f"{TRAP}{day}/{_mark(day, step, settings.SECRET_KEY)}/"


def _mark(day: int, step: int, key: str) -> str:
    return salted_hmac("bottrap.links", f"{day}:{step}", secret=key, algorithm="sha256").hexdigest()[:_SIGNS]
