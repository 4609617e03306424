"""
The journey the site exists for: an editor publishes an article in a real browser and lets it grow, while a reader has
it open in another one.
"""

import json
import re

import pytest
from playwright.sync_api import expect

from articles.models import Embed
from tests import factories
from tests.browser.article_form import ArticleForm
from tests.foundation.fake_service import FakeService, Reply

FIRST_NUMBER = 1232942413187452929
POSTS = [
    "Nine, they say now, and still rising.",
    "The hospital asks for blood of every group.",
    "Nobody is allowed to fly tonight.",
    "They knew where the column stood.",
    "Our people were told to wait for daylight.",
    "The border is open, to the west only.",
]
ADDRESSES = [f"https://x.com/sample_{number}/status/{FIRST_NUMBER + number}" for number in range(len(POSTS))]
DENIAL = "The ministry has not said a word."
TOLL = "The toll may still rise."
PASTED = f"""<p class="MsoNormal" style="color: red">{TOLL}</p>
<blockquote><p>“The official said the guards had been told to stand down.”</p></blockquote>
<p>Two <a href="https://example.org/earlier">earlier</a> <a href="https://example.org/pieces">pieces</a>
say why.</p>"""


@pytest.fixture
def platform(settings):
    """Answers for the platform of the six posts, one after another."""
    with FakeService() as platform:
        settings.OEMBED_BASE_OVERRIDES = {"tweet": f"{platform.origin}/tweet"}
        platform.replies("tweet", *(answer(address, text) for address, text in zip(ADDRESSES, POSTS, strict=True)))
        yield platform


def answer(address: str, text: str) -> Reply:
    handle = address.split("/")[3]
    quotation = f'<p lang="en" dir="ltr">{text}</p>&mdash; Sample (@{handle}) <a href="{address}">February 27, 2020</a>'
    fields = {
        "url": address,
        "author_name": "Sample",
        "author_url": f"https://x.com/{handle}",
        "html": f'<blockquote class="twitter-tweet">{quotation}</blockquote>',
        "type": "rich",
        "version": "1.0",
    }
    return Reply(body=json.dumps(fields).encode())


def write_article(form: ArticleForm):
    form.open_new()
    form.page.fill("#id_headline", "33 Killed in a Strike; a Request to Fly the Wounded Out Is Refused")
    form.page.fill("#id_standfirst", "An answer to the push from the highway.")
    form.type("lead_note", "In November 2015 an aircraft was shot down over the same border.")
    form.type("body", "With a single strike the losses more than doubled.", DENIAL)
    form.embed(*ADDRESSES)
    form.paste("body", PASTED)
    form.pick(".field-section", "World")
    form.pick("#bylines-0 .field-author", "Marko")


def test_an_article_is_published_grows_and_tells_the_reader_who_has_it_open(desk, open_browser, platform, run_tasks):
    factories.section(name="World")
    factories.author(name="Marko Writer")
    form = ArticleForm(desk)
    write_article(form)
    form.press("Publish now", expected="Published")
    run_tasks()
    assert [embed.state for embed in Embed.objects.all()] == [Embed.State.CAPTURED] * 6

    reader = open_browser()
    reader.clock.install()
    reader.goto(desk.get_by_role("link", name="View on site").get_attribute("href"))
    article = reader.locator("article.article")
    expect(article.locator("h1")).to_contain_text("33 Killed")
    expect(article.locator(".lead-note")).to_contain_text("November 2015")
    expect(article.locator(".embed--tweet blockquote")).to_have_count(6)
    for text in POSTS:
        expect(article).to_contain_text(text)
    expect(article.locator("blockquote", has_text="stand down")).to_be_visible()
    expect(reader.locator(".marker")).to_have_count(0)

    form.point_after(DENIAL, choose="Add an update and point at it")
    form.point_after(TOLL, choose="^update:")
    form.fill_addendum(
        "update", "The ministry has spoken.", "It denies everything.", quote="There were no troops in the area."
    )
    form.press("Save", expected="changed")

    expect(reader.locator(".marker")).to_have_count(0)
    reader.clock.fast_forward(40_000)
    notice = reader.locator(".update-notice")
    expect(notice).to_contain_text("1 new update")
    notice.get_by_role("link").click()
    expect(reader.locator("#update-1")).to_be_in_viewport()
    expect(reader.locator("#update-1")).to_contain_text("The ministry has spoken.")
    expect(reader.locator("#update-1 blockquote")).to_contain_text("no troops")
    expect(reader.locator(".marker")).to_contain_text(re.compile("updated at bottom", re.IGNORECASE))
    expect(reader.get_by_role("link", name="(UPDATED below)")).to_have_count(2)

    desk.get_by_role("link", name="Add update").click()
    form.fill_addendum("correction", "The strike came at eleven, not at ten.")
    form.press("Save", expected="changed")

    reader.clock.fast_forward(40_000)
    expect(notice).to_contain_text("1 new correction")
    reader.goto("/corrections/")
    expect(reader.locator("main")).to_contain_text("at eleven, not at ten")
    reader.goto("/")
    expect(reader.locator("main")).to_contain_text("33 Killed")
