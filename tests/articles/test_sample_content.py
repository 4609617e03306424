"""The invented newspaper: it loads once, holds one of everything, and reads well as an anonymous reader."""

import datetime as dt
import hashlib
import io
import re
from urllib.parse import urldefrag, urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count
from django.test import TestCase
from django.utils import timezone
from lxml import html as lxml_html
from PIL import Image as Picture

from articles import editing, search
from articles.embeds.tweet_time import tweet_time
from articles.models import Addendum, Article, Author, Embed, Image, Masthead, Page, Revision, Section, Tag
from articles.sample import pictures, texts
from articles.sample.when import moment

LOADED_BY_BROWSERS = ("src", "srcset", "poster", "data", "background", "action", "formaction")
LINKS_THAT_LOAD = {"stylesheet", "icon", "preload", "modulepreload", "manifest", "prefetch", "dns-prefetch"}
EVERYTHING = (Article, Addendum, Author, Embed, Image, Masthead, Page, Revision, Section, Tag)
REFERENCE = "the-strike-at-balyun"


def a_small_picture(name: str) -> bytes:
    """Another for each name: equal files would be one row."""
    content = io.BytesIO()
    Picture.frombytes("L", (8, 4), hashlib.sha256(name.encode()).digest()).save(content, "PNG")
    return content.getvalue()


@pytest.fixture(autouse=True, scope="module")
def _quick_drawings():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pictures, "draw", a_small_picture)
        yield


def everything() -> dict:
    return {model: list(model.objects.order_by("pk").values()) for model in EVERYTHING}


def foreign_addresses(markup: str) -> list[str]:
    """What a browser would fetch from another host while showing this page."""
    root = lxml_html.document_fromstring(markup)
    fetched = [root.xpath(f"//@{name}") for name in LOADED_BY_BROWSERS]
    fetched += [
        [link.get("href", "")] for link in root.iter("link") if LINKS_THAT_LOAD & set(link.get("rel", "").split())
    ]
    fetched += [re.findall(r"url\(\s*['\"]?([^'\")]+)", style) for style in root.xpath("//@style | //style/text()")]
    addresses = [part.split()[0] for found in fetched for text in found for part in text.split(",") if part.split()]
    return [address for address in addresses if urlsplit(address).netloc not in ("", "testserver")]


