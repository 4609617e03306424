"""Pages in files that are taken away while another process writes one at the same place."""

import threading
from pathlib import Path

import pytest

from pagecache import stores
from pagecache.stamps import Purge
from tests.pagecache.test_any_sequence import PAGES, entry

PAGE = "/1/"
TAG = PAGES[PAGE][0]


@pytest.fixture
def store(settings, files_url):
    settings.PAGE_CACHE_URL = files_url
    yield stores.current()
    stores.forget()


class Turn:
    """The lock of the board, which tells that somebody waits for it."""

    def __init__(self, somebody: threading.Event):
        self._lock, self._somebody = threading.Lock(), somebody

    def __enter__(self):
        if not self._lock.acquire(blocking=False):
            self._somebody.set()
            self._lock.acquire()

    def __exit__(self, *told):
        self._lock.release()


def stored_after_two_purges(store, monkeypatch) -> bool:
    """Between the removal of a page and of its mark somebody writes the page anew; then it is gone once more."""
    pages, unlink = store.pages, Path.unlink
    assert pages.write(entry(PAGE, pages.instant(), 1))
    file = pages._page(PAGE)
    writes_or_waits = threading.Event()
    store.board._turn = Turn(writes_or_waits)

    def write():
        pages.write(entry(PAGE, pages.instant(), 2))
        writes_or_waits.set()

    writer = threading.Thread(target=write)

    def unlinked(path, **told):
        unlink(path, **told)
        if path == file and not writer.ident:
            writer.start()
            assert writes_or_waits.wait(20)

    monkeypatch.setattr(Path, "unlink", unlinked)
    pages.purge([Purge(TAG, is_gone=True)])
    writer.join(20)
    pages.purge([Purge(TAG, is_gone=True)])
    return file.exists()


def test_a_page_that_is_written_meanwhile_goes_with_the_next_purge(store, monkeypatch):
    assert not stored_after_two_purges(store, monkeypatch)
