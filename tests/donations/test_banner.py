"""The ask on the site's pages: what it says, to whom, at what cost, and what happens when it cannot say it."""

import datetime as dt
import logging
import re
from pathlib import Path

import pytest
import time_machine
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags
from lxml import html

from articles import previews
from donations import backing_cookie, tally
from donations.models import Contribution, Currency, ExchangeRate, QuarterBook
from donations.quarters import Quarter
from foundation import clock
from tests import factories
from tests.donations.stripe_facts import PledgeStory, gift, utc

pytestmark = pytest.mark.django_db

MARCH = utc(2027, 3, 20, 12)
Q2 = Quarter(2027, 2)


@pytest.fixture(autouse=True)
def _spring(settings):
    """A site that takes pledges, on a day in March."""
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRETS = "sk_test_1", ["whsec_1"]
    settings.AMOUNTS_HIDDEN_BELOW = 0
    with time_machine.travel(MARCH, tick=False):
        yield


def backed_by(*minors: int, currency: str = "USD") -> None:
    for number, minor in enumerate(minors):
        person = f"{currency}-{number}"
        gift(utc(2027, 3, 10), minor=minor, currency=currency, email=f"{person}@example.org", name=person)


def asks(response) -> list:
    return html.fromstring(response.text).find_class("ask")


def words(node) -> str:
    return " ".join(strip_tags(html.tostring(node, encoding="unicode", with_tail=False)).split())


def sentence(client, address: str = "/") -> str:
    (ask,) = asks(client.get(address))
    (found,) = ask.find_class("ask__sentence")
    return words(found)


def test_nobody_one_and_many_are_told_in_their_own_words(client):
    assert sentence(client) == "So far nobody is backing the next quarter."
    backed_by(2500)
    assert sentence(client) == "So far 1 of you is backing the next quarter with $25."
    backed_by(2500, 99300)
    assert sentence(client) == "So far 2 of you are backing the next quarter with $1018."


def test_a_converted_sum_is_about(client):
    rate("EUR", "1.10")
    backed_by(1000)
    backed_by(1000, currency="EUR")
    assert sentence(client) == "So far 2 of you are backing the next quarter with about $21."


def rate(currency: str, figure: str) -> None:
    for day in (dt.date(2027, 3, 8), dt.date(2027, 3, 9)):
        ExchangeRate.objects.create(
            base="USD", currency=currency, dated_on=day, rate=figure, source="ecb", recorded_at=clock.now()
        )


def test_money_without_a_rate_is_told_apart_and_never_as_if_it_were_dollars(client):
    backed_by(1000)
    backed_by(2000, currency="GBP")
    expected = (
        "So far 2 of you are backing the next quarter with $10, and with £20 for which there is no exchange rate yet."
    )
    assert sentence(client) == expected


def test_below_the_threshold_the_amount_is_hidden_and_the_meter_with_it(client, settings):
    settings.AMOUNTS_HIDDEN_BELOW = 3
    QuarterBook.objects.create(livemode=False, quarter=Q2, goal_minor=10000)
    backed_by(2500, 2500)
    (ask,) = asks(client.get("/"))
    assert words(ask.find_class("ask__sentence")[0]) == "So far 2 of you are backing the next quarter."
    assert "the goal is $100" in words(ask)
    assert not ask.find_class("meter")
    assert "%" not in words(ask)
    backed_by(2500, 2500, 2500)
    assert sentence(client) == "So far 3 of you are backing the next quarter with $75."


def test_a_lone_gift_without_a_rate_is_mentioned_and_not_told(client, settings):
    settings.AMOUNTS_HIDDEN_BELOW = 3
    backed_by(1000, 1000, 1000, 1000)
    backed_by(7700, currency="GBP")
    told = sentence(client)
    assert told == (
        "So far 5 of you are backing the next quarter with $40,"
        " and with an amount in GBP for which there is no exchange rate yet."
    )


