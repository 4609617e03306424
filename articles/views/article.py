"""One article: its page, its history, and the answer to a page that asks what is new."""

from functools import partial, wraps

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import conditional_page, require_safe

from articles import cache_tags, editing, marker, public_history
from articles.context import masthead_of, page_metadata
from articles.models import Article, Revision
from articles.reading import article_context
from pagecache import pieces


def _with_section():
    return Article.objects.select_related("section")


def of_live_article(view, *, rows=_with_section):
    """
    Hands the view the live article of the address, out of `rows()`. A withdrawn one answers 410 here, whatever part of
    it was asked for; one that readers never saw is not found.
    """

    @require_safe
    @wraps(view)
    def find_then_view(request: HttpRequest, year: str, month: str, slug: str, **rest) -> HttpResponse:
        found = get_object_or_404(rows(), public_path=f"{year}/{month}/{slug}")
        if found.is_gone:
            return gone(request, found)
        if not found.is_live:
            raise Http404("Not published.")
        return view(request, found, **rest)

    return find_then_view


def gone(request: HttpRequest, article: Article) -> HttpResponse:
    cache_tags.shows(request, cache_tags.article_tag(article.pk))
    response = render(request, "410.html", {"withdrawn_at": article.withdrawn_at}, status=410)
    response["X-Robots-Tag"] = "noindex"
    return response


@pieces.page
@partial(of_live_article, rows=Article.objects.for_page)
def article(request, article):
    """Nothing of it is asked for where it stands as it was made; its threads and the lists beside it stand apart."""
    cache_tags.shows(request, cache_tags.article_tag(article.pk))
    return render(request, "articles/article.html", article_context(article, masthead=masthead_of(request)))


@conditional_page
@of_live_article
def updates_poll(request, article):
    """What is visible now. A page that is open compares it with what it was rendered with."""
    cache_tags.shows_alone(request, cache_tags.article_tag(article.pk))
    visible = article.addenda.visible().oldest_first().only("number", "kind", "published_at")
    response = JsonResponse(
        {
            "addenda": [
                {
                    "number": addendum.number,
                    "kind": marker.NOUNS[addendum.kind],
                    "published_at": addendum.published_at.isoformat(),
                }
                for addendum in visible
            ]
        }
    )
    response["Cache-Control"] = "no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response


@of_live_article
def history(request, article):
    cache_tags.shows(request, cache_tags.article_tag(article.pk))
    versions = editing.public_versions(article)
    context = {
        "article": article,
        "versions": versions,
        "addenda": public_history.addenda_of(article),
        "metadata": page_metadata(request, title=f"History of “{article.headline}”", is_indexed=False),
    }
    return _unindexed(render(request, "articles/history.html", context))


@of_live_article
def version(request, article, number):
    """The text of one version, marked with what it changed; the first one stands as it was."""
    cache_tags.shows(request, cache_tags.article_tag(article.pk))
    versions = editing.public_versions(article)
    place = next((place for place, row in enumerate(versions) if row.number == number), None)
    if place is None:
        raise Http404("No such version.")
    previous = versions[place + 1] if place + 1 < len(versions) else None
    context = {
        "article": article,
        "version": versions[place],
        "previous": previous,
        "next": versions[place - 1] if place else None,
        "metadata": page_metadata(request, title=f"A version of “{article.headline}”", is_indexed=False),
        "fields": public_history.difference(previous or Revision(), versions[place]),
    }
    return _unindexed(render(request, "articles/version.html", context))


def _unindexed(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    return response
