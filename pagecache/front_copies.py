"""The front server's own copies, which stand in FRONT_CACHE_FOLDER: a page that is gone is in none of them."""

import contextlib
import logging
import os
import time
from pathlib import Path

from django.conf import settings

logger = logging.getLogger(__name__)

# A page that was on its way to the front while it was purged is kept there after the first sweep.
LATE_SECONDS = 3.0
_sweep_at = 0.0
_moved_since = False


def remove() -> None:
    """All of them: a cache that keeps pages for two seconds is full again in a blink. Its folders stay."""
    if not settings.FRONT_CACHE_FOLDER:
        return
    try:
        for folder, _folders, names in os.walk(settings.FRONT_CACHE_FOLDER):
            for name in names:
                with contextlib.suppress(FileNotFoundError):
                    (Path(folder) / name).unlink()
    except OSError:
        logger.exception("Copies of the front server cannot be removed")


def remove_late(*, moved: bool) -> None:
    """Asked each second by whoever answers: seconds after something was purged on this machine, all go once more."""
    global _sweep_at, _moved_since
    now = time.monotonic()
    _moved_since = _moved_since or moved
    if _sweep_at and now >= _sweep_at:
        remove()
        _sweep_at = 0.0
    if _moved_since and not _sweep_at:
        _sweep_at, _moved_since = now + LATE_SECONDS, False
