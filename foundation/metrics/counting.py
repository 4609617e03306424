"""
Counts every answer of this process, and hands on what others have counted in memory. Costs a request one addition.
Without METRICS_FOLDER nothing is counted and the application stays as it is.
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

    answers = prometheus_client.Counter("antiempire_answers", "Answers by the first figure of their status", ["status"])
    by_figure = {figure: answers.labels(f"{figure}xx") for figure in "12345"}
    hand_on = _HandedOn(
        prometheus_client.Counter("antiempire_page_cache", "What became of stored pages", ["outcome"]), page_cache
    )

    def counted(environ: dict, start_response: Callable) -> Iterable[bytes]:
        def start(status: str, headers: list, *error):
            by_figure[status[0]].inc()
            hand_on.now_and_then()
            return start_response(status, headers, *error)

        return application(environ, start)

    return counted


class _HandedOn:
    """What has been added since last time, once a second at most."""

    def __init__(self, counter, read: Read):
        self._counter, self._read = counter, read
        self._told: dict[str, int] = {}
        self._due = 0.0
        self._lock = threading.Lock()

    def now_and_then(self) -> None:
        if monotonic() < self._due or not self._lock.acquire(blocking=False):
            return
        try:
            self._due = monotonic() + HAND_ON_SECONDS
            for outcome, number in self._read().items():
                if (more := number - self._told.get(outcome, 0)) > 0:
                    self._counter.labels(outcome).inc(more)
                    self._told[outcome] = number
        finally:
            self._lock.release()
