"""
The whole road of one long, growing article: written, published and updated through the admin's forms over HTTP, read
back by somebody anonymous. Place, people and posts are invented.
"""

import re

import pytest
from lxml import html

from articles.models import Addendum, Article, Embed
from tests import factories
from tests.articles.admin import forms

pytestmark = pytest.mark.django_db

ANSWER, FIGURES = "a" * 32, "f" * 32
POSTS = [f"https://x.com/sample_{number}/status/12329424131874{number:05}" for number in range(1, 7)]
WRITTEN_AS = [
    POSTS[0],
    POSTS[1].replace("x.com", "mobile.twitter.com") + "?s=20",
    POSTS[2].replace("x.com", "twitter.com") + "/photo/1",
    *POSTS[3:],
]
POST = '<div data-embed="{0}"><a href="{0}">{0}</a></div>'
NOTE = "<p>In November the two navies <em>nearly</em> met; <a href='https://example.org/2015'>read about it</a>.</p>"
BODY = "".join(
    [
        "<p>With a single order the strait was closed, and thirty-three ships turned back.</p>",
        "<h2>What was said</h2>",
        POST.format(WRITTEN_AS[0]),
        "<p>The ministry said nothing",
        f' <a data-pointer="{ANSWER}" href="#">(UPDATED below, it has answered since)</a>. Both sides want calm.</p>',
        POST.format(WRITTEN_AS[1]),
        "<blockquote><p>“There are no ships of ours in the bay,” the office wrote.</p></blockquote>",
        POST.format(WRITTEN_AS[2]),
        "<p>The harbour counted nine ships, then more",
        f' <a data-pointer="{FIGURES}" href="#">(UPDATED below)</a>.</p>',
        "<blockquote><p>“We were told to stand down,” a pilot said.</p><p>“Then the lights went out.”</p></blockquote>",
        *(POST.format(address) for address in WRITTEN_AS[3:]),
    ]
)
ANSWER_TEXT = (
    "<p>The ministry has finally spoken, to deny that its ships were there.</p>"
    "<blockquote><p>According to the harbour none of theirs were there, the ministry stressed.</p></blockquote>"
    "<p>It reminds one of the spring, when the same office denied the same thing.</p>"
    "<p>A week later it admitted it.</p>"
)


@pytest.fixture
def journey(at_desk, ann, client):
    """Publishes the article with both updates and answers with the page as an anonymous reader gets it."""
    desk, section, author = at_desk(ann), factories.section(name="World"), factories.author(name="Mara Ilves")
    related = [factories.published(headline="The first closure"), factories.published(headline="The pilots’ strike")]
    form = forms.open_form(desk, forms.ADD)
    form = forms.with_row(form, "addenda", kind="update", act="keep", key=ANSWER, body=ANSWER_TEXT)
    form = forms.with_row(form, "addenda", kind="update", act="keep", key=FIGURES, body="<p>Fifty-one ships.</p>")
    form["bylines-0-author"] = str(author.pk)
    forms.post(
        desk,
        forms.ADD,
        form,
        "_publish",
        headline="Thirty-three ships turned back in the strait",
        standfirst="The answer to a pilots’ strike that closed the bay",
        lead_note=NOTE,
        body=BODY,
        section=str(section.pk),
        related=[str(other.pk) for other in related],
    )
    article = Article.objects.get(headline__startswith="Thirty-three")
    path = forms.change(article)
    forms.post(desk, path, forms.open_form(desk, path), **{"addenda-0-act": "now"})
    forms.post(desk, path, forms.open_form(desk, path), **{"addenda-1-act": "now"})
    write_posts_by_hand(desk)
    article.refresh_from_db()
    return html.fromstring(client.get(article.get_absolute_url()).content.decode())


