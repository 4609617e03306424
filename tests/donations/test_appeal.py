"""The words of the site that ask, before the figure: an editor's, for readers who do not back it yet."""

import datetime as dt

import pytest
import time_machine
from lxml import html

from articles.models import Masthead
from donations import backing_cookie
from tests import factories
from tests.donations.stripe_facts import utc
from tests.donations.test_banner import cookie_until

pytestmark = pytest.mark.django_db

APPEAL = "If you like having <us> in the fight, consider backing us to stay there."


@pytest.fixture(autouse=True)
def _site(settings):
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRETS = "sk_test_1", ["whsec_1"]
    with time_machine.travel(utc(2027, 3, 20, 12), tick=False):
        say(APPEAL)
        yield


def say(words: str) -> None:
    masthead = Masthead.load()
    masthead.appeal = words
    masthead.save()


def appeals(client, address: str = "/") -> list[str]:
    return [found.text for found in html.fromstring(client.get(address).text).find_class("ask__appeal")]


def test_they_stand_before_the_figure_wherever_the_site_asks(client):
    article = factories.published().get_absolute_url()
    assert appeals(client) == [APPEAL]
    assert appeals(client, article) == [APPEAL, APPEAL]
    page = client.get("/").text
    assert page.index("ask__appeal") < page.index("ask__sentence")


def test_whoever_backs_is_not_asked_nor_is_anybody_where_pledging_is_closed(client, settings):
    client.cookies[backing_cookie.NAME] = cookie_until(dt.date(2027, 6, 30))
    assert appeals(client) == []
    client.cookies.clear()
    assert appeals(client) == [APPEAL]
    settings.STRIPE_SECRET_KEY = ""
    assert appeals(client, "/archive/") == []


def test_nor_on_the_pages_where_one_is_about_to_pledge(client):
    assert appeals(client, "/support/") == []


def test_changed_words_are_on_every_page_at_once(client):
    article = factories.published().get_absolute_url()
    assert appeals(client, article) == [APPEAL, APPEAL]
    say("Keep us here.")
    assert appeals(client, article) == ["Keep us here."] * 2
    say("")
    assert appeals(client, article) == []
