"""The addresses of articles and of what lists them. A page's own slug is tried last, when nothing else fits."""

from django.urls import URLPattern, path, register_converter
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from articles import feeds, players, sitemaps
from articles.converters import MonthConverter, NumberConverter, YearConverter
from articles.views import article, lists, pages, preview

register_converter(YearConverter, "year")
register_converter(MonthConverter, "month")
register_converter(NumberConverter, "number")

ARTICLE = "<year:year>/<month:month>/<slug:slug>/"


def read(route: str, view, name: str) -> URLPattern:
    """
    Whatever wants to write here is told that it cannot: 405. As nothing can be written, nothing needs a token, whose
    absence would otherwise be complained of first.
    """
    return path(route, csrf_exempt(require_safe(view)), name=name)


urlpatterns = [
    read("", lists.home, "home"),
    read(ARTICLE, article.article, "article"),
    read(f"{ARTICLE}updates.json", article.updates_poll, "updates_poll"),
    read(f"{ARTICLE}history/", article.history, "article_history"),
    read(f"{ARTICLE}history/<number:number>/", article.version, "article_version"),
    read("section/<slug:slug>/", lists.section, "section"),
    read("tag/<slug:slug>/", lists.tag, "tag"),
    read("author/<slug:slug>/", lists.author, "author"),
    read("archive/", lists.archive, "archive"),
    read("archive/<year:year>/<month:month>/", lists.month_archive, "month_archive"),
    read("search/", pages.search, "search"),
    read("corrections/", pages.corrections, "corrections"),
    read("theme/<slug:fingerprint>.css", pages.stylesheet, "theme"),
    read("preview/<str:token>/", preview.preview, "preview"),
    read("play/<number:embed_id>/", players.play, "play"),
    read("feed/", feeds.feed, "feed"),
    read("atom/", feeds.atom, "atom"),
    read("section/<slug:slug>/feed/", feeds.section_feed, "section_feed"),
    read("section/<slug:slug>/atom/", feeds.section_atom, "section_atom"),
    read("author/<slug:slug>/feed/", feeds.author_feed, "author_feed"),
    read("author/<slug:slug>/atom/", feeds.author_atom, "author_atom"),
    read("updates/feed/", feeds.updates_feed, "updates_feed"),
    read("corrections/feed/", feeds.corrections_feed, "corrections_feed"),
    read("sitemap.xml", sitemaps.sitemap, "sitemap"),
    read("sitemap-<year:year>-<month:month>.xml", sitemaps.sitemap_month, "sitemap_month"),
    read("sitemap-pages.xml", sitemaps.sitemap_pages, "sitemap_pages"),
    read("news-sitemap.xml", sitemaps.news_sitemap, "news_sitemap"),
    read("favicon.ico", pages.favicon, "favicon"),
    read("<slug:slug>/", pages.page, "page"),
]
