"""What the benchmark of growth says of its figures. Nothing is measured here."""

import pytest

from benchmarks import ledger, promises, report, searching
from benchmarks.report import Checked, Intake, Row, Searching, Talk

PAGES = ("home", "home, page 1,000", "section", "section, page 1,000", "archive", "feed")


def judged(*, large=10.0, deep=10.0, rare=4.0, queries=(8, 8), searched=None, sentence=1):
    rows = [Row(page, queries, [10.0], [deep if "page" in page else large]) for page in PAGES]
    readings = [Row(name, (sentence, sentence), [1.0], [2.0]) for name in ledger.READINGS]
    taken = {name: ([2.0], [3.0]) for name in searching.READINGS} | {searching.RARE_WORD: ([2.0], [rare])}
    facts = {"hits": 900, "counted": 500, "has_more": True, "statements": 1, "is_by_index": True} | (searched or {})
    talk = Talk({"0 comments": 8, "200 comments": 10}, {"0 comments": [9.0], "200 comments": [10.0]})
    tables, ledgers, talks = {"PostgreSQL": rows}, {"PostgreSQL": readings}, {"PostgreSQL": talk}
    searches = {"PostgreSQL": Searching(taken, "people", **facts)}
    return promises.outcomes(tables, ledgers, talks, searches), (tables, ledgers, talks, searches)


def missed(**figures) -> list[str]:
    return [outcome.what for outcome in judged(**figures)[0] if not outcome.is_kept]


def test_figures_that_keep_every_promise_are_told_so():
    assert missed() == []


@pytest.mark.parametrize(
    ("figures", "what"),
    [
        (
            {"large": 11.2, "deep": 11.2},
            ["home, large site of small", "section, large site of small", "archive, large"],
        ),
        ({"deep": 11.2}, ["home, page 1,000", "section, page 1,000"]),
        ({"rare": 6.1}, ["search for a rare word, of one query", "search for a rare word, large site of small"]),
        ({"queries": (8, 9)}, ["queries that any page asks more"]),
        ({"searched": {"statements": 2}}, ["statements of a search"]),
        ({"searched": {"is_by_index": False}}, ["statements of a search"]),
        ({"searched": {"counted": 800}}, ["articles counted of 900"]),
        ({"searched": {"has_more": False}}, ["articles counted of 900"]),
        ({"sentence": 2}, ["queries of sentence"]),
    ],
)
def test_each_promise_can_be_missed(figures, what):
    found = missed(**figures)
    assert len(found) == len(what)
    for told, expected in zip(found, what, strict=True):
        assert told.startswith(f"PostgreSQL: {expected}")


def test_the_page_tells_goal_and_verdict_of_each_and_the_price_of_an_event():
    outcomes, tables = judged(large=12)
    checked = {"PostgreSQL": Checked(100, 1.0, 2, 0.01)}
    sizes = {"sizes": (2_000, 20_000), "payments": (1_000, 100_000), "rounds": 1}
    text = report.markdown(outcomes, *tables[:2], checked, *tables[2:], Intake([100.0], [1000.0]), **sizes)
    assert "| PostgreSQL: home, large site of small | 1.1 | 1.20 | missed |" in text
    assert "| PostgreSQL: search for a rare word, of one query by the index | 2 | 1.33 | kept |" in text
    assert "| PostgreSQL: taking in an event, of a bare insert of its row | | 10.0 | no goal set |" in text
    assert "1.2 times" not in text
