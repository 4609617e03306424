"""
The journey that pays for the site: somebody clicks a pledge in Chromium, pays at the stand-in, moves the clock on its
console, and reads what the sentence says then. Everything between runs for real: form, Checkout, webhooks, worker.
"""

import datetime as dt
import io
import re
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.core.signals import request_started
from playwright.sync_api import Page, expect

from donations import defence
from foundation.models import Letter

PAYS, DECLINED, ASKS, FAILS_LATER = "4242424242424242", "4000000000000002", "4000002760003184", "4000000000000341"
# A form that is sent faster than it can be read meets a slower step, which is another test's subject.
READING_MILLISECONDS = 2_200
CURRENCIES = ("USD", "EUR", "GBP", "CAD", "AUD")


@pytest.fixture
def other_hosts(carrying_stand_in) -> list[str]:
    return [urlsplit(carrying_stand_in.address).netloc]


class Town:
    """The site, the stand-in, and what their people do in a browser."""

    def __init__(self, stand_in, open_browser, run_tasks):
        self.stand_in, self.open_browser, self.run_tasks = stand_in, open_browser, run_tasks

    def be_at(self, *moment: int) -> None:
        self.stand_in.do("clock", to=int(dt.datetime(*moment, tzinfo=dt.UTC).timestamp()))
        self.hear()

    def hear(self) -> None:
        """Every event has arrived and was worked on."""
        self.stand_in.wait_until_delivered()
        self.run_tasks()

    def ask_for(self, page: Page, code: str = "USD", kind: str = "quarterly", amount: str = "25") -> None:
        page.goto("/")
        page.get_by_role("link", name="Back the next quarter").first.click()
        if code != "USD":
            page.locator(".pledge__others").get_by_role("link", name=code).click()
        page.locator("label", has=page.locator(f"#kind-{kind}")).click()
        page.locator("label", has=page.locator("#amount-other")).click()
        page.fill("#amount-typed", amount)
        page.wait_for_timeout(READING_MILLISECONDS)
        page.get_by_role("button", name="Go to the payment page").click()
        page.wait_for_url(f"{self.stand_in.address}/pay/**")

    def pay(self, page: Page, email: str, card: str = PAYS) -> None:
        page.fill("[name=email]", email)
        page.fill("[name=name]", "A Reader")
        page.fill("[name=card]", card)
        page.locator("button.button--wide").first.click()

    def pledge(self, email: str, code: str = "USD", kind: str = "quarterly", card: str = PAYS) -> Page:
        """In a browser of its own, up to the thanks."""
        page = self.open_browser()
        self.ask_for(page, code, kind)
        self.pay(page, email, card)
        expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
        self.hear()
        return page

    def says(self, *words: str) -> None:
        """The sentence, to somebody who comes for the first time."""
        page = self.open_browser()
        page.goto("/")
        sentence = page.locator(".ask__sentence").first
        for each in words:
            expect(sentence).to_contain_text(each)
        page.close()

    def sends(self, page: Page, name: str) -> None:
        """A button of the console."""
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.get_by_role("status")).to_be_visible()
        self.hear()


@pytest.fixture
def town(carrying_stand_in, open_browser, run_tasks, settings) -> Town:
    settings.AMOUNTS_HIDDEN_BELOW = 0
    call_command("load_sample_rates", stdout=io.StringIO())
    town = Town(carrying_stand_in, open_browser, run_tasks)
    town.be_at(2027, 2, 15, 10)
    return town


def test_the_worked_example_is_what_a_newcomer_sees(town):
    town.says("So far nobody is backing the next quarter.")
    town.pledge("reader@example.org")
    for moment in ((2027, 3, 20), (2027, 4, 2), (2027, 5, 14), (2027, 5, 15, 10, 30), (2027, 5, 16)):
        town.be_at(*moment)
        town.says("So far 1 of you is backing the next quarter with $25.")


def test_a_pledge_in_each_of_the_five_currencies_and_a_quarter_later(town):
    for number, code in enumerate(CURRENCIES, start=1):
        town.pledge(f"reader{number}@example.org", code)
        town.says(f"So far {number} of you {'is' if number == 1 else 'are'} backing the next quarter with ")
    town.says("with about $")

    console = town.open_browser()
    console.goto("/")
    expect(console.locator(".demo-clock")).to_contain_text("15 February 2027")
    console.get_by_role("link", name="move it").click()
    town.sends(console, "to the next quarter")
    console.goto("/")
    expect(console.locator(".demo-clock")).to_contain_text("1 April 2027")
    # Promised now: the charges of May will back the third quarter.
    town.says("So far 5 of you are backing the next quarter with about $")
    town.be_at(2027, 5, 16)
    console.goto("/support/figures/")
    for code in CURRENCIES:
        expect(console.locator("main")).to_contain_text(code)


def test_a_gift_leaves_the_sentence_with_its_quarter(town):
    town.pledge("giver@example.org", kind="once")
    town.says("1 of you is backing the next quarter with $25.")
    town.be_at(2027, 4, 1)
    town.says("So far nobody is backing the next quarter.")


