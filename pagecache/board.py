"""
A small file that all processes of this machine have mapped into their memory: what one writes the others see at once,
for the price of reading a number. It holds how often something was purged here, the instants that were given out, and,
for the store of files, the stamps of tags.
"""

import contextlib
import fcntl
import hashlib
import mmap
import os
import threading
import time
from array import array
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from pagecache.stamps import Purge, Stamp, purged

_MAGIC = 0xA17E_0001
_VERSION, _BOOT, GENERATION, _LAST, _NEWS, _GONE = range(6)
_HEAD = 64  # cells
_SLOTS = 32_768  # tags that share one are purged together, which costs a page made anew and nothing else
_SIZE = 8 * (_HEAD + 4 * _SLOTS)


class Board:
    """One mapping. Stays readable when its file is taken away, but is then nobody else's: see `is_current`."""

    def __init__(self, folder: Path):
        self._file = -1
        self._path = folder / "board"
        self._turn = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with self._locked():
            if os.fstat(self._file).st_size != _SIZE:
                os.ftruncate(self._file, 0)
                # Not a hole: writing into one on a full disk would end the process.
                os.posix_fallocate(self._file, 0, _SIZE)
            self.cells = memoryview(mmap.mmap(self._file, _SIZE)).cast("Q")
            # After the machine was started anew, notes of what was not yet purged may be lost: nothing holds any more.
            self.is_new = (self.cells[_VERSION], self.cells[_BOOT]) != (_MAGIC, _boot())
            if self.is_new:
                self._begin()

    def _begin(self) -> None:
        """Whatever page was begun before is gone, and no number is one that a board before this has shown."""
        now = max(_now(), self.cells[_LAST] + 1)
        self.cells[GENERATION] = self.cells[_GONE] = self.cells[_NEWS] = now
        self.cells[_HEAD:] = memoryview(array("Q", Stamp(settled=now, gone=now)) * _SLOTS)
        self.cells[_LAST] = now
        self.cells[_BOOT] = _boot()
        self.cells[_VERSION] = _MAGIC

    def is_current(self) -> bool:
        """False once its file was removed: processes that start from now on share another."""
        with contextlib.suppress(OSError):
            return self._path.stat().st_ino == os.fstat(self._file).st_ino
        return False

    def close(self) -> None:
        """What is mapped stays readable for whoever looks at it still."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def __del__(self):
        self.close()

    @property
    def generation(self) -> int:
        """Moves with every purge on this machine."""
        return self.cells[GENERATION]

    @property
    def gone(self) -> int:
        """Moves with every purge on this machine after which something may not be seen any longer."""
        return self.cells[_GONE]

    def moved(self, *, is_gone: bool) -> None:
        with self._locked():
            self.cells[_GONE] += is_gone
            self.cells[GENERATION] += 1

    @property
    def news(self) -> int:
        """Moves when something else changes that processes keep in memory: see `pagecache.news`."""
        return self.cells[_NEWS]

    def tell(self) -> None:
        with self._locked():
            self.cells[_NEWS] += 1

    def instant(self) -> int:
        """Later than any that was given out before, by whichever process."""
        with self._locked():
            return self._instant()

    def purge(self, purges: list[Purge]) -> None:
        """Old pages stop before anybody can be told that something was purged."""
        with self._locked():
            now = self._instant()
            for purge in purges:
                slot = _slot(purge.tag)
                self._put(slot, purged(self._get(slot), purge, now))
            self.cells[_GONE] += any(purge.is_gone for purge in purges)
            self.cells[GENERATION] += 1

    def stamps(self, tags: list[str]) -> list[Stamp]:
        return [self._get(_slot(tag)) for tag in tags]

    @contextlib.contextmanager
    def unmoved(self, tags: list[str]) -> Iterator[list[Stamp]]:
        """The stamps, which nobody can move meanwhile."""
        with self._locked():
            yield self.stamps(tags)

    def _instant(self) -> int:
        last = max(_now(), self.cells[_LAST] + 1)
        self.cells[_LAST] = last
        return last

    def _get(self, slot: int) -> Stamp:
        """Read without a lock, `due` first: whoever reads in the middle of `_put` takes a page for older than it is."""
        place = _HEAD + 4 * slot
        due = self.cells[place + 2]
        return Stamp(self.cells[place], self.cells[place + 1], due, self.cells[place + 3])

    def _put(self, slot: int, stamp: Stamp) -> None:
        place = _HEAD + 4 * slot
        self.cells[place + 3] = stamp.gone
        self.cells[place] = stamp.settled
        self.cells[place + 1] = stamp.pending
        self.cells[place + 2] = stamp.due

    @contextlib.contextmanager
    def _locked(self):
        """Between threads and between processes."""
        with self._turn:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)


@lru_cache(maxsize=8192)
def _slot(tag: str) -> int:
    return int.from_bytes(hashlib.blake2b(tag.encode(), digest_size=4).digest()) % _SLOTS


def _now() -> int:
    return time.time_ns() // 1000


def _boot() -> int:
    """A number that differs after each start of the machine; 0 where nobody tells it."""
    with contextlib.suppress(OSError):
        return int(Path("/proc/sys/kernel/random/boot_id").read_text().strip().replace("-", "")[:15], 16)
    return 0
