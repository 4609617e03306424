"""The forms about pledging in a real browser: at any width, in the dark, by keys alone, and without scripts."""

import datetime as dt
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from donations import manage_access
from donations.models import Pledge
from foundation import clock
from tests.donations.stripe_facts import PledgeStory, gift

OUTSIDE = ["/support/", "/support/cad/?kind=once&amount=35", "/support/manage/"]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def site(transactional_db, settings):
    """Ada's three pledges, one of them paused and one set to end, and a gift."""
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRETS = "sk_test_1", ["whsec_1"]
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    later = clock.now() + dt.timedelta(days=60)
    for name, changes in {"one": {}, "two": {"is_paused": True}, "three": {"ends_at": later}}.items():
        story = PledgeStory(clock.now() - dt.timedelta(days=20), email="ada@example.org", name=name, currency="CAD")
        story.tell(**changes)
        story.paid(0)
    gift(clock.now() - dt.timedelta(days=3), email="ada@example.org")
    Pledge.objects.update(next_charge_at=later)
    return Pledge.objects.get(stripe_id="sub_one")


@pytest.fixture
def inside(site):
    """Where a backer can go, and how to get in."""
    own = f"/support/manage/pledges/{site.pk}"
    paths = ["/support/manage/pledges/", f"{own}/amount/", f"{own}/end/", f"{own}/currency/", f"{own}/currency/eur/"]
    paths += ["/support/manage/new/aud/", "/support/manage/history/", f"/support/manage/names/{site.intent_id}/"]

    def come_in(page):
        page.goto(urlsplit(manage_access.link_for(site.backer)).path)
        page.click("main button")
        expect(page.locator("h1")).to_have_text("Your pledges")
        return paths

    return come_in


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_shut_out_of_the_forms(open_browser, inside, scheme):
    page = open_browser(bypass_csp=True, color_scheme=scheme, viewport={"width": 390, "height": 844})
    found = {}
    for address in [*OUTSIDE, *inside(page)]:
        page.goto(address)
        for folded in page.locator("main summary").all():
            folded.click()
        violations = Axe().run(page, options=RULES).response["violations"]
        if violations:
            found[address] = [(v["id"], [node["html"][:120] for node in v["nodes"]]) for v in violations]
    assert found == {}


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_form_is_wider_than_its_window(open_browser, inside, width):
    page = open_browser(viewport={"width": width, "height": 800})
    for address in [*OUTSIDE, *inside(page)]:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_every_button_and_field_can_be_hit_with_a_finger(open_browser, inside):
    page = open_browser(viewport={"width": 390, "height": 844}, has_touch=True)
    for address in [*OUTSIDE, *inside(page)]:
        page.goto(address)
        for target in page.locator("main button, main .button, main .tile, main .free, main .check").all():
            if box := target.bounding_box():
                assert round(box["height"]) >= 44, (address, target.inner_text())


def test_the_sum_follows_the_buttons_by_keys_alone(open_browser, site):
    page = open_browser()
    page.goto("/support/")
    told = page.locator("#sum")
    expect(told).to_contain_text("Choose how often and how much")
    page.focus("#kind-quarterly")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(told).to_have_text("You give $25 USD once, today. Nothing follows by itself.", use_inner_text=True)
    page.focus("#kind-once")
    page.keyboard.press("ArrowUp")
    expect(told).to_contain_text("$100 USD in a year", use_inner_text=True)
    page.fill("#amount-typed", "1.000,50")
    expect(told).to_contain_text("You give 1.000,50 USD every quarter", use_inner_text=True)
    expect(page.locator("#amount-other")).to_be_checked()


def test_without_scripts_an_amount_can_be_chosen_and_a_mistake_mended(open_browser, site):
    page = open_browser(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page.goto("/support/eur/")
    page.click("label.tile:has(#kind-once)")
    page.click("label.tile:has(#amount-2)")
    assert "You give €25 once, today." in page.locator("#sum").inner_text()
    page.click("label.tile:has(#amount-other)")
    page.fill("#amount-typed", "twenty")
    page.click("main form.pledge button")
    assert "is not an amount" in page.locator("[role=alert]").inner_text()
    assert page.input_value("#amount-typed") == "twenty"
    assert page.is_checked("#kind-once")
