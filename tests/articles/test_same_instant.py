"""What falls due shows everywhere in the same second, and what is taken back leaves everywhere. No worker runs here."""

import datetime as dt

import pytest
import time_machine

from articles import publishing
from tests import factories

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 3, 14, 12, 0, tzinfo=dt.UTC)
DUE = NOON + dt.timedelta(hours=1)
JUST_BEFORE = DUE - dt.timedelta(seconds=1)

PLACES_OF_ARTICLES = [
    "/",
    "/section/ports/",
    "/tag/sea/",
    "/author/ada/",
    "/archive/2026/03/",
    "/search/?q=zebra",
    "/feed/",
    "/atom/",
    "/section/ports/feed/",
    "/section/ports/atom/",
    "/author/ada/feed/",
    "/author/ada/atom/",
    "/sitemap-2026-03.xml",
    "/news-sitemap.xml",
]
PLACES_OF_ADDENDA = ["/feed/", "/atom/", "/section/ports/atom/", "/author/ada/feed/", "/updates/feed/", "/corrections/"]


def filed():
    """Where an article is listed. The other one makes sure that every list exists before it is due."""
    where = {
        "section": factories.section(slug="ports"),
        "tags": [factories.tag(slug="sea")],
        "authors": [factories.author(slug="ada")],
    }
    factories.published(headline="The other one", **where)
    return where


def places_that_show(client, words: str, places: list[str]) -> list[str]:
    answers = {place: client.get(place) for place in places}
    assert all(answer.status_code == 200 for answer in answers.values())
    return [place for place, answer in answers.items() if words in answer.content.decode()]


def test_a_scheduled_article_appears_everywhere_in_its_second_and_leaves_when_it_is_withdrawn(client):
    with time_machine.travel(NOON, tick=False):
        article = factories.published(headline="Zebra escapes", slug="zebra-escapes", at=DUE, **filed())
    with time_machine.travel(JUST_BEFORE, tick=False):
        assert places_that_show(client, "ebra-escapes", PLACES_OF_ARTICLES) == []
        assert client.get(article.get_absolute_url()).status_code == 404
    with time_machine.travel(DUE, tick=False):
        assert places_that_show(client, "ebra-escapes", PLACES_OF_ARTICLES) == PLACES_OF_ARTICLES
        assert client.get(article.get_absolute_url()).status_code == 200
        publishing.withdraw(article, by=None)
        assert places_that_show(client, "ebra-escapes", PLACES_OF_ARTICLES) == []
        assert client.get(article.get_absolute_url()).status_code == 410


def test_a_scheduled_addendum_appears_everywhere_in_its_second(client):
    with time_machine.travel(NOON, tick=False):
        article = factories.published(headline="Harbour", **filed())
        factories.addendum(article, kind="correction", body="<p>A zebra, not a horse</p>", at=DUE)
    places = [*PLACES_OF_ADDENDA, article.get_absolute_url()]
    with time_machine.travel(JUST_BEFORE, tick=False):
        assert places_that_show(client, "A zebra, not", places) == []
        assert "Harbour" not in client.get("/search/?q=zebra").content.decode()
    with time_machine.travel(DUE, tick=False):
        assert places_that_show(client, "A zebra, not", places) == places
        assert "Harbour" in client.get("/search/?q=zebra").content.decode()
        assert "2026-03-14T13:00:00+00:00" in client.get("/sitemap-2026-03.xml").content.decode()
