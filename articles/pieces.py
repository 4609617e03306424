"""What stands on articles' pages and grows old apart from their text. The clock of the demo stands on every page."""

from functools import partial

from django.http import HttpRequest
from django.template.loader import render_to_string

from articles import cache_tags
from articles.models import Article
from articles.reading import more_in_section, related_to
from foundation.templatetags import demo_tags
from pagecache import pieces


def article_of(request: HttpRequest, pk: int) -> Article | None:
    """The article of this page: at hand where its own part is being made as well."""
    known = getattr(request, "shown_article", None)
    if known is None or known.pk != pk:
        known = request.shown_article = Article.objects.select_related("section").filter(pk=pk).first()
    return known


def clock(request: HttpRequest) -> str:
    return render_to_string("foundation/_demo_clock.html", demo_tags.demo_clock())


def beside(request: HttpRequest, pk: int) -> pieces.Parts:
    """The lists of others to read."""
    return pieces.kept(request, f"beside {pk}", partial(_beside, request, pk))


def _beside(request: HttpRequest, pk: int) -> str:
    article = article_of(request, pk)
    if article is None:
        return ""
    related = related_to(article)
    more = more_in_section(article, without=related)
    # Also those that are not out yet: when they come out they stand here.
    related_keys = article.related.values_list("pk", flat=True)
    others = {*cache_tags.cards([*related, *more]), *map(cache_tags.card_tag, related_keys)}
    cache_tags.shows(request, cache_tags.article_tag(pk), cache_tags.section_tag(article.section_id), *others)
    lists = {"article": article, "related": related, "more": more}
    return render_to_string("articles/_beside.html", {**lists, "request": request})  # cards say till when they are true


def declare() -> None:
    pieces.register_filler("clock", clock)
    pieces.register_filler("beside", beside)
