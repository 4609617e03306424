"""The ask, the figures, the rules and the names in a real browser: for everybody, at any width, in the dark too."""

import datetime as dt

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from donations import books, periods
from donations.models import Intent, QuarterBook
from foundation import clock
from tests import factories
from tests.donations.stripe_facts import PledgeStory, charge_of, gift, take_back

PAGES = ["/support/figures/", "/support/how/", "/support/backers/"]


@pytest.fixture
def site(transactional_db, settings):
    """Backers of four quarters, one of them closed and changed since, one too small to tell; an article."""
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRETS = "sk_test_1", ["whsec_1"]
    current = periods.current_quarter()
    # Some time ago, and in this quarter, however young it is.
    pledged_at = clock.now() - min(dt.timedelta(days=20), (clock.now() - periods.start_of(current)) / 2)
    for number in range(4):
        story = PledgeStory(pledged_at, email=f"p{number}@example.org", name=f"p{number}")
        story.tell()
        if number:
            story.paid(0)
    for back, givers in ((0, 5), (1, 2), (2, 6)):
        at = periods.start_of(current.plus(-back - 1)) + dt.timedelta(days=3)
        for number in range(givers):
            given = gift(at, minor=1000 + number, name=f"g{back}-{number}", email=f"g{number}@example.org")
    books.close(current.plus(-2), livemode=False)
    take_back(charge_of(given), clock.now())
    QuarterBook.objects.update_or_create(quarter=current.next, livemode=False, defaults={"goal_minor": 20_000})
    Intent.objects.filter(pledge=None).update(public_name="Ada Lovelace", name_status="approved")
    return factories.published(body="<p>Wagons</p>" * 5, at=clock.now() - dt.timedelta(hours=1))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_shut_out_of_the_pages_about_money(open_browser, site, scheme):
    page = open_browser(bypass_csp=True, color_scheme=scheme)
    found = {}
    for address in ["/", site.get_absolute_url(), *PAGES]:
        page.goto(address)
        violations = Axe().run(page).response["violations"]
        if violations:
            found[address] = [(v["id"], [node["html"][:120] for node in v["nodes"]]) for v in violations]
    assert found == {}


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_page_about_money_is_wider_than_its_window(open_browser, site, width):
    page = open_browser(viewport={"width": width, "height": 800})
    for address in ["/", site.get_absolute_url(), *PAGES]:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_what_the_ask_offers_can_be_hit_with_a_finger(open_browser, site):
    page = open_browser(viewport={"width": 390, "height": 844}, has_touch=True)
    page.goto(site.get_absolute_url())
    links = page.locator(".ask a")
    heights = links.evaluate_all("nodes => nodes.map(node => node.getBoundingClientRect().height)")
    assert len(heights) == 12
    assert min(heights) >= 44


def test_the_ask_stands_above_and_below_the_text_and_never_over_it(open_browser, site):
    page = open_browser()
    page.goto(site.get_absolute_url())
    head, text, after = (page.locator(name).bounding_box() for name in (".ask--head", ".prose", ".ask--after"))
    assert head["y"] + head["height"] <= text["y"]
    assert text["y"] + text["height"] <= after["y"]
    positions = page.locator(".ask, .ask *").evaluate_all("nodes => nodes.map(node => getComputedStyle(node).position)")
    assert set(positions) == {"static"}


def test_the_button_leads_to_the_support_page_without_any_script(open_browser, site):
    page = open_browser(java_script_enabled=False)
    page.goto(site.get_absolute_url())
    page.locator(".ask--after .ask__button").click()
    assert page.url.endswith(f"/support/?from={site.get_absolute_url()}")
    expect(page.locator(".ask__sentence")).to_have_text("So far 4 of you are backing the next quarter with $100.")
    expect(page.locator(".ask__button")).to_have_count(0)


def test_a_column_of_the_chart_is_as_high_as_its_share(open_browser, site):
    page = open_browser(viewport={"width": 1280, "height": 900})
    page.goto("/support/figures/")
    heights = page.locator(".chart__columns .chart__received").evaluate_all(
        "nodes => nodes.map(node => node.getBoundingClientRect().height)"
    )
    promised = page.locator(".chart__columns .chart__promised")
    assert len(heights) == 3  # the quarter of two people has none
    assert promised.count() == 0  # one promise alone is told together with what was received
    closed, current, ahead = heights
    assert ahead / closed == pytest.approx(100 / 60, rel=0.02)
    assert current / closed == pytest.approx(50 / 60, rel=0.02)


def test_the_printed_figures_carry_no_ask(open_browser, site):
    page = open_browser()
    page.emulate_media(media="print")
    page.goto("/support/figures/")
    expect(page.locator(".ask")).to_be_hidden()
    expect(page.locator(".figures__table").first).to_be_visible()
