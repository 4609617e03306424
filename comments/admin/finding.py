"""
Finding one comment among all, at a cost that does not grow with them: words are looked for in the newest of what is
chosen, and time is chosen by year and month, so that the newest of any time can be reached.
"""

import datetime as dt
import uuid

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Max, Min, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property

from comments.models import Comment, Commenter
from foundation import clock

SEARCHED = 20_000
HELP = (
    f"Words and names are looked for in the newest {SEARCHED:,} comments of what is chosen beside; choose a year or a"
    " month to look further back. A whole e-mail address or the number of a comment finds it however old it is."
)


class NewestPaginator(Paginator):
    """Pages of the newest, as many as are searched: to number all pages, all rows would be counted at each look."""

    @cached_property
    def count(self) -> int:
        return min(self._counted, SEARCHED)

    @property
    def is_cut_off(self) -> bool:
        return self._counted > SEARCHED

    @cached_property
    def _counted(self) -> int:
        return self.object_list.order_by()[: SEARCHED + 1].count()


def among_all(queryset: QuerySet[Comment], term: str) -> QuerySet[Comment]:
    """Every word of the term, in the text or the name."""
    if number := _number(term):
        return queryset.filter(uid=number)
    if "@" in term and " " not in term:
        people = Commenter.objects.filter(email__iexact=term).values("pk")
        found = queryset.filter(commenter__in=people)
        if found.exists():
            return found
    found = _newest(queryset)
    for word in term.split():
        found = found.filter(Q(source__icontains=word) | Q(name__icontains=word) | Q(commenter__email__icontains=word))
    return found


def _newest(queryset: QuerySet[Comment]) -> QuerySet[Comment]:
    """By a moment that is read off the index: of rows named one by one PostgreSQL looks through all to find them."""
    times = queryset.order_by("-posted_at", "-pk").values_list("posted_at", flat=True)
    oldest = list(times[SEARCHED - 1 : SEARCHED])
    return queryset.filter(posted_at__gte=oldest[0]) if oldest else queryset


def _number(term: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(term)
    except ValueError:
        return None


class SentFilter(admin.SimpleListFilter):
    """By year, then by month of the year that was chosen: from the first comment's to the last one's."""

    title = "when it was sent"
    parameter_name = "sent"

    def lookups(self, request, model_admin):
        first, last = _first_and_last()
        if first is None:
            return []
        years = [(f"{year}", f"{year}") for year in range(last.year, first.year - 1, -1)]
        if (chosen := _span(self.value())) is None:
            return years
        year = chosen[0].year
        between = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
        months = [
            (f"{year}-{month:02}", date_format(dt.date(year, month, 1), "F Y"))
            for month in range(1, 13)
            if year * 12 + month - 1 in between
        ]
        at = next((place for place, (value, _words) in enumerate(years) if value == f"{year}"), len(years) - 1)
        return [*years[: at + 1], *months, *years[at + 1 :]]

    def queryset(self, request, queryset):
        span = _span(self.value())
        return queryset.filter(posted_at__gte=span[0], posted_at__lt=span[1]) if span else queryset


class ProofFilter(admin.SimpleListFilter):
    title = "the writer’s address"
    parameter_name = "is_proven__exact"  # as addresses that were kept have it

    def lookups(self, request, model_admin):
        return [("1", "proven when it was sent"), ("0", "only typed")]

    def queryset(self, request, queryset):
        return queryset.filter(is_proven=self.value() == "1") if self.value() in ("0", "1") else queryset


def _first_and_last() -> tuple[dt.datetime | None, dt.datetime | None]:
    """Both are read off the index."""
    ends = Comment.objects.aggregate(first=Min("posted_at"), last=Max("posted_at"))
    zone = timezone.get_default_timezone()
    return tuple(end and end.astimezone(zone) for end in (ends["first"], ends["last"]))


def _span(value: str | None) -> tuple[dt.datetime, dt.datetime] | None:
    """Of `2026` or `2026-11`; None for what is neither."""
    year, _, month = (value or "").partition("-")
    if not (year.isascii() and year.isdigit() and (not month or month.isascii() and month.isdigit())):
        return None
    try:
        first = clock.local_month_bounds(int(year), int(month or 1))[0]
        return first, clock.local_month_bounds(int(year), int(month or 12))[1]
    except ValueError:
        return None