def write_posts_by_hand(desk):
    """What an editor does where a platform does not answer."""
    for embed in Embed.objects.order_by("pk"):
        path = f"/admin/articles/embed/{embed.pk}/change/"
        form = forms.open_form(desk, path, "embed_form")
        number = embed.external_id[-1]
        forms.post(
            desk,
            path,
            form,
            "_save",
            text=f"Sample words number {number}",
            author_name=f"Sample {number}",
            author_handle=f"sample_{number}",
            is_sample="on",
        )


def words(element) -> str:
    return " ".join(element.text_content().split())


def test_head_note_and_byline_stand_above_the_text(journey):
    head = journey.xpath("//article/header")[0]
    assert words(head.xpath(".//h1")[0]) == "Thirty-three ships turned back in the strait"
    assert "closed the bay" in words(head)
    assert "Mara Ilves" in words(head)
    assert words(head.xpath(".//aside")[0]).startswith("In November the two navies nearly met")


def test_the_marker_leads_to_the_updates(journey):
    marker = journey.xpath("//*[@class='marker']//a")[0]
    assert words(marker).endswith("at bottom")
    assert journey.get_element_by_id(marker.get("href")[1:]) is not None


def test_both_pointers_open_the_update_they_were_tied_to(journey):
    pointers = journey.xpath("//a[@class='pointer']")
    assert [words(pointer) for pointer in pointers] == ["(UPDATED below, it has answered since)", "(UPDATED below)"]
    targets = [words(journey.get_element_by_id(pointer.get("href")[1:])) for pointer in pointers]
    assert "finally spoken" in targets[0]
    assert "Fifty-one ships" in targets[1]


def test_six_posts_are_quoted_in_our_own_words_and_from_our_own_host(journey):
    quotes = journey.xpath("//figure[contains(@class, 'embed')]")
    assert len(quotes) == 6
    assert [re.search(r"number (\d)", words(quote))[1] for quote in quotes] == list("123456")
    assert {quote.xpath(".//blockquote/@cite")[0] for quote in quotes} == set(POSTS)
    loaded = journey.xpath("//script/@src | //img/@src | //iframe/@src | //link[@rel='stylesheet']/@href")
    assert not [address for address in loaded if not address.startswith("/")]


def test_quotations_of_the_text_stand_as_block_quotes(journey):
    body = journey.xpath("//article//div[contains(@class, 'prose')]")[0]
    quoted = [words(quote) for quote in body.xpath("./blockquote")]
    assert len(quoted) == 2
    assert "“Then the lights went out.”" in quoted[1]


def test_the_long_update_keeps_its_paragraphs_and_the_quote_inside(journey):
    update = journey.get_element_by_id("update-1")
    assert len(update.xpath(".//div[@class='prose']/p")) == 3
    assert "the ministry stressed" in words(update.xpath(".//blockquote")[0])
    assert update.xpath(".//time")


def test_related_articles_are_linked(journey):
    beside = " ".join(words(aside) for aside in journey.xpath("//aside"))
    assert "The first closure" in beside
    assert "The pilots’ strike" in beside


def test_search_finds_the_words_of_posts_and_updates(journey, client):
    for query in ("Sample words number 4", "finally spoken", "ruled by nobody"):
        found = "Thirty-three ships" in client.get("/search/", {"q": query}).content.decode()
        assert found == (query != "ruled by nobody")


def test_hiding_one_update_leaves_the_other_with_its_number(journey, at_desk, ann, client):
    article = Article.objects.get(headline__startswith="Thirty-three")
    desk, path = at_desk(ann), forms.change(article)
    forms.post(desk, path, forms.open_form(desk, path), **{"addenda-0-act": "hide"})
    page = html.fromstring(client.get(article.get_absolute_url()).content.decode())
    assert [words(pointer) for pointer in page.xpath("//a[@class='pointer']")] == ["(UPDATED below)"]
    assert page.get_element_by_id("update-2") is not None
    assert Addendum.objects.get(key=ANSWER).status == "hidden"
