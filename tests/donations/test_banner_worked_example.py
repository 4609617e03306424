"""The example told on “How this number is made”, where readers meet it: as the sentence in a page."""

import datetime as dt

import pytest
import time_machine
from django.utils.html import strip_tags
from lxml import html

from donations import books, periods
from donations.quarters import Quarter
from foundation import clock
from tests.donations.stripe_facts import PledgeStory, charge_of, gift, take_back, utc

pytestmark = pytest.mark.django_db

Q2, Q3 = Quarter(2027, 2), Quarter(2027, 3)
NOBODY = "So far nobody is backing the next quarter."
ONE = "So far 1 of you is backing the next quarter with $25."


@pytest.fixture(autouse=True)
def _amounts_are_shown(settings):
    settings.AMOUNTS_HIDDEN_BELOW = 0
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRETS = "sk_test_1", ["whsec_1"]


@pytest.fixture
def read(client):
    """The sentence at the head of the home page at a moment, and the quarter it speaks of."""

    def read(moment) -> tuple[str, str]:
        with time_machine.travel(moment, tick=False):
            page = html.fromstring(client.get("/").text)
            quarter = periods.next_quarter()
        (sentence,) = page.find_class("ask__sentence")
        return sentence.text_content().strip(), str(quarter)

    return read


@pytest.fixture
def row(client):
    """A quarter's row of the figures page at a moment, as text."""

    def row(moment, quarter: Quarter) -> str:
        with time_machine.travel(moment, tick=False):
            page = html.fromstring(client.get("/support/figures/").text)
        (found,) = page.xpath(f"//tbody/tr[starts-with(normalize-space(th), '{quarter}')][count(td) > 3]")
        return " ".join(strip_tags(html.tostring(found, encoding="unicode").replace("<td", " <td")).split())

    return row


@pytest.fixture
def pledge():
    story = PledgeStory(utc(2027, 2, 15, 10))
    story.tell()
    story.paid(0)
    return story


def test_on_20_march_the_charge_of_february_backs_the_second_quarter(pledge, read):
    assert read(utc(2027, 3, 20)) == (ONE, "Q2 2027")


@pytest.mark.parametrize("day", [utc(2027, 4, 2), utc(2027, 5, 14)])
def test_in_april_and_may_the_charge_to_come_is_promised_for_the_third(pledge, read, row, day):
    assert read(day) == (ONE, "Q3 2027")
    assert row(day, Q3) == "Q3 2027 the next quarter 1 $0 $25 $25"


def test_an_invoice_that_is_still_a_draft_is_a_promise(pledge, read, row):
    pledge.invoice(1, "draft")
    moment = utc(2027, 5, 15, 10, 30)
    assert read(moment) == (ONE, "Q3 2027")
    assert row(moment, Q3) == "Q3 2027 the next quarter 1 $0 $25 $25"


def test_on_16_may_it_is_received(pledge, read, row):
    pledge.paid(1)
    assert read(utc(2027, 5, 16)) == (ONE, "Q3 2027")
    assert row(utc(2027, 5, 16), Q3) == "Q3 2027 the next quarter 1 $25 $0 $25"


def test_cancelled_on_1_may_it_counts_no_more_and_the_second_quarter_keeps_it(pledge, read, row):
    assert read(utc(2027, 4, 30)) == (ONE, "Q3 2027")
    pledge.tell(ends_at=utc(2027, 5, 15, 10))
    assert read(utc(2027, 5, 1)) == (NOBODY, "Q3 2027")
    assert row(utc(2027, 5, 1), Q2) == "Q2 2027 this quarter, open 1 $25 $0 $25"


def test_a_charge_that_fails_in_may_and_recovers_in_july(pledge, read, row):
    pledge.tell(status="past_due")
    pledge.invoice(1, "open", next_attempt_at=utc(2027, 7, 10))
    assert read(utc(2027, 5, 16)) == (ONE, "Q3 2027")
    assert row(utc(2027, 7, 1), Q3) == "Q3 2027 this quarter, open 1 $0 $25 still being collected $25"
    pledge.tell(status="active")
    pledge.paid(1, at=utc(2027, 7, 10, 9))
    assert row(utc(2027, 7, 11), Q3) == "Q3 2027 this quarter, open 1 $25 $0 $25"
    assert read(utc(2027, 7, 11)) == (ONE, "Q4 2027")


def test_fifty_given_once_on_20_march_leave_the_sentence_on_1_april(read):
    gift(utc(2027, 3, 20))
    assert read(utc(2027, 3, 31, 23, 59, 59)) == (ONE.replace("$25", "$50"), "Q2 2027")
    assert read(utc(2027, 4, 1)) == (NOBODY, "Q3 2027")


def test_a_gift_refunded_on_20_october_stands_beside_the_figure_closed_on_the_14th(client):
    given = gift(utc(2027, 6, 20), minor=2500)
    with time_machine.travel(utc(2027, 10, 14), tick=False):
        books.close(Q3, livemode=False)
    with time_machine.travel(utc(2027, 10, 20, 12), tick=False):
        take_back(charge_of(given), clock.now())
        page = html.fromstring(client.get("/support/figures/").text)
    (closed,) = page.xpath("//*[@id=$id]", id=f"since-{Q3.ordinal}")
    assert " ".join(closed.text_content().split()) == "Q3 2027, closed 14 October 2027: 1 backer, $25"
    told = " ".join(closed.getnext().text_content().split())
    assert told == "20 Oct: −$25, 1 backer fewer (refund)"


def test_in_paris_the_sentence_turns_at_midnight_there(settings, read):
    settings.TIME_ZONE = "Europe/Paris"
    story = PledgeStory(utc(2026, 12, 31, 22, 30))  # 23:30 in Paris: the last hour of Q4
    story.tell()
    story.paid(0)
    assert read(utc(2026, 12, 31, 22, 59)) == (ONE, "Q1 2027")
    assert read(utc(2026, 12, 31, 23)) == (ONE, "Q2 2027")  # promised: the charge of 31 March
    for number in range(1, 8):
        story.paid(number)
        charged_at = periods.start_of(Quarter(2027, 1).plus(number)) - dt.timedelta(minutes=5)
        assert read(charged_at) == (ONE, str(Quarter(2027, 1).plus(number)))