class TestLoadedPaper(TestCase):
    """Loaded once for all of these."""

    @classmethod
    def setUpTestData(cls):
        call_command("load_sample_content", verbosity=0)

    def page(self, address: str) -> lxml_html.HtmlElement:
        response = self.client.get(address)
        assert response.status_code == 200, address
        return lxml_html.document_fromstring(response.content.decode())

    def test_a_second_run_changes_nothing_even_after_an_edit(self):
        article = Article.objects.get(slug=REFERENCE)
        article.headline = "An editor's own headline"
        editing.save(article, by=None, meaningful=True)
        Masthead.objects.update(site_name="An editor's own paper")
        Page.objects.filter(slug="about").delete()
        before = everything()

        printed = io.StringIO()
        call_command("load_sample_content", stdout=printed)

        assert everything() == before
        assert "nothing was changed" in printed.getvalue()

    def test_there_is_one_of_everything(self):
        stages = [article.stage for article in Article.objects.all()]
        assert 36 <= stages.count("published") <= 45
        assert stages.count("draft") == 3
        assert stages.count("scheduled") == 1
        assert stages.count("withdrawn") == 1
        assert Article.objects.published().filter(is_pinned=True).count() == 1
        assert Article.objects.exclude(source_name="").exclude(source_url="").exists()
        assert Section.objects.count() == 6
        assert not Section.objects.filter(articles=None).exists()
        assert not Tag.objects.filter(articles=None).exists()
        assert not Author.objects.filter(portrait=None).exists()
        assert set(Page.objects.values_list("slug", flat=True)) == {"about", "privacy"}

    def test_there_are_addenda_of_every_kind_and_state(self):
        visible = Addendum.objects.visible()
        assert set(visible.values_list("kind", flat=True)) == set(Addendum.Kind.values)
        assert Addendum.objects.filter(published_at__gt=timezone.now()).count() == 1
        assert visible.corrections().exclude(superseded_by=None).count() == 1
        assert max(Article.objects.annotate(many=Count("addenda")).values_list("many", flat=True)) >= 5

    def test_every_post_is_marked_as_a_sample_and_numbered_by_its_time(self):
        assert not Embed.objects.filter(is_sample=False).exists()
        tweets = Embed.objects.filter(provider=Embed.Provider.TWEET)
        assert tweets.count() >= 12
        for tweet in tweets:
            assert tweet.author_handle.startswith("sample_")
            assert abs(tweet_time(tweet.external_id) - tweet.posted_at) < dt.timedelta(seconds=1)
        assert set(tweets.values_list("availability", flat=True)) == set(Embed.Availability.values)
        assert {"ar", "tr"} <= set(tweets.values_list("language", flat=True))
        assert tweets.exclude(quoted=None).exists()
        assert tweets.exclude(parent=None).exists()
        assert tweets.exclude(pictures=None).exists()
        others = Embed.objects.filter(state=Embed.State.BY_HAND).values_list("provider", flat=True)
        assert set(others) == {Embed.Provider.YOUTUBE, Embed.Provider.MASTODON}

    def test_no_post_waits_to_be_fetched(self):
        assert not Embed.objects.awaiting_capture().exists()

    def test_nothing_was_published_or_changed_after_now(self):
        now = timezone.now()
        assert not Article.objects.filter(revisions__created_at__gt=now).exists()
        for article in Article.objects.published().with_updated_at():
            assert article.first_published_at == article.published_at <= article.updated_at <= now
            times = list(article.revisions.order_by("number").values_list("created_at", flat=True))
            assert times == sorted(times), article.slug

    def test_a_changed_article_tells_what_changed_and_when(self):
        changed = Revision.objects.filter(is_meaningful=True).exclude(note="")
        assert changed.count() >= 8
        for revision in changed:
            article = Article.objects.with_updated_at().get(pk=revision.article_id)
            assert article.updated_at >= revision.created_at > article.published_at
            assert len(editing.public_versions(article)) >= 2

    def test_texts_have_the_length_of_newspaper_articles(self):
        for article in texts.articles():
            words = len(re.sub(r"<[^>]+>", " ", article.body).split())
            assert 240 <= words <= 1000, f"{article.slug}: {words}"

    def test_articles_hold_every_form_the_editor_offers(self):
        written = " ".join(article.body for article in texts.articles())
        for tag in ("h2", "blockquote", "ul", "ol", "table", "figure", "em", "strong"):
            assert f"<{tag}>" in written, tag

    def test_a_quotation_in_arabic_runs_from_right_to_left(self):
        article = Article.objects.get(slug="the-library-that-lends-in-eleven-languages")
        quotes = self.page(article.get_absolute_url()).xpath("//blockquote[.//@dir='rtl' or @dir='rtl']")
        assert "قرأ" in quotes[0].text_content()

    def test_the_reference_article_reads_with_every_feature(self):
        article = Article.objects.get(slug=REFERENCE)
        root = self.page(article.get_absolute_url())
        words = root.text_content()
        body = root.find_class("prose")[0]

        assert root.find(".//h1").text_content() == article.headline
        assert article.standfirst in words
        assert "Su-24" in root.find_class("lead-note")[0].text_content()
        marker = root.xpath("//*[@class='marker']//a")[0]
        assert "at bottom" in marker.text_content()
        assert root.get_element_by_id(marker.get("href").removeprefix("#")) is not None

        pointers = body.find_class("pointer")
        assert len(pointers) == 2
        assert {pointer.get("href") for pointer in pointers} == {"#update-1", "#update-2"}
        assert len(root.find_class("embed--tweet")) == 6
        assert len(body.findall("blockquote")) >= 2
        related = {path for path in body.xpath(".//a/@href") if path.startswith("/")}
        assert related == {other.get_absolute_url() for other in article.related.all()}
        assert len(related) == 2

        update, correction = root.find_class("addendum")
        assert len(update.find_class("prose")[0].findall("p")) >= 3
        assert "an outlet invented" in update.find(".//blockquote").text_content()
        assert "15 to 20" in correction.text_content()

    def test_posts_that_are_gone_say_so(self):
        storm = Article.objects.get(slug="storm-closes-the-harbour-road")
        assert "No longer available" in self.page(storm.get_absolute_url()).text_content()

    def test_drafts_scheduled_and_withdrawn_articles_are_not_readable(self):
        scheduled = Article.objects.scheduled().get()
        withdrawn = Article.objects.get(status=Article.Status.WITHDRAWN)
        assert self.client.get(scheduled.get_absolute_url()).status_code == 404
        assert self.client.get(withdrawn.get_absolute_url()).status_code == 410

    def test_every_link_on_every_page_leads_somewhere_and_nothing_is_fetched_from_others(self):
        seen, waiting = set(), ["/"]
        while waiting:
            address = waiting.pop()
            response = self.client.get(address)
            if response.status_code == 302:  # an account's page leads whoever has none to the way in
                assert address == "/account/"
                response = self.client.get(response["Location"])
            assert response.status_code == 200, address
            if not response["Content-Type"].startswith("text/html"):
                continue
            markup = response.content.decode()
            assert foreign_addresses(markup) == [], address
            root = lxml_html.document_fromstring(markup)
            ids = set(root.xpath("//@id"))
            for href in root.xpath("//a/@href"):
                path, fragment = urldefrag(href)
                if not path:
                    assert fragment in ids, f"{address}#{fragment}"
                elif path.startswith("/") and path not in seen:
                    seen.add(path)
                    waiting.append(path)
        assert {article.get_absolute_url() for article in Article.objects.published()} <= seen
        assert {"/about/", "/privacy/", "/corrections/"} <= seen

    def test_copies_are_readable_listed_and_found(self):
        call_command("load_sample_content", copies=30, verbosity=0)
        call_command("load_sample_content", copies=5, verbosity=0)
        made = Article.objects.published().filter(slug__contains="-copy-").with_updated_at()
        assert made.count() == 35
        assert len(set(made.values_list("published_at", flat=True))) == 35
        newest = made.newest_first()[0]
        assert newest.updated_at == newest.published_at
        root = self.page(newest.get_absolute_url())
        assert newest.headline in root.text_content()
        assert root.find_class("prose")[0].findall("p")
        wanted = newest.headline.replace("“", " ").replace("”", " ")
        assert newest.pk in [hit.article.pk for hit in search.find(wanted).hits]


