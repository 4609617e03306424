"""Times in the sample files count from the moment of loading, so that a demo is always of today. Pure."""

import datetime as dt
import re

UNITS = {"d": "days", "h": "hours", "m": "minutes"}
SPAN = re.compile(r"\d+[dhm](?: \d+[dhm])*")


def moment(words: str, loaded_at: dt.datetime) -> dt.datetime:
    """
    "2d 3h ago" and "in 1d", counted from `loaded_at`, or a fixed time such as "2020-02-27T20:46:00Z".
    Raises ValueError for anything else.
    """
    if words.endswith(" ago"):
        return loaded_at - _span(words.removesuffix(" ago"))
    if words.startswith("in "):
        return loaded_at + _span(words.removeprefix("in "))
    fixed = dt.datetime.fromisoformat(words)
    if fixed.tzinfo is None:
        raise ValueError(f"{words!r} needs a time zone, such as the Z in 2020-02-27T20:46:00Z.")
    return fixed


def _span(words: str) -> dt.timedelta:
    if not SPAN.fullmatch(words):
        raise ValueError(f"{words!r} is no span of time. Write it like 2d 3h 10m.")
    return dt.timedelta(**{UNITS[part[-1]]: int(part[:-1]) for part in words.split()})
