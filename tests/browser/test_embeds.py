"""A video plays in the article after a click, and not a byte is asked of its platform before."""

import pytest

from articles.embeds import snapshot
from articles.embeds.providers import recognise
from tests import factories

VIDEO = "https://www.youtube.com/watch?v=aB3_x-9ZkLm"
PLAYER = "https://www.youtube-nocookie.com/"


@pytest.fixture
def article(transactional_db):
    embed = snapshot.remember(recognise(VIDEO))
    embed.title, embed.author_name = "How a lock gate is lifted", "Canal Workshop"
    embed.save()
    snapshot.write_html(embed)
    return factories.published(body=f'<p>Before</p><div data-embed="{VIDEO}"></div><p>After</p>')


@pytest.fixture
def open_page(chromium, live_server):
    """Not the common page, which fails on every other host: the player's is what this is about, played by the test."""
    contexts = []

    def open_page(**options):
        context = chromium.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.route(f"{PLAYER}**", lambda route: route.fulfill(content_type="text/html", body="<p>The film</p>"))
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        return page

    yield open_page
    for context in contexts:
        context.close()


def foreign(page, live_server):
    return [url for url in page.asked if not url.startswith(live_server.url)]


def test_a_click_puts_the_player_into_the_article(open_page, live_server, article):
    page = open_page()
    page.goto(article.get_absolute_url())
    button = page.get_by_role("button", name="Play here (loads from YouTube)")
    button.wait_for()
    assert foreign(page, live_server) == []
    button.click()
    player = page.frame_locator("iframe.embed__frame").frame_locator("iframe.player__frame")
    player.get_by_text("The film").wait_for()
    assert {url.split("?")[0] for url in foreign(page, live_server)} == {f"{PLAYER}embed/aB3_x-9ZkLm"}
    assert page.get_by_role("link", name="How a lock gate is lifted").get_attribute("href") == VIDEO


def test_the_player_is_reached_by_keyboard(open_page, article):
    page = open_page()
    page.goto(article.get_absolute_url())
    page.get_by_role("button", name="Play here").focus()
    page.keyboard.press("Enter")
    page.frame_locator("iframe.embed__frame").frame_locator("iframe").get_by_text("The film").wait_for()


def test_without_scripts_a_plain_link_leads_to_the_video(open_page, live_server, article):
    page = open_page(java_script_enabled=False)
    page.goto(article.get_absolute_url())
    assert page.get_by_role("button", name="Play").count() == 0
    assert page.get_by_role("link", name="How a lock gate is lifted").get_attribute("href") == VIDEO
    assert foreign(page, live_server) == []
