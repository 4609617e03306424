"""The addresses of articles and of what lists them. A page's own slug is tried last, when nothing else fits."""

from django.urls import path, register_converter

from articles import feeds, players, sitemaps
from articles.converters import MonthConverter, NumberConverter, YearConverter
from articles.views import article, lists, pages, preview

register_converter(YearConverter, "year")
register_converter(MonthConverter, "month")
register_converter(NumberConverter, "number")

ARTICLE = "<year:year>/<month:month>/<slug:slug>/"

urlpatterns = [
    path("", lists.home, name="home"),
    path(ARTICLE, article.article, name="article"),
    path(f"{ARTICLE}updates.json", article.updates_poll, name="updates_poll"),
    path(f"{ARTICLE}history/", article.history, name="article_history"),
    path(f"{ARTICLE}history/<number:number>/", article.version, name="article_version"),
    path("section/<slug:slug>/", lists.section, name="section"),
    path("tag/<slug:slug>/", lists.tag, name="tag"),
    path("author/<slug:slug>/", lists.author, name="author"),
    path("archive/", lists.archive, name="archive"),
    path("archive/<year:year>/<month:month>/", lists.month_archive, name="month_archive"),
    path("search/", pages.search, name="search"),
    path("corrections/", pages.corrections, name="corrections"),
    path("theme/<slug:fingerprint>.css", pages.stylesheet, name="theme"),
    path("preview/<str:token>/", preview.preview, name="preview"),
    path("play/<number:embed_id>/", players.play, name="play"),
    path("feed/", feeds.feed, name="feed"),
    path("atom/", feeds.atom, name="atom"),
    path("section/<slug:slug>/feed/", feeds.section_feed, name="section_feed"),
    path("section/<slug:slug>/atom/", feeds.section_atom, name="section_atom"),
    path("author/<slug:slug>/feed/", feeds.author_feed, name="author_feed"),
    path("author/<slug:slug>/atom/", feeds.author_atom, name="author_atom"),
    path("updates/feed/", feeds.updates_feed, name="updates_feed"),
    path("corrections/feed/", feeds.corrections_feed, name="corrections_feed"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("sitemap-<year:year>-<month:month>.xml", sitemaps.sitemap_month, name="sitemap_month"),
    path("sitemap-pages.xml", sitemaps.sitemap_pages, name="sitemap_pages"),
    path("news-sitemap.xml", sitemaps.news_sitemap, name="news_sitemap"),
    path("favicon.ico", pages.favicon, name="favicon"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("<slug:slug>/", pages.page, name="page"),
]
