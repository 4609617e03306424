"""
One made-up thread with everything in it that a thread can show, and the mark that follows from it: when the words, the
dates, the addresses or the code that makes threads change, the mark does by itself, and what was stored before is made
anew. So nobody has to remember it.
"""

import datetime as dt
import hashlib
from functools import cache
from itertools import count
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.safestring import mark_safe

from comments import markup, threads
from comments.models import Comment
from comments.reading import Row

ARTICLE = UUID(int=1)
POSTED = [dt.datetime(2026, month, 28, 21, 5, tzinfo=dt.UTC) for month in range(1, 13)]
ELSEWHERE = 10_000  # numbers of comments that stand on no page of the specimen
# Read when this process begins, as the code was that it runs. What an inner branch says of a comment that the specimen
# does not hold is in here too.
_SOURCES = b"".join(Path(module.__file__).read_bytes() for module in (markup, threads))


def mark() -> str:
    """Which writing of a thread this process makes and understands."""
    return _mark(settings.TIME_ZONE, settings.LANGUAGE_CODE)


@cache
def _mark(zone: str, language: str) -> str:
    return f"{digest()} {zone} {language}"


def digest() -> str:
    with translation.override(settings.LANGUAGE_CODE):
        made = "".join(markup.thread_html(tree, ARTICLE) for tree in threads.build(rows()))
    return hashlib.sha256(_SOURCES + made.encode()).hexdigest()[:16]


def rows() -> list[Row]:
    """A thread deeper than a page can show, every sort of comment, and every sort of gap with something below it."""
    numbers = count(1)
    top = _row(next(numbers))
    found, above = [top], top
    for _level in range(threads.DEEPEST + 3):
        above = _row(next(numbers), above)
        found.append(above)
    for badge in ("", *Comment.Badge.values):
        found.append(_row(next(numbers), top, badge=badge, is_backer=badge == "", edited_at=POSTED[1], recommends=7))
    for number, status in enumerate(Comment.Status.values):
        gap = _row(next(numbers), top, status=status)
        found += [gap, _row(next(numbers), gap, at=number)]
    for status in ("public", "hidden"):
        parent = _row(ELSEWHERE + next(numbers), top, status=status)
        found.append(_row(next(numbers), parent))
    deep_gap = _row(next(numbers), above, status="hidden")
    return [*found, deep_gap, _row(next(numbers), deep_gap)]


def _row(
    pk: int,
    parent: Row | None = None,
    *,
    status: str = "public",
    badge: str = "",
    is_backer: bool = False,
    edited_at: dt.datetime | None = None,
    recommends: int = 0,
    at: int = 0,
) -> Row:
    return Row(
        pk=pk,
        uid=UUID(int=pk),
        parent_id=parent.pk if parent else None,
        root_id=1,
        depth=parent.depth + 1 if parent else 0,
        commenter_id=1,
        name=f"Reader <{pk}>",
        badge=badge,
        is_backer=is_backer,
        status=status,
        posted_at=POSTED[at],
        edited_at=edited_at,
        recommends_shown=recommends,
        body_html=mark_safe("<p>Words</p>"),  # noqa: S308
        parent_uid=parent.uid if parent else None,
        parent_name=parent.name if parent else None,
        parent_status=parent.status if parent else None,
    )
