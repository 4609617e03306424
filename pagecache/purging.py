"""
Purges take effect when the transaction they are said in commits, all of them at once; outside of one, at once. Before
the commit the intent is written down, so that a process that dies between its commit and its purge, or meets a store
that is away, leaves a note from which another carries the purge out.
"""

import logging
import time

from django.db import connection, transaction

from pagecache import stores
from pagecache.intents import Intent
from pagecache.stamps import Purge

NOTE_SECONDS = 1.0

logger = logging.getLogger(__name__)


def purge_stale(*tags: str, every: int = 0) -> None:
    """
    Pages with these tags are old: made anew when next asked for, shown until then only while that is being done or
    while the database is away. With `every` the purge waits for the next full multiple of so many seconds, so that a
    page is not made anew more often than that, however often this is said.
    """
    _purge(Purge(tag, every=every) for tag in tags)


def purge_gone(*tags: str) -> None:
    """Pages with these tags show what nobody may see any longer: every copy goes at once and is never shown again."""
    _purge(Purge(tag, is_gone=True) for tag in tags)


def _purge(purges) -> None:
    store = stores.current()
    if store is None:
        return
    if connection.in_atomic_block:
        waiting = _waiting()
        waiting.add(store, purges)
        # Said for each, since a savepoint that is rolled back takes with it what was said inside; the first that runs
        # carries out all of them, and those of the savepoint too: a purge too many does no harm.
        transaction.on_commit(waiting.carry_out)
    else:
        store.carry_out(list(purges))


class _Waiting:
    """The purges of one connection's transaction."""

    def __init__(self):
        self.purges: dict[str, Purge] = {}
        self.intent: Intent | None = None
        self.written_at = 0.0

    def add(self, store, purges) -> None:
        known = dict(self.purges)
        for purge in purges:
            self.purges[purge.tag] = _stronger(self.purges.get(purge.tag), purge)
        # A note that is older may be one of a transaction that was rolled back, and soon carried out.
        if self.purges != known or time.monotonic() > self.written_at + NOTE_SECONDS:
            self.intent = store.intents.write(self.purges.values(), self.intent)
            self.written_at = time.monotonic()

    def carry_out(self) -> None:
        purges, intent = list(self.purges.values()), self.intent
        self.purges, self.intent = {}, None
        store = stores.current()
        if purges and store is not None:
            store.carry_out(purges, intent)


def _waiting() -> _Waiting:
    if not hasattr(connection, "pagecache_waiting"):
        connection.pagecache_waiting = _Waiting()
    return connection.pagecache_waiting


def _stronger(known: Purge | None, new: Purge) -> Purge:
    """Gone before stale, at once before by and by."""
    if known is None:
        return new
    return min(known, new, key=lambda purge: (not purge.is_gone, purge.every))
