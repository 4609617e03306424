"""What search engines are told, from when, and with which dates."""

import datetime as dt

import pytest
import time_machine
from lxml import etree

from articles import publishing
from articles.models import Masthead, Page
from tests import factories

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 3, 14, 12, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
NAMES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "n": "http://www.google.com/schemas/sitemap-news/0.9",
}


def get(client, path):
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    return etree.fromstring(response.content)


def values(root, path):
    return [element.text for element in root.findall(path, NAMES)]


def test_the_index_leads_to_every_month_and_to_the_pages(client):
    for at in (NOON, NOON + HOUR, NOON - dt.timedelta(days=60)):
        factories.published(at=at)
    root = get(client, "/sitemap.xml")
    assert root.tag == "{http://www.sitemaps.org/schemas/sitemap/0.9}sitemapindex"
    addresses = values(root, "s:sitemap/s:loc")
    assert addresses == [
        "http://testserver/sitemap-pages.xml",
        "http://testserver/sitemap-2026-03.xml",
        "http://testserver/sitemap-2026-01.xml",
    ]
    for address in addresses:
        get(client, address.removeprefix("http://testserver"))


def test_every_article_stands_in_the_month_of_the_sites_zone(client, settings):
    settings.TIME_ZONE = "Pacific/Auckland"
    article = factories.published(at=dt.datetime(2026, 3, 31, 20, 0, tzinfo=dt.UTC))
    assert values(get(client, "/sitemap-2026-04.xml"), "s:url/s:loc") == [f"http://testserver/{article.public_path}/"]
    assert "http://testserver/sitemap-2026-04.xml" in values(get(client, "/sitemap.xml"), "s:sitemap/s:loc")


def test_lastmod_is_the_date_that_readers_are_told(client):
    with time_machine.travel(NOON, tick=False):
        article = factories.published()
    with time_machine.travel(NOON + HOUR, tick=False):
        article.save()
        assert values(get(client, "/sitemap-2026-03.xml"), "s:url/s:lastmod") == ["2026-03-14T12:00:00+00:00"]
        factories.addendum(article, at=NOON + 2 * HOUR)
        assert values(get(client, "/sitemap-2026-03.xml"), "s:url/s:lastmod") == ["2026-03-14T12:00:00+00:00"]
    with time_machine.travel(NOON + 2 * HOUR, tick=False):
        assert values(get(client, "/sitemap-2026-03.xml"), "s:url/s:lastmod") == ["2026-03-14T14:00:00+00:00"]
        assert values(get(client, "/sitemap.xml"), "s:sitemap/s:lastmod") == ["2026-03-14T14:00:00+00:00"]


def test_a_scheduled_article_joins_both_sitemaps_in_its_second_and_a_withdrawn_one_leaves(client):
    with time_machine.travel(NOON, tick=False):
        factories.draft()
        article = factories.published(at=NOON + HOUR)
    with time_machine.travel(NOON + HOUR - dt.timedelta(seconds=1), tick=False):
        assert client.get("/sitemap-2026-03.xml").status_code == 404
        assert values(get(client, "/news-sitemap.xml"), "s:url/s:loc") == []
    address = f"http://testserver/{article.public_path}/"
    with time_machine.travel(NOON + HOUR, tick=False):
        assert values(get(client, "/sitemap-2026-03.xml"), "s:url/s:loc") == [address]
        assert values(get(client, "/news-sitemap.xml"), "s:url/s:loc") == [address]
        publishing.withdraw(article, by=None)
        assert client.get("/sitemap-2026-03.xml").status_code == 404
        assert values(get(client, "/news-sitemap.xml"), "s:url/s:loc") == []


@pytest.mark.parametrize("month", ["2026-00", "2026-13", "0000-01", "2026-3", "9999-12", "2026-03"])
def test_a_month_without_articles_is_not_found(client, month):
    assert client.get(f"/sitemap-{month}.xml").status_code == 404


def test_an_author_of_drafts_only_is_not_listed(client):
    ada = factories.author(slug="ada")
    factories.draft(authors=[ada])
    assert "http://testserver/author/ada/" not in values(get(client, "/sitemap-pages.xml"), "s:url/s:loc")
    factories.published(authors=[ada])
    assert "http://testserver/author/ada/" in values(get(client, "/sitemap-pages.xml"), "s:url/s:loc")


