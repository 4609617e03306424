"""The stand-in's own pages in Chromium: no barrier, no width that scrolls sideways, and the way there and back."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.fakestripe.running import stand_in  # noqa: F401
from tests.fakestripe.story import FAILS_LATER, Year
from tests.fakestripe.visiting import api  # noqa: F401

DAY = 86400


@pytest.fixture
def other_hosts(stand_in) -> list[str]:  # noqa: F811
    return [urlsplit(stand_in.address).netloc]


@pytest.fixture
def year(api, stand_in):  # noqa: F811
    year = Year(api, stand_in)
    year.catalogue()
    return year


@pytest.fixture
def addresses(year, stand_in) -> dict[str, str]:  # noqa: F811
    """One of each page, after a renewal that failed."""
    subscription = year.pledge(card=FAILS_LATER)
    stand_in.do("clock", advance=93 * DAY)
    portal = year.api.billing_portal.sessions.create({"customer": subscription.customer})
    return {
        "checkout": year.session().url,
        "portal": portal.url,
        "invoice": year.newest_invoice(subscription).hosted_invoice_url,
        "receipt": year.api.charges.list().data[-1].receipt_url,
        "console": f"{stand_in.address}/",
        "lost": f"{stand_in.address}/pay/cs_test_nobody",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_the_stand_in_has_a_barrier_or_scrolls_sideways(open_browser, addresses, scheme):
    page = open_browser(color_scheme=scheme)
    found = []
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for name, address in addresses.items():
            page.goto(address)
            if width == 390:  # what axe looks at does not change with the width
                found += [(name, trouble["id"]) for trouble in Axe().run(page).response["violations"]]
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found.append((name, f"wider than {width}"))
    assert found == []


def test_a_card_is_filled_by_one_press_and_payment_leads_back_to_the_site(open_browser, year, live_server):
    page = open_browser()
    page.goto(year.session(success_url=f"{live_server.url}/?paid={{CHECKOUT_SESSION_ID}}").url)
    page.fill("[name=email]", "reader@example.org")
    page.get_by_role("button", name="4242 4242 4242 4242").click()
    expect(page.locator("[name=card]")).to_have_value("4242 4242 4242 4242")
    expect(page.locator("[name=email]")).to_have_value("reader@example.org")
    page.get_by_role("button", name="Subscribe").click()
    page.wait_for_url(f"{live_server.url}/?paid=cs_test_*")


def test_the_enter_key_pays_and_presses_no_test_card(open_browser, year):
    page = open_browser()
    page.goto(year.session().url)
    page.fill("[name=email]", "reader@example.org")
    page.fill("[name=card]", "4000000000000002")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("Your card was declined.")
