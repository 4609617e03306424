"""The first page of an article's threads, which grows old with each comment and leaves the article's text alone."""

import secrets
from functools import partial

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import number_format

from articles.models import Article
from articles.pieces import article_of
from comments import cache_tags, markup, places, reading
from pagecache import pieces

LEAST_TO_SORT = 2
# Stands where the threads will, so that no template copies them. It never leaves this process.
_THREADS = f"threads{secrets.token_hex(16)}"


def thread(request: HttpRequest, pk: int) -> pieces.Parts:
    return pieces.kept(request, f"thread {pk}", partial(_thread, request, pk))


def _thread(request: HttpRequest, pk: int) -> list[str]:
    """Nothing for an article that is not live."""
    article = article_of(request, pk)
    if article is None or not article.is_live:
        return []
    cache_tags.shows_discussion(request, article)
    page = reading.discussion_page(article, stored=True)
    cache_tags.is_open_until(request, page.rules)
    return discussion_parts(page, is_articles_own=True)


def discussion_parts(page: reading.DiscussionPage, *, is_articles_own: bool) -> list[str]:
    """The threads with what stands around them."""
    threads = markup.threads(page, is_articles_own=is_articles_own)
    context = _surroundings(page, is_articles_own=is_articles_own) | {"threads": _THREADS if threads else ""}
    before, _, after = render_to_string("comments/_discussion.html", context).partition(_THREADS)
    return [before, *threads, after]


def _surroundings(page: reading.DiscussionPage, *, is_articles_own: bool) -> dict:
    """What `comments/_discussion.html` tells beside the threads themselves."""
    article, count = page.article, page.public_count
    return {
        "article": article,
        "rules": page.rules,
        "count": count,
        "count_told": number_format(count, force_grouping=True),
        "sorts": [_sort(page, name) for name in reading.SORTS] if count >= LEAST_TO_SORT else [],
        "earlier": _page(page, page.previous_number),
        "later": _page(page, page.next_number),
        "later_words": _more(page),
        "continues": page.continues,
        "feed": reverse("comments_feed_on", args=[article.uid]),
        "is_page": not is_articles_own,
    }


def _sort(page: reading.DiscussionPage, name: str) -> dict:
    return {"words": reading.SORTS[name], "address": _address(page.article, name, 1), "is_chosen": page.sort == name}


def _page(page: reading.DiscussionPage, number: int | None) -> str:
    return _address(page.article, page.sort, number) if number else ""


def _address(article: Article, sort: str, number: int) -> str:
    if (sort, number) == (reading.DEFAULT_SORT, 1):
        return f"{article.get_absolute_url()}#comments"
    return f"{places.page_address(article.uid, number, sort)}#comments"


def _more(page: reading.DiscussionPage) -> str:
    """How many are not on the first page; of later ones, that there are more."""
    if page.number > 1:
        return "Further comments"
    rest = page.public_count - page.shown_count
    return f"{number_format(rest, force_grouping=True)} further comment{'' if rest == 1 else 's'}"


def declare() -> None:
    pieces.register_filler("thread", thread)
