"""
Where stored pages are kept, by PAGE_CACHE_URL: files on this machine, Redis, or nowhere. What a store does:

`instant()`     the instant at which the making of a page begins
`read(key)`     the entry, whatever became of it, or None
`judge(entry)`  whether it may be shown
`read_many`, `judge_many`   the same for several in one question
`write(entry)`  keeps it, unless it is gone already
`claim(key)`    a token for whoever may make the page, empty while another makes it; `release` gives it back
`purge(list)`   moves the stamps of tags; takes pages that are gone away

Each may raise StoreAway.
"""

import contextlib
import logging
import threading
import time
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from pagecache import front_copies
from pagecache.board import Board
from pagecache.counters import counters
from pagecache.entries import Entry
from pagecache.hot import Hot
from pagecache.intents import Intent, Intents
from pagecache.stamps import Purge, Verdict

logger = logging.getLogger(__name__)

KEPT_SECONDS = 24 * 3600
# A store that failed is left alone for so long.
REST_SECONDS = 1.0
# What each process may hold of pieces.
PIECES_BYTES = 16 * 1024 * 1024


class StoreAway(Exception):
    """The store cannot be asked now: serve without it."""


class Pages(Protocol):
    def instant(self) -> int: ...
    def read(self, key: str) -> Entry | None: ...
    def judge(self, entry: Entry) -> Verdict: ...
    def read_many(self, keys: list[str]) -> list[Entry | None]: ...
    def judge_many(self, entries: list[Entry]) -> list[Verdict]: ...
    def write(self, entry: Entry) -> bool: ...
    def purge(self, purges: list[Purge]) -> None: ...
    def claim(self, key: str) -> str: ...
    def release(self, key: str, token: str) -> None: ...
    def prune(self) -> None: ...
    def close(self) -> None: ...


class Store:
    """The pages, this machine's board, and the notes of purges that are still to be carried out."""

    def __init__(self, pages: Pages, board: Board, folder: Path):
        self.pages = pages
        self.board = board
        self.intents = Intents(folder / "intents")
        # Of `pieces`: those in this process's memory, and by the key of a page which stood on it when it was made last.
        self.pieces = Hot(PIECES_BYTES)
        self.companies: dict[str, list[str]] = {}
        self._rests_until = 0.0
        self._looked_at = 0.0
        self._is_away = False
        self._generation = -1

    @contextlib.contextmanager
    def asked(self):
        """Around every question to the pages. Nothing is served from a store that has not heard of a purge."""
        if time.monotonic() < self._rests_until:
            raise StoreAway
        try:
            self.catch_up()
            yield self.pages
            if self._is_away:
                self._is_away = False
                logger.warning("Stored pages can be reached again")
        except StoreAway as error:
            self._rest(error)
            raise

    def carry_out(self, purges: list[Purge], intent: Intent | None = None) -> None:
        """Never fails: what the store does not take stays written down, and nobody is served from it until it has."""
        counters.purges += len(purges)
        try:
            if time.monotonic() < self._rests_until:
                raise StoreAway
            self.pages.purge(purges)
        except StoreAway as error:
            self.intents.write(purges, intent, is_due=True)
            self._rest(error)
        else:
            self.intents.done(intent)
        finally:
            self._tell(purges)

    def catch_up(self) -> None:
        """Carries out what others left undone: looked for each second, and at once after a purge on this machine."""
        generation = self.board.generation
        if time.monotonic() < self._looked_at + 1 and generation == self._generation:
            return
        self.finish()
        front_copies.remove_late(moved=generation != self._generation)
        self._looked_at, self._generation = time.monotonic(), generation

    def finish(self) -> None:
        for intent, purges in self.intents.overdue():
            self.pages.purge(purges)
            self.intents.done(intent)
            self._tell(purges)

    def _tell(self, purges: list[Purge]) -> None:
        is_gone = any(purge.is_gone for purge in purges)
        self.board.moved(is_gone=is_gone)
        if is_gone:
            front_copies.remove()

    def _rest(self, error: Exception) -> None:
        counters.store_errors += 1
        if time.monotonic() >= self._rests_until:
            self._rests_until = time.monotonic() + REST_SECONDS
        if not self._is_away:
            self._is_away = True
            logger.error("Stored pages cannot be reached; each is made when asked for: %s", error.__cause__ or error)


_opened: dict[tuple[str, str], Store] = {}
_opening = threading.Lock()
_refused_until = 0.0


def current() -> Store | None:
    """
    The store of the settings, opened once per process; None where nothing is stored. Anew if its folder was taken away;
    while none can be made, processes go on with the board that they have mapped, which they still share.
    """
    url = settings.PAGE_CACHE_URL
    if not url:
        return None
    place = (url, settings.PAGE_CACHE_FOLDER)
    store = _opened.get(place)
    if store is None or not store.board.is_current():
        with _opening:
            store = _opened.get(place)
            if store is None:
                store = _opened[place] = _open(*place)
            elif not store.board.is_current() and time.monotonic() >= _refused_until:
                store = _reopened(place, store)
    return store


def _reopened(place: tuple[str, str], store: Store) -> Store:
    global _refused_until
    try:
        store = _opened[place] = _open(*place)
    except OSError:
        logger.exception("The folder of stored pages is gone, and cannot be made anew")
        _refused_until = time.monotonic() + REST_SECONDS
    return store


_seen: tuple[float, Store | None] = (0.0, None)


def forget() -> None:
    """Opens the store anew when it is asked for next."""
    global _seen, _refused_until
    for store in _opened.values():
        store.pages.close()
        store.board.close()
    _opened.clear()
    _seen, _refused_until = (0.0, None), 0.0


def recent() -> Store | None:
    """What `current` said within the last second, for what is asked with each request."""
    global _seen
    now = time.monotonic()
    if now >= _seen[0]:
        _seen = (now + 1, current())
    return _seen[1]


def _open(url: str, folder: str) -> Store:
    scheme = urlsplit(url).scheme
    if scheme == "file":
        from pagecache.files import Files

        folder = Path(urlsplit(url).path)
        board = Board(folder)
        return Store(Files(folder, board), board, folder)
    if scheme in ("redis", "rediss", "unix"):
        from pagecache.redis_pages import RedisPages

        folder = Path(folder)
        return Store(RedisPages(url), Board(folder), folder)
    raise ImproperlyConfigured("PAGE_CACHE_URL begins with redis://, rediss://, unix:// or file://, or is empty.")
