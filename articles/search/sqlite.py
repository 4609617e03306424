"""
The index and its questions in SQLite: an FTS5 table over the rows of `articles_searchdocument`, kept in step by
triggers. A migration that makes SQLite rebuild that table must drop and create these again.
"""

from django.db import connection

from articles.search.excerpts import CLOSE, OPEN
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


def best_matches(question: Question, visible: tuple[str, tuple], *, limit: int) -> list[int]:
    """Ids of articles, best first. A term may stand in any visible text of an article, another term in another."""
    visible_sql, visible_params = visible
    has_term = "max(hit.id IN (SELECT rowid FROM articles_search WHERE articles_search MATCH %s))"
    conditions = [has_term] * len(question.wanted) + [f"NOT {has_term}"] * len(question.unwanted)
    sql = f"""
        WITH hit AS MATERIALIZED (
            SELECT rowid AS id, bm25(articles_search, {WEIGHTS}) AS distance
            FROM articles_search WHERE articles_search MATCH %s
        )
        SELECT v.article_id
        FROM hit JOIN ({visible_sql}) v ON v.id = hit.id
        GROUP BY v.article_id
        HAVING {" AND ".join(conditions)}
        ORDER BY sum(hit.distance), v.published_at DESC, v.article_id DESC
        LIMIT %s
    """
    terms = question.wanted + question.unwanted
    with connection.cursor() as cursor:
        cursor.execute(sql, [_any_of(terms), *visible_params, *map(_quoted, terms), limit])
        return [article_id for (article_id,) in cursor]


def best_texts(question: Question, visible: tuple[str, tuple]) -> dict[int, tuple[str, str]]:
    """For each article its best visible text: as it was written, and folded with marks around what was found."""
    visible_sql, visible_params = visible
    sql = f"""
        WITH hit AS MATERIALIZED (
            SELECT rowid AS id, bm25(articles_search, {WEIGHTS}) AS distance,
                   highlight(articles_search, {WORDS_COLUMN}, %s, %s) AS marked
            FROM articles_search
            WHERE articles_search MATCH %s AND rowid IN (SELECT v.id FROM ({visible_sql}) v)
        )
        SELECT d.article_id, d.plain, hit.marked
        FROM hit JOIN articles_searchdocument d ON d.id = hit.id
        ORDER BY hit.distance DESC, d.id DESC
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [OPEN, CLOSE, _any_of(question.wanted), *visible_params])
        # The best stands last, and the last one is kept.
        return {article_id: (plain, marked) for article_id, plain, marked in cursor}


def _any_of(terms: tuple[str, ...]) -> str:
    return " OR ".join(map(_quoted, terms))


def _quoted(term: str) -> str:
    """A string of FTS5's query language. A folded term holds letters, digits and spaces alone."""
    return f'"{term}"'
