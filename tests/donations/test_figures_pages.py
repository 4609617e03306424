"""How the number is made, with the site's own settings, and the names of those who wanted to be named."""

import datetime as dt

import pytest
import time_machine
from lxml import html

from donations.models import Backer, Intent
from tests.donations.stripe_facts import PledgeStory, charge_of, gift, take_back, utc

pytestmark = pytest.mark.django_db

MARCH = utc(2027, 3, 20, 12)


@pytest.fixture(autouse=True)
def _march():
    with time_machine.travel(MARCH, tick=False):
        yield


def text_of(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(html.fromstring(response.text).find(".//main").text_content().split())


def test_the_rules_are_told_with_the_sites_own_settings(client, settings):
    settings.TIME_ZONE, settings.BASE_CURRENCY = "Europe/Paris", "EUR"
    settings.BOOKS_CLOSE_AFTER_DAYS, settings.AMOUNTS_HIDDEN_BELOW = 21, 5
    text = text_of(client, "/support/how/")
    for told in (
        "in the time of Europe/Paris",
        "Now that is Q2 2027, April to June 2027; the present one is Q1 2027",
        "21 days after its last day",
        "For Q1 2027 that is 21 April 2027",
        "With fewer than 5 backers the amount is hidden",
        "in EUR, rounded down",
        "European Central Bank",
        "25 EUR on 15 February",
    ):
        assert told in text, told


def test_where_nothing_is_hidden_the_rules_say_nothing_of_hiding(client, settings):
    settings.AMOUNTS_HIDDEN_BELOW = 0
    assert "hidden" not in text_of(client, "/support/how/")


def names(client) -> list[str]:
    page = html.fromstring(client.get("/support/backers/").text)
    return [item.text_content() for item in page.xpath("//ul[@class='names']/li")]


def named(payment, name: str, status: str = "approved"):
    Intent.objects.filter(pk=payment.intent_id).update(public_name=name, name_status=status)
    return payment


def given(name: str, status: str = "approved", **changes):
    who = f"{name}{changes.pop('number', '')}"
    key = who.encode().hex()
    return named(gift(utc(2027, 2, 1), name=key, email=f"{key}@example.org", **changes), name, status)


def test_names_stand_in_the_order_of_the_alphabet_whatever_their_accents_and_case(client):
    for name in ("Zoë", "émile", "Ada", "ben", "Élan", "Eva"):
        given(name)
    assert names(client) == ["Ada", "ben", "Élan", "émile", "Eva", "Zoë"]


@pytest.mark.parametrize("status", ["hidden", "pending", "rejected"])
def test_only_approved_names_stand_there(client, status):
    given("Ada", status)
    assert names(client) == []
    assert "Nobody is named here so far" in text_of(client, "/support/backers/")


def test_a_name_is_written_once_and_says_neither_when_nor_how_much(client):
    given("Ada", number=1, minor=1234)
    given(" Ada ", number=2, minor=5678)
    text = text_of(client, "/support/backers/")
    assert names(client) == ["Ada"]
    assert not [figure for figure in ("12.34", "56.78", "$", "2027", "February") if figure in text]


def test_a_name_is_text_and_never_markup(client):
    given("<script>x</script>")
    assert names(client) == ["<script>x</script>"]
    assert "<script>x" not in client.get("/support/backers/").text


def test_a_name_goes_with_a_refund_in_full_and_stays_with_one_in_part(client):
    payment = given("Ada")
    take_back(charge_of(payment), MARCH, minor=100)
    assert names(client) == ["Ada"]
    take_back(charge_of(payment), MARCH, minor=payment.amount_minor - 100, name="2")
    assert names(client) == []


def test_a_name_comes_back_when_the_refund_failed(client):
    payment = given("Ada")
    take_back(charge_of(payment), MARCH)
    assert names(client) == []
    take_back(charge_of(payment), MARCH, status="failed")
    assert names(client) == ["Ada"]


@pytest.mark.parametrize(("status", "expected"), [("needs_response", ["Ada"]), ("won", ["Ada"]), ("lost", [])])
def test_a_name_goes_with_a_dispute_that_is_lost(client, status, expected):
    take_back(charge_of(given("Ada")), MARCH, kind="dispute", status=status)
    assert names(client) == expected


def test_one_lost_dispute_takes_the_name_of_a_whole_pledge(client):
    story = PledgeStory(utc(2026, 11, 15))
    story.tell()
    story.paid(0)
    named(story.paid(1).payments.get(), "Ada")
    assert names(client) == ["Ada"]
    take_back(story.charge(1, utc(2027, 2, 15)), MARCH, kind="dispute", status="lost")
    assert names(client) == []


def test_a_name_goes_with_forgetting_and_with_consent(client):
    given("Ada")
    given("Ben")
    Backer.objects.filter(payments__intent__public_name="Ada").update(forgotten_at=MARCH)
    assert names(client) == ["Ben"]
    Intent.objects.update(name_status=Intent.NameStatus.HIDDEN)
    assert names(client) == []


def test_a_pledge_is_named_before_its_charge_and_not_when_it_ended_without_one(client):
    story = PledgeStory(utc(2027, 3, 1))
    Intent.objects.update(public_name="Ada", name_status="approved")
    assert names(client) == []
    story.tell(status="trialing")
    assert names(client) == ["Ada"]
    story.tell(status="canceled", ended_at=MARCH)
    assert names(client) == []


def test_who_asked_and_never_paid_is_not_named(client):
    Intent.objects.create(
        livemode=False,
        kind="once",
        currency="USD",
        amount_minor=100,
        created_at=MARCH - dt.timedelta(days=1),
        public_name="Ada",
        name_status="approved",
    )
    assert names(client) == []


def test_names_of_the_test_mode_are_not_those_of_real_money(client, settings):
    given("Ada")
    settings.STRIPE_SECRET_KEY = "sk_live_1"
    assert names(client) == []


def test_the_pages_about_money_lead_to_each_other(client):
    for address in ("/support/figures/", "/support/how/", "/support/backers/"):
        page = html.fromstring(client.get(address).text)
        (nav,) = page.find_class("about-money")
        links = {link.get("href"): link.get("aria-current") for link in nav.iter("a")}
        assert set(links) == {"/support/", "/support/figures/", "/support/how/", "/support/backers/"}
        assert [href for href, current in links.items() if current] == [address]
        assert page.xpath("//link[@rel='canonical']/@href") == [f"http://testserver{address}"]


@pytest.mark.parametrize("name", ["figures", "how", "backers"])
def test_the_pages_about_money_are_found_and_shared_like_any_other(client, name):
    """They stand in a sitemap, and whoever shares one sends its title and what it is about."""
    address = f"http://testserver/support/{name}/"
    assert f"<loc>{address}</loc>" in client.get("/sitemap-pages.xml").content.decode()
    page = html.fromstring(client.get(f"/support/{name}/?from=/a/").content)
    said = {each.get("property"): each.get("content") for each in page.xpath("//meta[@property]")}
    assert said["og:url"] == address
    assert said["og:title"] in page.findtext(".//title")
    assert said["og:type"] == "website"
    assert said["og:site_name"]
    (description,) = page.xpath("//meta[@name='description']/@content")
    assert said["og:description"] == description != ""
    assert not page.xpath("//meta[@name='robots']")
