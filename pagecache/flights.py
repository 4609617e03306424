"""
One making at a time for a page, however many ask: between the threads of a process by a lock here, between processes
by one in the store. Who does not get the lock shows the old page, or waits a little for the new one.
"""

import contextlib
import threading
import time

# A page that takes longer is made by whoever asks next, too.
PATIENCE_SECONDS = 5.0
# What was made and could not be stored is not waited for again so soon.
REMEMBERED_SECONDS = 60.0
_MOST_REMEMBERED = 2000


class Flights:
    def __init__(self):
        self._guard = threading.Lock()
        self._making: dict[str, threading.Event] = {}
        self._not_stored: dict[str, float] = {}

    def begin(self, key: str) -> threading.Event | None:
        """None for who may make the page; else what will be set when it is made."""
        with self._guard:
            event = self._making.get(key)
            if event is None:
                self._making[key] = threading.Event()
            return event

    def end(self, key: str) -> None:
        with self._guard:
            event = self._making.pop(key, None)
        if event is not None:
            event.set()

    def is_never_stored(self, key: str) -> bool:
        return self._not_stored.get(key, 0.0) > time.monotonic()

    def was_not_stored(self, key: str) -> None:
        if len(self._not_stored) >= _MOST_REMEMBERED:
            self._not_stored.clear()
        self._not_stored[key] = time.monotonic() + REMEMBERED_SECONDS

    def was_stored(self, key: str) -> None:
        with contextlib.suppress(KeyError):
            del self._not_stored[key]