def test_addresses_of_other_hosts_are_noticed():
    page = """<link rel="stylesheet" href="/a.css"><link rel="canonical" href="https://other.example/">
        <img src="https://one.example/x.png" srcset="/1.jpg 1w, //two.example/2.jpg 2w"><a href="https://ok.example/">a</a>
        <p style="background: url(https://three.example/)">"""
    assert foreign_addresses(page) == ["https://one.example/x.png", "//two.example/2.jpg", "https://three.example/"]


def test_copies_need_something_to_copy(db, monkeypatch):
    monkeypatch.setattr("articles.sample.loading.load", lambda report: False)
    with pytest.raises(CommandError, match="no plain article"):
        call_command("load_sample_content", copies=1, verbosity=0)


@pytest.mark.parametrize(
    ("words", "hours"),
    [("3h ago", -3), ("2d 1h ago", -49), ("in 1d", 24), ("in 30m", 0.5), ("2026-01-01T12:00:00Z", 12)],
)
def test_times_count_from_the_moment_of_loading(words, hours):
    loaded_at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    assert moment(words, loaded_at) == loaded_at + dt.timedelta(hours=hours)


@pytest.mark.parametrize("words", ["yesterday", "3 ago", "in a while", "2026-01-01T12:00:00", ""])
def test_other_times_are_refused(words):
    with pytest.raises(ValueError, match=r"."):
        moment(words, dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


def test_a_misspelt_word_in_a_head_names_the_file(tmp_path, monkeypatch):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a-slip.html").write_text('+++\nheadlin = "A slip"\n+++\n<p>Text</p>')
    monkeypatch.setattr(texts, "FOLDER", tmp_path)
    with pytest.raises(texts.BadSampleFile, match=r"a-slip\.html.*headlin"):
        texts.articles()
