"""
The WSGI callable that answers a stored page before Django starts to work on it. Nearly every request takes the first
few lines of `__call__`: one look into this process's memory, and one number read that moves when something is purged
on this machine. It fails open: whatever goes wrong here, Django answers.
"""

import logging
import time
from collections.abc import Callable, Iterable
from time import monotonic

from pagecache import away, flights, stores
from pagecache.answers import Answer, Ready, encoding_for, headers_until, names_it
from pagecache.asking import Asked, Reader
from pagecache.board import GENERATION
from pagecache.counters import counters
from pagecache.entries import Entry
from pagecache.hot import Hot
from pagecache.keeping import MAKING, Making
from pagecache.last_good import LastGood
from pagecache.stamps import SECOND, State, Verdict

logger = logging.getLogger(__name__)

Application = Callable[[dict, Callable], Iterable[bytes]]

# A copy in memory is used for so long without a question to the store.
HOT_SECONDS = 1.0
# While the database is away a stored page is shown at once, and only so often somebody tries to make it anew.
DATABASE_REST_SECONDS = 2.0
# A page that was gone when it was ready is made again, so often.
MOST_TRIES = 3
_POLL_SECONDS = 0.03


def answer_stored_pages(application: Application) -> Application:
    """The application itself where nothing is stored."""
    return application if stores.current() is None else Front(application)


