"""
Where pieces stand: in this process's memory and, as entries beside those of pages, in the store, where the same purges
find them by the same tags. What stands in memory is never believed: the store is asked about all pieces of a page in
one question, after the instant at which the page counts as begun. So a page that was not purged since then shows
nothing that was purged before.
"""

import time
from typing import NamedTuple

from pagecache import stores
from pagecache.counters import counters
from pagecache.declaring import Declared
from pagecache.entries import Entry
from pagecache.keeping import EVERYTHING, FRESH_SECONDS, Making, machine_time
from pagecache.pieces_parts import Parts, pack, unpack
from pagecache.stamps import NEVER, SECOND, State, Verdict

MOST_COMPANIES = 5000
# In the key of a page, after what is the same for all pages of a site: host, release, variant and the moved clock.
_SITE_ENDS = "?"


class Piece:
    """In memory. Its parts lie in its entry's body."""

    __slots__ = ("entry", "is_used", "parts")

    def __init__(self, entry: Entry):
        self.entry = entry
        self.parts = unpack(entry.bodies["identity"])
        self.is_used = False


class Standing(NamedTuple):
    """What was found to be so, until an instant of the machine's clock if nothing is purged before."""

    entry: Entry
    parts: Parts
    until: float


class Desk:
    """The pieces of one page that is being made."""

    def __init__(self, store: stores.Store, making: Making):
        # Beside the whole page in the store, and under no key that can be asked for: hosts have no space in them.
        self.page = f"but for its gaps: {making.key}"
        self._store, self._making = store, making
        self._site = making.key.partition(_SITE_ENDS)[0]
        self._found: dict[str, Standing | None] = {}
        self._wanted: dict[str, None] = {}  # in the order in which they were asked for

    def key(self, name: str) -> str:
        return f"{self._site}#{name}"

    def find_page(self) -> Standing | None:
        """Without what fills its gaps; what stood in them last is looked for in the same question."""
        self._look([self.page, *self._store.companies.get(self.page, ())])
        return self._found[self.page]

    def find(self, key: str) -> Standing | None:
        """Looked for once: what was true then is true for a page that began before."""
        return self.find_many([key])[0]

    def find_many(self, keys: list[str]) -> list[Standing | None]:
        self._wanted |= dict.fromkeys(keys)
        if unknown := [key for key in keys if key not in self._found]:
            self._look(unknown)
        return [self._found[key] for key in keys]

    def remember_company(self) -> None:
        """What this page is joined from now, and not all that it ever was."""
        companies = self._store.companies
        if len(companies) >= MOST_COMPANIES:
            companies.clear()
        companies[self.page] = list(self._wanted)

    def keep(self, key: str, parts: Parts, declared: Declared, headers: list[tuple[str, str]] | None = None) -> None:
        counters.pieces_made += 1
        now = time.time()
        entry = Entry(
            key=key,
            status=200,
            reason="OK",
            headers=headers or [],
            bodies={"identity": pack(parts)},
            etag="",
            tags=sorted(declared.tags | {EVERYTHING}),
            began=self._making.began,
            made_at=now,
            fresh_until=min(now + FRESH_SECONDS, machine_time(declared.until)),
        )
        try:
            with self._store.asked() as pages:
                if pages.write(entry):
                    self._store.pieces.put(key, Piece(entry))
        except stores.StoreAway:
            return

    def _look(self, keys: list[str]) -> None:
        held = self._store.pieces
        try:
            with self._store.asked() as pages:
                known = [piece for key in keys if (piece := held.get(key)) is not None]
                found = _standing(pages, known)
                if missing := [key for key in keys if key not in found]:
                    found |= _standing(pages, self._brought(pages, missing))
        except stores.StoreAway:
            found = {}
        counters.pieces += len(found)
        self._found |= {key: found.get(key) for key in keys}

    def _brought(self, pages: stores.Pages, keys: list[str]) -> list[Piece]:
        """From the store into memory; what stood there under these keys is old."""
        held, brought = self._store.pieces, []
        for key, entry in zip(keys, pages.read_many(keys), strict=True):
            held.drop(key)
            try:
                piece = Piece(entry) if entry is not None else None
            except ValueError:
                continue
            if piece is not None:
                held.put(key, piece)
                brought.append(piece)
        return brought


def _standing(pages: stores.Pages, pieces: list[Piece]) -> dict[str, Standing]:
    if not pieces:
        return {}
    found, verdicts, now = {}, pages.judge_many([piece.entry for piece in pieces]), time.time()
    for piece, verdict in zip(pieces, verdicts, strict=True):
        until = _true_until(piece.entry, verdict)
        if now < until:
            piece.is_used = True
            found[piece.entry.key] = Standing(piece.entry, piece.parts, until)
    return found


def _true_until(entry: Entry, verdict: Verdict) -> float:
    """A tag with a rhythm may be purged already, for an instant that is still to come."""
    if verdict.state is not State.FRESH:
        return 0.0
    return entry.fresh_until if verdict.until == NEVER else min(entry.fresh_until, verdict.until / SECOND)
