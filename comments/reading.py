"""
A page of a discussion as readers get it, in a number of queries that does not grow with it. Rows are plain tuples with
the names of the model's fields, and hold only what a page shows; a place that a removed comment left holds no words.
"""

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum, Window
from django.db.models.functions import Lead
from django.utils.safestring import SafeString, mark_safe

from articles.models import Addendum, Article
from comments import threads
from comments.models import Comment, Discussion, Thread
from comments.rules import Rules, rules_for
from comments.threads import Node, Slice

SORTS = {"thread": "By thread", "newest": "Newest first", "oldest": "Oldest first", "recommended": "Most recommended"}
DEFAULT_SORT = "thread"
PAGE_SIZE = threads.PAGE_SIZE
STUBS = {
    "withdrawn": "Withdrawn by its author",
    "removed": "Removed for legal reasons",
    "held": "Hidden until a moderator has looked at it",
    "pending": "Waiting for a moderator",
    "spam": "Waiting for a moderator",  # as its author is told; what a layer holds back nobody has removed
}
STUB = "Removed by a moderator"


class NoSuchPage(LookupError):
    """The discussion has no page of this number, or is not sorted so."""


class Answered(NamedTuple):
    """A parent that stands elsewhere. Of one that is not public nothing is named."""

    pk: int
    uid: UUID
    name: str
    is_public: bool


class Row(NamedTuple):
    """One comment, with the fields of the model under their names, and who wrote its parent."""

    pk: int
    uid: UUID
    parent_id: int | None
    root_id: int
    depth: int
    commenter_id: int
    name: str
    badge: str
    is_backer: bool
    status: str
    posted_at: dt.datetime
    edited_at: dt.datetime | None
    recommends_shown: int
    body_html: SafeString
    parent_uid: UUID | None
    parent_name: str | None
    parent_status: str | None

    @property
    def is_public(self) -> bool:
        return self.status == "public"

    @property
    def stub_words(self) -> str:
        return "" if self.is_public else STUBS.get(self.status, STUB)

    @property
    def parent(self) -> "Answered | None":
        if self.parent_id is None:
            return None
        return Answered(self.parent_id, self.parent_uid, self.parent_name, self.parent_status == "public")


@dataclass(frozen=True, slots=True)
class Entry:
    """One place of a page: a thread (or in a flat order a single comment), as rows or stored, or an addendum."""

    node: Node | None = None
    addendum: Addendum | None = None
    stored: "Stored | None" = None

    @property
    def at(self) -> dt.datetime:
        if self.stored:
            return self.stored.at
        return self.node.comment.posted_at if self.node else self.addendum.published_at

    @property
    def public_count(self) -> int:
        if self.stored:
            return self.stored.public_count
        return sum(not node.is_stub for node in threads.walk([self.node])) if self.node else 0


class Stored(NamedTuple):
    """A thread that `comments.stored` has written."""

    root: int
    public_count: int
    at: dt.datetime
    html: str