class Front:
    def __init__(self, application: Application):
        self._application = application
        self._reader = Reader()
        self._is_plain = self._reader.is_plain
        self._hot = Hot()
        self._flights = flights.Flights()
        self._store: stores.Store | None = None  # whoever looks for a page opens it
        self._last_goods = LastGood()
        self._database_rests_until = 0.0

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        if self._is_plain(environ):
            ready = self._in_memory(self._reader.plain_key(environ))
            if ready is not None:
                counters.hits += 1
                return self._send(ready, environ, start_response)
        try:
            asked = self._reader.asked(environ)
            if asked is None:
                return self._application(environ, start_response)
            ready, old = self._look(asked.key)
        except Exception:
            logger.exception("A stored page could not be looked for")
            return self._application(environ, start_response)
        if ready is not None:
            counters.hits += 1
            return self._send(ready, environ, start_response)
        return self._without_fresh(asked, old, environ, start_response)

    def _in_memory(self, key: str) -> Ready | None:
        ready = self._hot.get(key)
        if (
            ready is not None
            and ready.generation == self._store.board.cells[GENERATION]
            and monotonic() < ready.good_until
        ):
            return ready
        return None

    def _without_fresh(self, asked: Asked, old: Entry | None, environ: dict, start_response: Callable):
        if old is not None and monotonic() < self._database_rests_until:
            return self._last_good(old, environ, start_response)
        patience_ends = monotonic() + flights.PATIENCE_SECONDS
        while not self._need_not_wait(asked.key) and monotonic() < patience_ends:
            is_ours, flight = self._flights.begin(asked.key)
            if is_ours:
                try:
                    return self._alone_in_process(asked, old, environ, start_response, patience_ends)
                finally:
                    self._flights.end(asked.key, flight)
            if old is not None:
                return self._stale(old, environ, start_response)
            flight.is_over.wait(patience_ends - monotonic())
            ready, old = self._look(asked.key)
            if ready is not None:
                counters.hits += 1
                return self._send(ready, environ, start_response)
        return self._make(asked, old, environ, start_response)

    def _need_not_wait(self, key: str) -> bool:
        """There is nothing to wait for, or nobody to spare."""
        return self._flights.is_never_stored(key) or monotonic() < self._database_rests_until

    def _alone_in_process(
        self, asked: Asked, old: Entry | None, environ: dict, start_response: Callable, patience_ends: float
    ):
        """Other processes may be making the same page."""
        while (token := self._claim(asked.key)) == "" and monotonic() < patience_ends:
            if old is not None:
                return self._stale(old, environ, start_response)
            time.sleep(_POLL_SECONDS)
            ready, old = self._look(asked.key)
            if ready is not None:
                counters.hits += 1
                return self._send(ready, environ, start_response)
        try:
            ready, old = self._look(asked.key)  # whoever had the lock before may have made it
            if ready is not None:
                counters.hits += 1
                return self._send(ready, environ, start_response)
            return self._make(asked, old, environ, start_response)
        finally:
            if token:
                self._release(asked.key, token)

    def _look(self, key: str) -> tuple[Ready | None, Entry | None]:
        """The page ready to be sent; or an old copy, if there is one that may be shown."""
        if (ready := self._in_memory(key)) is not None:
            return ready, None
        store = self._store = stores.current()
        known = self._hot.get(key)
        try:
            with store.asked() as pages:
                generation = store.board.generation
                entry, verdict = self._judged(pages, known.entry) if known is not None else (None, None)
                if entry is None or verdict.state is not State.FRESH:
                    entry, verdict = self._judged(pages, pages.read(key))
        except stores.StoreAway:
            return None, None
        if entry is None or verdict.state is State.GONE:
            self._hot.drop(key)
            return None, None
        if verdict.state is State.FRESH:
            return self._keep_hot(key, entry, verdict, generation), None
        return None, entry

    def _judged(self, pages, entry: Entry | None) -> tuple[Entry | None, Verdict | None]:
        now = time.time()
        if entry is None or now - entry.made_at > stores.KEPT_SECONDS:
            return None, None
        verdict = pages.judge(entry)
        if verdict.state is State.FRESH and now >= entry.fresh_until:
            verdict = Verdict(State.STALE)
        return entry, verdict

    def _keep_hot(self, key: str, entry: Entry, verdict: Verdict, generation: int) -> Ready:
        now = time.time()
        ends = min(entry.fresh_until, verdict.until / SECOND)
        hold = max(0.0, min(HOT_SECONDS, ends - now))
        headers = headers_until(entry, ends, now + hold)
        ready = Ready(entry, generation=generation, good_until=monotonic() + hold, headers=headers)
        self._hot.put(key, ready)
        return ready

    def _make(self, asked: Asked, old: Entry | None, environ: dict, start_response: Callable) -> Iterable[bytes]:
        for _ in range(MOST_TRIES):
            counters.misses += 1
            generation, gone = self._store.board.generation, self._store.board.gone
            making = Making(asked.key, asked.variant, self._instant(), environ.get("QUERY_STRING", ""))
            made = asked.environ(environ) | {MAKING: making}
            heard = _Heard()
            body = self._application(made, heard)
            if making.entry is None:
                return self._relay(asked, old, made, heard, body, environ, start_response)
            _close(body)
            making.entry.pack(encoding_for(environ.get("HTTP_ACCEPT_ENCODING", "")))
            ready = self._keep(asked.key, making, generation, gone)
            if ready is not None:
                break
        else:
            logger.error("A page was gone each time it was ready: %s", asked.path)
            return self._application(environ, start_response)
        self._flights.was_stored(asked.key, yes=True)
        return self._send(ready, environ, start_response)

    def _keep(self, key: str, making: Making, generation: int, gone: int) -> Ready | None:
        """None for a page that became gone while it was made."""
        entry = making.entry
        try:
            with self._store.asked() as pages:
                if not making.began:
                    raise stores.StoreAway
                counters.stored += pages.write(entry)
                looked_at = self._store.board.generation
                verdict = pages.judge(entry)
                generation = looked_at
        except stores.StoreAway:
            # For this process alone, and only as long as what stands in memory is not asked about.
            verdict = Verdict(State.GONE if gone != self._store.board.gone else State.FRESH)
        if verdict.state is State.GONE:
            return None
        if verdict.state is State.FRESH:
            return self._keep_hot(key, entry, verdict, generation)
        headers = headers_until(entry, 0.0, time.time())
        return Ready(entry, headers=headers)

    def _prepare(self, ready: Ready, encoding: str) -> Answer:
        """What is compressed for one reader is stored for all of them."""
        if ready.entry.pack(encoding) and ready.is_stored:
            try:
                with self._store.asked() as pages:
                    pages.write(ready.entry)
            except stores.StoreAway:
                logger.debug("A page that was compressed could not be stored so")
        return ready.prepare(encoding)

    def _relay(self, asked: Asked, old, made: dict, heard: "_Heard", body, environ: dict, start_response: Callable):
        """What is not stored goes to the one who asked."""
        if not made.get(away.DATABASE_AWAY):
            self._flights.was_stored(asked.key, yes=False)
        else:
            self._database_rests_until = monotonic() + DATABASE_REST_SECONDS
            if old is not None:
                _close(body)
                return self._last_good(old, environ, start_response)
        start_response(*heard.told)
        if environ["REQUEST_METHOD"] == "HEAD":
            _close(body)
            return []
        return body

    def _instant(self) -> int:
        """0 where the store cannot tell: such a page is not stored."""
        try:
            with self._store.asked() as pages:
                return pages.instant()
        except stores.StoreAway:
            return 0

    def _claim(self, key: str) -> str | None:
        """The lock between processes; empty while another holds it, None where there is none to be had."""
        try:
            with self._store.asked() as pages:
                return pages.claim(key)
        except stores.StoreAway:
            return None

    def _release(self, key: str, token: str) -> None:
        """Whatever became of the store meanwhile."""
        try:
            self._store.pages.release(key, token)
        except stores.StoreAway:
            logger.debug("A lock ends by itself")

    def _stale(self, entry: Entry, environ: dict, start_response: Callable) -> Iterable[bytes]:
        counters.stale += 1
        headers = headers_until(entry, 0.0, time.time())
        return self._send(Ready(entry, headers=headers), environ, start_response)

    def _last_good(self, entry: Entry, environ: dict, start_response: Callable) -> Iterable[bytes]:
        counters.stale += 1
        return self._send(self._last_goods.of(entry), environ, start_response)

    def _send(self, ready: Ready, environ: dict, start_response: Callable) -> Iterable[bytes]:
        accepted = environ.get("HTTP_ACCEPT_ENCODING")
        encoding = encoding_for(accepted) if accepted else "identity"
        answer = ready.answers.get(encoding) or self._prepare(ready, encoding)
        ready.is_used = True
        seen = environ.get("HTTP_IF_NONE_MATCH")
        if seen and (seen == answer.etag or names_it(seen, answer.etag)):
            counters.not_modified += 1
            start_response("304 Not Modified", answer.short_headers)
            return []
        start_response(answer.status, answer.headers)
        return answer.body if environ["REQUEST_METHOD"] == "GET" else []


class _Heard:
    """Takes what an application tells the server, until it is decided whether the server hears of it."""

    told: tuple = ("500 Internal Server Error", [])

    def __call__(self, status: str, headers: list[tuple[str, str]], exc_info=None) -> None:
        self.told = (status, headers)


def _close(body) -> None:
    if hasattr(body, "close"):
        body.close()
