"""
The same words again: under several articles, by several people, or sent once more. Compared by a fingerprint of the
folded words, so that case, signs, another link and other numbers do not make a text new.
"""

import datetime as dt
from dataclasses import dataclass

from comments import folding, networks
from comments.findings import Finding
from comments.formatting import fingerprint
from comments.models import Comment
from comments.screening.reading import Reading
from foundation import clock

LAYER = "repeated"
LOOKS_BACK = dt.timedelta(days=7)
LETTERS_TO_COMPARE = 12  # "Thank you" is nobody's property
COPIES_THAT_ARE_SPAM = 3  # of words with a link
_SPANS = ((dt.timedelta(hours=1), "hour"), (dt.timedelta(days=1), "day"), (LOOKS_BACK, "week"))

FIELDS = ("article_id", "commenter_id", "status", "posted_at", "decided_at", "neighbourhood_digest")


@dataclass(frozen=True)
class _Copy:
    article_id: int
    commenter_id: int
    status: str
    posted_at: dt.datetime
    decided_at: dt.datetime | None
    neighbourhood: str

    @property
    def was_spam(self) -> bool:
        """A moderator said so. What the layers themselves took for spam proves nothing about the next one."""
        return self.status == Comment.Status.SPAM and self.decided_at is not None


def findings(reading: Reading) -> list[Finding]:
    copies = _copies(reading)
    if not reading.links and _letters(reading) < folding.LETTERS_OF_A_SHORT_TEXT:
        copies = [copy for copy in copies if _is_of_the_same_hand(copy, reading)]
    if not copies:
        return []
    was_spam = any(copy.was_spam for copy in copies)
    is_spam = was_spam or (bool(reading.links) and len(copies) >= COPIES_THAT_ARE_SPAM)
    return [Finding(LAYER, _told(copies, was_spam=was_spam), is_spam=is_spam)]


def _copies(reading: Reading) -> list[_Copy]:
    print_of_it = fingerprint(reading.candidate.source)
    if not print_of_it or _letters(reading) < LETTERS_TO_COMPARE:
        return []
    rows = Comment.objects.filter(fingerprint=print_of_it, posted_at__gt=clock.now() - LOOKS_BACK)
    if reading.candidate.comment is not None:
        rows = rows.exclude(pk=reading.candidate.comment.pk)
    return [_Copy(*row) for row in rows.order_by("-posted_at").values_list(*FIELDS)[:100]]


def _is_of_the_same_hand(copy: _Copy, reading: Reading) -> bool:
    _network, around, _kept_until = networks.digests(reading.candidate.address)
    writer = reading.candidate.commenter
    is_same_person = writer is not None and writer.pk == copy.commenter_id
    return is_same_person or bool(around and around == copy.neighbourhood) or copy.was_spam


def _letters(reading: Reading) -> int:
    return sum(map(len, folding.own_words(reading.candidate.source)))


def _told(copies: list[_Copy], *, was_spam: bool) -> str:
    oldest = min(copy.posted_at for copy in copies)
    span = next((name for length, name in _SPANS if clock.now() - oldest <= length), "week")
    articles = len({copy.article_id for copy in copies})
    people = len({copy.commenter_id for copy in copies})
    told = f"The same words were posted {_times(len(copies))} in the last {span}"
    if articles > 1:
        told += f", under {articles} articles"
    if people > 1:
        told += f", by {people} people"
    return told + (", and taken for spam" if was_spam else "")


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times" if count < 100 else "100 times or more")
