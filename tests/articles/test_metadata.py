"""What a page says about itself, read back from the page as a browser would."""

import datetime as dt
import json

import feedparser
import pytest
import time_machine
from lxml import etree, html

from articles import previews, publishing
from articles.fragments import Fragments
from articles.metadata import PageMetadata, inside_script
from articles.models import Article, Image, Masthead
from foundation import clock
from tests import factories

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 3, 14, 12, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def page(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return html.fromstring(response.content)


def meta(root, name):
    found = root.xpath("//meta[@name=$name or @property=$name]/@content", name=name)
    return found[0] if found else None


def all_meta(root, name):
    return root.xpath("//meta[@name=$name or @property=$name]/@content", name=name)


def said_in_json(root):
    (script,) = root.xpath("//script[@type='application/ld+json']")
    return json.loads(script.text)


def picture(**fields):
    return Image.objects.create(
        **{"title": "Port", "key": "ab12cd34ef56ab78", "file": "images/ab/ab12cd34ef56ab78/1600.jpg", **fields}
    )


def read(article):
    row = Article.objects.for_page().get(pk=article.pk)
    return PageMetadata.of(row, Fragments.of(row))


class TestArticle:
    def test_the_head_says_what_the_article_is(self, client):
        Masthead.objects.create(pk=1, site_name="The Harbour Post")
        author = factories.author(name="Ada Kern", slug="ada-kern")
        article = factories.published(
            headline="Harbour closes",
            standfirst="Dockers strike",
            section=factories.section(name="Ports"),
            tags=[factories.tag(name="Sea"), factories.tag(name="Strike")],
            authors=[author],
        )
        root = page(client, article.get_absolute_url())
        address = f"http://testserver/{article.public_path}/"
        assert root.xpath("//link[@rel='canonical']/@href") == [address]
        assert meta(root, "description") == "Dockers strike"
        assert meta(root, "og:url") == address
        assert meta(root, "og:type") == "article"
        assert meta(root, "og:title") == "Harbour closes"
        assert meta(root, "og:description") == "Dockers strike"
        assert meta(root, "og:site_name") == "The Harbour Post"
        assert meta(root, "article:section") == "Ports"
        assert all_meta(root, "article:tag") == ["Sea", "Strike"]
        assert meta(root, "author") == "Ada Kern"
        assert meta(root, "twitter:card") == "summary"
        assert meta(root, "robots") is None

    def test_engines_are_told_the_same_in_one_block(self, client):
        author = factories.author(name="Ada Kern", slug="ada-kern")
        article = factories.published(
            headline="Harbour closes",
            standfirst="Dockers strike",
            section=factories.section(name="Ports"),
            authors=[author],
            source_name="Elsewhere",
            source_url="https://example.org/first",
        )
        said = said_in_json(page(client, article.get_absolute_url()))
        assert said["@type"] == "NewsArticle"
        assert said["@id"] == article.uid.urn
        assert said["headline"] == "Harbour closes"
        assert said["url"] == said["mainEntityOfPage"] == f"http://testserver/{article.public_path}/"
        assert said["author"] == [{"@type": "Person", "name": "Ada Kern", "url": "http://testserver/author/ada-kern/"}]
        assert said["publisher"]["name"] == "The Paper"
        assert said["isAccessibleForFree"] is True
        assert said["isBasedOn"] == "https://example.org/first"
        assert said["articleSection"] == "Ports"
        assert "correction" not in said

    def test_what_the_editor_wrote_for_others_comes_before_what_stands_on_the_page(self):
        article = factories.published(headline="Headline", standfirst="Standfirst", body="<p>Body words</p>")
        plain = read(article)
        assert (plain.title, plain.social_title) == ("Headline", "Headline")
        assert (plain.description, plain.social_description) == ("Standfirst", "Standfirst")
        Article.objects.update(seo_title="For engines", seo_description="Engines\nread this")
        searched = read(article)
        assert (searched.title, searched.social_title) == ("For engines", "For engines")
        assert (searched.description, searched.social_description) == ("Engines read this", "Engines read this")
        Article.objects.update(social_title="For people", social_description="People read this", standfirst="")
        shared = read(article)
        assert (shared.title, shared.social_title) == ("For engines", "For people")
        assert shared.social_description == "People read this"
        Article.objects.update(seo_description="")
        assert read(article).description == "Body words"

    def test_a_long_description_is_cut(self):
        article = factories.published(standfirst="word " * 200)
        assert len(read(article).description) <= 300

    def test_the_lead_picture_is_told_with_its_size(self, client):
        Masthead.objects.create(pk=1, logo=picture(key="0" * 16, width=200, height=100))
        image = picture(
            width=1600, height=900, alt="A crane", caption="Cranes", credit="Ada", renditions={"jpg": [480, 1200]}
        )
        article = factories.published(lead_image=image)
        root = page(client, article.get_absolute_url())
        assert meta(root, "og:image") == "http://testserver/media/images/ab/ab12cd34ef56ab78/1200.jpg"
        assert (meta(root, "og:image:width"), meta(root, "og:image:height")) == ("1200", "675")
        assert meta(root, "og:image:alt") == "A crane"
        assert meta(root, "twitter:card") == "summary_large_image"
        said = said_in_json(root)
        (shown,) = said["image"]
        assert (shown["width"], shown["height"], shown["caption"]) == (1200, 675, "Cranes")
        assert said["publisher"]["logo"]["width"] == 200

    def test_corrections_are_told_with_their_text_and_date(self, client):
        with time_machine.travel(NOON, tick=False):
            article = factories.published()
            factories.addendum(article, body="<p>News</p>")
            factories.addendum(article, kind="correction", body="<p>It was <b>Tuesday</b></p>")
            factories.addendum(article, kind="correction", body="<p>Not yet</p>", at=NOON + HOUR)
            (told,) = said_in_json(page(client, article.get_absolute_url()))["correction"]
        assert told == {
            "@type": "CorrectionComment",
            "url": f"http://testserver/{article.public_path}/#update-2",
            "text": "It was Tuesday",
            "datePublished": "2026-03-14T12:00:00+00:00",
        }

    def test_a_preview_tells_only_the_corrections_that_readers_see(self, client, editor):
        article = factories.published()
        factories.addendum(article, kind="correction", body="<p>Seen</p>")
        factories.addendum(article, kind="correction", body="<p>Scheduled</p>", at=clock.now() + HOUR)
        factories.draft_addendum(article, kind="correction", body_html="<p>Draft words</p>")
        link = previews.create(article, by=editor, lasts=HOUR)
        outside = page(client, previews.address(link))
        client.force_login(editor)
        desk = page(client, f"/admin/articles/article/{article.pk}/preview/")
        shown = desk.text_content()
        assert all(words in shown for words in ("Seen", "Scheduled", "Draft words"))
        for root in (outside, desk):
            assert [told["text"] for told in said_in_json(root)["correction"]] == ["Seen"]

    def test_nothing_closes_the_block_it_stands_in(self, client):
        evil = "</script><script>alert(1)</script><!-- & \u2028 🗳️"
        article = factories.published(
            headline=evil,
            standfirst=evil,
            tags=[factories.tag(name="</script>")],
            section=factories.section(name="<b>"),
        )
        factories.addendum(article, kind="correction", body="<p>&lt;/script&gt;&lt;script&gt;</p>")
        root = page(client, article.get_absolute_url())
        said = said_in_json(root)
        assert said["headline"] == evil
        assert said["correction"][0]["text"] == "</script><script>"
        assert not [
            script for script in root.xpath("//script[not(@src)]") if script.get("type") != "application/ld+json"
        ]
        assert meta(root, "og:title") == evil

    def test_the_escape_is_what_keeps_the_block_closed(self):
        assert "<" not in inside_script({"a": "</script>&"})
        assert json.loads(inside_script({"a": "</script>&\u2029"})) == {"a": "</script>&\u2029"}


class TestFourDates:
    def told(self, client, article):
        """Each date as page head, engine block, feed and sitemap tell it."""
        root = page(client, article.get_absolute_url())
        said = said_in_json(root)
        entry = feedparser.parse(client.get("/atom/").content).entries[0]
        sitemap = etree.fromstring(client.get("/sitemap-2026-03.xml").content)
        published = {meta(root, "article:published_time"), said["datePublished"], entry.published}
        updated = {meta(root, "article:modified_time"), said["dateModified"], entry.updated}
        updated.add(sitemap.findtext("{*}url/{*}lastmod"))
        shown = root.xpath("//article//time/@datetime")
        return (
            {dt.datetime.fromisoformat(value) for value in published},
            {dt.datetime.fromisoformat(value) for value in updated},
            {dt.datetime.fromisoformat(value) for value in shown},
        )

    def test_fractions_of_a_second_are_told_nowhere(self, client):
        with time_machine.travel(NOON + dt.timedelta(microseconds=123_456), tick=False):
            published, updated, _ = self.told(client, factories.published())
        assert published == updated == {NOON}

    def test_page_engines_feeds_and_sitemaps_agree(self, client):
        with time_machine.travel(NOON, tick=False):
            article = factories.published()
            published, updated, shown = self.told(client, article)
            assert published == updated == {NOON}
            assert NOON in shown
        with time_machine.travel(NOON + HOUR, tick=False):
            article.save()
            article.tags.add(factories.tag())
            assert self.told(client, article)[1] == {NOON}
            factories.addendum(article, at=NOON + 2 * HOUR)
            assert self.told(client, article)[1] == {NOON}
        with time_machine.travel(NOON + 2 * HOUR, tick=False):
            published, updated, shown = self.told(client, article)
            assert (published, updated) == ({NOON}, {NOON + 2 * HOUR})
            assert NOON + 2 * HOUR in shown


class TestOtherPages:
    def test_a_draft_tells_engines_nothing(self):
        told = read(factories.draft(headline="Secret"))
        assert (told.is_indexed, told.canonical, told.json_ld, told.kind) == (False, "", "", "website")

    def test_a_scheduled_article_is_not_told_of_before_its_time(self):
        with time_machine.travel(NOON, tick=False):
            article = factories.published(at=NOON + HOUR)
            assert read(article).json_ld == ""
        with time_machine.travel(NOON + HOUR, tick=False):
            assert "datePublished" in read(article).json_ld

    def test_home_and_lists_say_their_one_address(self, client, monkeypatch):
        monkeypatch.setattr("articles.views.lists.LIST_SIZE", 1)
        Masthead.objects.create(pk=1, site_name="The Harbour Post", description="News from the sea")
        section = factories.section(slug="ports")
        newer = factories.published(section=section, at=NOON)
        factories.published(section=section, at=NOON - HOUR)
        home = page(client, "/?utm_source=x")
        assert home.xpath("//link[@rel='canonical']/@href") == ["http://testserver/"]
        assert meta(home, "og:title") == "The Harbour Post"
        assert meta(home, "description") == "News from the sea"
        assert said_in_json(home)["@type"] == "WebSite"
        older = page(client, f"/section/ports/?before={newer.pk}&utm_source=x")
        assert older.xpath("//link[@rel='canonical']/@href") == [f"http://testserver/section/ports/?before={newer.pk}"]

    def test_search_is_not_indexed(self, client):
        assert meta(page(client, "/search/?q=x"), "robots") == "noindex"

    def test_a_withdrawn_article_is_not_described(self, client):
        article = factories.published(headline="Secret")
        publishing.withdraw(article, by=None)
        content = client.get(article.get_absolute_url()).content
        assert b"ld+json" not in content
        assert b"Secret" not in content
