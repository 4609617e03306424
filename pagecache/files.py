"""
Pages as files, for one machine: the demo and a small site. Stamps stand on the board, so every process sees a purge at
once. A file is named by the digest of its key; empty files under each tag tell which pages to take away.
"""

import contextlib
import fcntl
import hashlib
import os
import time
import uuid
from pathlib import Path

from pagecache import stores
from pagecache.board import Board
from pagecache.entries import Entry, Unreadable
from pagecache.stamps import Purge, State, Verdict, judge

MOST_PAGES = 50_000
# Addresses that lead to others can be invented without end: they leave half of the room to pages.
MOST_WITH_REDIRECTS = MOST_PAGES // 2
_COUNTED_EVERY = 200


class Files:
    def __init__(self, folder: Path, board: Board):
        self._board = board
        self._pages = folder / "pages"
        self._tags = folder / "tags"
        self._turns = folder / "turns"
        self._writes = 0
        self._count = 0
        with _trouble():
            for place in (self._pages, self._tags, self._turns):
                place.mkdir(parents=True, exist_ok=True, mode=0o700)
            if board.is_new:
                self.prune(everything=True)

    def instant(self) -> int:
        return self._board.instant()

    def read(self, key: str) -> Entry | None:
        try:
            entry = Entry.from_bytes(self._page(key).read_bytes())
        except (FileNotFoundError, Unreadable):
            return None
        except OSError as error:
            raise stores.StoreAway from error
        return entry if entry.key == key else None

    def read_many(self, keys: list[str]) -> list[Entry | None]:
        return [self.read(key) for key in keys]

    def judge_many(self, entries: list[Entry]) -> list[Verdict]:
        return [self.judge(entry) for entry in entries]

    def judge(self, entry: Entry) -> Verdict:
        return judge(entry.began, self._board.stamps(entry.tags), time.time_ns() // 1000)

    def write(self, entry: Entry) -> bool:
        """Under the lock of the board: a purge comes before, and the page is not kept, or after, and takes it away."""
        page = self._page(entry.key)
        draft = page.with_name(f"{uuid.uuid4().hex}.new")
        if self._has_no_room(entry) and not page.exists():
            return False
        with _trouble():
            try:
                draft.write_bytes(entry.to_bytes())
                with self._board.unmoved(entry.tags) as stamps:
                    if judge(entry.began, stamps, time.time_ns() // 1000).state is State.GONE:
                        return False
                    for tag in entry.tags:
                        self._mark(tag, page.name)
                    draft.replace(page)
            finally:
                draft.unlink(missing_ok=True)
        return True

    def purge(self, purges: list[Purge]) -> None:
        self._board.purge(purges)
        with _trouble():
            for purge in purges:
                if purge.is_gone:
                    self._take_away(purge.tag)

    def claim(self, key: str) -> str:
        """A lock that ends with the process that holds it. Pages that share one wait for each other."""
        with _trouble():
            file = os.open(self._turns / _digest(key)[:3], os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return ""
        return str(file)

    def release(self, key: str, token: str) -> None:
        os.close(int(token))

    def prune(self, *, everything: bool = False) -> None:
        """Pages and marks that are older than anything that may be shown."""
        oldest = time.time() + 1 if everything else time.time() - stores.KEPT_SECONDS
        for folder in (self._pages, self._tags):
            for parent, _folders, names in os.walk(folder):
                for name in names:
                    with contextlib.suppress(FileNotFoundError):
                        file = Path(parent) / name
                        if file.stat().st_mtime < oldest:
                            file.unlink()

    def close(self) -> None:
        """Nothing is held open."""

    def _page(self, key: str) -> Path:
        return self._pages / _digest(key)

    def _mark(self, tag: str, name: str) -> None:
        folder = self._tags / _digest(tag)
        folder.mkdir(exist_ok=True)
        (folder / name).touch()

    def _take_away(self, tag: str) -> None:
        folder = self._tags / _digest(tag)
        with contextlib.suppress(FileNotFoundError):
            for mark in folder.iterdir():
                with self._board.unmoved([]):  # so that no page is written between the two, and stands without its mark
                    (self._pages / mark.name).unlink(missing_ok=True)
                    mark.unlink(missing_ok=True)

    def _has_no_room(self, entry: Entry) -> bool:
        """Whoever invents addresses cannot fill the disk."""
        self._writes += 1
        if self._writes % _COUNTED_EVERY == 1:
            with _trouble():
                self._count = sum(1 for _ in os.scandir(self._pages))
                if self._count >= MOST_PAGES:
                    self.prune()
        return self._count >= (MOST_PAGES if entry.status == 200 else MOST_WITH_REDIRECTS)


@contextlib.contextmanager
def _trouble():
    try:
        yield
    except OSError as error:
        raise stores.StoreAway from error


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:40]
