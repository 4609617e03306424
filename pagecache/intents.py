"""
Purges that are meant but not carried out yet, as small files in the folder that this machine's processes share. One
that is not taken away in time, because its process died or the store was away, is carried out by whoever finds it.
"""

import contextlib
import json
import logging
import time
import uuid
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from pagecache.stamps import Purge

logger = logging.getLogger(__name__)

Intent = Path

# Longer than any transaction of ours. A purge too early does no harm, since the commit purges again.
PATIENCE_SECONDS = 10.0


class Intents:
    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, purges: Iterable[Purge], known: Intent | None = None, *, is_due: bool = False) -> Intent | None:
        """Replaces what is known of the same transaction. None, and a line in the log, when the disk refuses."""
        intent = self.folder / f"{uuid.uuid4().hex}.json"
        due = 0.0 if is_due else time.time() + PATIENCE_SECONDS
        draft = intent.with_suffix(".new")
        try:
            draft.write_text(json.dumps({"due": due, "purges": [asdict(purge) for purge in purges]}))
            draft.replace(intent)
        except OSError:
            logger.exception("The intent to purge pages cannot be written down")
            self.done(draft)
            return known
        self.done(known)
        return intent

    def done(self, intent: Intent | None) -> None:
        if intent is not None:
            with contextlib.suppress(OSError):
                intent.unlink(missing_ok=True)

    def overdue(self) -> list[tuple[Intent, list[Purge]]]:
        return [(intent, purges) for intent in self.folder.glob("*.json") if (purges := self._overdue(intent))]

    def _overdue(self, intent: Intent) -> list[Purge]:
        try:
            told = json.loads(intent.read_text())
        except (OSError, ValueError):
            return []
        return [Purge(**purge) for purge in told["purges"]] if told["due"] <= time.time() else []
