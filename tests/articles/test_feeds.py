"""What feed readers get. Parsed with feedparser, as they would, and with lxml, which forgives nothing."""

import datetime as dt
import uuid

import feedparser
import pytest
import time_machine
from django.urls import reverse
from django.utils.http import http_date
from lxml import etree, html

from articles import editing, publishing, takedown
from articles.embeds import snapshot
from articles.models import Article, Embed, Masthead
from tests import factories

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 3, 14, 12, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
TWEET = "https://x.com/sample/status/1234567890123456789"
EMBED = f'<div data-embed="{TWEET}"><a href="{TWEET}">{TWEET}</a></div>'
ATOM = "{http://www.w3.org/2005/Atom}"
BOTH = pytest.mark.parametrize("name", ["feed", "atom"])


def get(client, name, *args, **headers):
    response = client.get(reverse(name, args=args), headers=headers)
    assert response.status_code == 200
    return response


def entries(client, name, *args):
    content = get(client, name, *args).content
    etree.fromstring(content)
    parsed = feedparser.parse(content)
    assert not parsed.bozo
    return parsed.entries


def titles(client, name, *args):
    return [entry.title for entry in entries(client, name, *args)]


def titles_as_written(client, name):
    """By the XML alone: a feed reader may take the signs of a title for HTML."""
    root = etree.fromstring(get(client, name).content)
    return [
        element.text for element in root.iterfind(".//{*}title") if element.getparent().tag.endswith(("entry", "item"))
    ]


@pytest.mark.parametrize(
    ("name", "content_type", "version"),
    [
        ("feed", "application/rss+xml; charset=utf-8", "rss20"),
        ("atom", "application/atom+xml; charset=utf-8", "atom10"),
        ("updates_feed", "application/atom+xml; charset=utf-8", "atom10"),
        ("corrections_feed", "application/atom+xml; charset=utf-8", "atom10"),
    ],
)
def test_a_feed_says_what_it_is_and_where_it_stands(client, name, content_type, version):
    Masthead.objects.create(pk=1, site_name="The <Paper> & Sons", description="News & views")
    response = get(client, name)
    parsed = feedparser.parse(response.content)
    assert response["Content-Type"] == content_type
    assert (parsed.version, parsed.bozo) == (version, False)
    assert parsed.feed.title.endswith("The <Paper> & Sons")
    assert parsed.feed.language == "en"
    own = [link.href for link in parsed.feed.links if link.rel == "self"]
    assert own == [f"http://testserver{reverse(name)}"]


@BOTH
def test_an_entry_tells_the_whole_article(client, name):
    section = factories.section(name="Ports")
    authors = [factories.author(name="Ada Kern", slug="ada-kern"), factories.author(name="Bo Lind", slug="bo-lind")]
    article = factories.published(
        at=NOON,
        headline="Ships & <boats>",
        standfirst="Fish > chips",
        lead_note="<p>A note</p>",
        body='<p>Ships <a href="/about/">waited</a>.</p>',
        section=section,
        authors=authors,
        tags=[factories.tag(name="Sea")],
    )
    (entry,) = entries(client, name)
    assert entry.id == article.uid.urn
    assert titles_as_written(client, name) == ["Ships & <boats>"]
    assert entry.link == f"http://testserver/{article.public_path}/"
    assert "Fish &gt; chips" in entry.summary
    (content,) = [part for part in entry.content if "Ships" in part.value]
    assert "A note" in content.value
    assert 'href="http://testserver/about/"' in content.value
    assert [tag.term for tag in entry.tags] == ["Ports", "Sea"]
    assert entry.published_parsed[:5] == (2026, 3, 14, 12, 0)
    assert {author.name for author in entry.authors} == {"Ada Kern", "Bo Lind"}


def test_atom_names_the_pages_of_authors(client):
    factories.published(authors=[factories.author(name="Ada Kern", slug="ada-kern")])
    root = etree.fromstring(get(client, "atom").content)
    assert root.findtext(f"{ATOM}entry/{ATOM}author/{ATOM}uri") == "http://testserver/author/ada-kern/"


