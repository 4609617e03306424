"""A reader signs in by the code in their mail, with scripts and without, on a phone as well."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests import factories
from tests.accounts.signing_in import newest_code

ADA = "ada@example.org"


@pytest.fixture
def article(transactional_db):
    return factories.published()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_reader_comes_in_is_named_and_goes(open_browser, article, scripts):
    page = open_browser(java_script_enabled=scripts, viewport={"width": 320, "height": 640})
    page.goto(article.get_absolute_url())
    page.get_by_role("link", name="Your account").click()
    page.get_by_label("Your e-mail address").fill("Ada@Example.org")
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_text("A letter to ada@example.org is on its way.")).to_be_visible()
    page.get_by_label("The code from the letter").fill("BBBB-BBBB")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("This is not the code")).to_be_visible()
    page.get_by_label("The code from the letter").fill(newest_code(ADA).lower())
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("The name you sign with").fill("Ada")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("Saved.")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.goto("/admin/")
    assert page.url.startswith(f"{page.url.partition('/admin')[0]}/admin/login/")
    page.goto("/account/")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/account/")
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()


def test_the_pages_are_in_order_for_screen_readers(open_browser, article):
    page = open_browser(bypass_csp=True)
    found = {}
    page.goto("/account/sign-in/")
    for step in ("address", "code", "account", "erase"):
        violations = Axe().run(page).response["violations"]
        if violations:
            found[step] = [(v["id"], [node["html"][:100] for node in v["nodes"]]) for v in violations]
        if step == "address":
            page.get_by_label("Your e-mail address").fill(ADA)
            page.get_by_role("button", name="Send me a code").click()
        elif step == "code":
            page.get_by_label("The code from the letter").fill(newest_code(ADA))
            page.get_by_role("button", name="Sign in").click()
        elif step == "account":
            page.get_by_role("link", name="Erase this account").click()
    assert found == {}