def test_whoever_gave_all_that_has_a_rate_is_not_told_apart(client, settings):
    """Three are enough for an amount, but only one of them stands behind the dollars."""
    settings.AMOUNTS_HIDDEN_BELOW = 3
    backed_by(3100)
    backed_by(1000, 1000, currency="GBP")
    assert "31" not in sentence(client)


@pytest.mark.parametrize(
    ("goal", "percent", "width", "mark"),
    [(1_000_000_00, "0 %", None, False), (2500_00, "1 %", "1", False), (25_00, "100 %", "100", False)]
    + [(10_00, "250 %", "100", True)],
)
def test_the_meter_is_right_at_nothing_at_the_goal_and_beyond(client, goal, percent, width, mark):
    QuarterBook.objects.create(livemode=False, quarter=Q2, goal_minor=goal)
    backed_by(2500)
    (ask,) = asks(client.get("/"))
    assert f"{percent} of the goal of" in words(ask)
    fills = [node.get("width") for node in ask.find_class("meter__fill")]
    assert fills == ([width] if width else [])
    assert [node.get("x") for node in ask.find_class("meter__mark")] == (["40"] if mark else [])


def test_the_goal_is_that_of_the_next_quarter_alone(client):
    QuarterBook.objects.create(livemode=False, quarter=Q2.next, goal_minor=5000)
    QuarterBook.objects.create(livemode=True, quarter=Q2, goal_minor=5000)
    assert "goal" not in words(asks(client.get("/"))[0])


def test_the_button_and_the_currencies_carry_where_the_reader_was(client):
    article = factories.published()
    path = article.get_absolute_url()
    Currency.objects.filter(pk="AUD").update(is_offered=False)
    head, after = asks(client.get(f"{path}?utm_source=elsewhere"))
    for ask in (head, after):
        links = {words(link): link.get("href") for link in ask.iter("a")}
        assert links["Back the next quarter"] == f"/support/?from={path}"
        assert links["GBP"] == f"/support/gbp/?from={path}"
        assert "AUD" not in links
        assert "USD" not in links
        assert "For non-USD currencies: EUR, GBP, CAD" in words(ask)


def test_what_a_reader_searched_for_is_not_carried_along(client):
    assert "wagons" not in html.tostring(asks(client.get("/search/?q=wagons"))[0]).decode()


def test_an_article_asks_once_more_at_its_end_and_no_other_page_does(client):
    article = factories.published()
    classes = [ask.get("class") for ask in asks(client.get(article.get_absolute_url()))]
    assert classes == ["ask ask--head", "ask ask--after"]
    for address in ("/", "/corrections/", "/archive/", f"{article.get_absolute_url()}history/", "/support/figures/"):
        assert len(asks(client.get(address))) == 1


def test_without_keys_it_says_honestly_that_pledging_is_closed(client, settings):
    settings.STRIPE_SECRET_KEY = ""
    backed_by(2500)
    (ask,) = asks(client.get("/"))
    assert "Pledging is closed for the moment." in words(ask)
    assert "So far 1 of you is backing the next quarter with $25." in words(ask)
    assert not ask.find_class("ask__button")
    assert not [link for link in ask.iter("a") if link.get("href").startswith("/support/eur/")]


def cookie_until(day: dt.date) -> str:
    response = HttpResponse()
    backing_cookie.remember(response, dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC))
    return response.cookies[backing_cookie.NAME].value


def test_who_backs_already_sees_the_figure_and_is_not_asked(client):
    article = factories.published()
    backed_by(2500)
    client.cookies[backing_cookie.NAME] = cookie_until(dt.date(2027, 6, 30))
    response = client.get(article.get_absolute_url())
    for ask in asks(response):
        assert "So far 1 of you is backing the next quarter with $25." in words(ask)
        assert "Thank you" in words(ask)
        assert not ask.find_class("ask__button")
        assert "EUR" not in words(ask)