def test_a_declined_card_is_told_and_nothing_counts_until_another_pays(town):
    page = town.open_browser()
    town.ask_for(page)
    town.pay(page, "reader@example.org", DECLINED)
    expect(page.get_by_role("alert")).to_contain_text(re.compile("declined", re.IGNORECASE))
    town.hear()
    town.says("So far nobody is backing the next quarter.")
    town.pay(page, "reader@example.org", PAYS)
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    town.hear()
    town.says("1 of you is backing the next quarter with $25.")


def test_a_bank_that_asks_is_answered(town):
    page = town.open_browser()
    town.ask_for(page)
    town.pay(page, "reader@example.org", ASKS)
    page.get_by_role("button", name="Yes, it is me").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    town.says("1 of you is backing the next quarter with $25.")


def test_the_way_back_from_the_payment_page_keeps_what_was_typed(town):
    page = town.open_browser()
    town.ask_for(page, amount="37.50")
    page.get_by_role("link", name=re.compile("back", re.IGNORECASE)).first.click()
    expect(page.locator(".support")).to_contain_text("Nothing was paid")
    expect(page.locator("#amount-typed")).to_have_value(re.compile("37.50"))
    expect(page.locator("#kind-quarterly")).to_be_checked()


def test_a_renewal_that_fails_is_mended_through_the_portal(town):
    page = town.pledge("reader@example.org", card=FAILS_LATER)
    town.be_at(2027, 5, 16)
    town.says("1 of you is backing the next quarter with $25.")
    figures = town.open_browser()
    figures.goto("/support/figures/")
    expect(figures.get_by_role("row", name="Q3 2027 the next quarter 1 $0 $25 $25")).to_be_visible()
    manage(town, page)
    page.get_by_role("button", name=re.compile("card", re.IGNORECASE)).first.click()
    page.wait_for_url(f"{town.stand_in.address}/portal/**")
    page.fill("[name=card]", PAYS)
    page.locator("button.button--wide").first.click()
    expect(page.get_by_role("status")).to_be_visible()  # before the clock moves
    town.be_at(2027, 5, 30)
    figures.reload()
    expect(figures.get_by_role("row", name="Q3 2027 the next quarter 1 $25 $0 $25")).to_be_visible()
    town.says("1 of you is backing the next quarter with $25.")


def test_a_pledge_ended_on_its_page_leaves_the_sentence_at_once(town):
    page = town.pledge("reader@example.org")
    town.be_at(2027, 4, 20)
    town.says("1 of you is backing the next quarter with $25.")
    manage(town, page)
    page.get_by_role("link", name=re.compile("end", re.IGNORECASE)).first.click()
    page.get_by_role("button", name=re.compile("end", re.IGNORECASE)).first.click()
    expect(page.get_by_role("status")).to_be_visible()
    town.hear()
    town.says("So far nobody is backing the next quarter.")


def manage(town: Town, page: Page) -> None:
    """By the link in a letter, as everybody gets there."""
    page.goto("/support/manage/")
    page.fill("[name=email]", "reader@example.org")
    page.locator("main [type=submit]").click()
    expect(page.locator("main")).to_contain_text("a letter with a link is on its way")
    town.run_tasks()
    letter = Letter.objects.filter(kind__contains="manage").latest("pk")
    page.goto(re.search(r"https?://\S+/support/manage/\S+", letter.text)[0])
    page.locator("main [type=submit]").first.click()
    page.wait_for_url("**/support/manage/pledges/")


def test_back_from_the_payment_page_leads_over_every_page_and_sends_nothing_again(town, monkeypatch):
    """Also over the slower step, which answered a form."""
    monkeypatch.setattr(defence, "FASTEST", dt.timedelta(days=1))
    monkeypatch.setattr(defence, "WAIT", dt.timedelta())
    page = town.open_browser()
    page.goto("/support/")
    page.locator("label", has=page.locator("#kind-once")).click()
    page.locator("label", has=page.locator("#amount-other")).click()
    page.fill("#amount-typed", "12.50")
    page.get_by_role("button", name="Go to the payment page").click()
    step = page.get_by_role("heading", name="One more step")
    expect(step).to_be_visible()
    page.get_by_label("$12.50 USD once").check()
    page.get_by_role("button", name="Yes, go on").click()
    page.get_by_role("button", name="Go to the payment page").click()
    page.wait_for_url(f"{town.stand_in.address}/pay/**")
    arrived = []

    def note(environ, **kwargs):
        arrived.append(environ["REQUEST_METHOD"])

    request_started.connect(note)
    page.go_back()
    expect(page.get_by_role("heading", name="Your payment page is ready")).to_be_visible()
    page.go_back()
    expect(step).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Back the next quarter")).to_be_visible()
    request_started.disconnect(note)
    assert "GET" in arrived
    assert "POST" not in arrived
