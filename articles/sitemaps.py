"""
What search engines are told: an index, one sitemap for each month, one for the pages that are no articles, and the news
of the last two days. `lastmod` is the date that readers are told, so an engine learns to trust it.
"""

import datetime as dt
from collections.abc import Iterable
from io import StringIO

from django.conf import settings
from django.db.models import Max
from django.db.models.functions import TruncMonth
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import conditional_page, require_safe

from articles import cache_tags
from articles.html import strip_control_characters
from articles.images.paths import absolute
from articles.models import Article, Author, Masthead, Page, Section
from foundation import clock, crawling
from pagecache import pieces

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
NEWS_LASTS = dt.timedelta(days=2)
MOST_NEWS = 1_000
XML = "application/xml; charset=utf-8"

# One address of a sitemap: its element's children, in order. A dict among the values is an element with children.
Children = dict[str, "str | Children"]


@conditional_page
@require_safe
@pieces.page
def sitemap(request):
    """The index. A month's date is that of its latest change, so that engines fetch only what changed."""
    cache_tags.shows(request, cache_tags.LISTINGS)
    months = (
        Article.objects.published()
        .with_updated_at()
        .annotate(month=TruncMonth("published_at", tzinfo=timezone.get_default_timezone()))
        .values("month")
        .annotate(latest=Max("updated_at"))
        .order_by("-month")
    )
    parts: list[Children] = [{"loc": absolute(reverse("sitemap_pages"))}]
    for row in months:
        address = reverse("sitemap_month", args=[row["month"].year, row["month"].month])
        parts.append({"loc": absolute(address), "lastmod": row["latest"].isoformat(timespec="seconds")})
    return _answer("sitemapindex", {"xmlns": SITEMAP}, "sitemap", parts)


@conditional_page
@require_safe
@pieces.page
def sitemap_month(request, year, month):
    cache_tags.shows(request, cache_tags.LISTINGS)
    try:
        rows = Article.objects.published().in_month(int(year), int(month))
    except ValueError as refusal:
        raise Http404("No such month.") from refusal
    rows = rows.with_updated_at().newest_first().values_list("public_path", "updated_at", named=True)
    addresses: list[Children] = [
        {
            "loc": absolute(f"/{row.public_path}/"),
            "lastmod": row.updated_at.isoformat(timespec="seconds"),
        }
        for row in rows
    ]
    if not addresses:
        raise Http404("Nothing is published here.")
    return _answer("urlset", {"xmlns": SITEMAP}, "url", addresses)


@conditional_page
@require_safe
@pieces.page
def sitemap_pages(request):
    """Sections, authors and the pages that are no articles, those of other apps among them."""
    cache_tags.shows(request, cache_tags.LISTINGS)
    rows = [*Section.objects.all(), *Author.objects.known_to_readers(), *Page.objects.filter(is_public=True)]
    paths = [reverse(name) for name in ("home", "corrections", *crawling.pages())]
    paths += [row.get_absolute_url() for row in rows]
    return _answer("urlset", {"xmlns": SITEMAP}, "url", [{"loc": absolute(path)} for path in paths])


@conditional_page
@require_safe
@pieces.page
def news_sitemap(request):
    """The last two days, at most a thousand, as Google News asks. Days without news give an empty list."""
    cache_tags.shows(request, cache_tags.LISTINGS)
    rows = Article.objects.published().filter(published_at__gt=clock.now() - NEWS_LASTS).newest_first()
    site_name = Masthead.load().site_name
    addresses = [_news(row, site_name) for row in rows.only("headline", "public_path", "published_at")[:MOST_NEWS]]
    return _answer("urlset", {"xmlns": SITEMAP, "xmlns:news": NEWS}, "url", addresses)


def _news(article: Article, site_name: str) -> Children:
    return {
        "loc": absolute(article.get_absolute_url()),
        "news:news": {
            "news:publication": {"news:name": site_name, "news:language": settings.LANGUAGE_CODE.partition("-")[0]},
            "news:publication_date": article.published_at.isoformat(timespec="seconds"),
            "news:title": article.headline,
        },
    }


def _answer(root: str, namespaces: dict[str, str], element: str, rows: Iterable[Children]) -> HttpResponse:
    out = StringIO()
    xml = SimplerXMLGenerator(out, "utf-8")
    xml.startDocument()
    xml.startElement(root, namespaces)
    for children in rows:
        _write(xml, element, children)
    xml.endElement(root)
    xml.endDocument()
    return HttpResponse(out.getvalue(), content_type=XML)


def _write(xml: SimplerXMLGenerator, element: str, content: "str | Children") -> None:
    if isinstance(content, str):
        xml.addQuickElement(element, strip_control_characters(content))
        return
    xml.startElement(element, {})
    for name, child in content.items():
        _write(xml, name, child)
    xml.endElement(element)
