"""
What falls due: acts with their moment, played in the order of time whenever the clock has passed them. An act is
registered by name beside the verbs it belongs to and looks at the row anew when its time has come: what was called off
in between is simply not done.
"""

import heapq
from collections.abc import Callable

from fakestripe.store import Store

_ACTS: dict[str, Callable] = {}


def act(name: str) -> Callable:
    """Registers `function(engine, key, at)` under a name that is kept in the store."""

    def register(function: Callable) -> Callable:
        _ACTS[name] = function
        return function

    return register


class Agenda:
    def __init__(self, store: Store):
        self._store = store
        self._heap = [(row["at"], row["number"]) for row in store.rows["due"].values()]
        self._last = max((number for _, number in self._heap), default=0)
        heapq.heapify(self._heap)

    def add(self, at: int, name: str, key: str) -> None:
        self._last += 1
        self._store.add("due", {"at": at, "number": self._last, "act": name, "key": key}, str(self._last))
        heapq.heappush(self._heap, (at, self._last))

    def next_at(self) -> int | None:
        return self._heap[0][0] if self._heap else None

    def play_next(self, engine) -> None:
        at, number = heapq.heappop(self._heap)
        row = self._store.get("due", str(number))
        self._store.remove("due", str(number))
        _ACTS[row["act"]](engine, row["key"], at)
