"""Text that no editor types: as deep, as long and as broken as somebody wants it. Every save must still end."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import depth, html

NESTED = {
    "lists": ("<ul><li>", "</li></ul>"),
    "lists upside down": ("<li><ul>", "</ul></li>"),
    "quotations": ("<blockquote>", "</blockquote>"),
    "tables": ("<table><tr><td>", "</td></tr></table>"),
    "spans": ("<span>", "</span>"),
    "styled spans": ('<span style="font-weight:700;font-style:italic">', "</span>"),
    "divs": ("<div>", "</div>"),
    "bold": ("<strong><em>", "</em></strong>"),
    "posts": ('<blockquote class="twitter-tweet">', "</blockquote>"),
    "pictures of others": ("<svg><td>", "</td></svg>"),
    "never closed": ("<div><ul><li><b>", ""),
}
# Each is one beginning of a pattern, over and over, so that a pattern which runs to the end runs from every place.
REPEATED = [
    "<script ",
    "<script data-telegram-post=abcd/1 ",
    "<script>",
    "[embed ",
    "[caption",
    "&nbsp;",
    "<p></p>",
    "<p>",
    "<",
    "&",
    "<!--",
    "<b style='text-decoration:",
    "<div><p>x</p></div>",
    "<p>x</p>\n",
    "<h2>x</h2>",
]


@pytest.mark.parametrize("times", [520, 10_000])
@pytest.mark.parametrize("name", NESTED)
def test_however_deep_the_tags_the_text_is_cleaned_and_keeps_its_words(name, times):
    opening, closing = NESTED[name]
    clean = html.clean_body(f"<p>Before</p>{opening * times}First <b>sec</b>ond{closing * times}<p>After</p>")
    assert html.plain_text(clean).split() == ["Before", "First", "second", "After"]
    assert deepest(html.parse(clean)) <= depth.DEEPEST


@pytest.mark.parametrize("name", NESTED)
def test_what_was_cut_is_not_cut_again(name):
    opening, closing = NESTED[name]
    once = html.clean_body(opening * 150 + "words" + closing * 150)
    assert html.clean_body(once) == once


def test_words_of_every_level_are_kept_apart():
    said = [f"word{level}" for level in range(600)]
    clean = html.clean_body("".join(f"<ul><li>{word}" for word in said) + "</li></ul>" * 600)
    assert html.plain_text(clean).split() == said


def test_lists_as_deep_as_people_make_them_stay_as_they_are():
    """The control: only what is too deep is touched."""
    markup = "<ul><li><p>x</p>" * 30 + "</li></ul>" * 30
    assert html.clean_body(markup) == markup


def test_a_long_text_without_end_tags_is_flat_and_not_deep():
    markup = "<p>One <b>bold</b> word<li>item" * 500
    assert depth.shallow(markup) == markup


def test_the_words_of_a_tree_of_any_depth_can_be_read():
    assert html.plain_text("<ul><li>" * 5000 + "word" + "</li></ul>" * 5000) == "word"


@pytest.mark.parametrize("piece", REPEATED)
def test_no_beginning_of_a_pattern_is_slow_when_it_is_repeated(piece):
    """With a pattern of quadratic cost any of these takes minutes."""
    html.clean_body(piece * (100_000 // len(piece)))


def test_many_spaces_within_the_text_are_not_slow():
    clean = html.clean_body("<pre>" + " " * 200_000 + "x</pre>")
    assert clean.endswith("x</pre>")


@given(st.lists(st.sampled_from([" ", "\n", "&nbsp;", "<p></p>", "<p> <br></p>", "<p>x</p>", "x"]), max_size=12))
@settings(max_examples=300, deadline=None)
def test_empty_paragraphs_go_from_both_ends_and_from_nowhere_else(pieces):
    empty = {" ", "\n", "&nbsp;", "<p></p>", "<p> <br></p>"}
    filled = [place for place, piece in enumerate(pieces) if piece not in empty]
    expected = "".join(pieces[filled[0] : filled[-1] + 1]) if filled else ""
    assert html._drop_empty_edges("".join(pieces)) == expected


def deepest(root) -> int:
    return max(sum(1 for _ in element.iterancestors()) for element in root.iter())
