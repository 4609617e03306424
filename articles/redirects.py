"""
Old addresses. A row says where one leads; beside the rows stand the shapes that the old site gave every address
without asking, such as `/2024/05/slug/amp/`. Asked only for what would else be not found, so a live page always wins.
"""

import re
from collections.abc import Container

from django.db import transaction
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from articles.models import Article, Author, Page, Redirect, Section, Tag

# A chain is followed here, so a reader is sent on once. A longer one can only be a mistake.
LONGEST_CHAIN = 5

ENDINGS = r"(?:/(?:feed|rss|rss2|atom|amp|embed|trackback|page/\d+|comment-page-\d+|\d+))*"
OLD_ARTICLE = re.compile(
    rf"/(?P<year>\d{{4}})/(?P<month>\d{{1,2}})(?:/\d{{1,2}})?/(?P<slug>(?=[^/]*[^\d/])[^/]+?){ENDINGS}/?", re.IGNORECASE
)
# What stands below an article's address moves with it.
ARTICLE_PART = re.compile(r"(?P<article>/\d{4}/\d{1,2}/[^/]+/)(?P<part>updates\.json|history(?:/\d+)?)/?")
OLD_LISTS = [
    (re.compile(r"/page/\d+/?"), r"/"),
    (re.compile(r"/((?:section|tag|author)/[\w-]+)/page/\d+/?"), r"/\1/"),
    (re.compile(r"/category/(?:[\w-]+/)*?([\w-]+)/feed/?"), r"/section/\1/feed/"),
    (re.compile(r"/category/(?:[\w-]+/)*?([\w-]+)(?:/page/\d+)?/?"), r"/section/\1/"),
    (re.compile(r"/tag/([\w-]+)/feed/?"), r"/tag/\1/"),
    (re.compile(r"/(\d{4}/(?:0[1-9]|1[0-2]))(?:/\d{1,2})?(?:/page/\d+)?/?"), r"/archive/\1/"),
    (re.compile(r"/(?:feed/(?:rss|rss2|rdf)|rss)/?"), r"/feed/"),
    (re.compile(r"/feed/atom/?"), r"/atom/"),
    (re.compile(r"/(?:wp-sitemap|sitemap_index)\.xml"), r"/sitemap.xml"),
]
# The old site's numbers of articles. They stand in the query of the home page, which answers whatever the query.
NUMBERS_IN_QUERY = ("p", "page_id", "attachment_id")
# Addresses of these views, and of their feeds, exist as far as the row does.
ROWS_OF_SLUG = {
    "section": Section.objects.all,
    "tag": Tag.objects.known_to_readers,
    "author": Author.objects.known_to_readers,
    "page": Page.objects.all,
}


def new_address(path: str, query: str = "") -> str | None:
    """Where an address leads that is not found: a path on this site, never the one asked for. None: nowhere."""
    if "\x00" in path:
        return None
    target = _by_rows(path, query) or _by_shape(path) or _part_of_article(path)
    return target if target and target != path and _stays_on_this_site(target) else None


def address_of_number(numbers: dict[str, str]) -> str | None:
    """Where `/?p=12` leads, whatever else stands in the query."""
    for name in NUMBERS_IN_QUERY:
        if numbers.get(name, "").isdecimal():
            return new_address("/", f"{name}={numbers[name]}")
    return None


def asks_for_number(query: Container[str]) -> bool:
    return any(name in query for name in NUMBERS_IN_QUERY)


@transaction.atomic
def remember_old_path(article: Article, old_path: str) -> None:
    """
    The article has moved away from `old_path`. All its redirects follow it by themselves; one from the address it has
    now would hide nothing and only confuse, so it goes.
    """
    Redirect.objects.filter(old_path=article.get_absolute_url()).delete()
    if old_path != article.get_absolute_url():
        Redirect.objects.update_or_create(old_path=old_path, defaults={"article": article, "new_path": ""})


