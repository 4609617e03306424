"""Staff come in by password and passkey, or by password and the codes of an app, and see where they are signed in."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests import factories
from tests.accounts.staff.entering import code_of
from tests.browser.conftest import PASSWORD

EMAIL = "nadia@example.org"


@pytest.fixture(autouse=True)
def nadia(transactional_db, settings):
    settings.STAFF_SECOND_FACTOR = True
    return factories.editor(email=EMAIL, name="Nadia")


def with_a_key(page: Page) -> None:
    """A key as it is built into a computer, which always says yes."""
    wires = page.context.new_cdp_session(page)
    wires.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    wires.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def type_password(page: Page, onward: str = "/admin/") -> None:
    page.goto(onward)
    page.fill("[name=username]", EMAIL)
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")


def is_sound(page: Page) -> None:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert [each["id"] for each in found.response["violations"]] == [], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("width", [320, 1280])
def test_a_passkey_is_set_up_and_opens_the_desk_again(open_browser, width):
    page = open_browser(viewport={"width": width, "height": 800})
    with_a_key(page)
    type_password(page, "/admin/articles/article/")
    expect(page.get_by_role("heading", name="Set up a second step")).to_be_visible()
    is_sound(page)
    page.get_by_label("What to call it").fill("This computer")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    expect(page.locator(".sign-in__codes li")).to_have_count(10)
    is_sound(page)
    page.get_by_role("button", name="I have kept them").click()
    page.wait_for_url("**/admin/articles/article/")
    page.goto("/admin/my-sign-in/")
    expect(page.get_by_text("A passkey: This computer")).to_be_visible()
    is_sound(page)
    page.context.clear_cookies()
    type_password(page)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    is_sound(page)
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url("**/admin/")
    expect(page.locator("#logout-form")).to_be_attached()


def test_a_browser_without_the_key_says_so_and_a_recovery_code_helps(open_browser):
    page = open_browser()
    with_a_key(page)
    type_password(page)
    page.get_by_role("button", name="Add a passkey").click()
    code = page.locator(".sign-in__codes code").first.inner_text()
    elsewhere = open_browser()
    type_password(elsewhere)
    refusing = "() => { navigator.credentials.get = () => Promise.reject(new DOMException('no', 'NotAllowedError')); }"
    elsewhere.evaluate(refusing)
    elsewhere.get_by_role("button", name="Use your passkey").click()
    expect(elsewhere.get_by_text("The passkey was not used.")).to_be_visible()
    elsewhere.get_by_label("A recovery code").fill(code)
    elsewhere.get_by_role("button", name="Go on").click()
    expect(elsewhere.locator("#logout-form")).to_be_attached()
    page.goto("/admin/my-sign-in/")
    expect(page.get_by_text("9 left")).to_be_visible()
    page.get_by_role("button", name="End the session").click()
    expect(page.get_by_text("That session is over.")).to_be_visible()
    elsewhere.goto("/admin/")
    expect(elsewhere.locator("[name=password]")).to_be_visible()


def test_an_app_opens_the_desk_without_scripts(open_browser):
    page = open_browser(java_script_enabled=False, viewport={"width": 320, "height": 640})
    type_password(page)
    secret = page.locator(".door__secret").inner_text().replace(" ", "")
    page.get_by_label("The code it shows now").fill("0")
    page.get_by_role("button", name="Use this app").click()
    expect(page.get_by_role("alert")).to_contain_text("This is not the code of this moment")
    page.get_by_label("The code it shows now").fill(code_of(secret))
    page.get_by_role("button", name="Use this app").click()
    page.get_by_role("button", name="I have kept them").click()
    page.context.clear_cookies()
    type_password(page)
    page.get_by_label("The code your app shows now").fill(code_of(secret, 1))
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#logout-form")).to_be_attached()
