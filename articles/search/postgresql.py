"""The index and its questions in PostgreSQL: a generated `tsvector` with weights, and a GIN index over it."""

from django.conf import settings
from django.db import connection

from articles.search.excerpts import CLOSE, OPEN
from articles.search.words import Question

# Headline, standfirst and text in PostgreSQL's order D, C, B, A.
WEIGHTS = "{0.1, 0.1, 0.4, 1.0}"
DIVIDE_BY_LOG_OF_LENGTH = 1
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
    """
    visible_sql, visible_params = visible
    wanted = [f"wanted_{number}" for number in range(len(question.wanted))]
    unwanted = [f"unwanted_{number}" for number in range(len(question.unwanted))]
    conditions = [f"(numnode({term}) = 0 OR bool_or(d.document @@ {term}))" for term in wanted]
    conditions += [f"NOT bool_or(d.document @@ {term})" for term in unwanted]
    sql = f"""
        SELECT v.article_id
        FROM articles_searchdocument d
        JOIN ({visible_sql}) v ON v.id = d.id
        CROSS JOIN (SELECT {_terms(wanted + unwanted)}) q
        WHERE d.document @@ ({" || ".join(wanted + unwanted)})
        GROUP BY v.article_id, v.published_at, {", ".join(wanted + unwanted)}
        HAVING {" AND ".join(conditions)} AND bool_or(d.document @@ ({" || ".join(wanted)}))
        ORDER BY sum(ts_rank(%s, d.document, {" || ".join(wanted)}, %s)) DESC, v.published_at DESC, v.article_id DESC
        LIMIT %s
    """
    params = [*visible_params, *_term_params(question.wanted + question.unwanted)]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, WEIGHTS, DIVIDE_BY_LOG_OF_LENGTH, limit])
        return [article_id for (article_id,) in cursor]


def best_texts(question: Question, visible: tuple[str, tuple]) -> dict[int, tuple[str, str]]:
    """For each article its best visible text: as it was written, and folded with marks around what was found."""
    visible_sql, visible_params = visible
    wanted = [f"wanted_{number}" for number in range(len(question.wanted))]
    anything = " || ".join(wanted)
    sql = f"""
        SELECT best.article_id, best.plain, ts_headline(%s::regconfig, best.words, best.question, %s)
        FROM (
            SELECT DISTINCT ON (v.article_id) v.article_id, d.plain, d.words, {anything} AS question
            FROM articles_searchdocument d
            JOIN ({visible_sql}) v ON v.id = d.id
            CROSS JOIN (SELECT {_terms(wanted)}) q
            WHERE d.document @@ ({anything})
            ORDER BY v.article_id, ts_rank(%s, d.document, {anything}, %s) DESC, d.id
        ) best
    """
    params = [settings.SEARCH_LANGUAGE, MARK_ALL, *visible_params, *_term_params(question.wanted)]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, WEIGHTS, DIVIDE_BY_LOG_OF_LENGTH])
        return {article_id: (plain, marked) for article_id, plain, marked in cursor}


def _terms(names: list[str]) -> str:
    return ", ".join(f"phraseto_tsquery(%s::regconfig, %s) AS {name}" for name in names)


def _term_params(terms: tuple[str, ...]) -> list[str]:
    return [part for term in terms for part in (settings.SEARCH_LANGUAGE, term)]
