"""
Whatever happens in whatever order: pages are begun, finished, served and purged, in two stores. A model keeps what
was written when, and says what may be shown.
"""

import time

import pytest
from hypothesis import Phase
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from pagecache import stores
from pagecache.entries import Entry
from pagecache.stamps import Purge, State
from tests.pagecache.sequences import StoreSequence, run

PAGES = {"/1/": ["article:1", "banner"], "/2/": ["article:2", "banner"], "/": ["article:1", "article:2", "listings"]}
tags = st.sampled_from(["article:1", "article:2", "listings", "banner"])
pages = st.sampled_from(sorted(PAGES))


class Sequence(StoreSequence):
    """A version is a number that each write moves. A page made at a version shows it for all of its tags."""

    def __init__(self):
        super().__init__()
        self.least = {tag: 0 for tags in PAGES.values() for tag in tags}  # what a fresh page must show at least
        self.least_at_all = dict(self.least)  # what an old one must
        self.making: list[tuple[str, int, int]] = []

    @rule(page=pages)
    def begin(self, page):
        """The stamp first, then what the page shows."""
        self.making.append((page, self.store.pages.instant(), self.version))

    @rule(place=st.integers(0, 5))
    def finish(self, place):
        if self.making:
            page, began, version = self.making.pop(place % len(self.making))
            self.store.pages.write(entry(page, began, version))

    @rule(tag=tags)
    def write_and_purge_stale(self, tag):
        self.version += 1
        self.store.carry_out([Purge(tag)])
        self.least[tag] = self.version

    @rule(tag=tags)
    def write_and_purge_gone(self, tag):
        self.version += 1
        self.store.carry_out([Purge(tag, is_gone=True)])
        self.least[tag] = self.least_at_all[tag] = self.version

    @rule(tag=tags)
    def write_and_die_before_the_purge(self, tag):
        """Another process finds the note."""
        self.version += 1
        self.store.intents.write([Purge(tag)], is_due=True)
        self.least[tag] = self.version

    @rule()
    def lose_the_board(self):
        self._begin_with_another_board()

    @invariant()
    def nothing_older_than_promised_is_shown(self):
        self.store._looked_at = 0.0  # a second later
        for page, shown in PAGES.items():
            with self.store.asked() as kept:
                found = kept.read(page)
                verdict = kept.judge(found) if found else None
            if found is None or verdict.state is State.GONE:
                continue
            version = int(found.bodies["identity"])
            assert version >= max(self.least_at_all[tag] for tag in shown)
            if verdict.state is State.FRESH:
                assert version >= max(self.least[tag] for tag in shown)


def entry(page: str, began: int, version: int) -> Entry:
    now = time.time()
    body = str(version).encode()
    return Entry(page, 200, "OK", [], {"identity": body}, "x", PAGES[page], began, now, now + 300)


def expect_to_be_found_out():
    """Without the search for the shortest such sequence."""
    with pytest.raises(AssertionError):
        run(InFiles, max_examples=200, phases=[Phase.generate], report_multiple_bugs=False, database=None)


class InFiles(Sequence):
    pass


def test_no_sequence_shows_an_old_page_from_files():
    run(InFiles)


@pytest.mark.usefixtures("redis_url")
def test_no_sequence_shows_an_old_page_from_redis(redis_server):
    run(type("InRedis", (Sequence,), {"url": redis_server.url}))


def test_a_store_that_takes_the_end_of_a_making_for_its_beginning_is_found_out(monkeypatch):
    """So that the two above can fail."""
    original = entry

    def stamped_at_the_end(page, began, version):
        return original(page, stores.current().pages.instant(), version)

    monkeypatch.setattr("tests.pagecache.test_any_sequence.entry", stamped_at_the_end)
    expect_to_be_found_out()


def test_a_store_that_keeps_its_pages_beside_a_new_board_is_found_out(monkeypatch):
    monkeypatch.setattr("pagecache.board.Board._begin", lambda self: None)
    expect_to_be_found_out()
