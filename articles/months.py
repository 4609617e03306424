"""
The months in which something was published, by the site's zone. Each is one probe of the index, so that the work grows
with the months and not with the articles.
"""

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from articles import dates
from articles.models import Article
from foundation import clock

# Databases limit what one question may be told.
AT_ONCE = 1000

_THOSE_WITH_ARTICLES = """
WITH months (number, starts, ends) AS (VALUES {months})
SELECT number FROM months WHERE EXISTS (
    SELECT 1 FROM articles_article
    WHERE status = 'published' AND published_at >= starts AND published_at < ends AND published_at <= %s
) ORDER BY number
"""


@dataclass(frozen=True, slots=True)
class Year:
    """With the months of it, each in an item of a list: most of the archive is these, so it is told finished."""

    number: int
    months: SafeString


def told() -> list[Year]:
    """As the archive lists them."""
    years = itertools.groupby(with_articles(), key=lambda month: month.year)
    return [Year(number, mark_safe("".join(map(_item, months)))) for number, months in years]


@lru_cache(maxsize=AT_ONCE)
def _item(month: dt.date) -> SafeString:
    address = reverse("month_archive", args=[month.year, month.month])
    return format_html('<li><a href="{}">{}</a></li>', address, date_format(month, "F"))


def with_articles() -> list[dt.date]:
    """The first day of each, newest first."""
    published = Article.objects.published().as_keys()
    newest, oldest = published.newest_first().first(), published.order_by("published_at", "pk").first()
    if newest is None:
        return []
    months = _back(dates.in_site_zone(newest.published_at).date(), dates.in_site_zone(oldest.published_at).date())
    return [month for batch in itertools.batched(months, AT_ONCE) for month in _those_with_articles(batch)]


def _back(newest: dt.date, oldest: dt.date) -> Iterator[dt.date]:
    month = newest.replace(day=1)
    while month >= oldest.replace(day=1):
        yield month
        month = (month - dt.timedelta(days=1)).replace(day=1)


def _those_with_articles(months: tuple[dt.date, ...]) -> list[dt.date]:
    told = []
    for number, month in enumerate(months):
        told += [number, *map(_as_stored, clock.local_month_bounds(month.year, month.month))]
    question = _THOSE_WITH_ARTICLES.format(months=", ".join(["(%s, %s, %s)"] * len(months)))
    with connection.cursor() as cursor:
        cursor.execute(question, [*told, _as_stored(clock.now())])
        return [months[number] for (number,) in cursor.fetchall()]


def _as_stored(moment: dt.datetime):
    return connection.ops.adapt_datetimefield_value(moment)