@pytest.mark.parametrize("name", ["author_feed", "author_atom"])
def test_an_author_of_drafts_only_has_no_feed(client, name):
    ada = factories.author(slug="ada")
    draft = factories.draft(authors=[ada])
    assert client.get(reverse(name, args=["ada"])).status_code == 404
    publishing.publish(draft, by=None)
    assert titles(client, name, "ada") == [draft.headline]


def test_section_and_author_have_feeds_of_their_own(client):
    section, author = factories.section(slug="ports"), factories.author(slug="ada")
    factories.published(headline="Both", section=section, authors=[author])
    factories.published(headline="Section only", section=section)
    factories.published(headline="Neither")
    assert set(titles(client, "section_feed", "ports")) == {"Both", "Section only"}
    assert set(titles(client, "section_atom", "ports")) == {"Both", "Section only"}
    assert titles(client, "author_feed", "ada") == ["Both"]
    assert titles(client, "author_atom", "ada") == ["Both"]
    for name in ("section_feed", "section_atom", "author_feed", "author_atom"):
        assert client.get(reverse(name, args=["nobody"])).status_code == 404


class TestIdentityAndDates:
    def test_the_id_survives_a_new_headline_and_a_new_address(self, client):
        article = factories.published(headline="One")
        (before,) = entries(client, "atom")
        publishing.move(article, by=None, year=2020, month=1, slug="elsewhere")
        Article.objects.update(headline="Two")
        (after,) = entries(client, "atom")
        assert after.id == before.id == f"urn:uuid:{article.uid}"
        assert after.link != before.link

    @BOTH
    def test_an_addendum_moves_updated_keeps_the_id_and_stands_first(self, client, name):
        with time_machine.travel(NOON, tick=False):
            article = factories.published(body="<p>Old words</p>")
            (before,) = entries(client, name)
        with time_machine.travel(NOON + HOUR, tick=False):
            factories.addendum(article, body="<p>First added</p>")
        with time_machine.travel(NOON + 2 * HOUR, tick=False):
            factories.addendum(article, kind="correction", body="<p>Then corrected</p>")
            (after,) = entries(client, name)
        content = after.content[-1].value
        assert after.id == before.id
        assert after.published == before.published
        assert after.updated_parsed[:5] == (2026, 3, 14, 14, 0)
        assert content.index("Then corrected") < content.index("First added") < content.index("Old words")
        assert "Correction · " in content
        assert "14 March 2026, 14:00 UTC" in content

    def test_a_save_that_means_nothing_moves_no_date(self, client):
        with time_machine.travel(NOON, tick=False):
            article = factories.published()
        with time_machine.travel(NOON + HOUR, tick=False):
            article.tags.add(factories.tag())
            article.save()
            (entry,) = entries(client, "atom")
        assert entry.updated_parsed[:5] == (2026, 3, 14, 12, 0)

    def test_an_older_article_comes_back_when_something_is_added(self, client, monkeypatch):
        monkeypatch.setattr("articles.feeds.NEWEST", 2)
        old = factories.published(headline="Old", at=NOON - 9 * HOUR)
        for number in range(2):
            factories.published(headline=f"New {number}", at=NOON - number * HOUR)
        assert titles(client, "atom") == ["New 0", "New 1"]
        factories.addendum(old)
        assert titles(client, "atom") == ["Old", "New 0", "New 1"]

    @pytest.mark.parametrize(
        ("meaningful", "expected"), [(True, ["Old", "New 0", "New 1"]), (False, ["New 0", "New 1"])]
    )
    def test_a_revision_brings_an_older_article_back_only_if_it_is_meaningful(
        self, client, monkeypatch, meaningful, expected
    ):
        monkeypatch.setattr("articles.feeds.NEWEST", 2)
        old = factories.published(headline="Old", at=NOON - 9 * HOUR)
        for number in range(2):
            factories.published(headline=f"New {number}", at=NOON - number * HOUR)
        old.body = "<p>Other words</p>"
        editing.save(old, by=None, meaningful=meaningful)
        assert titles(client, "atom") == expected

    def test_many_additions_to_one_article_keep_no_other_out_for_a_month(self, client, monkeypatch):
        monkeypatch.setattr("articles.feeds.NEWEST", 1)
        monkeypatch.setattr("articles.feeds.NEWEST_CHANGED", 2)
        busy, quiet, _ = (factories.published(headline=name, at=NOON - 9 * HOUR) for name in ("Busy", "Quiet", "No"))
        factories.published(headline="New", at=NOON - HOUR)
        factories.addendum(quiet, at=NOON)
        for number in range(3):
            factories.addendum(busy, at=NOON + number * HOUR)
        with time_machine.travel(NOON + 5 * HOUR, tick=False):
            assert titles(client, "atom") == ["Busy", "Quiet", "New"]
        with time_machine.travel(NOON + 40 * 24 * HOUR, tick=False):
            assert titles(client, "atom") == ["New"]


