"""Alarms: kept until the check that raised them finds nothing any more, and logged as errors each time."""

import logging

from donations.models import Alarm
from foundation import clock

logger = logging.getLogger(__name__)

LONGEST_TEXT = 4000


def sound(kind: Alarm.Kind, text: str) -> None:
    now = clock.now()
    logger.error("Alarm, %s: %s", kind.label, text)
    Alarm.objects.update_or_create(
        kind=kind,
        defaults={"text": text[:LONGEST_TEXT], "seen_at": now},
        create_defaults={"text": text[:LONGEST_TEXT], "seen_at": now, "since": now},
    )


def quiet(kind: Alarm.Kind) -> None:
    if Alarm.objects.filter(kind=kind).delete()[0]:
        logger.info("The alarm is over: %s", kind.label)


def set_by(kind: Alarm.Kind, text: str) -> None:
    """On with a text, off without."""
    if text:
        sound(kind, text)
    else:
        quiet(kind)
