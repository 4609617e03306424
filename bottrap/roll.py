"""
Who is banned, as each process knows it: a dictionary in memory that is read anew when its stamp in the cache has
changed, and once a minute in any case. The cache is looked into once a second, and at once when a process of this
machine says that bans have changed; where nobody can say so, for each request. A lost cache lifts no ban.
"""

import logging
import time
import uuid

from django.core.cache import cache
from django.db import Error, close_old_connections, transaction

from bottrap.models import Ban
from foundation import clock
from pagecache import news

logger = logging.getLogger(__name__)

_STAMP = "bottrap:stamp"
_READ_AGAIN_AFTER = 60.0  # seconds
_TRY_AGAIN_AFTER = 5.0
_LOOK_AGAIN_AFTER = 1.0


class Roll:
    def __init__(self):
        self._stamp: str | None = None
        self._ends: dict[str, float] = {}
        self._due = 0.0
        self._news: int | None = None
        self._looks_again_at = 0.0

    def ends(self) -> dict[str, float]:
        """Of the bans as they are known by now: for each network an instant in seconds since 1970, passed or not."""
        self._keep_up()
        return self._ends

    def banned_until(self, network: str) -> float | None:
        """None for whoever is not banned."""
        return until(self.ends(), network)

    def _keep_up(self) -> None:
        told, now = news.number(), time.monotonic()
        if told is not None and told == self._news and now < self._looks_again_at:
            return
        self._news, self._looks_again_at = told, now + _LOOK_AGAIN_AFTER
        stamp = cache.get(_STAMP)
        if stamp != self._stamp or now >= self._due:
            self._read(stamp)

    def _read(self, stamp: str | None) -> None:
        """The stamp was taken before the rows, so that a ban made in between is read next time."""
        self._due = time.monotonic() + _TRY_AGAIN_AFTER
        self._stamp = stamp
        try:
            close_old_connections()
            rows = list(Ban.objects.active().values_list("network", "expires_at"))
        except Error:
            logger.exception("Bans cannot be read: what was known before holds, and newer ones do not")
            return
        self._ends = {network: expires_at.timestamp() for network, expires_at in rows}
        self._due = time.monotonic() + _READ_AGAIN_AFTER


def until(ends: dict[str, float], network: str) -> float | None:
    """The end of the ban, unless it has passed."""
    end = ends.get(network)
    return end if end is not None and end > clock.now().timestamp() else None


def changed() -> None:
    """Every process reads the bans again, once what was written is committed."""
    transaction.on_commit(_tell)


def _tell() -> None:
    cache.set(_STAMP, uuid.uuid4().hex, timeout=None)
    news.tell()
