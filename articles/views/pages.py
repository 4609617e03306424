"""Search, the log of corrections, pages that are no articles, and the masthead's stylesheet."""

import re

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from articles import cache_tags, theme
from articles import search as index
from articles.context import page_metadata
from articles.corrections import public_corrections, with_texts
from articles.fragments import text_of
from articles.models import Masthead, Page
from articles.paging import page_by_key
from pagecache import pieces

CORRECTIONS_SIZE = 20
# The first page has no number, and search counts no further than this.
PAGE_NUMBER = re.compile(r"([2-9]|[1-9][0-9])\Z", re.ASCII)
YEAR_IN_SECONDS = 31_536_000


@require_safe
def search(request):
    """Pages of hits are numbered: their order is by rank, which no row's id could continue."""
    number = request.GET.get("page")
    if number is not None and not PAGE_NUMBER.match(number):
        raise Http404("Not the number of a later page.")
    results = index.find(request.GET.get("q", ""), page=int(number or 1))
    if number is not None and not results.hits:
        raise Http404("There are not that many hits.")
    title = f"“{results.query}”" if results.query else "Search"
    context = {"results": results, "metadata": page_metadata(request, title=title, is_indexed=False)}
    response = render(request, "articles/search.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@pieces.page
def corrections(request):
    page = page_by_key(request, public_corrections(), size=CORRECTIONS_SIZE)
    description = "Everything we got wrong and put right, newest first."
    metadata = page_metadata(request, title="Corrections", description=description)
    cache_tags.shows(request, cache_tags.LISTINGS)
    context = {"page": page, "entries": with_texts(page.rows), "metadata": metadata}
    return render(request, "articles/corrections.html", context)


@require_safe
@pieces.page
def page(request, slug):
    row = get_object_or_404(Page, slug=slug, is_public=True)
    cache_tags.shows(request, cache_tags.LISTINGS)
    context = {"page": row, "text": text_of(row), "metadata": page_metadata(request, title=row.title)}
    return render(request, "articles/page.html", context)


@require_safe
def stylesheet(request, fingerprint):
    """All that a page is styled with. Kept for ever under its address; an outdated one leads to the current."""
    cache_tags.shows(request)
    accent = Masthead.load().accent_colour
    if fingerprint != theme.fingerprint(accent):
        return _never_stored(redirect("theme", theme.fingerprint(accent)))
    response = HttpResponse(theme.whole(accent), content_type="text/css; charset=utf-8")
    patch_cache_control(response, public=True, max_age=YEAR_IN_SECONDS, immutable=True)
    return response


@require_safe
def favicon(request):
    """For what asks without reading the page's head first."""
    return redirect(static("img/favicon.svg"))


def _never_stored(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, no_store=True)
    return response
