"""What both databases are asked and answer: the vocabulary of visibility as SQL, and one row for each hit."""

import datetime as dt
from functools import cache
from typing import NamedTuple

from django.db import connection
from django.db.models import F
from django.db.models.expressions import RawSQL

from articles.models import SearchDocument
from foundation import clock

# Stands in the statement for the instant of asking, and in no other place.
_MOMENT = dt.datetime(1900, 1, 1, 1, 1, 1, 1, tzinfo=dt.UTC)

# What of a hit belongs to its article; these columns come first, in the order that the model has them in.
OF_ARTICLE = ("id", "headline", "slug", "published_at", "public_path")


class Found(NamedTuple):
    """
    A hit. `marked` is a part of the folded text that begins at its place `starts`, with marks around what was found.
    """

    id: int
    headline: str
    slug: str
    published_at: dt.datetime
    public_path: str
    section: str
    plain: str
    marked: str
    starts: int = 0


def visible(*columns: str) -> tuple[str, dict]:
    """
    The documents that may be searched now, as SQL and its named parameters: `id`, `article_id`, the article's
    `published_at`, and columns of the table that Django does not know.
    """
    sql, told = _written(connection.vendor, columns)
    now, then = map(connection.ops.adapt_datetimefield_value, (clock.now(), _MOMENT))
    return sql, {name: now if value == then else value for name, value in told.items()}


@cache
def _written(vendor: str, columns: tuple[str, ...]) -> tuple[str, dict]:
    """Written once for a process: to write it costs more than to ask it."""
    more = {name: RawSQL(f'"articles_searchdocument"."{name}"', ()) for name in columns}  # noqa: S611 - our own names
    rows = SearchDocument.objects.visible(_MOMENT).annotate(published_at=F("article__published_at"), **more)
    sql, params = rows.values_list("id", "article_id", "published_at", *more).query.sql_with_params()
    told = {f"visible_{number}": value for number, value in enumerate(params)}
    return sql % tuple(f"%({name})s" for name in told), told