def test_sections_authors_with_articles_and_public_pages_are_listed(client):
    writer, _silent = factories.author(slug="ada"), factories.author(slug="silent")
    factories.published(section=factories.section(slug="ports"), authors=[writer])
    Page.objects.create(title="About", slug="about")
    Page.objects.create(title="Hidden", slug="hidden", is_public=False)
    assert values(get(client, "/sitemap-pages.xml"), "s:url/s:loc") == [
        "http://testserver/",
        "http://testserver/corrections/",
        "http://testserver/support/figures/",
        "http://testserver/support/how/",
        "http://testserver/support/backers/",
        "http://testserver/section/ports/",
        "http://testserver/author/ada/",
        "http://testserver/about/",
    ]


class TestNews:
    def test_each_article_is_told_with_publication_date_and_title(self, client):
        Masthead.objects.create(pk=1, site_name="Ships & Sons")
        with time_machine.travel(NOON, tick=False):
            factories.published(headline="A <b>\x0b & 🚢 </script>")
            root = get(client, "/news-sitemap.xml")
        assert values(root, "s:url/n:news/n:publication/n:name") == ["Ships & Sons"]
        assert values(root, "s:url/n:news/n:publication/n:language") == ["en"]
        assert values(root, "s:url/n:news/n:publication_date") == ["2026-03-14T12:00:00+00:00"]
        assert values(root, "s:url/n:news/n:title") == ["A <b> & 🚢 </script>"]

    def test_days_without_news_give_an_empty_list_that_is_well_formed(self, client):
        root = get(client, "/news-sitemap.xml")
        assert root.tag == "{http://www.sitemaps.org/schemas/sitemap/0.9}urlset"
        assert len(root) == 0

    def test_news_end_after_two_days(self, client):
        with time_machine.travel(NOON, tick=False):
            factories.published()
        with time_machine.travel(NOON + 48 * HOUR - dt.timedelta(seconds=1), tick=False):
            assert len(get(client, "/news-sitemap.xml")) == 1
        with time_machine.travel(NOON + 48 * HOUR, tick=False):
            assert len(get(client, "/news-sitemap.xml")) == 0

    def test_an_old_article_does_not_become_news_by_an_update(self, client):
        with time_machine.travel(NOON, tick=False):
            article = factories.published()
        with time_machine.travel(NOON + 72 * HOUR, tick=False):
            factories.addendum(article)
            assert len(get(client, "/news-sitemap.xml")) == 0

    def test_no_more_are_listed_than_is_allowed_and_these_are_the_newest(self, client, monkeypatch):
        monkeypatch.setattr("articles.sitemaps.MOST_NEWS", 2)
        with time_machine.travel(NOON, tick=False):
            for hours in (3, 1, 2):
                factories.published(headline=f"{hours} hours old", at=NOON - hours * HOUR)
            titles = values(get(client, "/news-sitemap.xml"), "s:url/n:news/n:title")
        assert titles == ["1 hours old", "2 hours old"]


def test_robots_are_told_where_the_sitemaps_are_and_what_is_not_for_them(client):
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    lines = response.content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert "Disallow: /search/" in lines
    assert "Sitemap: http://testserver/sitemap.xml" in lines
    assert "Sitemap: http://testserver/news-sitemap.xml" in lines


@pytest.mark.parametrize(
    ("path", "queries"),
    [("/sitemap.xml", 1), ("/sitemap-2026-03.xml", 1), ("/sitemap-pages.xml", 3), ("/news-sitemap.xml", 3)],
)
def test_the_number_of_queries_is_always_the_same(client, path, queries, django_assert_num_queries):
    Masthead.objects.create(pk=1)
    for _ in range(2):
        for minutes in range(3):
            with time_machine.travel(NOON, tick=False):
                factories.addendum(factories.published(at=NOON - minutes * HOUR / 60))
        with time_machine.travel(NOON, tick=False), django_assert_num_queries(queries):
            get(client, path)


@pytest.mark.parametrize("path", ["/sitemap.xml", "/sitemap-2026-03.xml", "/sitemap-pages.xml", "/news-sitemap.xml"])
def test_an_engine_that_has_it_gets_304(client, path):
    factories.published(at=NOON)
    tag = client.get(path)["ETag"]
    assert client.get(path, headers={"if-none-match": tag}).status_code == 304
