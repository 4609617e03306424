"""A run that is told to stop stops what it has started."""

import signal
import sys


def in_order() -> None:
    """SIGTERM and SIGHUP from now on end the process as Ctrl-C does: with all that stands under `finally`."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda told, frame: sys.exit(128 + told))
