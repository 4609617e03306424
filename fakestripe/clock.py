"""
The stand-in's time: the machine's, moved by an offset in whole seconds that it keeps in a file for the site to read.
While due acts are played, time stands at the moment of each.
"""

import json
import os
import time
from pathlib import Path

from fakestripe.errors import Refused

# The site's own limit: a hundred years.
LONGEST_OFFSET = 36525 * 86400


class Clock:
    def __init__(self, file: Path | None = None, offset: int | None = None):
        self.file = file
        self.moment: int | None = None  # where time stands while something is played
        self.offset = self._read() if offset is None else offset
        if file:
            self._write()

    def now(self) -> int:
        return real_now() + self.offset if self.moment is None else self.moment

    def set_offset(self, seconds: int) -> None:
        if abs(seconds) > LONGEST_OFFSET:
            raise Refused("The clock moves a hundred years at most.")
        self.offset = seconds
        if self.file:
            self._write()

    def _read(self) -> int:
        """A stand-in without memory of its own takes up the time that the site already lives in."""
        try:
            return int(json.loads(self.file.read_text())) if self.file else 0
        except (OSError, ValueError, TypeError):
            return 0

    def _write(self) -> None:
        draft = self.file.with_name(f".{self.file.name}.{os.getpid()}")
        draft.write_text(json.dumps(self.offset))
        draft.replace(self.file)


def real_now() -> int:
    return int(time.time())
