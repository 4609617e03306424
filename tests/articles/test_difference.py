"""What was taken out and put in: whatever the two texts, and within a limit of work."""

from difflib import SequenceMatcher

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import difference
from articles.difference import MOST_PAIRS, Allowance, compare_html, compare_text

TEXTS = st.lists(
    st.sampled_from(["one", "two", " ", "  ", ". ", "! ", "…", ".", "\n", "é", "-", "<", "7", ".7", "’"]), max_size=60
).map("".join)


def told(paragraphs, *kinds):
    """The text that only the runs of these kinds make, without empty lines, which are left out."""
    lines = ["".join(run.text for run in paragraph.runs if run.kind in kinds) for paragraph in paragraphs]
    return [line for line in lines if line]


def without_empty_lines(text):
    return [line for line in text.splitlines() if line]


@given(TEXTS, TEXTS, st.sampled_from([0, 5, 40, 400, MOST_PAIRS]))
@settings(max_examples=600, deadline=None)
def test_what_is_told_makes_up_both_texts(old, new, limit):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Allowance.__init__, "__defaults__", (limit,))
        paragraphs = compare_text(old, new)
    assert told(paragraphs, "same", "removed") == without_empty_lines(old)
    assert told(paragraphs, "same", "added") == without_empty_lines(new)


def test_equal_texts_are_the_same_at_no_cost(monkeypatch):
    monkeypatch.setattr(Allowance.__init__, "__defaults__", (0,))
    assert {paragraph.kind for paragraph in compare_text("One. Two.\nThree.", "One. Two.\nThree.")} == {"same"}


def test_one_word_of_a_long_paragraph_is_named():
    sentences = [f"Wagon {number} passed the bridge at night." for number in range(1500)]
    old = " ".join(sentences)
    (paragraph,) = compare_text(old, old.replace("Wagon 700 passed", "Wagon 700 crossed"))
    changed = [(run.kind, run.text) for run in paragraph.runs if run.kind != "same"]
    assert changed == [("removed", "passed"), ("added", "crossed")]


@pytest.mark.parametrize(
    ("old", "new"),
    [("2.4", "1.9"), ("2.4", "2.9"), ("21,400", "21,900"), ("11:02", "11:20"), ("3.14.15", "3.14.16"), ("isn’t", "is")],
)
def test_a_figure_is_changed_as_a_whole(old, new):
    (paragraph,) = compare_text(f"The wall stands {old} metres high", f"The wall stands {new} metres high")
    changed = [(run.kind, run.text) for run in paragraph.runs if run.kind != "same"]
    assert changed == [("removed", old), ("added", new)]


def test_words_are_told_apart_even_where_every_sentence_of_a_long_paragraph_changed():
    old = " ".join(f"Wagon {number} passed." for number in range(1000))
    (paragraph,) = compare_text(old, old.replace("passed", "crossed"))
    assert ("same", "Wagon ") in {(run.kind, run.text[:6]) for run in paragraph.runs}


@pytest.fixture
def pairs_looked_at(monkeypatch):
    """The work that the matcher is given, counted as `Allowance` counts it."""
    looked_at = []

    class Counted(SequenceMatcher):
        def __init__(self, isjunk, old, new, **options):
            super().__init__(isjunk, old, new, **options)
            looked_at.append(sum(len(self.b2j.get(unit, ())) for unit in old))

    monkeypatch.setattr(difference, "SequenceMatcher", Counted)
    return looked_at


HOSTILE = {
    "a paragraph without sentences": (
        " ".join(f"w{number}" for number in range(6000)),
        " ".join(f"w{number * 2}" for number in range(6000)),
    ),
    "many sentences": ("One two. " * 3000, "Two one. " * 3000),
    "many paragraphs": ("a\nb\n" * 5000, "b\nc\n" * 5000),
    "many changed paragraphs": (
        "\n".join(f"a b c d {number} " * 20 for number in range(2000)),
        "\n".join(f"b a d c {number} " * 20 for number in range(2000)),
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_two_texts_cost_more_than_the_limit(pairs_looked_at, name):
    old, new = HOSTILE[name]
    paragraphs = compare_text(old, new)
    assert sum(pairs_looked_at) <= MOST_PAIRS
    assert told(paragraphs, "same", "removed") == without_empty_lines(old)
    assert told(paragraphs, "same", "added") == without_empty_lines(new)


def test_short_texts_are_matched_and_not_given_up(pairs_looked_at):
    """The control: a limit of nothing would pass the tests above."""
    compare_html("<p>Ten people were hurt</p>", "<p>Twelve people were badly hurt</p>")
    assert sum(pairs_looked_at) > 0
