"""
When a tag was purged, and what that says of a page whose making began at some instant. Pure. Instants are whole
microseconds of the store's own clock, which never gives the same one twice and never goes back.
"""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

SECOND = 1_000_000
NEVER = 1 << 62


class State(Enum):
    FRESH = "fresh"
    STALE = "stale"  # may be shown while somebody makes it anew, or while nobody can
    GONE = "gone"  # may never be shown again


class Stamp(NamedTuple):
    """
    Of one tag. `settled`: pages begun until then are old. `pending`: those begun until then become old at `due`, for a
    tag with a rhythm. `gone`: those begun until then must never be seen again.
    """

    settled: int = 0
    pending: int = 0
    due: int = 0
    gone: int = 0


@dataclass(frozen=True)
class Purge:
    """One tag's. With a rhythm of `every` seconds it takes effect at the next full multiple of it."""

    tag: str
    is_gone: bool = False
    every: int = 0


class Verdict(NamedTuple):
    state: State
    until: int = NEVER  # when it may change by itself


def purged(stamp: Stamp, purge: Purge, now: int) -> Stamp:
    """
    The tag's next stamp. What was pending and due by now is settled first, so that no purge is forgotten for a later
    one; and what waits already keeps its instant, so that many changes never put it off.
    """
    if purge.is_gone:
        return Stamp(settled=now, gone=now)
    if not purge.every:
        return stamp._replace(settled=now)
    if stamp.due <= now:
        step = purge.every * SECOND
        stamp = stamp._replace(settled=max(stamp.settled, stamp.pending), due=-(-now // step) * step)
    return stamp._replace(pending=now)


def judge(began: int, stamps: list[Stamp], now: int) -> Verdict:
    state, until = State.FRESH, NEVER
    for stamp in stamps:
        if began <= stamp.gone:
            return Verdict(State.GONE)
        if began <= stamp.settled:
            state = State.STALE
        elif began <= stamp.pending:
            if stamp.due <= now:
                state = State.STALE
            else:
                until = min(until, stamp.due)
    return Verdict(state, until)
