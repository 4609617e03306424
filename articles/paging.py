"""
Lists that page by key: `?before=<id>` names the last row of the page in front. Unlike page numbers, such a page costs
the same wherever it stands, and an article published meanwhile moves nothing.
"""

import re
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

ROW_ID = re.compile(r"[1-9][0-9]{0,17}\Z", re.ASCII)


@dataclass(frozen=True)
class Page:
    """`older` and `newer` are addresses relative to the list, empty where there is nothing."""

    rows: list
    is_first: bool
    older: str = ""
    newer: str = ""


def page_by_key(request: HttpRequest, rows: QuerySet, *, size: int, cursors: QuerySet | None = None) -> Page:
    """
    The page of `rows` (of a `TimelineQuerySet`) that the request asks for. `cursors` are the rows a reader may page
    from, if more than those listed. Raises Http404 for any other value, and for a page on which nothing stands.
    """
    cursor = _cursor(request, rows if cursors is None else cursors)
    listed = rows.older_than(cursor) if cursor else rows
    found = list(listed.newest_first()[: size + 1])
    if cursor and not found:
        raise Http404("Nothing is older.")
    return Page(
        rows=found[:size],
        is_first=cursor is None,
        older=f"?before={found[size - 1].pk}" if len(found) > size else "",
        newer=_newer(request, rows, cursor, size) if cursor else "",
    )


def _cursor(request: HttpRequest, cursors: QuerySet):
    values = request.GET.getlist("before")
    if not values:
        return None
    if len(values) > 1 or not ROW_ID.match(values[0]):
        raise Http404("Not the id of a row.")
    cursor = cursors.filter(pk=int(values[0])).as_keys().first()
    if cursor is None:
        raise Http404("No such row in this list.")
    return cursor


def _newer(request: HttpRequest, rows: QuerySet, cursor, size: int) -> str:
    """The page in front ends with the cursor; it begins after the row `size` places before it, if there is one."""
    in_front = list(rows.newer_than(cursor).as_keys().order_by("published_at", "pk")[:size])
    return f"?before={in_front[-1].pk}" if len(in_front) == size else request.path