class TestVisibility:
    @pytest.mark.parametrize("name", ["feed", "atom"])
    def test_articles_and_addenda_appear_in_their_second(self, client, name):
        with time_machine.travel(NOON, tick=False):
            article = factories.published(headline="Scheduled", at=NOON + HOUR)
            factories.addendum(article, body="<p>Scheduled words</p>", at=NOON + 2 * HOUR)
        with time_machine.travel(NOON + HOUR - dt.timedelta(seconds=1), tick=False):
            assert entries(client, name) == []
        with time_machine.travel(NOON + HOUR, tick=False):
            (entry,) = entries(client, name)
            assert "Scheduled words" not in entry.content[-1].value
        with time_machine.travel(NOON + 2 * HOUR, tick=False):
            (entry,) = entries(client, name)
            assert "Scheduled words" in entry.content[-1].value

    @pytest.mark.parametrize("name", ["feed", "atom", "updates_feed"])
    def test_drafts_are_told_nowhere_and_withdrawn_articles_leave(self, client, name):
        factories.draft(headline="Draft")
        article = factories.published(headline="Live")
        factories.draft_addendum(article, body="<p>Secret</p>")
        factories.addendum(article)
        assert len(entries(client, name)) == 1
        assert b"Secret" not in get(client, name).content
        publishing.withdraw(article, by=None)
        assert entries(client, name) == []


class TestContent:
    @BOTH
    def test_control_characters_do_not_break_the_feed(self, client, name):
        article = factories.published()
        Article.objects.filter(pk=article.pk).update(
            headline="A\x0bB \x1b \ufffe🗳️ </script> العربية", standfirst="\x01x", body_html="<p>C\x0cD ]]></p>"
        )
        (entry,) = entries(client, name)
        assert entry.title.startswith("AB")
        assert "CD ]]" in entry.content[-1].value

    @BOTH
    def test_posts_are_quotes_and_nothing_is_loaded_from_others(self, client, name):
        factories.published(body=f"<p>See</p>{EMBED}")
        embed = Embed.objects.get()
        embed.text, embed.author_name, embed.state = "Harbour cranes collapsed", "Zelda", "captured"
        embed.save()
        snapshot.write_html(embed)
        content = entries(client, name)[0].content[-1].value
        assert "<blockquote" in content
        assert "Harbour cranes collapsed" in content
        raw = get(client, name).content.decode()
        assert "&lt;script" not in raw
        assert "&lt;iframe" not in raw

    @BOTH
    def test_links_within_the_page_lead_to_the_page(self, client, name):
        links = '<a href="#places">a</a> <a href="?before=1&amp;x=2">b</a> <a href="/about/#us">c</a>'
        kept = '<a href="https://example.org/#x">d</a> <a href="mailto:a@example.org">e</a>'
        article = factories.published(body=f"<p>{links} {kept}</p>", lead_note='<p><a href="#note">f</a></p>')
        factories.addendum(article, body='<p><a href="#update-1">g</a></p>')
        content = html.fromstring(entries(client, name)[0].content[-1].value)
        page = f"http://testserver/{article.public_path}/"
        assert {link.text: link.get("href") for link in content.iter("a")} == {
            "a": f"{page}#places",
            "b": f"{page}?before=1&x=2",
            "c": "http://testserver/about/#us",
            "d": "https://example.org/#x",
            "e": "mailto:a@example.org",
            "f": f"{page}#note",
            "g": f"{page}#update-1",
        }

    def test_addresses_are_absolute_and_of_the_site_not_of_the_request(self, client):
        factories.published(body='<p><a href="/about/">x</a></p>')
        content = client.get("/atom/", headers={"host": "127.0.0.1"}).content.decode()
        assert "127.0.0.1" not in content
        assert "href=&quot;/" not in content
        assert 'href="/' not in content


