"""Folding and the reader's question. No database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.search.excerpts import CLOSE, OPEN, excerpt
from articles.search.words import LONGEST_QUESTION, MOST_TERMS, Question, fold, fold_with_offsets, parse, place_of


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Café", "cafe"),
        ("Cafe\u0301", "cafe"),
        ("Erdoğan", "erdogan"),
        ("DİYARBAKIR ılık", "diyarbakir ilik"),
        ("Łódź, Ørsted", "lodz  orsted"),
        ("straße", "strasse"),
        ("ﬁne", "fine"),
        ("Ёлка", "елка"),
        ("مَرحبا", "مرحبا"),
        ("soft\u00adhyphen", "softhyphen"),
        ("<b>x</b>\x00&amp;", " b x  b   amp "),
        ("हिन्दी", "हिन्दी"),
    ],
)
def test_folding_keeps_the_letters_and_drops_what_people_leave_out(typed, folded):
    assert fold(typed) == folded


@given(st.text())
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_every_folded_character_knows_where_it_comes_from(text):
    folded, offsets = fold_with_offsets(text)
    assert folded == fold(text)
    assert len(folded) == len(offsets)
    assert offsets == sorted(offsets)
    assert all(0 <= offset < len(text) for offset in offsets)


@given(st.text(st.sampled_from("aßﬁé\u0301\u00ad“ я😀 ")), st.data())
def test_a_place_in_the_folded_text_is_found_in_the_text(text, data):
    folded, offsets = fold_with_offsets(text)
    if folded:
        position = data.draw(st.integers(0, len(folded) - 1))
        assert place_of(text, position) == offsets[position]


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("Election Fraud", Question(("election", "fraud"))),
        ('"early Vote" fraud', Question(("early vote", "fraud"))),
        ("“early vote”", Question(("early vote",))),
        ("vote -fraud", Question(("vote",), ("fraud",))),
        ('vote -"mail ballots"', Question(("vote",), ("mail ballots",))),
        ("covid-19", Question(("covid 19",))),
        ('"never closed', Question(("never closed",))),
        ("-", Question(())),
        ('""', Question(())),
        ("?! \x00 ...", Question(())),
        ("same SAME sâme", Question(("same",))),
        ("NEAR(a b) OR c* AND ^d", Question(("near a", "b", "or", "c", "and", "d"))),
    ],
)
def test_a_question_is_understood(typed, question):
    assert parse(typed) == question


@given(st.text())
def test_any_string_is_a_question_of_plain_words(typed):
    question = parse(typed)
    terms = question.wanted + question.unwanted
    assert len(terms) <= MOST_TERMS
    assert all(term and fold(term) == term and '"' not in term for term in terms)


def test_a_question_of_ten_thousand_characters_is_cut():
    question = parse("word " * 2_000 + "end")
    assert question.wanted == ("word",)
    assert len(parse("a" * 10_000).wanted[0]) == LONGEST_QUESTION


def test_an_excerpt_shows_the_words_as_they_were_written():
    plain = "The café on Łódź street"
    marked = fold(plain).replace("cafe", f"{OPEN}cafe{CLOSE}")
    assert excerpt(plain, marked) == "The <mark>café</mark> on Łódź street"


def test_an_excerpt_has_no_tag_but_its_own():
    plain = "<script>alert(1)</script> & <mark>no</mark> vote"
    marked = fold(plain).replace("vote", f"{OPEN}vote{CLOSE}")
    assert excerpt(plain, marked) == (
        "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;mark&gt;no&lt;/mark&gt; <mark>vote</mark>"
    )


def test_an_excerpt_is_cut_around_the_first_find():
    plain = "before " * 100 + "needle " + "after " * 100
    shown = excerpt(plain, fold(plain).replace("needle", f"{OPEN}needle{CLOSE}"))
    assert shown.startswith("… before")
    assert "<mark>needle</mark> after" in shown
    assert shown.endswith("after …")
    assert len(shown) < 300


def test_an_excerpt_without_a_find_is_the_beginning():
    assert excerpt("One two three", fold("One two three")) == "One two three"


def test_marks_that_belong_to_another_text_are_left_out():
    assert excerpt("One two", f"{OPEN}four{CLOSE} five six seven") == "One two"


@given(st.text(st.sampled_from("aßﬁé\u0301\u00ad“ я😀 "), max_size=60), st.data())
def test_a_part_of_the_folded_text_marks_what_the_whole_does(before, data):
    plain = f"{before} cat {data.draw(st.text(max_size=60))}"
    folded = fold(plain)
    place = len(fold(before)) + 1
    starts = data.draw(st.integers(0, place - 1))
    marked = f"{folded[:place]}{OPEN}cat{CLOSE}{folded[place + 3 :]}"
    assert excerpt(plain, marked[starts:], starts=starts) == excerpt(plain, marked)
    assert "<mark>cat</mark>" in excerpt(plain, marked)


def test_a_word_that_a_part_cuts_is_not_marked():
    plain = "A concatenated catalogue of cats"
    # The part begins within one word and ends within another.
    assert excerpt(plain, f"{OPEN}cat{CLOSE}enated", starts=5) == plain
    assert excerpt(plain, f"concatenated {OPEN}cat{CLOSE}", starts=2) == plain
    assert excerpt(plain, f"of {OPEN}cats{CLOSE}", starts=25) == "A concatenated catalogue of <mark>cats</mark>"


@given(st.text(max_size=400), st.data())
def test_an_excerpt_of_any_text_with_any_marks_holds_only_balanced_marks(plain, data):
    folded = fold(plain)
    start = data.draw(st.integers(0, len(folded)))
    end = data.draw(st.integers(start, len(folded)))
    shown = excerpt(plain, f"{folded[:start]}{OPEN}{folded[start:end]}{CLOSE}{folded[end:]}")
    bare = shown.replace("<mark>", "").replace("</mark>", "")
    assert "<" not in bare
    assert shown.count("<mark>") == shown.count("</mark>") <= 1
