"""
Counters per name and somebody, for what may be done only so often. The spans of `hit` begin at fixed times, so that
around a boundary twice the limit may pass; that is the price of one statement per question. `slide` pays two to four
statements, and then no span of that length holds more than the limit, wherever it begins.
"""

import datetime as dt
import hashlib
import hmac
import logging
import sys

from django.conf import settings
from django.db import Error, connection, transaction
from django.db.models import F, Sum

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


STEPS = 10  # in which a sliding span is counted
PRESENT = 1  # the place of the present step among those that are looked at


def slide(name: str, who: str, *, limit: int, window: dt.timedelta) -> bool:
    """
    Like `hit`, for every span of that length. What is refused does not count, so that the next is let through as soon
    as the earliest is old enough; counted in tenths of a span, that may take a tenth longer. Of many who ask at the
    same instant as many are let through as there are places, no more and no fewer.
    """
    steps = _steps(name, who, window)
    digest, ends_at = steps[PRESENT]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            _wait_in_line(cursor, name, who, ends_at)
            cursor.execute(COUNT_ONE_MORE, [digest, connection.ops.adapt_datetimefield_value(ends_at)])
            if _sum(steps) <= limit:
                return True
            Counter.objects.filter(digest=digest).update(count=F("count") - 1)
            return False
    except Error:
        logger.exception("The limit %s could not be counted and lets everybody through", name)
        return True


def give_back(name: str, who: str, *, window: dt.timedelta) -> None:
    """One that `slide` counted just now turned out to be none of those that the limit is for."""
    for digest, _ends_at in _steps(name, who, window)[PRESENT : PRESENT + 2]:
        try:
            with transaction.atomic():
                if Counter.objects.filter(digest=digest, count__gt=0).update(count=F("count") - 1):
                    return
        except Error:
            logger.exception("The limit %s could not be told that one did not count", name)
            return


def _wait_in_line(cursor, name: str, who: str, ends_at: dt.datetime) -> None:
    """
    Until the transaction ends nobody else counts here: whoever counts in this row holds it. The row of a step would not
    do, as around its end others count in the next.
    """
    in_line = _digest("in line", name, who)
    cursor.execute(COUNT_ONE_MORE, [in_line, connection.ops.adapt_datetimefield_value(ends_at)])


def note(name: str, who: str, *, window: dt.timedelta) -> int:
    """Counts one in a sliding span, whatever it comes to, and tells how many there are."""
    slide(name, who, limit=sys.maxsize, window=window)
    return noted(name, who, window=window)


def noted(name: str, who: str, *, window: dt.timedelta) -> int:
    """How many a sliding span holds, without adding one; 0 when the database does not answer."""
    try:
        with transaction.atomic():
            return _sum(_steps(name, who, window))
    except Error:
        logger.exception("The limit %s could not be read", name)
        return 0


def _sum(steps: list[tuple[str, dt.datetime]]) -> int:
    rows = Counter.objects.filter(digest__in=[digest for digest, _ends_at in steps])
    return rows.aggregate(all=Sum("count"))["all"] or 0


def _steps(name: str, who: str, window: dt.timedelta) -> list[tuple[str, dt.datetime]]:
    """
    The rows of the present step and of those that a span which ends in it may reach back to, newest first; before them
    the next one, in which somebody may count whose clock is a little ahead, or who asked later and was served sooner.
    """
    seconds = int(window.total_seconds()) // STEPS
    if seconds < 1:
        raise ValueError("A sliding limit counts over ten seconds at least.")
    newest = int(clock.real_now().timestamp()) // seconds
    return [
        (
            _digest(name, f"{seconds}*{STEPS}", str(step), who),
            dt.datetime.fromtimestamp((step + 1 + STEPS) * seconds, dt.UTC),
        )
        for step in range(newest + 1, newest - STEPS - 1, -1)
    ]


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
    return _digest(name, str(seconds), str(span), who), dt.datetime.fromtimestamp((span + 1) * seconds, dt.UTC)


def _digest(*told: str) -> str:
    text = "\n".join(["foundation.limits", *told])
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
