"""
Counters per name and somebody, for what may be done only so often. Spans begin at fixed times, so that around a
boundary twice the limit may pass; that is the price of one statement per question.
"""

import datetime as dt
import hashlib
import hmac
import logging

from django.conf import settings
from django.db import Error, connection, transaction

from foundation import clock
from foundation.models import Counter

logger = logging.getLogger(__name__)

# The same words for SQLite and PostgreSQL. One statement, so that no two askers are given the same number.
COUNT_ONE_MORE = """
INSERT INTO foundation_counter (digest, count, ends_at) VALUES (%s, 1, %s)
ON CONFLICT (digest) DO UPDATE SET count = foundation_counter.count + 1
RETURNING count
"""


def hit(name: str, who: str, *, limit: int, window: dt.timedelta) -> bool:
    """
    Counts one and tells whether that is still within `limit` for the present span. Ask outside a transaction that may
    be rolled back, or the count goes with it. When the database fails the answer is yes, and the log says so: a
    counter must not be what keeps people out.
    """
    digest, ends_at = _place(name, who, window)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(COUNT_ONE_MORE, [digest, connection.ops.adapt_datetimefield_value(ends_at)])
            (count,) = cursor.fetchone()
    except Error:
        logger.exception("The limit %s could not be counted and lets everybody through", name)
        return True
    return count <= limit


def count(name: str, who: str, *, window: dt.timedelta) -> int:
    """How many there were in the present span, without adding one; 0 when the database does not answer."""
    digest, _ends_at = _place(name, who, window)
    try:
        with transaction.atomic():
            return Counter.objects.filter(digest=digest).values_list("count", flat=True).first() or 0
    except Error:
        logger.exception("The limit %s could not be read", name)
        return 0


def prune() -> int:
    """Drops the counters of spans that are over. Returns how many rows."""
    return Counter.objects.filter(ends_at__lt=clock.real_now()).delete()[0]


def _place(name: str, who: str, window: dt.timedelta) -> tuple[str, dt.datetime]:
    """
    The row of the present span and its end, by the machine's own time. No address is kept: the digest is keyed.
    Raises ValueError for a span shorter than a second.
    """
    seconds = int(window.total_seconds())
    if seconds < 1:
        raise ValueError("A limit counts over a second at least.")
    span = int(clock.real_now().timestamp()) // seconds
    told = "\n".join([name, str(seconds), str(span), who])
    digest = hmac.new(settings.SECRET_KEY.encode(), f"foundation.limits\n{told}".encode(), hashlib.sha256)
    return digest.hexdigest(), dt.datetime.fromtimestamp((span + 1) * seconds, dt.UTC)
