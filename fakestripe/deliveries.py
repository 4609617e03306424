"""
The delivery of events, signed with the machine's real time: https://docs.stripe.com/webhooks. Each is tried until it is
answered with 2xx, with a growing pause. Faults for an event are decided when it is put in, so that what was put in
while they were set is disturbed, however late it is sent.
"""

import hashlib
import heapq
import hmac
import http.client
import json
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from fakestripe import clock, events

LONGEST_PAUSE = 60  # real seconds
TIMEOUT = 15


@dataclass(frozen=True)
class Parcel:
    number: int
    event: str
    body: bytes
    signature: str


class Outbox:
    """The queue, in the store. Every method is called with the engine's lock held."""

    def __init__(self, engine, url: str, secret: str, wanted: tuple[str, ...] = ("*",)):
        self._engine, self._store = engine, engine.store
        self.url, self._secret, self._wanted = url, secret, wanted
        self.news = threading.Event()
        self._later: list[tuple[float, float, int]] = []  # heap of when, order and number
        self._ready: list[tuple[float, int]] = []  # heap of order and number
        self._last = 0
        self.counts = {"dropped": 0, "accepted": 0, "refused": 0}  # since the start
        for row in self._store.rows["delivery"].values():
            self._last = max(self._last, row["number"])
            self._line_up(row, 0)

    def wants(self, kind: str) -> bool:
        """Whether the endpoint was registered for this type of event. Without a secret there is no endpoint."""
        return bool(self._secret) and ("*" in self._wanted or kind in self._wanted)

    def put(self, event_id: str) -> None:
        faults = self._engine.faults
        if faults.happens(faults.drop):
            self.counts["dropped"] += 1
            return
        for _ in range(2 if faults.happens(faults.duplicate) else 1):
            self.send(event_id, time.time() + faults.delay + faults.spread * faults.chance.random())

    def send(self, event_id: str, not_before: float = 0.0) -> None:
        self._last += 1
        row = {"number": self._last, "event": event_id, "attempts": 0}
        self._store.add("delivery", row, str(self._last))
        self._line_up(row, not_before)

    def waiting(self) -> int:
        return len(self._store.rows["delivery"])

    def seconds_until_next(self) -> float:
        if self._ready:
            return 0
        return max(self._later[0][0] - time.time(), 0) if self._later else LONGEST_PAUSE

    def take(self) -> Parcel | None:
        """The next that is ready, out of the queue until `report` says what became of it."""
        while self._later and self._later[0][0] <= time.time():
            heapq.heappush(self._ready, heapq.heappop(self._later)[1:])
        if not self._ready:
            return None
        number = heapq.heappop(self._ready)[1]
        row = self._store.get("delivery", str(number))
        event = events.shown(self._store.get("event", row["event"]))
        body = json.dumps(event, indent=2).encode()
        return Parcel(number, row["event"], body, self.sign(body))

    def report(self, number: int, status: int) -> None:
        row = self._store.get("delivery", str(number))
        self.counts["accepted" if 200 <= status < 300 else "refused"] += 1
        if 200 <= status < 300:
            self._store.remove("delivery", str(number))
            event = self._store.get("event", row["event"])
            event["pending_webhooks"] = 0
            self._store.touch("event", event)
            return
        row["attempts"] += 1
        self._store.touch("delivery", row, str(number))
        self._line_up(row, time.time() + min(2 ** (row["attempts"] - 1), LONGEST_PAUSE))

    def sign(self, body: bytes) -> str:
        stamp = clock.real_now()
        signed = hmac.new(self._secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        return f"t={stamp},v1={signed}"

    def _line_up(self, row: dict, ready_at: float) -> None:
        faults = self._engine.faults
        order = faults.chance.random() if faults.shuffle else float(row["number"])
        heapq.heappush(self._later, (ready_at, order, row["number"]))
        self.news.set()


class Carrier(threading.Thread):
    """Delivers over HTTP, one after the other, over one connection that is kept open. There may be several."""

    def __init__(self, engine):
        super().__init__(name="fakestripe-carrier", daemon=True)
        self._engine = engine
        self._target = urlsplit(engine.outbox.url)
        self._connection: http.client.HTTPConnection | None = None
        self._is_over = threading.Event()

    def stop(self) -> None:
        self._is_over.set()
        self._engine.outbox.news.set()
        self.join(TIMEOUT)

    def run(self) -> None:
        outbox = self._engine.outbox
        while not self._is_over.is_set():
            with self._engine.lock:
                parcel = outbox.take()
                pause = outbox.seconds_until_next()
                if not parcel:
                    outbox.news.clear()
            if parcel:
                status = self.post(parcel)
                with self._engine.acting():
                    outbox.report(parcel.number, status)
            elif not self._is_over.is_set():  # asked after `clear`, so that the end is never slept through
                outbox.news.wait(pause)
        self._hang_up()

    def post(self, parcel: Parcel) -> int:
        """The answer's status, or 0 without one. A kept connection may have been closed meanwhile: tried twice."""
        for _ in range(2):
            is_fresh = self._connection is None
            try:
                return self._post(parcel)
            except (OSError, http.client.HTTPException):
                self._hang_up()
                if is_fresh:
                    break
        return 0

    def _hang_up(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None

    def _post(self, parcel: Parcel) -> int:
        if self._connection is None:
            kind = http.client.HTTPSConnection if self._target.scheme == "https" else http.client.HTTPConnection
            self._connection = kind(self._target.hostname, self._target.port, timeout=TIMEOUT)
        path = self._target.path or "/"
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": parcel.signature,
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }
        self._connection.request("POST", path, body=parcel.body, headers=headers)
        answer = self._connection.getresponse()
        answer.read()
        return answer.status
