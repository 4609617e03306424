"""
The words that tell a reader what was added to an article: the marker in its head and the line in the poll's answer.
Pure: kinds and times in, words out.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

# In the order in which they are named.
NOUNS = {
    "update": "update",
    "correction": "correction",
    "clarification": "clarification",
    "editors_note": "editor’s note",
}
ALONE = {
    "update": "UPDATED",
    "correction": "CORRECTED",
    "clarification": "CLARIFIED",
    "editors_note": "EDITOR’S NOTE",
}


@dataclass(frozen=True)
class Marker:
    """`words` say what was added, `latest_at` when the newest of it, `anchor` where that stands."""

    words: str
    latest_at: dt.datetime
    anchor: str


def marker_of(addenda: Iterable) -> Marker | None:
    """For the visible addenda of one article, oldest first; nothing if there are none."""
    addenda = list(addenda)
    if not addenda:
        return None
    latest = addenda[-1]
    return Marker(marker_words(addendum.kind for addendum in addenda), latest.published_at, latest.anchor)


def marker_words(kinds: Iterable[str]) -> str:
    """“UPDATED” for one alone, “2 updates and 1 correction” for several. Raises ValueError for none at all."""
    counts = Counter(kinds)
    if counts.total() == 0:
        raise ValueError("There is nothing to name.")
    if counts.total() == 1:
        return ALONE[next(iter(counts))]
    return _joined([_counted(counts[kind], noun) for kind, noun in NOUNS.items() if counts[kind]])


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _joined(parts: list[str]) -> str:
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last
