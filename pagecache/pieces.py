"""
Finished pieces of pages, each kept with what it alone shows. A page that is made anew is joined from those that still
stand, and only what has changed is made.

`page`      a view whose pages are kept but for their gaps
`gap`       where something with a life of its own stands; said by template tags
`kept`      a piece, as it stands or made now; `missing` tells which will be made
`register_filler`  who fills the gaps of a name, said when an app is ready

Pieces are kept, and used, only for pages that are made for everybody: then nothing of a reader is in the request, and
what a view may still see is in the page's key. For all others gaps are filled and nothing is kept.
"""

import contextlib
import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from functools import partial, wraps

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe

from foundation import clock
from pagecache import declaring, stores
from pagecache.declaring import Declared
from pagecache.keeping import EVERYTHING, MAKING, reason_against, trace_of_reader
from pagecache.pieces_parts import Gap, Marks, Parts, text_of
from pagecache.pieces_shelf import Desk, Standing

Made = str | bytes | Iterable[str | Gap]

_MARKS, _MADE, _DESK = "pagecache.marks", "pagecache.pieces", "pagecache.desk"
_fillers: dict[str, Callable[..., Made | Parts]] = {}
_ahead: dict[str, Callable[[HttpRequest, list[tuple]], None]] = {}


def register_filler(
    name: str,
    fill: Callable[..., Made | Parts],
    *,
    ahead: Callable[[HttpRequest, list[tuple]], None] | None = None,
) -> None:
    """
    Fills the gaps of this name: called with the request and what the gap is told, gives text or parts. Gaps are kept
    with the pages around them: one that is to be told something else gets another name. Where there may be many on a
    page, `ahead` is called before the first of them is filled, with what each is told, to read at once what they need.
    """
    _fillers[name] = fill
    if ahead is not None:
        _ahead[name] = ahead


def gap(request: HttpRequest, name: str, *told: str | int) -> SafeString:
    """A mark, where a page or a piece is being made that will be cut there; elsewhere what belongs there."""
    wanted = Gap(name, told)
    marks: Marks | None = request.META.get(_MARKS)
    return mark_safe(marks.mark(wanted) if marks is not None else text_of(filled(request, [wanted])))


