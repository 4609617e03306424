"""
What lists show of an article, finished, and kept apart from the lists: a comment makes one card anew, and a publication
one list. Whoever places a card names its article by its key alone and asks for nothing else of it.
"""

from collections.abc import Iterable
from functools import partial

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from articles import cache_tags, dates
from articles.models import Article
from foundation import clock
from pagecache import depends_on, pieces

GAP = "card"
# In brief there is no picture, no section and nobody's name.
BRIEF, LEAD = "brief", "lead"
_ROWS = "articles.cards"


def place(request: HttpRequest, article: int, variant: str, heading: str) -> SafeString:
    return pieces.gap(request, GAP, article, variant, heading)


def context_of(article: Article, variant: str, heading: str, *, request: HttpRequest | None = None) -> dict:
    """Of `articles/_card.html`, for a row of `for_cards` or `for_brief_cards`. With the request it says till when."""
    now = clock.now()
    told = {"published_at": article.published_at, "updated_at": article.updated_at}
    is_updated = dates.is_fresh_update(**told, now=now)
    if request is not None and is_updated:
        depends_on(request, until=article.updated_at + dates.RECENT)
    return {
        "request": request,
        "article": article,
        "variant": variant,
        "heading": heading,
        "is_lazy": variant != LEAD,
        "is_updated": is_updated,
    }


def declare() -> None:
    pieces.register_filler(GAP, _kept, ahead=_read_missing)


def _kept(request: HttpRequest, article: int, variant: str, heading: str) -> pieces.Parts:
    return pieces.kept(request, _name(article, variant, heading), partial(_made, request, article, variant, heading))


def _name(article: int, variant: str, heading: str) -> str:
    return f"card {article} {variant} {heading}"


def _made(request: HttpRequest, article: int, variant: str, heading: str) -> str:
    if article not in request.META.get(_ROWS, {}):
        _read(request, [article], is_brief=variant == BRIEF)
    row = request.META[_ROWS].get(article)
    until = row.due_at if row else clock.now()  # gone since the list was read: such a card is for this page alone
    depends_on(request, cache_tags.MASTHEAD, cache_tags.card_tag(article), until=until)
    return render_to_string("articles/_card.html", context_of(row, variant, heading, request=request)) if row else ""


def _read_missing(request: HttpRequest, wanted: Iterable[tuple[int, str, str]]) -> None:
    """Those that are to be made, all at once."""
    by_name = {_name(*told): told for told in wanted}
    told = [by_name[name][:2] for name in pieces.missing(request, by_name)]
    full = {article for article, variant in told if variant != BRIEF}
    brief = {article for article, variant in told} - full
    for articles, is_brief in ((full, False), (brief, True)):
        if articles:
            _read(request, articles, is_brief=is_brief)


def _read(request: HttpRequest, articles: Iterable[int], *, is_brief: bool) -> None:
    rows = Article.objects.published()
    rows = rows.for_brief_cards() if is_brief else rows.for_cards()
    found = rows.with_due_at(cache_tags.began_at(request)).in_bulk(articles)
    request.META.setdefault(_ROWS, {}).update(found)
