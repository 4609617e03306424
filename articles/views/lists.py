"""
Pages that list articles: home, section, tag, author, month. All of them page by key. They choose keys of articles; the
cards stand for themselves, and the list around them is kept as well.
"""

import datetime as dt

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from articles import cache_tags, front_page, months
from articles.context import page_metadata
from articles.models import Article, Author, Section, Tag
from articles.paging import page_by_key
from pagecache import pieces

RIVER_SIZE = 12
LIST_SIZE = 20


@require_safe
@pieces.page
def home(request):
    """The lead stands on the first page only; the river goes on below it and on the older pages."""
    lead = front_page.lead()
    river = _published().exclude(pk=lead) if lead else _published()
    page = page_by_key(request, river, size=RIVER_SIZE, cursors=_published())
    title = "" if page.is_first else "Older articles"
    context = {"page": page, "is_home": True, "metadata": page_metadata(request, title=title)}
    if page.is_first:
        shown = [row.pk for row in page.rows] + ([lead] if lead else [])
        bands = front_page.bands(without=shown)
        context |= {"lead": lead, "updates": front_page.newest_updates(), "bands": bands}
    cache_tags.shows(request, cache_tags.LISTINGS)
    return render(request, "articles/home.html", context)


@require_safe
@pieces.page
def section(request, slug):
    row = get_object_or_404(Section, slug=slug)
    metadata = page_metadata(request, title=row.name, description=row.description)
    rows = _published().in_section(row)
    return _list(request, "articles/section.html", rows, section=row, metadata=metadata)


@require_safe
@pieces.page
def tag(request, slug):
    row = get_object_or_404(Tag.objects.known_to_readers(), slug=slug)
    metadata = page_metadata(request, title=row.name)
    rows = _published().with_tag(row)
    return _list(request, "articles/tag.html", rows, tag=row, metadata=metadata)


@require_safe
@pieces.page
def author(request, slug):
    row = get_object_or_404(Author.objects.known_to_readers().select_related("portrait"), slug=slug)
    metadata = page_metadata(request, title=row.name, description=row.biography, image=row.portrait)
    rows = _published().by_author(row)
    return _list(request, "articles/author.html", rows, author=row, metadata=metadata)


@require_safe
@pieces.page
def month_archive(request, year, month):
    try:
        rows = _published().in_month(int(year), int(month))
    except ValueError as refusal:
        raise Http404("No such month.") from refusal
    start = dt.date(int(year), int(month), 1)
    metadata = page_metadata(request, title=date_format(start, "F Y"))
    return _list(request, "articles/month.html", rows, needs_rows=True, month=start, metadata=metadata)


@require_safe
@pieces.page
def archive(request):
    """Every month in which something was published, newest first."""
    cache_tags.shows(request, cache_tags.LISTINGS)
    context = {"years": months.told(), "metadata": page_metadata(request, title="Archive")}
    return render(request, "articles/archive.html", context)


def _published() -> QuerySet[Article]:
    """By their keys: a card tells the rest."""
    return Article.objects.published().as_keys()


def _list(
    request: HttpRequest, template: str, rows: QuerySet[Article], *, needs_rows: bool = False, **context
) -> HttpResponse:
    page = page_by_key(request, rows, size=LIST_SIZE)
    if needs_rows and not page.rows:
        raise Http404("Nothing is published here.")
    cache_tags.shows(request, cache_tags.LISTINGS)
    return render(request, template, {**context, "page": page})
