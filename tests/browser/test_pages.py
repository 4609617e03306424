"""What every public page owes to narrow screens, keyboards, printers, the dark, and browsers without scripts."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles.embeds import providers, snapshot
from articles.models import Addendum, Embed, Masthead
from tests import factories

PHONE = {"width": 320, "height": 640}
WIDTHS = [320, 390, 1280]
TWEET = "https://x.com/somebody/status/1233333333333333333"
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    # A wide table scrolls in its own box, which browsers by now let the keyboard scroll; axe does not know.
    "rules": {"scrollable-region-focusable": {"enabled": False}},
}


@pytest.fixture
def article(transactional_db):
    """Everything that tends to be too wide, and everything that pages may hold."""
    Masthead.objects.create(pk=1, site_name="The Register", first_tagline="One", second_tagline="Two")
    body = (
        f"<p>{LONG_WORD} and <a href='https://example.org/{'a' * 150}'>https://example.org/{'a' * 150}</a></p>"
        f"<h2>A heading</h2><pre><code>{'x = 1; ' * 40}</code></pre>"
        f"<table><tbody><tr>{'<td><p>a cell with words</p></td>' * 12}</tr></tbody></table>"
        f"<blockquote><p>{'Quoted words. ' * 20}</p></blockquote>"
        f'<div data-embed="{TWEET}"><a href="{TWEET}">{TWEET}</a></div>'
        '<p dir="rtl">كانت الأرقام ترتفع طوال الليل</p>'
    )
    row = factories.published(
        headline=f"{LONG_WORD}: “a headline” with 🧭 and مرحبا",
        lead_note="<p>A note from the editor.</p>",
        body=body,
        tags=[factories.tag()],
    )
    embed = snapshot.remember(providers.recognise(TWEET))
    for name, value in {"state": Embed.State.BY_HAND, "author_name": "Somebody", "text": LONG_WORD * 2}.items():
        setattr(embed, name, value)
    embed.save()
    snapshot.write_html(embed)
    factories.addendum(row, body="<p>An update.</p>")
    factories.addendum(row, kind=Addendum.Kind.CORRECTION, body="<p>A correction.</p>")
    factories.published(section=row.section)
    return row


@pytest.fixture
def paths(article) -> list[str]:
    author = article.authors.get()
    month = timezone.localtime(article.published_at)
    return [
        "/",
        article.get_absolute_url(),
        f"{article.get_absolute_url()}history/",
        article.section.get_absolute_url(),
        article.tags.get().get_absolute_url(),
        author.get_absolute_url(),
        f"/archive/{month:%Y/%m}/",
        "/search/?q=headline",
        "/corrections/",
        "/nothing/here/",
        factories.withdrawn().get_absolute_url(),
    ]


def overflow(page: Page) -> int:
    """How many pixels the page can be scrolled sideways."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_scrolls_sideways(open_browser, paths, width):
    page = open_browser(viewport={"width": width, "height": 800})
    too_wide = {}
    for path in paths:
        page.goto(path)
        if overflow(page):
            too_wide[path] = overflow(page)
    assert too_wide == {}


def test_the_search_for_overflow_finds_it(open_browser, article):
    page = open_browser(viewport=PHONE)
    page.goto("/")
    page.evaluate("document.querySelector('main').append('x'.repeat(500))")
    page.evaluate("document.querySelector('main').style.whiteSpace = 'nowrap'")
    page.evaluate("document.querySelector('main').style.overflowWrap = 'normal'")
    assert overflow(page) > 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_barrier_that_axe_finds(open_browser, paths, scheme):
    # Axe is put into the page by the test, which the page's own policy would refuse.
    page = open_browser(bypass_csp=True, color_scheme=scheme, viewport={"width": 1280, "height": 900})
    found = {}
    for path in paths:
        page.goto(path)
        violations = Axe().run(page, options=AXE).response["violations"]
        if violations:
            found[path] = [(violation["id"], violation["nodes"][0]["html"][:200]) for violation in violations]
    assert found == {}


def test_everything_can_be_read_and_reached_without_scripts(open_browser, article):
    page = open_browser(java_script_enabled=False, viewport=PHONE)
    page.goto(article.get_absolute_url())
    expect(page.locator("#update-1")).to_contain_text("An update.")
    page.locator(".marker a").first.click()
    assert "#update-" in page.url
    page.goto("/")
    page.locator("summary").first.click()
    page.get_by_role("searchbox").fill("correction")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator("main")).to_contain_text(LONG_WORD)


def test_the_first_key_offers_to_skip_to_the_text(page, article):
    page.goto(article.get_absolute_url())
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    expect(skip).to_have_text("Skip to the text")
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def test_every_stop_of_the_tab_key_is_marked(page, article):
    page.goto(article.get_absolute_url())
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate(outline) != "none", page.evaluate("document.activeElement.outerHTML")


def test_dark_mode_is_dark_and_light_mode_is_light(open_browser, article):
    brightness = """() => {
      const [red, green, blue] = getComputedStyle(document.body).backgroundColor.match(/[0-9.]+/g).map(Number)
      return (red + green + blue) / 3
    }"""
    shades = {}
    for scheme in ("light", "dark"):
        page = open_browser(color_scheme=scheme)
        page.goto("/")
        shades[scheme] = page.evaluate(brightness)
    assert shades["light"] > 200
    assert shades["dark"] < 60


def test_a_printed_article_holds_its_text_and_addenda_but_no_furniture(page, article):
    page.goto(article.get_absolute_url())
    expect(page.get_by_role("searchbox").first).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("#update-1")).to_be_visible()
    expect(page.locator("[type=search]").first).to_be_hidden()
    expect(page.locator(".skip")).to_be_hidden()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_a_marker_of_every_kind_runs_on_like_a_sentence(open_browser, article, width):
    for kind in Addendum.Kind.values * 2:
        factories.addendum(article, kind=kind)
    page = open_browser(viewport={"width": width, "height": 844})
    page.goto(article.get_absolute_url())
    pieces = """(link) => {
      const range = document.createRange()
      range.selectNodeContents(link.lastChild)
      return range.getClientRects().length
    }"""
    assert page.locator(".marker__link").evaluate(pieces) <= 2
    assert page.locator(".marker__link").evaluate("link => link.clientHeight") >= 44


def test_a_page_at_twice_its_size_still_fits(open_browser, article):
    page = open_browser(viewport={"width": 640, "height": 480})
    page.goto(article.get_absolute_url())
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert overflow(page) == 0


def test_doubled_letters_push_nothing_off_the_side(open_browser, article):
    page = open_browser(viewport={"width": 1280, "height": 800}, bypass_csp=True)
    page.goto(article.get_absolute_url())
    page.add_style_tag(content="html { font-size: 200% }")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
