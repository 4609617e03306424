import re

from hypothesis import given
from hypothesis import strategies as st

from articles.embeds.threads import with_parent_once
from articles.embeds.wording import paragraphs, shown_address

LINK = {"text": "https://t.co/a", "url": "https://example.org/report/2020"}


def test_lines_and_paragraphs_stay():
    assert paragraphs("one\ntwo\n\n\nthree", []) == "<p>one<br>\ntwo</p>\n<p>three</p>"


def test_a_link_shows_where_it_leads():
    assert paragraphs("see https://t.co/a.", [LINK]) == (
        '<p>see <a href="https://example.org/report/2020" rel="nofollow noopener">example.org/report/2020</a>.</p>'
    )


def test_words_that_pose_as_another_address_are_replaced_by_the_true_one():
    for words in ("https://bank.example/login", "bank.example/login", "bank.example"):
        html = paragraphs(words, [{"text": words, "url": "https://evil.example/steal"}])
        assert "bank.example" not in html
        assert ">evil.example/steal</a>" in html


def test_mentions_and_hashtags_keep_their_words():
    html = paragraphs("@desk #ferries", [{"text": "#ferries", "url": "https://x.com/hashtag/ferries"}])
    assert html == '<p>@desk <a href="https://x.com/hashtag/ferries" rel="nofollow noopener">#ferries</a></p>'


def test_a_bare_address_becomes_a_link_without_the_full_stop_behind_it():
    html = paragraphs("Read (https://example.org/a_b?c=d#e).", [])
    assert html.startswith('<p>Read (<a href="https://example.org/a_b?c=d#e" rel="nofollow noopener">')
    assert html.endswith("</a>).</p>")


def test_a_host_in_another_script_is_shown_in_code():
    assert shown_address("https://аррӏе.com/x").startswith("xn--")
    assert shown_address("https://www.example.org/") == "example.org"
    assert shown_address("https://example.org/" + "a" * 90).endswith("…")


def test_a_link_that_is_a_script_stays_text():
    assert "<a" not in paragraphs("click", [{"text": "click", "url": "javascript:alert(1)"}])


def test_malformed_rows_of_links_are_passed_over():
    assert paragraphs("a", [{"text": "", "url": "https://x.com"}, {"text": "a"}, {}]) == "<p>a</p>"


@given(st.text(alphabet="ab<>&\"' \n/:.https", max_size=60), st.text(alphabet="ab<>&\"'./", min_size=1, max_size=10))
def test_no_text_makes_markup(text, words):
    html = paragraphs(text, [{"text": words, "url": 'https://a.example/"><b>'}])
    tags = set(re.findall(r"<(\w+)", html))
    assert tags <= {"p", "br", "a"}
    assert "<b" not in html.replace("<br>", "")


def test_a_parent_is_shown_once_on_a_page():
    reply = "<figure><!--parent tweet:1--><div>parent</div><!--/parent-->\n<p>reply</p></figure>"
    shown = set()
    assert with_parent_once(reply, shown) == "<figure><div>parent</div>\n<p>reply</p></figure>"
    assert with_parent_once(reply, shown) == "<figure>\n<p>reply</p></figure>"


def test_a_parent_that_stands_on_the_page_itself_is_not_repeated():
    reply = "<figure><!--parent tweet:1--><div>parent</div><!--/parent--><p>reply</p></figure>"
    assert "parent" not in with_parent_once(reply, {"tweet:1"})
