"""Lists, newest first, page by page: https://docs.stripe.com/api/pagination"""

from collections.abc import Callable
from typing import Any

from fakestripe import fields
from fakestripe.errors import Refused
from fakestripe.fields import Schema
from fakestripe.shapes import a_list
from fakestripe.store import Row

EPOCH: Any = fields.either(dict.fromkeys(("gt", "gte", "lt", "lte"), fields.integer), fields.integer)

PAGING: Schema = {
    "limit": fields.integer,
    "starting_after": fields.text,
    "ending_before": fields.text,
    "created": EPOCH,
    "expand": fields.listed(fields.text),
}

_COMPARISONS: dict[str, Callable[[int, int], bool]] = {
    "gt": lambda one, other: one > other,
    "gte": lambda one, other: one >= other,
    "lt": lambda one, other: one < other,
    "lte": lambda one, other: one <= other,
}


def page(
    engine, kind: str, address: str, asked: dict[str, Any], *, keep: Callable[[Row], bool] = lambda row: True, **equals
) -> dict[str, Any]:
    """Rows of a kind whose fields have these values and that `keep` takes, one page of them."""
    limit = asked.get("limit") or 10
    if not 1 <= limit <= 100:
        raise Refused("Invalid limit: must be between 1 and 100.", param="limit", executed=False)
    wanted = {name: value for name, value in equals.items() if value is not None}
    if asked.get("starting_after"):
        engine.get(kind, asked["starting_after"])
    rows = engine.store.newest_first(kind, after=asked.get("starting_after"), **wanted)
    found = (row for row in rows if is_within(row["created"], asked.get("created")) and keep(row))
    if asked.get("ending_before"):
        return _page_before(engine, kind, address, found, asked["ending_before"], limit)
    data = [row for row, _ in zip(found, range(limit + 1), strict=False)]
    return a_list(address, data[:limit], has_more=len(data) > limit)


def is_within(moment: int, span: dict[str, int] | int | None) -> bool:
    if span is None:
        return True
    if isinstance(span, int):
        return moment == span
    return all(_COMPARISONS[name](moment, bound) for name, bound in span.items())


def _page_before(engine, kind: str, address: str, found, key: str, limit: int) -> dict[str, Any]:
    engine.get(kind, key)
    before = []
    for row in found:
        if row["id"] == key:
            break
        before.append(row)
    return a_list(address, before[-limit:], has_more=len(before) > limit)
