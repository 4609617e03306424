"""
Full-text search over what readers see: articles, their addenda, and the saved words of the posts in both.

`"a phrase"`, `-without` and several words (all of them, wherever they stand in the article) are understood. Visibility
is asked when searching and never stored: a scheduled text is found from its second on, a withdrawn one no more.
"""

from dataclasses import dataclass

from django.db.models import F
from django.utils.safestring import SafeString

from articles.models import Article, SearchDocument
from articles.search.documents import forget, index, index_embed
from articles.search.engine import engine
from articles.search.excerpts import excerpt
from articles.search.words import LONGEST_QUESTION, Question, parse

__all__ = ["Hit", "Results", "find", "forget", "index", "index_embed"]

PAGE_SIZE = 20
MOST_COUNTED = 500


@dataclass(frozen=True)
class Hit:
    article: Article
    excerpt: SafeString


@dataclass(frozen=True)
class Results:
    """One page of hits. `count` stops at MOST_COUNTED; `has_more_than_count` says that there are more."""

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
    ids = _matches(question) if question.wanted else []
    start = (page - 1) * PAGE_SIZE
    return Results(
        query=" ".join(query[:LONGEST_QUESTION].replace("\x00", " ").split()),
        hits=_hits(question, ids[:MOST_COUNTED][start : start + PAGE_SIZE]),
        count=min(len(ids), MOST_COUNTED),
        has_more_than_count=len(ids) > MOST_COUNTED,
        page=page,
    )


def _matches(question: Question) -> list[int]:
    return engine().best_matches(question, _visible(), limit=MOST_COUNTED + 1)


def _hits(question: Question, ids: list[int]) -> list[Hit]:
    if not ids:
        return []
    texts = engine().best_texts(question, _visible(article__in=ids))
    articles = Article.objects.published().for_cards().in_bulk(ids)
    return [Hit(articles[pk], excerpt(*texts[pk])) for pk in ids if pk in articles and pk in texts]


def _visible(**more) -> tuple[str, tuple]:
    """The documents that may be searched, as SQL: `id`, `article_id` and the article's `published_at`."""
    visible = SearchDocument.objects.visible().filter(**more).annotate(published_at=F("article__published_at"))
    return visible.values_list("id", "article_id", "published_at").query.sql_with_params()