def test_the_cookie_spares_nobody_after_its_day_and_no_forger_at_all(client):
    good = cookie_until(dt.date(2027, 3, 31))
    client.cookies[backing_cookie.NAME] = good
    with time_machine.travel(utc(2027, 3, 31, 23, 59), tick=False):
        assert not asks(client.get("/"))[0].find_class("ask__button")
    with time_machine.travel(utc(2027, 4, 1), tick=False):
        assert asks(client.get("/"))[0].find_class("ask__button")
    for forged in (good.replace("2027", "2028"), "2027-06-30", "2027-06-30:", ":", "x" * 3000, good[:-1]):
        client.cookies[backing_cookie.NAME] = forged
        assert asks(client.get("/"))[0].find_class("ask__button"), forged


def test_the_cookie_says_a_day_and_nothing_else():
    morning, evening = utc(2027, 6, 30, 1), utc(2027, 6, 30, 23, 59, 59)
    values = set()
    for moment in (morning, evening):
        response = HttpResponse()
        backing_cookie.remember(response, moment)
        cookie = response.cookies[backing_cookie.NAME]
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
        values.add(cookie.value)
    assert len(values) == 1
    assert re.fullmatch(r"2027-06-30:[\w-]+", values.pop())


def test_a_day_that_is_past_takes_the_cookie_back():
    response = HttpResponse()
    backing_cookie.remember(response, utc(2027, 3, 1))
    assert response.cookies[backing_cookie.NAME]["max-age"] == 0


def test_a_cookie_of_another_key_is_none(settings):
    value = cookie_until(dt.date(2027, 6, 30))
    settings.SECRET_KEY = "another-" + "z" * 50
    request = RequestFactory().get("/", headers={"cookie": f"{backing_cookie.NAME}={value}"})
    assert backing_cookie.backs_until(request) is None


def test_caches_are_told_that_there_are_two_variants_and_that_the_figure_moves(client):
    factories.published()
    for address in ("/", "/corrections/", "/support/figures/"):
        response = client.get(address)
        assert "Cookie" in response["Vary"], address
        assert "no-cache" in response["Cache-Control"], address
        assert not response.cookies


def test_no_reader_is_answered_with_an_old_figure_or_the_other_variant(client):
    """Whatever a browser remembers of an earlier answer, it is told the present figure, in its own variant."""
    backed_by(2500)
    first = client.get("/")
    backed_by(2500, 2500)
    remembered = {"if-none-match": first.get("ETag", "*"), "if-modified-since": "Sat, 01 Jan 2050 00:00:00 GMT"}
    again = client.get("/", headers=remembered)
    assert again.status_code == 200
    assert "So far 2 of you" in again.text
    client.cookies[backing_cookie.NAME] = cookie_until(dt.date(2027, 6, 30))
    spared = client.get("/", headers={**remembered, "if-none-match": again.get("ETag", "*")})
    assert spared.status_code == 200
    assert not asks(spared)[0].find_class("ask__button")


def test_the_poll_for_updates_depends_on_its_article_alone(client):
    article = factories.published()
    address = f"{article.get_absolute_url()}updates.json"
    before = client.get(address)
    backed_by(2500)
    client.cookies[backing_cookie.NAME] = cookie_until(dt.date(2027, 6, 30))
    with CaptureQueriesContext(connection) as queries:
        after = client.get(address)
    assert (after["ETag"], after.content) == (before["ETag"], before.content)
    assert "Vary" not in after or "Cookie" not in after["Vary"]
    assert not [query for query in queries if "donations_" in query["sql"]]


@pytest.mark.parametrize("address", ["/", "article", "/corrections/"])
def test_the_ask_costs_a_page_one_query(client, address):
    article = factories.published()
    address = article.get_absolute_url() if address == "article" else address
    backed_by(2500)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    assert len([query for query in queries if "donations_" in query["sql"]]) == 1


