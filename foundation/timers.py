"""
Commands that run by the clock. Each is safe to repeat, and nothing that readers wait for depends on one: publication
and addenda fall due by themselves. An app says in `ready()` what it wants run how often.
"""

import datetime as dt
import logging
from dataclasses import dataclass

from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.db.models import Q

from foundation import clock
from foundation.models import TimerRun

logger = logging.getLogger(__name__)


FREQUENT = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Timer:
    command: str
    every: dt.timedelta


_timers: dict[str, Timer] = {}


def register(command: str, *, every: dt.timedelta) -> None:
    _timers[command] = Timer(command, every)


def run_due() -> list[str]:
    """Runs what is due and returns the names. One that fails is logged, noted, and holds up none of the others."""
    return [timer.command for timer in list(_timers.values()) if _claim(timer) and _run(timer)]


def is_frequent(command: str) -> bool:
    """Runs several times an hour, mostly to find that there is nothing to do."""
    return _timers[command].every < FREQUENT


def failing() -> list[TimerRun]:
    return list(TimerRun.objects.filter(command__in=_timers).exclude(failed_with=""))


def _claim(timer: Timer) -> bool:
    """True for one of all processes that ask in the same span; the database decides which."""
    now = clock.now()
    long_ago = Q(begun_at__lte=now - timer.every)
    in_a_future_taken_back = Q(begun_at__gt=now + timer.every)  # the demo's clock was set back
    due = TimerRun.objects.filter(long_ago | in_a_future_taken_back, command=timer.command)
    if due.update(begun_at=now):
        return True
    if TimerRun.objects.filter(command=timer.command).exists():
        return False
    try:
        with transaction.atomic():
            TimerRun.objects.create(command=timer.command, begun_at=now)
    except IntegrityError:
        return False
    return True


def _run(timer: Timer) -> bool:
    trouble = ""
    try:
        call_command(timer.command)
    # A command loop: whatever one command raises, the others have their turn.
    except Exception as error:
        logger.exception("The timer's command %s failed", timer.command)
        trouble = f"{type(error).__name__}: {error}"[:300]
    TimerRun.objects.filter(pk=timer.command).update(failed_with=trouble)
    return True
