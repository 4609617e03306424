import datetime as dt
from types import SimpleNamespace

import pytest

from articles.marker import ALONE, NOUNS, marker_of, marker_words
from articles.models import Addendum

NOON = dt.datetime(2026, 3, 14, 12, tzinfo=dt.UTC)


def addendum(number, kind="update", at=NOON):
    return SimpleNamespace(kind=kind, published_at=at, anchor=f"update-{number}")


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        (["update"], "UPDATED"),
        (["correction"], "CORRECTED"),
        (["clarification"], "CLARIFIED"),
        (["editors_note"], "EDITOR’S NOTE"),
        (["update", "update"], "2 updates"),
        (["correction", "update", "update"], "2 updates and 1 correction"),
        (
            ["editors_note", "clarification", "correction", "update", "editors_note"],
            "1 update, 1 correction, 1 clarification and 2 editor’s notes",
        ),
    ],
)
def test_the_marker_is_worded_by_kind_and_number(kinds, words):
    assert marker_words(kinds) == words


def test_every_kind_of_addendum_has_its_words():
    assert set(NOUNS) == set(ALONE) == set(Addendum.Kind.values)


def test_words_for_nothing_are_refused():
    with pytest.raises(ValueError, match="nothing"):
        marker_words([])


def test_an_article_without_addenda_has_no_marker():
    assert marker_of([]) is None


def test_the_marker_leads_to_the_latest_addendum_and_tells_its_time():
    later = NOON + dt.timedelta(hours=2)
    marker = marker_of([addendum(1), addendum(3, "correction", later)])
    assert (marker.words, marker.anchor, marker.latest_at) == ("1 update and 1 correction", "update-3", later)