def test_one_query_however_large_the_ledger(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        tally.for_ask()
    backed_by(*range(100, 120))
    backed_by(*range(100, 120), currency="EUR")
    with django_assert_num_queries(1):
        assert tally.for_ask().tally.backers == 40


def test_when_the_ledger_cannot_be_read_the_page_stands_and_the_log_says_so(client, monkeypatch, caplog):
    factories.published(headline="Wagons on the bridge")

    def fail():
        raise DatabaseError("the ledger is away")

    monkeypatch.setattr(tally, "for_ask", fail)
    with caplog.at_level(logging.ERROR):
        response = client.get("/")
    assert response.status_code == 200
    assert "Wagons on the bridge" in response.text
    (ask,) = asks(response)
    assert not ask.find_class("ask__sentence")
    assert ask.find_class("ask__button")
    assert "The ledger could not be read" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_broken_table_of_the_ledger_does_not_break_the_page(client, caplog):
    """For real, at the database: on PostgreSQL a failed statement must not take the rest of the page with it."""
    factories.published(headline="Wagons on the bridge")
    table = Contribution._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO elsewhere")
    try:
        response = client.get("/")
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE elsewhere RENAME TO {table}")
    assert response.status_code == 200
    assert "Wagons on the bridge" in response.text
    assert "The ledger could not be read" in caplog.text
    assert sentence(client) == "So far nobody is backing the next quarter."


def test_what_went_wrong_is_no_occasion_to_ask(client):
    gone = factories.withdrawn()
    for address, status in (("/nothing/here/", 404), (gone.get_absolute_url(), 410)):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        assert response.status_code == status
        assert asks(response) == []
        assert not [query for query in queries if "donations_" in query["sql"]]


def test_a_preview_never_hands_its_secret_address_on(client):
    article = factories.draft()
    link = previews.create(article, by=factories.editor(), lasts=dt.timedelta(days=1))
    response = client.get(previews.address(link).removeprefix("http://testserver"))
    assert response.status_code == 200
    assert asks(response) == []
    assert "/support/?" not in response.text


def test_the_support_page_shows_the_figure_without_a_button_to_itself(client):
    backed_by(2500)
    for address in ("/support/", "/support/eur/", "/support/manage/"):
        (ask,) = asks(client.get(address))
        assert "So far 1 of you is backing" in words(ask)
        assert not ask.find_class("ask__button")


def test_pages_about_money_do_not_name_their_own_address_in_the_button(client):
    links = [link.get("href") for link in asks(client.get("/support/how/"))[0].iter("a")]
    assert "/support/" in links
    assert not [link for link in links if "from=" in link]


def test_the_printed_page_asks_nobody(settings):
    sheet = Path(settings.BASE_DIR / "static" / "css" / "ask.css").read_text()
    assert re.search(r"@media print \{\s*\.ask \{\s*display: none", sheet)


def test_the_rows_of_real_money_are_not_the_test_modes(client, settings):
    backed_by(2500)
    settings.STRIPE_SECRET_KEY = "sk_live_1"
    assert sentence(client) == "So far nobody is backing the next quarter."


def test_the_foot_of_every_page_leads_to_the_money(client):
    links = {link.get("href") for link in html.fromstring(client.get("/").text).find_class("footer")[0].iter("a")}
    assert {"/support/", "/support/figures/", "/support/how/", "/support/backers/"} <= links


def test_a_promise_that_waits_for_an_answer_leaves_the_sentence_by_itself(client):
    """No page is written anew for it: the moment alone decides."""
    story = PledgeStory(utc(2026, 12, 15, 10))
    story.tell()
    story.paid(0)
    story.invoice(1, "open", needs_action_since=utc(2027, 3, 15, 10))
    assert sentence(client) == "So far 1 of you is backing the next quarter with $25."
    with time_machine.travel(utc(2027, 3, 29, 11), tick=False):
        assert sentence(client) == "So far nobody is backing the next quarter."


def test_a_site_without_any_currency_still_serves(client):
    Currency.objects.all().delete()
    assert sentence(client) == "So far nobody is backing the next quarter."