def page(view):
    """
    Stands innermost among decorators, for what the view answers is not whole before. Kept is what could be stored, and
    nothing that leads elsewhere or says that something is missing.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args, **named) -> HttpResponse:
        desk = _desk(request)
        standing = desk.find_page() if desk is not None else None
        if standing is not None and _can_be_filled(standing.parts):
            declaring.add(request, _declared_by(standing))
            response, parts = HttpResponse(headers=dict(standing.entry.headers)), standing.parts
        else:
            response, parts = _made(request, partial(view, request, *args, **named), desk)
        if parts is not None:
            response.content = b"".join(filled(request, parts))
        if desk is not None:
            desk.remember_company()
        return response

    return answer


def kept(request: HttpRequest, name: str, make: Callable[[], Made], *, is_shown: bool = True) -> Parts:
    """
    The piece of this name, made if it does not stand; once for a page, however often it is asked for. What `make` says
    by `depends_on` is said of the piece and of what surrounds it; without `is_shown`, of something that only decides
    how long that is true, the tags are the piece's alone. What `make` reads must follow from the name and from what is
    the same for all pages of a site and a variant.
    """
    known: dict[str, tuple[Parts, Declared]] = request.META.setdefault(_MADE, {})
    if name not in known:
        known[name] = _standing_or_made(request, name, make)
    parts, declared = known[name]
    declaring.add(request, declared if is_shown else Declared(set(), declared.until, declared.never))
    return parts


def missing(request: HttpRequest, names: Iterable[str]) -> list[str]:
    """Those of these pieces that `kept` will have to make."""
    desk, known = _desk(request), request.META.get(_MADE, {})
    names = [name for name in names if name not in known]
    if desk is None:
        return names
    standing = desk.find_many([desk.key(name) for name in names])
    return [name for name, found in zip(names, standing, strict=True) if found is None]


def filled(request: HttpRequest, parts: Parts) -> list[bytes | memoryview]:
    """The same without gaps, to be joined."""
    for name, ahead in _ahead.items():
        if told := [part.told for part in parts if isinstance(part, Gap) and part.name == name]:
            ahead(request, told)
    found = []
    for part in parts:
        if isinstance(part, Gap):
            with _marking(request, None):
                made = _fillers[part.name](request, *part.told)
            found += filled(request, made if isinstance(made, list) else Marks().cut(made))
        else:
            found.append(part)
    return found


def text(request: HttpRequest, parts: Parts) -> SafeString:
    """Within the text of another piece or of a page, where its gaps stay gaps."""
    told = (gap(request, part.name, *part.told) if isinstance(part, Gap) else bytes(part).decode() for part in parts)
    return mark_safe("".join(told))


def _made(
    request: HttpRequest, make: Callable[[], HttpResponse], desk: Desk | None
) -> tuple[HttpResponse, Parts | None]:
    """What the view answers, and its parts if it is no stream."""
    declared, marks = Declared(), Marks()
    with _declaring(request, declared), _marking(request, marks):
        response = make()
    if response.streaming:
        return response, None
    parts = marks.cut(response.content)
    if desk is not None and _may_be_kept(declared, request, response):
        desk.keep(desk.page, parts, declared, list(response.items()))
    return response, parts


def _standing_or_made(request: HttpRequest, name: str, make: Callable[[], Made]) -> tuple[Parts, Declared]:
    desk = _desk(request)
    key = desk.key(name) if desk is not None else ""
    if desk is not None and (standing := desk.find(key)) is not None and _can_be_filled(standing.parts):
        return standing.parts, _declared_by(standing)
    declared, marks = Declared(), Marks()
    with declaring.apart(request, declared), _marking(request, marks):
        parts = marks.cut(make())
    if desk is not None and declared.tags and not declared.never and not trace_of_reader(request):
        desk.keep(key, parts, declared)
    return parts, declared


def _desk(request: HttpRequest) -> Desk | None:
    """None for a page that is not made for everybody, or of which the store cannot tell when it was begun."""
    if _DESK not in request.META:
        making = request.META.get(MAKING)
        store = stores.current() if making is not None and making.began else None
        request.META[_DESK] = Desk(store, making) if store is not None else None
    return request.META[_DESK]


def _may_be_kept(declared: Declared, request: HttpRequest, response: HttpResponse) -> bool:
    is_ordinary = response.status_code == 200 and not response.has_header("ETag") and not declaring.of(request).never
    # What a view tells the middleware by other attributes than headers would be lost.
    says_more = vars(response).keys() - vars(HttpResponse()).keys()
    return is_ordinary and not says_more and not reason_against(declared, request, response)


def _declared_by(standing: Standing) -> Declared:
    until = dt.datetime.fromtimestamp(standing.until, dt.UTC) + clock.offset()
    return Declared({tag for tag in standing.entry.tags if tag != EVERYTHING}, until)


def _can_be_filled(parts: Parts) -> bool:
    """Another release may have left gaps that this one does not know."""
    return all(part.name in _fillers for part in parts if isinstance(part, Gap))


@contextlib.contextmanager
def _declaring(request: HttpRequest, declared: Declared) -> Iterator[None]:
    """What is said meanwhile is said of this part, and in the end of what surrounds it as well."""
    try:
        with declaring.apart(request, declared):
            yield
    finally:
        declaring.add(request, declared)


@contextlib.contextmanager
def _marking(request: HttpRequest, marks: Marks | None) -> Iterator[None]:
    outer = request.META.get(_MARKS)
    request.META[_MARKS] = marks
    try:
        yield
    finally:
        request.META[_MARKS] = outer
