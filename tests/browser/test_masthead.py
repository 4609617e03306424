"""The head of a page holds whatever name and taglines a site has, at any width."""

import pytest
from playwright.sync_api import Page

from articles.models import Masthead
from tests import factories

FIRST = "An independent record of the harbour, the council and the railway"
SECOND = "Nothing is changed here without saying so, and nothing is ever quietly removed"
NAMES = {
    "short": "The Register",
    "19 characters": "The Tollmere Argus!",
    "37 characters": "The Independent Chronicle of Tollmere",
    "60 characters": "The Independent Chronicle of Tollmere and the Eastern Shore!",
}
HEIGHTS = {1280: 260, 1024: 260, 390: 330}  # pixels, at most, with both taglines
NARROWEST_TAGLINE = 120  # pixels

pytestmark = pytest.mark.django_db(transaction=True)


def height(page: Page) -> float:
    return page.locator("header.masthead").bounding_box()["height"]


def paths() -> tuple[str, str]:
    return "/", factories.published().get_absolute_url()


@pytest.mark.parametrize("width", HEIGHTS)
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_it_stays_low_and_its_taglines_can_be_read(open_browser, name, width):
    Masthead.objects.create(pk=1, site_name=name, first_tagline=FIRST, second_tagline=SECOND)
    page = open_browser(viewport={"width": width, "height": 800})
    for path in paths():
        page.goto(path)
        assert height(page) <= HEIGHTS[width], path
        for tagline in page.locator(".masthead__tagline").all():
            assert tagline.bounding_box()["width"] >= NARROWEST_TAGLINE, path
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0, path


def test_the_measure_finds_a_head_that_has_collapsed(open_browser):
    Masthead.objects.create(pk=1, site_name=NAMES["37 characters"], first_tagline=FIRST, second_tagline=SECOND)
    page = open_browser(viewport={"width": 1280, "height": 800}, bypass_csp=True)
    page.goto("/")
    page.add_style_tag(content=".masthead__tagline { inline-size: 0 }")
    assert height(page) > HEIGHTS[1280]


@pytest.mark.parametrize("width", [768, 959, 960])
def test_sections_and_search_share_a_row(open_browser, width):
    for name in ("Tollmere", "World", "Economy", "Science", "Culture", "Opinion"):
        factories.published(section=factories.section(name=name, slug=name.lower()))
    page = open_browser(viewport={"width": width, "height": 800})
    page.goto("/")
    links, button = page.locator(".masthead__sections a"), page.locator(".masthead__search button")
    assert links.count() == 6
    assert {link.bounding_box()["y"] for link in links.all()} == {links.first.bounding_box()["y"]}
    assert abs(button.bounding_box()["y"] - links.first.bounding_box()["y"]) < links.first.bounding_box()["height"] / 2
    button.click()
    page.wait_for_url("**/search/**")
    assert page.locator("main input[type=search]").is_visible()
