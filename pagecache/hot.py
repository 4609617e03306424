"""The pages, or pieces of them, that are asked for most: in this process's memory, up to a number of bytes."""

import threading

from pagecache.answers import Ready

MOST_BYTES = 24 * 1024 * 1024


class Hot:
    def __init__(self, most_bytes: int = MOST_BYTES):
        self._ready: dict[str, Ready] = {}
        self._turn = threading.Lock()
        self._most_bytes = most_bytes
        self._bytes = 0
        self.get = self._ready.get

    def put(self, key: str, ready: Ready) -> None:
        with self._turn:
            self._drop(key)
            self._ready[key] = ready
            self._bytes += ready.entry.size
            while self._bytes > self._most_bytes and len(self._ready) > 1:
                self._drop_one()

    def drop(self, key: str) -> None:
        with self._turn:
            self._drop(key)

    def _drop(self, key: str) -> None:
        known = self._ready.pop(key, None)
        if known is not None:
            self._bytes -= known.entry.size

    def _drop_one(self) -> None:
        """The oldest that nobody has asked for since its turn came last."""
        for key in list(self._ready):
            ready = self._ready[key]
            if not ready.is_used:
                break
            ready.is_used = False
            self._ready[key] = self._ready.pop(key)
        else:
            key = next(iter(self._ready))
        self._drop(key)
