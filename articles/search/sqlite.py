"""
The index and its questions in SQLite: an FTS5 table over the rows of `articles_searchdocument`, kept in step by
triggers. A migration that makes SQLite rebuild that table must drop and create these again.
"""

import datetime as dt

from django.db import connection

from articles.search.excerpts import CLOSE, OPEN
from articles.search.found import Found, visible
from articles.search.words import Question

COLUMNS = "headline, standfirst, words"
WEIGHTS = "10.0, 4.0, 1.0"
WORDS_COLUMN = 2

CREATE = [
    f"""
    CREATE VIRTUAL TABLE articles_search USING fts5(
        {COLUMNS}, content='articles_searchdocument', content_rowid='id',
        tokenize="porter unicode61 remove_diacritics 2 categories 'L* N* M* Co'"
    )
    """,
    f"""
    CREATE TRIGGER articles_search_insert AFTER INSERT ON articles_searchdocument BEGIN
        INSERT INTO articles_search(rowid, {COLUMNS}) VALUES (new.id, new.headline, new.standfirst, new.words);
    END
    """,
    f"""
    CREATE TRIGGER articles_search_delete AFTER DELETE ON articles_searchdocument BEGIN
        INSERT INTO articles_search(articles_search, rowid, {COLUMNS})
        VALUES ('delete', old.id, old.headline, old.standfirst, old.words);
    END
    """,
    # Documents are replaced and never changed, but a row changed by hand must not leave a wrong index behind.
    f"""
    CREATE TRIGGER articles_search_update AFTER UPDATE OF {COLUMNS} ON articles_searchdocument BEGIN
        INSERT INTO articles_search(articles_search, rowid, {COLUMNS})
        VALUES ('delete', old.id, old.headline, old.standfirst, old.words);
        INSERT INTO articles_search(rowid, {COLUMNS}) VALUES (new.id, new.headline, new.standfirst, new.words);
    END
    """,
    "INSERT INTO articles_search(articles_search) VALUES ('rebuild')",
]
DROP = [
    "DROP TRIGGER articles_search_update",
    "DROP TRIGGER articles_search_delete",
    "DROP TRIGGER articles_search_insert",
    "DROP TABLE articles_search",
]


def create(cursor) -> None:
    for statement in CREATE:
        cursor.execute(statement)


def drop(cursor) -> None:
    for statement in DROP:
        cursor.execute(statement)


def page(question: Question, *, start: int, size: int, most: int) -> tuple[int, list[Found]]:
    """
    A page of hits, best first, and how many there are, counted up to `most`. A term may stand in any visible text of an
    article, another term in another. Only texts of articles on the page are read.
    """
    visible_sql, params = visible()
    wanted, unwanted = _terms("wanted", question.wanted), _terms("unwanted", question.unwanted)
    params |= wanted | unwanted | {"anything": _any_of(question.wanted + question.unwanted)}
    has_term = "max(hit.id IN (SELECT rowid FROM articles_search WHERE articles_search MATCH %({})s))"
    conditions = [has_term.format(name) for name in wanted] + [f"NOT {has_term.format(name)}" for name in unwanted]
    sql = f"""
        WITH hit AS MATERIALIZED (
            SELECT rowid AS id, bm25(articles_search, {WEIGHTS}) AS distance
            FROM articles_search WHERE articles_search MATCH %(anything)s
        ), ranked AS (
            SELECT v.article_id, sum(hit.distance) AS distance, v.published_at
            FROM hit JOIN ({visible_sql}) v ON v.id = hit.id
            GROUP BY v.article_id
            HAVING {" AND ".join(conditions)}
            ORDER BY sum(hit.distance), v.published_at DESC, v.article_id DESC
            LIMIT %(most)s
        ), page AS (
            SELECT *, count(*) OVER () AS count FROM ranked
            ORDER BY distance, published_at DESC, article_id DESC LIMIT %(size)s OFFSET %(start)s
        )
        SELECT p.count, a.id, a.headline, a.slug, a.published_at, a.public_path, s.name
        FROM page p JOIN articles_article a ON a.id = p.article_id JOIN articles_section s ON s.id = a.section_id
        ORDER BY p.distance, p.published_at DESC, p.article_id DESC
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, params | {"most": most, "size": size, "start": start})
        rows = cursor.fetchall()
        texts = _best_texts(cursor, question, [article for _, article, *_ in rows])
    return rows[0][0] if rows else 0, [_found(told, *texts[told[0]]) for _, *told in rows if told[0] in texts]


def _best_texts(cursor, question: Question, articles: list[int]) -> dict[int, tuple[str, str]]:
    """For each article its best visible text: as it was written, and folded with marks around what was found."""
    visible_sql, params = visible()
    among = ", ".join(str(article) for article in articles)
    sql = f"""
        WITH hit AS MATERIALIZED (
            SELECT rowid AS id, bm25(articles_search, {WEIGHTS}) AS distance,
                   highlight(articles_search, {WORDS_COLUMN}, %(opens)s, %(closes)s) AS marked
            FROM articles_search
            WHERE articles_search MATCH %(anything)s
                AND rowid IN (SELECT v.id FROM ({visible_sql}) v WHERE v.article_id IN ({among}))
        )
        SELECT d.article_id, d.plain, hit.marked
        FROM hit JOIN articles_searchdocument d ON d.id = hit.id
        ORDER BY hit.distance DESC, d.id DESC
    """
    cursor.execute(sql, params | {"opens": OPEN, "closes": CLOSE, "anything": _any_of(question.wanted)})
    # The best stands last, and the last one is kept.
    return {article: (plain, marked) for article, plain, marked in cursor}


def _found(told: list, plain: str, marked: str) -> Found:
    found = Found(*told, plain, marked)
    return found._replace(published_at=found.published_at.replace(tzinfo=dt.UTC))


def _terms(kind: str, terms: tuple[str, ...]) -> dict[str, str]:
    return {f"{kind}_{number}": _quoted(term) for number, term in enumerate(terms)}


def _any_of(terms: tuple[str, ...]) -> str:
    return " OR ".join(map(_quoted, terms))


def _quoted(term: str) -> str:
    """A string of FTS5's query language. A folded term holds letters, digits and spaces alone."""
    return f'"{term}"'
