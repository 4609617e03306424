"""What is promised of growth, and whether it was kept: the rows that judge."""

import math
from collections.abc import Iterator

from benchmarks import ledger, searching
from benchmarks.report import Row, Searching, Talk, within_rounds
from benchmarks.serving.goals import Outcome

MOST_WITH_TEN_TIMES = 1.1
PROMISED = ("home", "section", "archive")
# Page 1,000 beside page 1, in the large site.
DEEP, MOST_WHEN_DEEP = {"home, page 1,000": "home", "section, page 1,000": "section"}, 1.1
# Searching for a rare word: of one query by the index, and with ten times the articles.
MOST_OF_ONE_QUERY, MOST_OF_TEN_TIMES = 2, 3
# Queries of a reading of the ledger.
MOST_QUERIES = {ledger.SENTENCE: 1, ledger.FIGURES: 9, ledger.PAGE: 9, ledger.RECOMPUTED: 9}
# An article that nobody has commented on asks less: for no threads, and for nobody who was answered.
MOST_QUERIES_OF_TALK = 4
MOST_COUNTED = 500


def outcomes(
    tables: dict[str, list[Row]],
    ledgers: dict[str, list[Row]],
    talks: dict[str, Talk],
    searches: dict[str, Searching],
) -> list[Outcome]:
    found = []
    for engine in tables:
        of_engine = [*_of_pages(tables[engine]), *_of_deep_pages(tables[engine]), *_of_queries(tables[engine])]
        of_engine += _of_search(searches[engine]) if engine in searches else []
        of_engine += [*_of_talk(talks[engine]), *_of_ledger(ledgers[engine])]
        found += [Outcome(f"{engine}: {each.what}", each.most, each.measured, each.unit) for each in of_engine]
    return found


def _of_pages(rows: list[Row]) -> Iterator[Outcome]:
    for row in rows:
        if row.page in PROMISED:
            yield Outcome(f"{row.page}, large site of small", MOST_WITH_TEN_TIMES, row.ratio)


def _of_deep_pages(rows: list[Row]) -> Iterator[Outcome]:
    found = {row.page: row for row in rows}
    for deep, first in DEEP.items():
        times = within_rounds(found[deep].large, found[first].large)
        yield Outcome(f"{deep} (or the last), of page 1", MOST_WHEN_DEEP, times)


def _of_queries(rows: list[Row]) -> Iterator[Outcome]:
    most = max(abs(large - small) for small, large in (row.queries for row in rows))
    yield Outcome("queries that any page asks more in one of both sites", 0, most)


def _of_search(found: Searching) -> Iterator[Outcome]:
    small, large = found.taken[searching.RARE_WORD]
    of_one = within_rounds(large, found.taken[searching.ONE_INDEXED][1])
    yield Outcome("search for a rare word, of one query by the index", MOST_OF_ONE_QUERY, of_one)
    yield Outcome("search for a rare word, large site of small", MOST_OF_TEN_TIMES, within_rounds(large, small))
    statements = found.statements if found.is_by_index else math.inf
    yield Outcome("statements of a search, by the index", 1, statements)
    is_told = found.has_more == (found.hits > MOST_COUNTED)
    what = f"articles counted of {found.hits:,} with a common word"
    yield Outcome(what, MOST_COUNTED, found.counted if is_told else math.inf)


def _of_talk(talk: Talk) -> Iterator[Outcome]:
    with_comments = [count for page, count in talk.queries.items() if page.endswith(" comments")]
    what = "queries more for a discussion, whatever its size"
    yield Outcome(what, MOST_QUERIES_OF_TALK, max(with_comments) - min(with_comments))


def _of_ledger(rows: list[Row]) -> Iterator[Outcome]:
    for row in rows:
        yield Outcome(f"queries of {row.page}", MOST_QUERIES[row.page], max(row.queries))
