"""The two parts of pledging that few people meet: a gift in somebody's name, and the step that asks to confirm."""

import re

import pytest
from playwright.sync_api import expect

from donations import defence
from donations.models import Dedication
from tests.browser.test_pledge_journey import READING_MILLISECONDS, other_hosts, town

__all__ = ["other_hosts", "town"]


@pytest.fixture
def form(town):
    """The form for 25 dollars, given once, on a phone."""
    page = town.open_browser()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/support/")
    page.locator("label", has=page.locator("#kind-once")).click()
    page.locator("label", has=page.locator("#amount-other")).click()
    page.fill("#amount-typed", "25")
    return page


def test_a_gift_in_somebodys_name_is_opened_mended_and_given(town, form):
    summary = form.get_by_text("This is a gift on behalf of somebody")
    expect(form.locator("#for-name")).not_to_be_visible()
    summary.click()
    form.fill("#for-name", "Rose Abbot")
    form.fill("#for-words", "Many happy returns")
    form.wait_for_timeout(READING_MILLISECONDS)
    form.get_by_role("button", name="Go to the payment page").click()
    expect(form.locator("#for_email-error")).to_be_visible()
    expect(form.locator("#for-words")).to_have_value("Many happy returns")
    form.fill("#for-email", "rose@example.org")
    form.fill("#for-giver", "Ada")
    form.wait_for_timeout(READING_MILLISECONDS)
    form.get_by_role("button", name="Go to the payment page").click()
    form.wait_for_url(f"{town.stand_in.address}/pay/**")
    town.pay(form, "ada@example.org")
    expect(form.get_by_role("heading", name="Thank you")).to_be_visible()
    town.hear()
    gift = Dedication.objects.get()
    assert (gift.name, gift.giver, gift.email) == ("Rose Abbot", "Ada", "")
    assert gift.told_at is not None


def test_the_step_that_asks_to_confirm_is_answered_and_leads_on(town, form, monkeypatch):
    monkeypatch.setattr(defence, "FASTEST", defence.dt.timedelta(minutes=5))
    monkeypatch.setattr(defence, "WAIT", defence.dt.timedelta(seconds=1))
    form.get_by_role("button", name="Go to the payment page").click()
    expect(form.get_by_role("heading", name="One more step")).to_be_visible()
    assert form.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    asked = form.locator(".sum strong").all_inner_texts()
    assert asked[:2] == ["$25 USD", "once"]
    form.locator("label", has_text=re.compile(r"^\s*\$25 USD once\s*$")).locator("input").check()
    form.wait_for_timeout(READING_MILLISECONDS)
    form.get_by_role("button", name="Yes, go on").click()
    expect(form).to_have_url(re.compile(r"/support/ready/|/pay/"))
    if "/support/ready/" in form.url:
        form.locator("main button[type=submit]").first.click()
    form.wait_for_url(f"{town.stand_in.address}/pay/**")
