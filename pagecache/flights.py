"""
One making at a time for a page among the threads of a process, however many ask; between processes the store has a
lock of its own. Who may not make it shows the old page, or waits a little for the new one.
"""

import threading
import time
from typing import NamedTuple

# A making that takes longer is no longer waited for: whoever asks next makes the page, too.
PATIENCE_SECONDS = 5.0
# A page that was made and could not be stored is not waited for again so soon.
REMEMBERED_SECONDS = 60.0
_MOST_REMEMBERED = 2000


class Flight(NamedTuple):
    is_over: threading.Event
    began: float


class Flights:
    def __init__(self):
        self._guard = threading.Lock()
        self._flights: dict[str, Flight] = {}
        self._not_stored: dict[str, float] = {}

    def begin(self, key: str) -> tuple[bool, Flight]:
        """Whether this is the flight of whoever asks; `end` it then."""
        now = time.monotonic()
        with self._guard:
            flight = self._flights.get(key)
            if flight is not None and now < flight.began + PATIENCE_SECONDS:
                return False, flight
            own = self._flights[key] = Flight(threading.Event(), now)
            return True, own

    def end(self, key: str, flight: Flight) -> None:
        with self._guard:
            if self._flights.get(key) is flight:
                del self._flights[key]
        flight.is_over.set()

    def is_never_stored(self, key: str) -> bool:
        return self._not_stored.get(key, 0.0) > time.monotonic()

    def was_stored(self, key: str, *, yes: bool) -> None:
        if yes:
            self._not_stored.pop(key, None)
            return
        if len(self._not_stored) >= _MOST_REMEMBERED:
            self._not_stored.clear()
        self._not_stored[key] = time.monotonic() + REMEMBERED_SECONDS
