"""
The time of day, asked in one place by everything that falls due: publication, addenda, links, quarters. The demo may
run ahead of the machine by an offset that it keeps in a file, which all its processes read.
"""

import datetime as dt
import json
import logging
from pathlib import Path

from django.conf import settings
from django.utils import timezone

logger = logging.getLogger(__name__)

# Those that an address can name. Years at the ends of the calendar have months that begin before it, or end after it.
YEARS = range(1000, 3000)
# Far enough for any demonstration, and no sum with it leaves the calendar.
LONGEST_OFFSET = dt.timedelta(days=36525)
_NONE = dt.timedelta()

_last_read: tuple[tuple, dt.timedelta] = ((), _NONE)


def now() -> dt.datetime:
    """The current instant, aware, in UTC; in the demo, moved by its offset."""
    return timezone.now() + offset()


def real_now() -> dt.datetime:
    """The machine's own time, for what must not move with the demo's clock: the task queue, counters, signatures."""
    return timezone.now()


def is_configured() -> bool:
    return bool(settings.DEMO_CLOCK_FILE)


def is_shifted() -> bool:
    return bool(offset())


def offset() -> dt.timedelta:
    """
    How far `now()` is from the machine's time. The file named by DEMO_CLOCK_FILE holds one integer as JSON, in
    seconds; without the setting or the file it is nothing. The file is read again only when it has changed.
    """
    global _last_read
    name = settings.DEMO_CLOCK_FILE
    if not name:
        return _NONE
    try:
        status = Path(name).stat()
    except OSError:
        return _NONE
    stamp = (name, status.st_mtime_ns, status.st_ino, status.st_size)
    known, value = _last_read
    if stamp != known:
        value = _read(Path(name))
        _last_read = (stamp, value)
    return value


def _read(file: Path) -> dt.timedelta:
    """Nothing, and a line in the log, for a file that does not hold one integer of a sensible size."""
    try:
        seconds = json.loads(file.read_text())
        if type(seconds) is not int or abs(seconds) > LONGEST_OFFSET.total_seconds():
            raise ValueError
    except (OSError, ValueError, RecursionError):
        logger.error("The demo's clock file %s does not hold one whole number of seconds; it is ignored", file)
        return _NONE
    return dt.timedelta(seconds=seconds)


def local_month_bounds(year: int, month: int) -> tuple[dt.datetime, dt.datetime]:
    """The half-open span of a calendar month in the site's zone. Raises ValueError for one that no address names."""
    if year not in YEARS:
        raise ValueError(f"The year {year} is not between {YEARS.start} and {YEARS.stop - 1}.")
    zone = timezone.get_default_timezone()
    start = dt.datetime(year, month, 1, tzinfo=zone)
    end = dt.datetime(year + month // 12, month % 12 + 1, 1, tzinfo=zone)
    return start, end