def is_live_address(path: str) -> bool:
    """Something answers there, so a redirect from it would never be asked for."""
    try:
        match = resolve(path)
    except Resolver404:
        return False
    name = match.url_name or ""
    if rows := ROWS_OF_SLUG.get(name.partition("_")[0]):
        return rows().filter(slug=match.kwargs["slug"]).exists()
    if name == "article":
        return _is_article(path)
    if name == "month_archive":
        year, month = map(int, match.kwargs.values())
        return Article.objects.published().in_month(year, month).exists()
    return True


def is_number_of_article(path: str, query: str) -> bool:
    """`/?p=12`: the one kind of address that may lead on although something answers there."""
    name, _, number = query.partition("=")
    return path == "/" and name in NUMBERS_IN_QUERY and number.isdecimal()


def leads_back(old_path: str, new_path: str) -> bool:
    """Whether a redirect between the two would close a circle."""
    return new_path == old_path or old_path in _chain(new_path)


def _by_rows(path: str, query: str) -> str | None:
    asked = [f"{path}?{query}", path] if query else [path]
    asked.append(path[:-1] if path.endswith("/") and path != "/" else f"{path}/")
    if shape := _article_shape(path):
        asked.append(f"/{shape}/")
    rows = {row.old_path: row for row in Redirect.objects.filter(old_path__in=asked).select_related("article")}
    row = next((rows[candidate] for candidate in asked if candidate in rows), None)
    return _target(row) if row else None


def _target(row: Redirect) -> str | None:
    """The end of the chain; None if it has none, or if readers must not know the article yet."""
    if row.article:
        return row.article.get_absolute_url() if _is_known(row.article) else None
    chain = _chain(row.new_path)
    if row.old_path in chain or len(chain) > LONGEST_CHAIN:
        return None
    last = _row_from(chain[-1])
    return _target(last) if last else chain[-1]


def _chain(path: str) -> list[str]:
    """The path and those it leads on to by rows that name a path; one that comes again ends it."""
    chain = [path]
    while len(chain) <= LONGEST_CHAIN:
        row = _row_from(chain[-1])
        if row is None or row.article or row.new_path in chain:
            break
        chain.append(row.new_path)
    return chain


def _row_from(path: str) -> Redirect | None:
    return Redirect.objects.filter(old_path=path).select_related("article").first()


def _by_shape(path: str) -> str | None:
    if shape := _article_shape(path):
        article = Article.objects.filter(public_path=shape).first()
        if article and _is_known(article):
            return article.get_absolute_url()
    for pattern, replacement in OLD_LISTS:
        if match := pattern.fullmatch(path):
            target = match.expand(replacement)
            return target if is_live_address(target) else None
    return None


def _part_of_article(path: str) -> str | None:
    """`/2024/05/old/history/` -> `/2024/05/new/history/`. A page that is open while its article moves asks on there."""
    match = ARTICLE_PART.fullmatch(path)
    if not match:
        return None
    target = _by_rows(match["article"], "") or _by_shape(match["article"])
    if target is None or not _is_article(target):
        return None
    part = match["part"]
    return f"{target}{part}" if part.endswith(".json") else f"{target}{part}/"


def _is_article(path: str) -> bool:
    return Article.objects.filter(public_path=path.strip("/")).exists()


def _article_shape(path: str) -> str | None:
    """`/2024/5/31/Slug/amp` -> `2024/05/slug`. Addresses copied from texts end in a bracket or a full stop."""
    match = OLD_ARTICLE.fullmatch(re.sub(r"/{2,}", "/", path))
    if not match:
        return None
    return f"{match['year']}/{int(match['month']):02}/{match['slug'].lower().strip(').,;:!?”’"\' ')}"


def _is_known(article: Article) -> bool:
    """Its address answers: with the page, or with the notice that it was withdrawn."""
    return article.is_live or article.is_gone


def _stays_on_this_site(target: str) -> bool:
    return target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
