"""
A rare word and a common one, searched for as the site does it, beside one query by the index that gives the same of
each hit (docs/decisions/0050). Runs in the visitor's process, on PostgreSQL.
"""

from functools import partial

RARE, HITS = "quokkaberry", 12
COMMON = ("city", "people", "year", "street", "council", "letter", "first", "new")
# What a page of hits shows, by the index and by what PostgreSQL itself offers for it: whatever is visible or not,
# nothing ranked, nothing counted, accents and case as the index has them.
ONE_QUERY = """
    SELECT a.headline, a.public_path, a.published_at, s.name, ts_headline(%(language)s::regconfig, d.words, asked)
    FROM phraseto_tsquery(%(language)s::regconfig, %(word)s) asked
    JOIN articles_searchdocument d ON d.document @@ asked
    JOIN articles_article a ON a.id = d.article_id
    JOIN articles_section s ON s.id = a.section_id
    ORDER BY a.published_at DESC
    LIMIT 20
"""
# The same without words of the texts: what a list of headlines would cost.
HEADLINES = ONE_QUERY.replace(", ts_headline(%(language)s::regconfig, d.words, asked)", "")
ONE_INDEXED, BARE, RARE_WORD = "one query by the index", "the same without excerpts", "a rare word"
RARE_PAGE, SECTION_PAGE, COMMON_WORD = "the page of a rare word", "a section's page, for comparison", "a common word"
READINGS = (ONE_INDEXED, BARE, RARE_WORD, COMMON_WORD, RARE_PAGE, SECTION_PAGE)


def plant(client) -> str:
    """Writes the rare word into a few articles that lie far apart. Returns the most common of the common ones."""
    from django.db import connection
    from django.db.models import F, Value
    from django.db.models.functions import Concat

    from articles.models import SearchDocument

    own = list(
        SearchDocument.objects.visible().filter(embed=None, addendum=None).order_by("pk").values_list("pk", flat=True)
    )
    chosen = own[:: max(1, len(own) // HITS)][:HITS]
    SearchDocument.objects.filter(pk__in=chosen).update(
        **{column: Concat(F(column), Value(f" {RARE}")) for column in ("words", "plain")}
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE articles_searchdocument")
    return max(COMMON, key=_hits)


def search_milliseconds(client, *, name: str, common: str, times: int) -> float:
    from benchmarks.visitor import cpu_seconds

    read = {
        ONE_INDEXED: lambda: _asked(ONE_QUERY),
        BARE: lambda: _asked(HEADLINES),
        RARE_WORD: lambda: _found(RARE),
        COMMON_WORD: lambda: _found(common),
        RARE_PAGE: lambda: _visited(client, f"/search/?q={RARE}"),
        SECTION_PAGE: partial(_visited, client, _address_of_section()),
    }[name]
    read()
    before = cpu_seconds()
    for _ in range(times):
        read()
    return (cpu_seconds() - before) / times * 1000


def search_facts(client, *, common: str) -> dict:
    """How many articles hold the common word, what a reader is told of it, and what a search asks."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from articles import search

    found = search.find(common)
    with CaptureQueriesContext(connection) as captured:
        _found(RARE)
    return {
        "hits": _hits(common),
        "counted": found.count,
        "has_more": found.has_more_than_count,
        "statements": len(captured),
        "is_by_index": _is_by_index(captured.captured_queries[0]["sql"]),
    }


def _is_by_index(statement: str) -> bool:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + statement.replace("%", "%%"))
        return any("articles_search_words" in line for (line,) in cursor)


def _asked(query: str) -> None:
    from django.conf import settings
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query, {"language": settings.SEARCH_LANGUAGE, "word": RARE})
        if len(cursor.fetchall()) != HITS:
            raise SystemExit("The rare word is not where it was written")


def _visited(client, path: str) -> None:
    from benchmarks.visitor import visit

    visit(client, path)


def _address_of_section() -> str:
    from articles.models import Article

    return Article.objects.published().newest_first().select_related("section")[0].section.get_absolute_url()


def _found(word: str) -> None:
    from articles import search

    hits = search.find(word).hits
    is_right = len(hits) == HITS and all("<mark>" in hit.excerpt for hit in hits) if word == RARE else bool(hits)
    if not is_right:
        raise SystemExit(f"{word} was not found as it should be")


def _hits(word: str) -> int:
    from django.conf import settings
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT article_id) FROM articles_searchdocument WHERE document @@ phraseto_tsquery(%s, %s)",
            [settings.SEARCH_LANGUAGE, word],
        )
        return cursor.fetchone()[0]


ORDERS = {"plant": plant, "search_milliseconds": search_milliseconds, "search_facts": search_facts}