class TestConditionalRequests:
    @pytest.mark.parametrize("name", ["feed", "atom", "updates_feed", "corrections_feed"])
    def test_a_reader_that_has_it_gets_304(self, client, name):
        factories.addendum(factories.published(), kind="correction")
        first = get(client, name)
        by_tag = client.get(reverse(name), headers={"if-none-match": first["ETag"]})
        assert (by_tag.status_code, by_tag.content) == (304, b"")

    @pytest.mark.parametrize("name", ["feed", "atom", "updates_feed", "corrections_feed"])
    def test_a_date_alone_never_says_that_nothing_changed(self, client, name):
        """Words leave a feed without any row in it being saved, so no date is offered and none is believed."""
        with time_machine.travel(NOON, tick=False):
            article = factories.published()
            factories.addendum(article, kind="correction", body="<p>The witness is Jane Roe</p>")
            first = get(client, name)
        known = {"if-modified-since": first.get("Last-Modified", http_date((NOON + HOUR).timestamp()))}
        assert "Last-Modified" not in first
        with time_machine.travel(NOON + HOUR, tick=False):
            takedown.black_out(article, words="Jane Roe", reason="A court order", by=None)
            answer = client.get(reverse(name), headers=known)
            assert answer.status_code == 200
            assert b"Jane Roe" not in answer.content
            assert client.get(reverse(name), headers={"if-none-match": first["ETag"]}).status_code == 200

    @BOTH
    def test_after_a_withdrawal_nobody_is_told_to_keep_the_words(self, client, name):
        with time_machine.travel(NOON, tick=False):
            factories.published(headline="Stays")
            article = factories.published(headline="Goes")
            first = get(client, name)
        with time_machine.travel(NOON + HOUR, tick=False):
            publishing.withdraw(article, by=None)
            by_date = {"if-modified-since": first.get("Last-Modified", http_date(NOON.timestamp()))}
            for known in (by_date, {"if-none-match": first["ETag"]}, {**by_date, "if-none-match": first["ETag"]}):
                answer = client.get(reverse(name), headers=known)
                assert answer.status_code == 200
                assert b"Goes" not in answer.content

    def test_an_empty_feed_does_not_change_either(self, client):
        with time_machine.travel(NOON, tick=False):
            tag = get(client, "atom")["ETag"]
        with time_machine.travel(NOON + HOUR, tick=False):
            assert client.get("/atom/", headers={"if-none-match": tag}).status_code == 304

    def test_any_visible_change_is_a_new_answer(self, client):
        with time_machine.travel(NOON, tick=False):
            article = factories.published()
            first = get(client, "atom")
        with time_machine.travel(NOON + HOUR, tick=False):
            article.headline = "A minor correction of a letter"
            article.save()
            changed = client.get("/atom/", headers={"if-none-match": first["ETag"]})
            assert changed.status_code == 200
            publishing.withdraw(article, by=None)
            gone = client.get("/atom/", headers={"if-none-match": changed["ETag"]})
            assert gone.status_code == 200

    def test_a_scheduled_article_that_falls_due_is_a_new_answer(self, client):
        with time_machine.travel(NOON, tick=False):
            factories.published()
            factories.published(at=NOON + HOUR)
            first = get(client, "atom")
        with time_machine.travel(NOON + HOUR, tick=False):
            answer = client.get("/atom/", headers={"if-none-match": first["ETag"]})
            assert answer.status_code == 200

    def test_posting_to_a_feed_is_refused(self, client):
        assert client.post("/atom/").status_code == 405


