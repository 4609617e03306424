"""
Holds what readers were shown to what was true at that moment. Pure: lists of facts in, sentences about faults out.
All times are seconds of one wall clock.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

SHOWN = 5
GONE, OK = 410, 200


class Read(NamedTuple):
    """One answer. `revision` is the newest one that stood on the page, 0 for none."""

    path: str
    began: float
    ended: float
    status: int
    revision: int


class Published(NamedTuple):
    """From `at` on, the revision is committed."""

    path: str
    at: float
    revision: int


class Withdrawn(NamedTuple):
    """From `at` on, the verb has returned: no reader may see the page again."""

    path: str
    at: float


class Figure(NamedTuple):
    """What the ledger said when asked at `at`."""

    at: float
    sentence: str


class ReadFigure(NamedTuple):
    began: float
    ended: float
    sentence: str


def old_pages(reads: Iterable[Read], published: Iterable[Published], *, promise: float) -> list[str]:
    """Reads that began more than `promise` seconds after a revision and did not show it."""
    by_path = defaultdict(list)
    for each in published:
        by_path[each.path].append(each)
    faults = []
    for read in reads:
        due = [each for each in by_path[read.path] if each.at + promise < read.began]
        wanted = max((each.revision for each in due), default=0)
        if read.status == OK and read.revision < wanted:
            late = read.began - min(each.at for each in due if each.revision > read.revision)
            faults.append((late, f"{read.path}: revision {read.revision}, {late:.1f} s after {read.revision + 1}"))
    return _worst(faults)


def greatest_age(reads: Iterable[Read], published: Iterable[Published]) -> float:
    """For how many seconds after a commit the page without it was still given to somebody who then asked for it."""
    by_path = defaultdict(list)
    for each in published:
        by_path[each.path].append(each)
    ages = [
        read.began - each.at
        for read in reads
        for each in by_path[read.path]
        if read.status == OK and read.revision < each.revision and read.began > each.at
    ]
    return max(ages, default=0.0)


def seen_after_withdrawal(reads: Iterable[Read], withdrawn: Iterable[Withdrawn]) -> list[str]:
    """No reader who asks after the withdrawal may be given the page, and an open connection changes nothing."""
    gone_at = {each.path: each.at for each in withdrawn}
    faults = []
    for read in reads:
        since = gone_at.get(read.path)
        if since is not None and read.began > since and read.status != GONE:
            faults.append((read.began - since, f"{read.path}: {read.status}, {read.began - since:.3f} s after it went"))
    return _worst(faults)


def untrue_figures(reads: Iterable[ReadFigure], truths: list[Figure], *, promise: float) -> list[str]:
    """Sentences that were true at no moment from `promise` seconds before the reader asked until the answer came."""
    truths = sorted(truths)
    faults = []
    for read in reads:
        meanwhile = {each.sentence for each in truths if read.began - promise <= each.at <= read.ended}
        before = [each for each in truths if each.at < read.began - promise]
        after = [each for each in truths if each.at > read.ended]
        if before:
            meanwhile.add(before[-1].sentence)
        if after:  # it may have become true between two looks at the ledger
            meanwhile.add(after[0].sentence)
        if read.sentence not in meanwhile:
            faults.append((0.0, f"“{read.sentence}” at {read.began:.1f}, when the ledger said {sorted(meanwhile)}"))
    return _worst(faults)


def _worst(faults: list[tuple[float, str]]) -> list[str]:
    """The worst of them in words, and how many there are."""
    words = [words for _, words in sorted(faults, reverse=True)[:SHOWN]]
    return words + ([f"… and {len(faults) - SHOWN} more"] if len(faults) > SHOWN else [])
