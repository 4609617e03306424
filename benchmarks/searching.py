"""
A rare word and a common one, searched for as the site does it, beside one query by the index. Runs in the visitor's
process, on PostgreSQL.
"""

RARE, HITS = "quokkaberry", 12
COMMON = ("city", "people", "year", "street", "council", "letter", "first", "new")
# The least that shows a list of hits: by the index alone, the newest twenty, with what stands on a card.
ONE_QUERY = """
    SELECT a.id, a.headline, a.slug, a.standfirst, a.published_at
    FROM articles_searchdocument d JOIN articles_article a ON a.id = d.article_id
    WHERE d.document @@ phraseto_tsquery(%s::regconfig, %s)
    ORDER BY a.published_at DESC
    LIMIT 20
"""
READINGS = ("one query by the index", "a rare word", "a common word")


def plant(client) -> str:
    """Writes the rare word into a few articles that lie far apart. Returns the most common of the common ones."""
    from django.db import connection
    from django.db.models import F, Value
    from django.db.models.functions import Concat

    from articles.models import SearchDocument

    own = list(SearchDocument.objects.filter(embed=None, addendum=None).order_by("pk").values_list("pk", flat=True))
    chosen = own[:: max(1, len(own) // HITS)][:HITS]
    SearchDocument.objects.filter(pk__in=chosen).update(words=Concat(F("words"), Value(f" {RARE}")))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE articles_searchdocument")
    return max(COMMON, key=_hits)


def search_milliseconds(client, *, name: str, common: str, times: int) -> float:
    from benchmarks.visitor import cpu_seconds

    read = {
        "one query by the index": _one_query,
        "a rare word": lambda: _found(RARE),
        "a common word": lambda: _found(common),
    }[name]
    read()
    before = cpu_seconds()
    for _ in range(times):
        read()
    return (cpu_seconds() - before) / times * 1000


def search_facts(client, *, common: str) -> dict:
    """How many articles hold the common word, and what a reader is told of it."""
    from articles import search

    found = search.find(common)
    return {"hits": _hits(common), "counted": found.count, "has_more": found.has_more_than_count}


def _one_query() -> None:
    from django.conf import settings
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(ONE_QUERY, [settings.SEARCH_LANGUAGE, RARE])
        if len(cursor.fetchall()) != HITS:
            raise SystemExit("The rare word is not where it was written")


def _found(word: str) -> None:
    from articles import search

    if not search.find(word).hits:
        raise SystemExit(f"Nothing was found for {word}")


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
