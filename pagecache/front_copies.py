"""The front server's own copies, which stand in FRONT_CACHE_FOLDER: a page that is gone is in none of them."""

import contextlib
import logging
import os
from pathlib import Path

from django.conf import settings

logger = logging.getLogger(__name__)


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