@dataclass(frozen=True)
class DiscussionPage:
    article: Article
    discussion: Discussion
    rules: Rules
    sort: str
    number: int
    number_of_pages: int  # of a stored first page: 2 if it is not all
    entries: list[Entry]
    continues: Row | None = None  # the head of the long thread that this page goes on with

    @property
    def public_count(self) -> int:
        return self.discussion.public_count

    @property
    def shown_count(self) -> int:
        """How many public comments stand on this page."""
        return sum(entry.public_count for entry in self.entries)

    @property
    def is_flat(self) -> bool:
        return self.sort != "thread"

    @property
    def previous_number(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next_number(self) -> int | None:
        return self.number + 1 if self.number < self.number_of_pages else None


class _Bone(NamedTuple):
    pk: int
    parent_id: int | None
    root_id: int
    status: str

    @property
    def is_public(self) -> bool:
        return self.status == "public"


class _Read(NamedTuple):
    """Addenda of the page are those from `after` on and before `before`, as far as these bound it."""

    entries: list[Entry]
    number_of_pages: int
    after: dt.datetime | None
    before: dt.datetime | None
    continues: Row | None = None


_FIELDS = [
    "pk", "uid", "parent_id", "root_id", "depth", "commenter_id", "name", "badge", "is_backer", "status", "posted_at",
    "edited_at", "recommends_shown", "body_html", "parent__uid", "parent__name", "parent__status",
]  # fmt: skip
_ORDERS = {
    "newest": ("-posted_at", "-pk"),
    "oldest": ("posted_at", "pk"),
    "recommended": ("-recommends_shown", "-posted_at", "-pk"),
}


def discussion_page(
    article: Article, sort: str = DEFAULT_SORT, page: int = 1, *, stored: bool = False
) -> DiscussionPage:
    """
    At most six queries. The article is live, which its view has seen to. With `stored` threads come as they were
    written, where they can. Raises NoSuchPage.
    """
    if sort not in SORTS or page < 1:
        raise NoSuchPage(f"{sort}, page {page}")
    discussion = Discussion.objects.filter(pk=article.pk).first() or Discussion(pk=article.pk)
    read = _read_stored(discussion, page) if stored and sort == "thread" else None
    if read is None:
        read = _read_by_thread(article, page) if sort == "thread" else _read_flat(discussion, sort, page)
    entries = _with_addenda(article, read, sort)
    rules = rules_for(article, discussion)
    return DiscussionPage(article, discussion, rules, sort, page, read.number_of_pages, entries, read.continues)


def page_of(comment: Comment, sort: str = DEFAULT_SORT) -> int:
    """On which page a public comment stands. At most two queries."""
    if sort != "thread":
        return _number_before(comment, sort) // PAGE_SIZE + 1
    laid_out = threads.pages((root, number) for root, number, _at in _sizes(comment.article_id))
    for number, parts in enumerate(laid_out, start=1):
        for part in parts:
            if part.root == comment.root_id and (part.is_whole or _holds(part, comment)):
                return number
    return 1


def rows_of_threads(roots: Iterable[int]) -> list[Row]:
    """All that these threads show, in reading order."""
    return _rows(Comment.objects.filter(root_id__in=roots).oldest_first())


def _read_by_thread(article: Article, page: int) -> _Read:
    laid_out, parts, after, before = _lay_out(_sizes(article.pk), page)
    if parts and not parts[0].is_whole:
        nodes = _of_long_thread(parts[0])
        return _Read(_entries(nodes), len(laid_out), after, before, nodes[0].comment if parts[0].start else None)
    nodes = threads.build(rows_of_threads([part.root for part in parts]))
    return _Read(_entries(nodes), len(laid_out), after, before)


def _read_stored(discussion: Discussion, page: int) -> _Read | None:
    """None where a thread is missing, is longer than a page, or was written by another renderer."""
    if not discussion.public_count:
        return _Read([], 1, None, None) if page == 1 else None
    found = Thread.objects.filter(article_id=discussion.pk, made_by=_renderer()).order_by("begun_at", "pk")
    return _first_stored(discussion, found) if page == 1 else _following_stored(discussion, found, page)


def _renderer() -> str:
    """Asked here, since it makes a thread by what reading gives it."""
    from comments import specimen

    return specimen.mark()


def _first_stored(discussion: Discussion, found: QuerySet[Thread]) -> _Read | None:
    """
    Threads go onto the first page while they fit. Of the pages after it only whether there is one. The HTML is asked
    for apart: databases would carry it through the sums.
    """
    order = ["begun_at", "pk"]
    fitting = found.annotate(
        filled=Window(Sum("public_count"), order_by=order),
        total=Window(Sum("public_count")),
        next_at=Window(Lead("begun_at"), order_by=order),
    ).filter(filled__lte=PAGE_SIZE)
    rows = list(fitting.values_list("pk", "filled", "total", "next_at"))
    if not rows or rows[0][2] != discussion.public_count:
        return None
    _pk, filled, total, next_at = rows[-1]
    entries = _entries_of_stored(found, [row[0] for row in rows])
    return _Read(entries, 1 if filled == total else 2, None, next_at)


def _following_stored(discussion: Discussion, found: QuerySet[Thread], page: int) -> _Read | None:
    sizes = list(found.values_list("pk", "public_count", "begun_at"))
    if sum(number for _root, number, _at in sizes) != discussion.public_count:
        return None
    laid_out, parts, after, before = _lay_out(sizes, page)
    if not all(part.is_whole for part in parts):
        return None
    return _Read(_entries_of_stored(found, [part.root for part in parts]), len(laid_out), after, before)


def _entries_of_stored(found: QuerySet[Thread], roots: list[int]) -> list[Entry]:
    rows = found.filter(pk__in=roots).values_list("pk", "public_count", "begun_at", "html")
    return [Entry(stored=Stored._make(row)) for row in rows]


def _lay_out(sizes: list[tuple], page: int) -> tuple:
    """All pages, the parts of this one, and the instants that bound its addenda. Raises NoSuchPage."""
    laid_out = threads.pages((root, number) for root, number, _at in sizes)
    if page > len(laid_out):
        raise NoSuchPage(f"thread, page {page}")
    begun_at = {root: at for root, _number, at in sizes}
    parts = laid_out[page - 1]
    after = begun_at[parts[0].root] if page > 1 else None
    before = begun_at[laid_out[page][0].root] if page < len(laid_out) else None
    return laid_out, parts, after, before


def _entries(nodes: list[Node]) -> list[Entry]:
    return [Entry(node=node) for node in nodes]


def _read_flat(discussion: Discussion, sort: str, page: int) -> _Read:
    number_of_pages = max(1, math.ceil(discussion.public_count / PAGE_SIZE))
    if page > number_of_pages:
        raise NoSuchPage(f"{sort}, page {page}")
    start = (page - 1) * PAGE_SIZE
    found = Comment.objects.counted().filter(article_id=discussion.pk).order_by(*_ORDERS[sort])
    rows = _rows(found[start : start + PAGE_SIZE + 1])
    first = rows[0].posted_at if rows and page > 1 else None
    beyond = rows[PAGE_SIZE].posted_at if len(rows) > PAGE_SIZE else None
    after, before = (beyond, first) if sort == "newest" else (first, beyond)
    return _Read(_entries(threads.flat(rows[:PAGE_SIZE])), number_of_pages, after, before)


def _sizes(article_id: int) -> list[tuple[int, int, dt.datetime]]:
    """Root, number of public comments and time of every thread that shows any, oldest first."""
    found = Comment.objects.counted().filter(article_id=article_id).order_by("root__posted_at", "root_id")
    return list(
        found.values_list("root_id").annotate(Count("pk")).values_list("root_id", "pk__count", "root__posted_at")
    )


def _rows(found: QuerySet[Comment]) -> list[Row]:
    """Of what readers have seen once: nothing else can have an answer, or be one."""
    found = found.filter(published_at__isnull=False) if not found.query.is_sliced else found
    return [_row(values) for values in found.values_list(*_FIELDS)]


def _row(values: tuple) -> Row:
    """Nothing of a comment that is not public but its place, and of such a parent nothing but that it was there."""
    status, parent_status = values[9], values[16]
    if status == "public" and parent_status in ("public", None):  # nearly all, and so without further ado
        return Row._make((*values[:13], mark_safe(values[13]), *values[14:]))
    row = Row._make(values)
    if status == "public":
        return row._replace(body_html=mark_safe(row.body_html), parent_name="")
    unsaid = {"name": "", "badge": "", "is_backer": False, "recommends_shown": 0, "body_html": mark_safe("")}
    return row._replace(**unsaid, parent_name="")


def _of_long_thread(part: Slice) -> list[Node]:
    """The head of the thread, and below it what the slice holds."""
    keys = [row.pk for row in threads.part(_skeleton(part.root), part.start, part.stop)]
    rows = {row.pk: row for row in _rows(Comment.objects.filter(pk__in={part.root, *keys}))}
    return threads.build([rows[pk] for pk in dict.fromkeys([part.root, *keys])], continued=True)


def _skeleton(root_id: int) -> list["_Bone"]:
    found = Comment.objects.filter(root_id=root_id, published_at__isnull=False).oldest_first()
    return [_Bone._make(values) for values in found.values_list("pk", "parent_id", "root_id", "status")]


def _holds(part: Slice, comment: Comment) -> bool:
    return comment.pk in {bone.pk for bone in threads.part(_skeleton(part.root), part.start, part.stop)}


def _number_before(comment: Comment, sort: str) -> int:
    later = Q(posted_at__gt=comment.posted_at) | Q(posted_at=comment.posted_at, pk__gt=comment.pk)
    before = {
        "newest": later,
        "oldest": Q(posted_at__lt=comment.posted_at) | Q(posted_at=comment.posted_at, pk__lt=comment.pk),
        "recommended": Q(recommends_shown__gt=comment.recommends_shown)
        | (Q(recommends_shown=comment.recommends_shown) & later),
    }
    return Comment.objects.counted().filter(before[sort], article_id=comment.article_id).count()


def _with_addenda(article: Article, read: _Read, sort: str) -> list[Entry]:
    """Each before the first comment, or thread, on its far side in the order of the page."""
    entries = read.entries
    if sort == "recommended" or not entries:
        return entries
    addenda = Addendum.objects.filter(article=article).visible().only("number", "kind", "published_at", "article")
    if read.after:
        addenda = addenda.filter(published_at__gte=read.after)
    if read.before:
        addenda = addenda.filter(published_at__lt=read.before)
    added = [Entry(addendum=addendum) for addendum in addenda.oldest_first()]
    if not added:
        return entries
    # Python's sort is stable: at the same instant the comment stands first, as it does across pages.
    return sorted(entries + added, key=lambda entry: entry.at, reverse=sort == "newest")