class TestFeedsOfAddenda:
    def test_updates_have_one_entry_for_each_visible_addendum(self, client):
        with time_machine.travel(NOON, tick=False):
            article = factories.published(headline="Harbour")
            first = factories.addendum(article, body=f"<p>First</p>{EMBED}")
            factories.addendum(article, kind="clarification", body="<p>Second</p>", at=NOON + HOUR)
            assert titles(client, "updates_feed") == ["Update: Harbour"]
        with time_machine.travel(NOON + HOUR, tick=False):
            newest, oldest = entries(client, "updates_feed")
        assert newest.title == "Clarification: Harbour"
        assert oldest.id == f"urn:uuid:{uuid.UUID(first.key)}"
        assert oldest.link == f"http://testserver/{article.public_path}/#update-1"
        assert "First" in oldest.content[0].value
        assert oldest.published_parsed[:5] == oldest.updated_parsed[:5] == (2026, 3, 14, 12, 0)

    def test_an_addendum_is_an_entry_of_its_own_beside_its_article(self, client):
        article = factories.published()
        factories.addendum(article)
        assert {entry.id for entry in entries(client, "updates_feed")} != {
            entry.id for entry in entries(client, "atom")
        }

    def test_an_edited_addendum_keeps_its_id_and_moves_its_date(self, client):
        with time_machine.travel(NOON, tick=False):
            addendum = factories.addendum(factories.published())
            (before,) = entries(client, "updates_feed")
        with time_machine.travel(NOON + HOUR, tick=False):
            addendum.body = "<p>Other words</p>"
            publishing.edit_addendum(addendum, by=None)
            (after,) = entries(client, "updates_feed")
        assert (after.id, after.published) == (before.id, before.published)
        assert after.updated_parsed[:5] == (2026, 3, 14, 13, 0)

    def test_corrections_stay_when_the_article_is_withdrawn_and_lead_to_the_log(self, client):
        article = factories.published(headline="Harbour")
        factories.addendum(article)
        correction = factories.addendum(article, kind="correction", body="<p>It was Tuesday</p>")
        (live,) = entries(client, "corrections_feed")
        assert live.link.endswith("#update-2")
        publishing.withdraw(article, by=None)
        (kept,) = entries(client, "corrections_feed")
        assert kept.id == live.id
        assert kept.link == f"http://testserver/corrections/#correction-{correction.pk}"
        assert "It was Tuesday" in kept.content[0].value

    def test_a_headline_written_after_the_withdrawal_is_not_told(self, client):
        article = factories.published(headline="Harbour")
        factories.addendum(article, kind="correction")
        publishing.withdraw(article, by=None)
        article.headline = "Accused: John Doe"
        editing.save(article, by=None)
        assert titles(client, "corrections_feed") == ["Correction: Harbour"]

    def test_corrections_of_drafts_and_scheduled_articles_are_not_told(self, client):
        with time_machine.travel(NOON, tick=False):
            article = factories.published(at=NOON + HOUR)
            factories.addendum(article, kind="correction", at=NOON + HOUR)
            assert entries(client, "corrections_feed") == []
        with time_machine.travel(NOON + HOUR, tick=False):
            assert len(entries(client, "corrections_feed")) == 1


@pytest.mark.parametrize(
    ("name", "queries"), [("feed", 12), ("atom", 12), ("updates_feed", 6), ("corrections_feed", 6)]
)
def test_the_number_of_queries_is_always_the_same(client, name, queries, django_assert_num_queries):
    def write(number):
        for place in range(number):
            body = EMBED.replace("6789", f"678{place}")
            article = factories.published(body=f"<p>x</p>{body}", tags=[factories.tag(), factories.tag()])
            for _ in range(2):
                factories.addendum(article, kind="correction", body=EMBED.replace("6789", f"679{place}"))

    write(1)
    Masthead.objects.create(pk=1)
    with django_assert_num_queries(queries):
        get(client, name)
    write(5)
    with django_assert_num_queries(queries):
        get(client, name)
