"""
Counts every answer of this process in memory, beside what others count there, and hands both on once a second: a
request costs one addition. Without METRICS_FOLDER nothing is counted and the application stays as it is.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from time import monotonic

from django.conf import settings

Application = Callable[[dict, Callable], Iterable[bytes]]
Read = Callable[[], Mapping[str, int]]
HAND_ON_SECONDS = 1.0


def count(application: Application, *, page_cache: Read) -> Application:
    if not settings.METRICS_FOLDER:
        return application
    from foundation.metrics.shared import prometheus_client

    answers = {f"{figure}xx": 0 for figure in "12345"}
    handed_on = [
        _HandedOn(
            prometheus_client.Counter("antiempire_answers", "Answers by the first figure", ["status"]), lambda: answers
        ),
        _HandedOn(prometheus_client.Counter("antiempire_page_cache", "What became of pages", ["outcome"]), page_cache),
    ]
    clock = _EverySecond(lambda: [each.hand_on() for each in handed_on])

    def counted(environ: dict, start_response: Callable) -> Iterable[bytes]:
        def start(status: str, headers: list, *error):
            answers[f"{status[0]}xx"] += 1  # without a lock: one lost in a million does not matter
            clock.tick()
            return start_response(status, headers, *error)

        return application(environ, start)

    return counted


class _EverySecond:
    """Does something once a second at most, in the thread of whoever comes by, and in one thread at a time."""

    def __init__(self, act: Callable[[], object]):
        self._act = act
        self._due = 0.0
        self._lock = threading.Lock()

    def tick(self) -> None:
        if monotonic() < self._due or not self._lock.acquire(blocking=False):
            return
        try:
            self._due = monotonic() + HAND_ON_SECONDS
            self._act()
        finally:
            self._lock.release()


class _HandedOn:
    """What has been added since last time."""

    def __init__(self, counter, read: Read):
        self._counter, self._read = counter, read
        self._told: dict[str, int] = {}

    def hand_on(self) -> None:
        for name, number in self._read().items():
            if (more := number - self._told.get(name, 0)) > 0:
                self._counter.labels(name).inc(more)
                self._told[name] = number
