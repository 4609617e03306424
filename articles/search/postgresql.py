"""The index and its questions in PostgreSQL: a generated `tsvector` with weights, and a GIN index over it."""

from collections.abc import Iterable

from django.conf import settings
from django.db import connection

from articles.search.excerpts import BEFORE_FIRST_MARK, CLOSE, LENGTH, OPEN
from articles.search.found import Found, visible
from articles.search.words import Question

# Headline, standfirst and text in PostgreSQL's order D, C, B, A.
WEIGHTS = "{0.1, 0.1, 0.4, 1.0}"
DIVIDE_BY_LOG_OF_LENGTH = 1
# Of more matches, the newest are ranked.
MOST_RANKED = 2_000
TERM = "phraseto_tsquery(%(language)s::regconfig, %({})s)"
# A form of the word is looked for in so much of a text before and after the place where one may stand.
BEFORE = BEFORE_FIRST_MARK + 30
WINDOW = BEFORE + LENGTH + 60
PARAMS = {
    "most_ranked": MOST_RANKED,
    "weights": WEIGHTS,
    "divide": DIVIDE_BY_LOG_OF_LENGTH,
    "before": BEFORE,
    "window": WINDOW,
    "mark_all": f'HighlightAll=true, StartSel="{OPEN}", StopSel="{CLOSE}"',
}


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


def page(question: Question, *, start: int, size: int, most: int) -> tuple[int, list[Found]]:
    """
    A page of hits, best first, and how many there are, counted up to `most`: all in one statement. A term may stand in
    any visible text of an article, another term in another. Words too common to be indexed are left out.

    What matches is told by the GIN index alone; only to rank a text, it has to be read, so no more than MOST_RANKED
    articles are. Of those on the page the excerpt is looked for around the first word that begins like a wanted one.
    """
    visible_sql, params = visible("document")
    wanted, unwanted = _terms("wanted", question.wanted), _terms("unwanted", question.unwanted)
    params |= wanted | unwanted | PARAMS | {"language": settings.SEARCH_LANGUAGE}
    params |= {"most": most, "start": start, "size": size}
    anything = _any_of(wanted)
    each, having, of_wanted = _conditions(wanted, unwanted)
    sql = f"""
        WITH matching AS MATERIALIZED (
            SELECT v.id, v.article_id, v.published_at{each}
            FROM ({visible_sql}) v
            WHERE v.document @@ ({_any_of(wanted | unwanted)}) AND numnode({anything}) > 0
        ), newest AS (
            SELECT article_id FROM matching GROUP BY article_id, published_at {having}
            ORDER BY published_at DESC LIMIT %(most_ranked)s
        ), ranked AS (
            SELECT article_id, sum(rank) AS rank, published_at, (array_agg(id ORDER BY rank DESC, id))[1] AS best
            FROM (
                SELECT m.*, ts_rank(%(weights)s, d.document, {anything}, %(divide)s) AS rank
                FROM newest JOIN matching m USING (article_id) JOIN articles_searchdocument d ON d.id = m.id {of_wanted}
            ) each GROUP BY article_id, published_at
            ORDER BY rank DESC, published_at DESC, article_id DESC LIMIT %(most)s
        ), page AS (
            SELECT *, count(*) OVER () FROM ranked
            ORDER BY rank DESC, published_at DESC, article_id DESC LIMIT %(size)s OFFSET %(start)s
        )
        SELECT p.count, d.id, a.id, a.headline, a.slug, a.published_at, a.public_path, s.name, d.plain,
            ts_headline(%(language)s::regconfig, substr(d.words, place.starts, %(window)s), {anything}, %(mark_all)s),
            place.starts - 1
        FROM page p
        JOIN articles_article a ON a.id = p.article_id
        JOIN articles_section s ON s.id = a.section_id
        JOIN articles_searchdocument d ON d.id = p.best
        CROSS JOIN LATERAL (
            SELECT greatest(1, {_first_place(question.wanted)} - %(before)s) AS starts OFFSET 0
        ) place
        ORDER BY p.rank DESC, p.published_at DESC, p.article_id DESC
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
        found = {document: Found(*told) for _, document, *told in rows}
        if unmarked := [document for document, row in found.items() if OPEN not in row.marked]:
            for document, marked in _marked_whole(cursor, unmarked, anything, params):
                found[document] = found[document]._replace(marked=marked, starts=0)
    return rows[0][0] if rows else 0, list(found.values())


def _marked_whole(cursor, documents: list[int], anything: str, params: dict) -> list[tuple[int, str]]:
    """The whole texts of those documents that hold what was looked for there, and not in a headline alone."""
    sql = f"""
        SELECT id, ts_headline(%(language)s::regconfig, words, {anything}, %(mark_all)s)
        FROM articles_searchdocument WHERE id = ANY(%(documents)s) AND ts_filter(document, '{{c}}') @@ ({anything})
    """
    cursor.execute(sql, params | {"documents": documents})
    return cursor.fetchall()


def _conditions(wanted: dict, unwanted: dict) -> tuple[str, str, str]:
    """What each document holds, what an article must hold, and which documents count. One term is found already."""
    if len(wanted) + len(unwanted) == 1:
        return "", "", ""
    holds = "v.id IN (SELECT id FROM articles_searchdocument WHERE document @@ {})"
    each = "".join(f", {holds.format(TERM.format(name))} AS has_{name}" for name in wanted | unwanted)
    must = [f"(numnode({TERM.format(name)}) = 0 OR bool_or(has_{name}))" for name in wanted]
    must += [f"NOT bool_or(has_{name})" for name in unwanted]
    return each, f"HAVING {' AND '.join(must)}", f"WHERE {' OR '.join(f'm.has_{name}' for name in wanted)}"


def _first_place(terms: tuple[str, ...]) -> str:
    """Where the first word begins that may be a form of a term, as SQL; of a phrase, where it stands word by word."""
    stem = "rtrim((tsvector_to_array(to_tsvector(%(language)s::regconfig, %({})s)))[1], 'iy')"
    beginnings = [("%({})s" if " " in term else stem).format(name) for name, term in _terms("wanted", terms).items()]
    return f"least({', '.join(f"nullif(strpos(' ' || d.words, ' ' || {each}), 0)" for each in beginnings)})"


def _terms(kind: str, terms: tuple[str, ...]) -> dict[str, str]:
    return {f"{kind}_{number}": term for number, term in enumerate(terms)}


def _any_of(names: Iterable[str]) -> str:
    return " || ".join(map(TERM.format, names))
