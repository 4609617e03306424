"""
Full-text search over what readers see: articles, their addenda, and the saved words of the posts in both.

`"a phrase"`, `-without` and several words (all of them, wherever they stand in the article) are understood. Visibility
is asked when searching and never stored: a scheduled text is found from its second on, a withdrawn one no more.
"""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from articles.models import Article
from articles.search.documents import forget, index, index_embed
from articles.search.engine import engine
from articles.search.excerpts import excerpt
from articles.search.found import OF_ARTICLE, Found
from articles.search.words import LONGEST_QUESTION, parse

__all__ = ["Hit", "Results", "find", "forget", "index", "index_embed"]

PAGE_SIZE = 20
MOST_COUNTED = 500


@dataclass(frozen=True)
class Hit:
    """Of the article no more is read than its address, headline and date."""

    article: Article
    section: str
    excerpt: SafeString


@dataclass(frozen=True)
class Results:
    """
    One page of hits. `count` stops at MOST_COUNTED; `has_more_than_count` says that there are more. After the last page
    nothing is counted.
    """

    query: str
    hits: list[Hit]
    count: int
    has_more_than_count: bool
    page: int

    @property
    def previous_page(self) -> int | None:
        return self.page - 1 if self.page > 1 else None

    @property
    def next_page(self) -> int | None:
        return self.page + 1 if self.page * PAGE_SIZE < self.count else None


def find(query: str, *, page: int = 1) -> Results:
    """Never fails on what a reader types. A page after the last has no hits; `page` counts from 1."""
    question = parse(query)
    start = (page - 1) * PAGE_SIZE
    size = min(PAGE_SIZE, MOST_COUNTED - start)
    is_asked = question.wanted and size > 0
    count, found = engine().page(question, start=start, size=size, most=MOST_COUNTED + 1) if is_asked else (0, [])
    return Results(
        query=" ".join(query[:LONGEST_QUESTION].replace("\x00", " ").split()),
        hits=[_hit(row) for row in found],
        count=min(count, MOST_COUNTED),
        has_more_than_count=count > MOST_COUNTED,
        page=page,
    )


def _hit(row: Found) -> Hit:
    article = Article.from_db(None, OF_ARTICLE, row[: len(OF_ARTICLE)])
    return Hit(article, row.section, excerpt(row.plain, row.marked, starts=row.starts))
