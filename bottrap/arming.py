"""
When the trap begins to bite: some days after robots.txt first forbade it, so that every polite crawler has read that.
Pages learn the moment from the cache alone; the timer and every reading of robots.txt put it there.
"""

import datetime as dt

from django.core.cache import cache

from bottrap.models import TrapSettings
from foundation import clock

AFTER = dt.timedelta(days=3)
_KEY = "bottrap:armed_at"


def note_forbidden() -> TrapSettings:
    """Called when robots.txt forbids the trap, as it always does: the first time is written down and never moved."""
    kept = TrapSettings.load()
    if kept.forbidden_since is None:
        TrapSettings.objects.get_or_create(pk=1)
        TrapSettings.objects.filter(pk=1, forbidden_since=None).update(forbidden_since=clock.now())
        kept = TrapSettings.load()
    remember(kept)
    return kept


def remember(kept: TrapSettings) -> None:
    """For pages, which ask no database for it. 0 stands for a trap that is not laid."""
    laid = kept.is_on and kept.forbidden_since
    cache.set(_KEY, (kept.forbidden_since + AFTER).timestamp() if laid else 0, timeout=None)


def armed_at() -> dt.datetime | None:
    """As far as is known without the database; None for a trap that is not laid."""
    moment = cache.get(_KEY)
    return dt.datetime.fromtimestamp(moment, dt.UTC) if moment else None


def is_shown() -> bool:
    """Whether pages carry the link. Nothing known means no link: a lost cache is filled again within minutes."""
    moment = armed_at()
    return moment is not None and clock.now() >= moment


def bites(kept: TrapSettings) -> bool:
    return kept.is_on and kept.forbidden_since is not None and clock.now() >= kept.forbidden_since + AFTER
