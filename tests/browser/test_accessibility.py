"""How pages are ordered for a screen reader, and whether a finger can hit what it aims at."""

import datetime as dt

import pytest
from axe_playwright_python.sync_playwright import Axe

from articles.models import Addendum
from foundation import clock
from tests import factories

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def site(transactional_db):
    section = factories.section(name="War", slug="war", description="Front lines.")
    author = factories.author(slug="ines", biography="Writes.")
    articles = [
        factories.published(section=section, authors=[author], tags=[factories.tag()], at=clock.now() - n * HOUR)
        for n in range(2, 20)
    ]
    article = factories.published(
        section=section,
        authors=[author],
        tags=[factories.tag(slug="bridges")],
        lead_note="<p>A note with <a href='https://example.org/'>a link</a>.</p>",
        body="".join(f"<h2>Part {n}</h2><p>Wagons</p><blockquote><p>A quote</p></blockquote>" for n in range(3))
        + "<p>مرحبا بكم جميعا</p><table><tbody><tr><th><p>A</p></th></tr><tr><td><p>1</p></td></tr></tbody></table>",
        source_name="The River Gazette",
        source_url="https://example.org/",
        at=clock.now() - HOUR,
    )
    article.related.set(articles[:2])
    for kind in Addendum.Kind.values:
        factories.addendum(article, kind=kind)
    return article


def test_landmarks_and_headings_are_in_order_on_every_page(open_browser, site):
    page = open_browser(bypass_csp=True)
    article = site.get_absolute_url()
    addresses = [
        "/", article, f"{article}history/", f"{article}history/1/", "/section/war/", "/author/ines/", "/tag/bridges/",
        "/archive/", "/search/?q=wagons", "/search/?q=nothing-like-it", "/corrections/", "/nothing/here/",
    ]  # fmt: skip
    found = {}
    for address in addresses:
        page.goto(address)
        violations = Axe().run(page, options={"runOnly": ["best-practice"]}).response["violations"]
        if violations:
            found[address] = [(v["id"], [node["html"][:100] for node in v["nodes"]]) for v in violations]
    assert found == {}


def test_what_is_not_in_order_is_found(open_browser, site):
    page = open_browser(bypass_csp=True)
    page.goto("/")
    page.evaluate("document.querySelector('h1').outerHTML = '<h4>Late</h4>'")
    violations = Axe().run(page, options={"runOnly": ["best-practice"]}).response["violations"]
    assert {violation["id"] for violation in violations} >= {"page-has-heading-one"}


def test_what_is_pressed_with_a_finger_is_large_enough(open_browser, site):
    """44 px for what stands alone. Links inside a sentence and headlines are as high as their lines."""
    page = open_browser(viewport={"width": 390, "height": 844}, has_touch=True)
    page.goto(site.get_absolute_url())
    page.locator(".masthead__menu summary").click()
    alone = ".masthead__menu summary, .masthead__menu a, .masthead__menu button, .marker__link, .tags a, .footer a"
    heights = page.locator(alone).evaluate_all("nodes => nodes.map(node => node.getBoundingClientRect().height)")
    assert len(heights) > 10
    assert min(heights) >= 44
