"""
How a discussion is laid out. Pure: rows in reading order in, trees and pages out. A row has `pk`, `parent_id`,
`root_id` and `is_public`. Nothing here asks a database, and nothing recurses, for a thread may be as deep as it likes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

DEEPEST = 4  # levels below the first that a phone can show
PAGE_SIZE = 200


@dataclass(slots=True)
class Node:
    """
    One comment where it stands. Below level `deepest` all stand at that level, in the order of a thread. One that does
    not stand below its true parent `is_apart` and says whom it answers; `has_parent_here` tells whether that stands on
    the same page. A stub keeps the place of a comment that is not public.
    """

    comment: Any
    level: int = 0
    is_stub: bool = False
    is_apart: bool = False
    has_parent_here: bool = False
    replies: list["Node"] = field(default_factory=list)

    @property
    def replying_to(self):
        """Whom to name beside it: the row's `parent`, or nobody where the layout shows it."""
        return self.comment.parent if self.is_apart else None


@dataclass(frozen=True, slots=True)
class Slice:
    """Part of a page: the comments of one thread from `start` until before `stop`; without `stop` to its end."""

    root: Any
    start: int = 0
    stop: int | None = None

    @property
    def is_whole(self) -> bool:
        return self.start == 0 and self.stop is None


def build(rows: Iterable, deepest: int = DEEPEST, *, continued: bool = False) -> list[Node]:
    """
    The threads, each with its replies, all in the order of `rows`. What is not public and has nothing public below it
    is left out. `continued` is for a page amid a long thread: the head of the thread is there, and a comment whose
    parent stands on an earlier page hangs from it. Otherwise a comment whose parent is not among the rows stands alone.
    """
    rows = list(rows)
    above = _above(rows, continued)
    shown = _shown(rows, above)
    children: dict[Any, list] = {}
    for row in rows:
        if row.pk in shown:
            children.setdefault(above[row.pk], []).append(row)
    return _grow(children, shown, deepest)


def walk(nodes: Iterable[Node]) -> Iterator[Node]:
    """Every node in the order in which a reader comes to it."""
    waiting = [iter(nodes)]
    while waiting:
        node = next(waiting[-1], None)
        if node is None:
            waiting.pop()
            continue
        yield node
        if node.replies:
            waiting.append(iter(node.replies))


def flat(rows: Iterable) -> list[Node]:
    """Public comments one after the other, in the order of the rows."""
    public = [row for row in rows if row.is_public]
    here = {row.pk for row in public}
    return [Node(row, is_apart=row.parent_id is not None, has_parent_here=row.parent_id in here) for row in public]


def pages(sizes: Iterable[tuple[Any, int]], size: int = PAGE_SIZE) -> list[list[Slice]]:
    """
    Threads as (root, number of comments) in order, onto pages of about `size`: a thread stays whole, and one that is
    longer than a page gets pages of its own. There is always a first page.
    """
    found: list[list[Slice]] = [[]]
    filled = 0
    for root, number in sizes:
        if found[-1] and filled + number > size:
            found.append([])
            filled = 0
        if number <= size:
            found[-1].append(Slice(root))
            filled += number
            continue
        starts = range(0, number, size)
        parts = [Slice(root, start, start + size if start + size < number else None) for start in starts]
        found[-1].append(parts[0])
        found.extend([part] for part in parts[1:])
        filled = size
    return found


def part(rows: Iterable, start: int, stop: int | None) -> list:
    """
    The rows of one thread that belong to a slice of it, in reading order. Only public ones are counted; a stub goes
    with what follows it.
    """
    found, number = [], 0
    for node in walk(build(rows)):
        if number >= start and (stop is None or number < stop):
            found.append(node.comment)
        number += not node.is_stub
    return found


def _above(rows: list, continued: bool) -> dict[Any, Any]:
    """Under which of the rows each hangs; None for the first of a thread."""
    known = {row.pk for row in rows}
    above = {row.pk: row.parent_id if row.parent_id in known else None for row in rows}
    if continued:
        above |= {
            row.pk: row.root_id
            for row in rows
            if above[row.pk] is None and row.root_id in known and row.root_id != row.pk
        }
    return above


def _shown(rows: list, above: dict[Any, Any]) -> set:
    """Keys of what is public, and of everything above it."""
    shown: set = set()
    for row in rows:
        key = row.pk if row.is_public else None
        while key is not None and key not in shown:
            shown.add(key)
            key = above[key]
    return shown


def _grow(children: dict[Any, list], shown: set, deepest: int) -> list[Node]:
    """From the top down. A stack holds what is still to be placed, and into whose replies it goes."""
    forest: list[Node] = []
    waiting = [(row, forest, 0) for row in reversed(children.get(None, ()))]
    drawn_below: dict[Any, Any] = {}  # under whom a comment stands in the layout
    while waiting:
        row, place, level = waiting.pop()
        above = drawn_below.get(row.pk)
        node = Node(row, level, not row.is_public, row.parent_id != above, row.parent_id in shown)
        place.append(node)
        further = children.get(row.pk)
        if not further:
            continue
        goes_deeper = level < deepest
        target, below = (node.replies, row.pk) if goes_deeper else (place, above)
        for reply in reversed(further):
            drawn_below[reply.pk] = below
            waiting.append((reply, target, level + goes_deeper))
    return forest
