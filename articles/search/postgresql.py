"""The index and its questions in PostgreSQL: a generated `tsvector` with weights, and a GIN index over it."""

from collections.abc import Iterable

from django.conf import settings
from django.db import connection

from articles.search.excerpts import CLOSE, OPEN
from articles.search.words import Question

# Headline, standfirst and text in PostgreSQL's order D, C, B, A.
WEIGHTS = "{0.1, 0.1, 0.4, 1.0}"
DIVIDE_BY_LOG_OF_LENGTH = 1
# Of more matches, the newest are ranked.
MOST_RANKED = 2_000
TERM = "phraseto_tsquery(%s::regconfig, %s)"
MARK_ALL = f'HighlightAll=true, StartSel="{OPEN}", StopSel="{CLOSE}"'


def create(cursor) -> None:
    cursor.execute(
        """
        ALTER TABLE articles_searchdocument ADD COLUMN document tsvector GENERATED ALWAYS AS (
            setweight(to_tsvector(%(language)s::regconfig, headline), 'A')
            || setweight(to_tsvector(%(language)s::regconfig, standfirst), 'B')
            || setweight(to_tsvector(%(language)s::regconfig, words), 'C')
        ) STORED
        """,
        {"language": settings.SEARCH_LANGUAGE},
    )
    cursor.execute("CREATE INDEX articles_search_words ON articles_searchdocument USING gin (document)")


def drop(cursor) -> None:
    cursor.execute("ALTER TABLE articles_searchdocument DROP COLUMN document")


def best_matches(question: Question, visible: tuple[str, tuple], *, limit: int) -> list[int]:
    """
    Ids of articles, best first. A term may stand in any visible text of an article, another term in another.
    Words too common to be indexed are left out of the question.

    What matches is told by the GIN index alone; only to rank a text, it has to be read, so no more than MOST_RANKED
    articles are.
    """
    visible_sql, visible_params = visible
    wanted, unwanted = question.wanted, question.unwanted
    # A single term is found by the first condition alone.
    each = wanted if len(wanted + unwanted) > 1 else ()
    conditions = [f"numnode({_any_of(wanted)}) > 0"]
    conditions += [f"(numnode({TERM}) = 0 OR bool_or(d.document @@ {TERM}))"] * len(each)
    conditions += [f"NOT bool_or(d.document @@ {TERM})"] * len(unwanted)
    sql = f"""
        WITH matching AS (
            SELECT v.article_id, v.published_at
            FROM articles_searchdocument d JOIN ({visible_sql}) v ON v.id = d.id
            WHERE d.document @@ ({_any_of(wanted + unwanted)})
            GROUP BY v.article_id, v.published_at
            HAVING {" AND ".join(conditions)}
            ORDER BY v.published_at DESC
            LIMIT %s
        )
        SELECT m.article_id
        FROM matching m
        JOIN articles_searchdocument d ON d.article_id = m.article_id
        JOIN ({visible_sql}) v ON v.id = d.id
        WHERE d.document @@ ({_any_of(wanted)})
        GROUP BY m.article_id, m.published_at
        ORDER BY sum(ts_rank(%s, d.document, {_any_of(wanted)}, %s)) DESC, m.published_at DESC, m.article_id DESC
        LIMIT %s
    """
    in_conditions = [*wanted, *(term for term in each for _ in range(2)), *unwanted]
    params = [*visible_params, *_params([*wanted, *unwanted, *in_conditions]), MOST_RANKED]
    params += [*visible_params, *_params(wanted), WEIGHTS, *_params(wanted), DIVIDE_BY_LOG_OF_LENGTH, limit]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [article_id for (article_id,) in cursor]


def best_texts(question: Question, visible: tuple[str, tuple]) -> dict[int, tuple[str, str]]:
    """For each article its best visible text: as it was written, and folded with marks around what was found."""
    visible_sql, visible_params = visible
    anything, terms = _any_of(question.wanted), _params(question.wanted)
    sql = f"""
        SELECT best.article_id, best.plain, ts_headline(%s::regconfig, best.words, {anything}, %s)
        FROM (
            SELECT DISTINCT ON (v.article_id) v.article_id, d.plain, d.words
            FROM articles_searchdocument d JOIN ({visible_sql}) v ON v.id = d.id
            WHERE d.document @@ ({anything})
            ORDER BY v.article_id, ts_rank(%s, d.document, {anything}, %s) DESC, d.id
        ) best
    """
    params = [settings.SEARCH_LANGUAGE, *terms, MARK_ALL, *visible_params, *terms]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, WEIGHTS, *terms, DIVIDE_BY_LOG_OF_LENGTH])
        return {article_id: (plain, marked) for article_id, plain, marked in cursor}


def _any_of(terms: tuple[str, ...]) -> str:
    return " || ".join([TERM] * len(terms))


def _params(terms: Iterable[str]) -> list[str]:
    """For as many TERMs."""
    return [part for term in terms for part in (settings.SEARCH_LANGUAGE, term)]
