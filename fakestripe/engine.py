"""
What every verb is handed first: the rows, the time, the lock and the outbox. An act is everything between `acting()`
and its end: seen by nobody before it is over, then written to the file and told by events.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fakestripe import events
from fakestripe.clock import Clock
from fakestripe.deliveries import Outbox
from fakestripe.due import Agenda
from fakestripe.faults import Faults
from fakestripe.store import Row, Store

# How many requests are remembered for `/_fake/requests`.
REMEMBERED_REQUESTS = 20_000
_NOBODY = {"id": None, "idempotency_key": None}


@dataclass(frozen=True)
class Options:
    key: str = "sk_test_standin"
    state: Path | None = None
    clock_file: Path | None = None
    webhook_url: str = ""
    webhook_secret: str = ""
    wanted_events: tuple[str, ...] = ("*",)
    carriers: int = 1  # deliveries under way at the same time


class Engine:
    def __init__(self, options: Options, address: str = "http://127.0.0.1"):
        self.options, self.address = options, address
        self.lock = threading.RLock()
        self.faults = Faults()
        self.store = Store(options.state)
        self.clock = Clock(options.clock_file, self._remembered_offset())
        self.agenda = Agenda(self.store)
        self.outbox = Outbox(self, options.webhook_url, options.webhook_secret, options.wanted_events)
        self.asked: dict[str, Any] = _NOBODY
        self.requests: list[dict[str, Any]] = []

    @contextmanager
    def acting(self, request_id: str | None = None, idempotency_key: str | None = None) -> Iterator[None]:
        """Nothing else happens meanwhile. What was changed is written at the end, after a refusal too."""
        with self.lock:
            self.asked = {"id": request_id, "idempotency_key": idempotency_key} if request_id else _NOBODY
            try:
                yield
            finally:
                self.asked = _NOBODY
                self.store.commit()

    def now(self) -> int:
        return self.clock.now()

    @property
    def offset(self) -> int:
        return self.clock.offset

    def set_offset(self, seconds: int) -> None:
        self.clock.set_offset(seconds)
        self.store.add("clock", {"offset": seconds}, "clock")

    def waiting(self) -> int:
        return self.outbox.waiting()

    def get(self, kind: str, key: str) -> Row:
        return self.store.get(kind, key)

    def find(self, kind: str, **equals: Any) -> list[Row]:
        """Newest first."""
        return list(self.store.newest_first(kind, **equals))

    def add(self, row: Row, event: str = "") -> Row:
        """A new object, told by an event when its kind has one."""
        self.store.add(row["object"], row)
        if event:
            self.tell(event, row)
        return row

    def tell(self, event: str, row: Row) -> None:
        """An event about a row whose changes are done, without saying what was before."""
        self.store.touch(row["object"], row)
        events.record(self, event, row)

    def changing(self, event: str, row: Row):
        return events.recording_change(self, event, row)

    def remember_request(self, asked: dict[str, Any]) -> None:
        self.requests.append(asked)
        del self.requests[:-REMEMBERED_REQUESTS]

    def _remembered_offset(self) -> int | None:
        row = self.store.rows["clock"].get("clock")
        return row["offset"] if row else None
