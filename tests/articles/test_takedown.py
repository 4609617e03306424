import datetime as dt
import re

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError

from articles import editing, publishing, takedown
from articles.blackout import Pen, Phrase
from articles.embeds import snapshot
from articles.embeds.answers import Post
from articles.embeds.providers import recognise
from articles.fragments import Fragments
from articles.models import Autosave, Embed, Image, Redirect, Takedown
from tests import factories

pytestmark = pytest.mark.django_db

MAY = dt.datetime(2026, 5, 20, 12, tzinfo=dt.UTC)


@pytest.fixture
def article():
    article = factories.published(
        at=MAY,
        headline="John Doe resigns",
        standfirst="Why john  doe left",
        body="<p>Mr <strong>John</strong> Doe left.<br>John<br>Doe said so.</p>"
        "<ul><li>John Doe<ul><li>again</li></ul></li></ul>",
    )
    factories.addendum(article, body="<p>John Doe denies it.</p>", at=MAY + dt.timedelta(hours=1))
    article.body += "<p>More.</p>"
    editing.save(article, by=None, meaningful=True, at=MAY + dt.timedelta(hours=2))
    return article


@time_machine.travel(MAY + dt.timedelta(days=3), tick=False)
def test_the_words_vanish_from_every_place_and_the_notice_stands_there(article):
    record = takedown.black_out(article, words="John Doe", reason="order of a court", by=None)

    article.refresh_from_db()
    page = Fragments.of(article)
    everything = [article.headline, article.standfirst, page.body, *[addendum.text for addendum in page.addenda]]
    for revision in article.revisions.all():
        everything += [revision.headline, revision.standfirst, revision.body]
    for text in everything:
        assert "doe" not in text.lower()
        assert "[removed on 23 May 2026: order of a court]" in text
    assert record.places >= len(everything)
    assert "Doe" not in str([vars(row) for row in Takedown.objects.all()])


def test_a_takedown_moves_no_date_that_readers_see(article):
    before = type(article).objects.with_updated_at().get(pk=article.pk).updated_at
    takedown.black_out(article, words="John Doe", reason="order of a court", by=None)
    assert type(article).objects.with_updated_at().get(pk=article.pk).updated_at == before


def test_counting_changes_nothing(article):
    places = takedown.count_places(article, words="John Doe")
    article.refresh_from_db()
    assert places > 3
    assert article.headline == "John Doe resigns"
    assert not Takedown.objects.exists()


def test_what_addenda_said_earlier_is_blacked_out_too(article):
    addendum = article.addenda.get()
    addendum.body = "<p>He denies it.</p>"
    publishing.edit_addendum(addendum, by=None)
    takedown.black_out(article, words="John Doe", reason="order of a court", by=None)
    assert "Doe" not in addendum.earlier_versions.get().body


@pytest.mark.parametrize(
    ("words", "reason", "message"),
    [
        ("Jane Roe", "order of a court", "stand nowhere"),
        ("J", "order of a court", "at least 3"),
        ("John Doe", " ", "Give a reason"),
        ("John Doe", "John Doe asked", "repeats the words"),
    ],
)
def test_what_cannot_be_taken_down_is_said(article, words, reason, message):
    with pytest.raises(ValidationError, match=message):
        takedown.black_out(article, words=words, reason=reason, by=None)
    assert not Takedown.objects.exists()


class TestHoweverItIsTyped:
    """Each of these is the same phrase to somebody who reads it."""

    @pytest.mark.parametrize(
        ("words", "typed"),
        [
            ("John Doe's", "John Doe’s"),
            ("John Doe’s", "John Doe's"),
            ('the "Harbour" case', "the “Harbour” case"),
            ("Anne-Marie", "Anne‑Marie"),
            ("Anne–Marie", "Anne-Marie"),
            ("John Doe", "John\u00a0Doe"),
            ("resigned", "re\u00adsigned"),
            ("re\u00adsigned", "resigned"),
            ("José", "Jose\u0301"),
            ("Jose\u0301", "JOSÉ"),
            ("John Doe", "@JohnDoe"),
            ("John Doe", "https://example.org/john-doe?x=1"),
            ("José Núñez", "https://example.org/jose_nunez"),
        ],
    )
    def test_it_is_found(self, words, typed):
        assert Pen(Phrase(words), "[x]").plain(f"Say {typed} again") == "Say [x] again"
        assert "[x]" in Pen(Phrase(words), "[x]").markup(f"<p>Say {typed} again</p>")

    @pytest.mark.parametrize("other", ["John Roe", "JohnDoe", "https://example.org/john-roe", "@johnroe", "and/or"])
    def test_other_words_stay(self, other):
        assert Pen(Phrase("John Doe"), "[x]").plain(f"Say {other} again") == f"Say {other} again"

    def test_a_link_with_the_words_in_its_address_is_a_link_no_more(self):
        written = Pen(Phrase("John Doe"), "[x]").markup('<p><a href="https://example.org/john-doe">this</a></p>')
        assert written == "<p><a>this</a></p>"


def test_where_the_piece_came_from_is_blacked_out(article):
    type(article).objects.update(source_name="John Doe’s Weekly", source_url="https://example.org/john-doe")
    takedown.black_out(article, words="John Doe", reason="order of a court", by=None)
    article.refresh_from_db()
    assert "Doe" not in article.source_name
    assert article.source_url == ""


class TestPosts:
    ADDRESS = "https://x.com/john_doe/status/1232942413187452929"

    @pytest.fixture
    def article(self):
        address = self.ADDRESS
        body = f'<p>He said:</p><div data-embed="{address}"><a href="{address}">{address}</a></div>'
        return factories.published(at=MAY, headline="What he said", body=body)

    @pytest.fixture
    def embed(self, article):
        embed = article.embeds.get()
        embed.state, embed.text = Embed.State.CAPTURED, "Ferries stop"
        embed.author_name, embed.author_handle = "J. D.", "john_doe"
        embed.author_url = "https://x.com/john_doe"
        embed.save()
        snapshot.write_html(embed)
        return embed

    def black_out(self, article, words="John Doe"):
        record = takedown.black_out(article, words=words, reason="order of a court", by=None)
        return record, article.embeds.get()

    def test_neither_page_nor_feed_names_its_author_by_any_address(self, article, embed, client):
        path = article.get_absolute_url()
        assert client.get(path).content.decode().count("john_doe") > 1
        _, embed = self.black_out(article)
        assert embed.author_url == embed.author_handle == ""
        assert embed.choice == Embed.Choice.TEXT_ONLY
        assert embed.url == self.ADDRESS
        for page in (path, f"{path}history/", "/atom/", "/feed/"):
            shown = client.get(page).content.decode()
            assert "john_doe" not in shown, page
        assert "Ferries stop" in client.get(path).content.decode()
        assert embed.decisions.get().choice == Embed.Choice.TEXT_ONLY

    def test_a_version_that_readers_can_open_does_not_name_it_either(self, article, embed, client):
        number = article.revisions.filter(was_published=True).first().number
        path = f"{article.get_absolute_url()}history/{number}/"
        assert "john_doe" in client.get(path).content.decode()
        self.black_out(article)
        assert "john_doe" not in client.get(path).content.decode()

    def test_saving_the_text_again_does_not_bring_its_address_back(self, article, embed, client):
        """The editor writes the words of a post's link from its address."""
        self.black_out(article)
        article.refresh_from_db()
        assert "john_doe" not in article.body
        shown_by_editor = re.search(r'data-embed="([^"]+)"', article.body)[1]
        article.body = f'<div data-embed="{shown_by_editor}"><a href="{shown_by_editor}">{shown_by_editor}</a></div>'
        editing.save(article, by=None, meaningful=True)
        assert article.embeds.get() == embed
        number = article.revisions.first().number
        assert "john_doe" not in client.get(f"{article.get_absolute_url()}history/{number}/").content.decode()

    @pytest.mark.parametrize(
        ("address", "written"),
        [
            ("https://www.tiktok.com/@john_doe/video/7123456789012345678", "https://www.tiktok.com/@i/video/"),
            ("https://mastodon.social/@john_doe/112233445566778899", "https://mastodon.social/@i/1122"),
            ("https://t.me/john_doe/12", "https://t.me/john_doe/12"),
            ("https://x.com/jane_roe/status/12", "https://x.com/jane_roe/status/12"),
        ],
    )
    def test_the_text_names_the_same_post_by_an_address_without_its_author(self, address, written):
        other = Pen(Phrase("John Doe"), "[x]").post_address(address)
        assert other.startswith(written)
        assert recognise(other).key == recognise(address).key

    def test_one_whose_text_alone_held_the_words_still_names_its_author(self, article, embed):
        _, embed = self.black_out(article, words="Ferries")
        assert embed.choice == Embed.Choice.KEEP
        assert self.ADDRESS in embed.html
        assert "Ferries" not in embed.html

    @pytest.mark.parametrize(
        "reply",
        [
            '{"html": "Mr \\u004aane R\\u006fe said"}',
            '{"html": "<p>Jane&nbsp;<b>Roe<\\/b> said<\\/p>"}',
            '{"html": "<a href=\\"https:\\/\\/x.com\\/janeroe\\">her<\\/a>"}',
        ],
    )
    def test_a_platforms_answer_is_forgotten_however_it_escapes_the_words(self, article, embed, reply):
        Embed.objects.update(raw_reply=reply, state=Embed.State.BY_HAND)
        _, embed = self.black_out(article, words="Jane Roe")
        assert embed.raw_reply == ""

    def test_an_answer_without_the_words_is_kept(self, article, embed):
        Embed.objects.update(raw_reply='{"html": "Ferries stop"}')
        type(article).objects.update(headline="Jane Roe")
        _, embed = self.black_out(article, words="Jane Roe")
        assert embed.raw_reply == '{"html": "Ferries stop"}'
        assert embed.state == Embed.State.CAPTURED

    @pytest.mark.parametrize("state", [Embed.State.PENDING, Embed.State.FAILED])
    def test_one_that_waits_to_be_fetched_is_never_fetched(self, article, embed, state, monkeypatch):
        Embed.objects.update(state=state, text="", author_handle="", author_url="")
        type(article).objects.update(headline="Jane Roe")
        late = article.embeds.get()
        record, embed = self.black_out(article, words="Jane Roe")
        assert record.unfetched == 1
        assert embed.failure == takedown.NOT_FETCHED
        answer = Post(text="Jane Roe speaks", author_name="Jane Roe", raw_reply="")
        monkeypatch.setattr(snapshot, "ask", lambda match: answer)
        monkeypatch.setattr(snapshot, "with_true_links", lambda post: post)
        snapshot.capture(late)
        embed.refresh_from_db()
        assert "Jane" not in embed.html + embed.text + embed.author_name

    def test_posts_that_were_fetched_are_not_told_of(self, article, embed):
        assert self.black_out(article)[0].unfetched == 0


class TestUnsavedTexts:
    def kept(self, article=None, **data):
        user = factories.editor()
        data = {name.replace("__", "-"): [text] for name, text in data.items()}
        return Autosave.objects.create(user=user, article=article, form_key="f", data=data, saved_at=MAY)

    def test_everybodys_are_blacked_out_of_whatever_article(self, article):
        rows = [
            self.kept(article, headline="John Doe"),
            self.kept(factories.draft(), body="<p>John <b>Doe</b></p>"),
            self.kept(headline="On John Doe", slug="john-doe", addenda__0__body="<p>John&nbsp;Doe</p>"),
        ]
        takedown.black_out(article, words="John Doe", reason="order of a court", by=None)
        for row in rows:
            row.refresh_from_db()
            assert "doe" not in str(row.data).lower()
        assert rows[2].data["slug"] == [""]

    def test_plain_fields_stay_plain_and_markup_stays_markup(self, article):
        row = self.kept(
            article, headline="Q&A with John Doe <b>", lead_note="<p>Q&amp;A: John Doe</p>", body="<p>Q&amp;A</p>"
        )
        takedown.black_out(article, words="John Doe", reason="a court", by=None)
        row.refresh_from_db()
        assert row.data["headline"][0].startswith("Q&A with [removed")
        assert row.data["headline"][0].endswith("] <b>")
        assert row.data["lead_note"][0].startswith("<p>Q&amp;A: [removed")
        assert row.data["body"] == ["<p>Q&amp;A</p>"]

    def test_words_that_only_somebody_elses_text_holds_are_not_found(self, article):
        self.kept(headline="Jane Roe")
        with pytest.raises(takedown.WordsNotFound):
            takedown.black_out(article, words="Jane Roe", reason="a court", by=None)
        assert Autosave.objects.get().data == {"headline": ["Jane Roe"]}


def test_the_log_forgets_the_words_of_any_row_whoever_calls(article):
    def entry(row, message=""):
        return LogEntry.objects.log_actions(user.pk, [row], 2, change_message=message, single_object=True)

    user = factories.editor()
    picture = Image.objects.create(title="Portrait of john  doe")
    entry(picture)
    entry(article, [{"added": {"name": "picture", "object": "John Doe’s “house”"}}])
    entry(article, "Decided: keep: John Doe agreed")
    entry(Redirect.objects.create(old_path="/john-doe/", new_path="/elsewhere/"))
    cut = entry(article)
    LogEntry.objects.filter(pk=cut.pk).update(object_repr="About John D")
    other = entry(factories.draft(headline="Another piece"))

    takedown.black_out(article, words="John Doe", reason='a "court"', by=None)

    for row in LogEntry.objects.exclude(pk=other.pk):
        written = f"{row.object_repr} {row.get_change_message()}".lower()
        assert "john" not in written
    changed = LogEntry.objects.get(
        change_message__startswith="[{", object_id=str(article.pk), change_message__contains="picture"
    )
    assert changed.get_change_message().startswith("Added picture “[removed")
    assert LogEntry.objects.get(pk=other.pk).object_repr == "Another piece"


class TestAddresses:
    """Of an article whose address holds the words."""

    OLD = "/2026/05/john-doe-resigns/"

    @pytest.fixture(autouse=True)
    def now(self):
        with time_machine.travel(MAY + dt.timedelta(days=1), tick=False):
            yield

    def black_out(self, article, **fields):
        return takedown.black_out(article, words="John Doe", reason="order of a court", by=None, **fields)

    def test_a_new_one_leaves_the_old_one_leading_nowhere(self, article, client):
        publishing.move(article, by=None, year=2026, month=4, slug="mr-john-doe")
        publishing.move(article, by=None, year=2026, month=5, slug="doe-john")
        publishing.move(article, by=None, year=2026, month=5, slug="john-doe-resigns")
        Redirect.objects.create(old_path="/short/", new_path=self.OLD)
        assert client.get("/2026/04/mr-john-doe/").status_code == 301

        self.black_out(article, new_slug="a-mayor-resigns")

        article.refresh_from_db()
        assert article.get_absolute_url() == "/2026/05/a-mayor-resigns/"
        assert article.slug == "a-mayor-resigns"
        assert client.get(article.get_absolute_url()).status_code == 200
        for gone in (self.OLD, "/2026/04/mr-john-doe/", "/short/"):
            assert client.get(gone).status_code == 404, gone
        assert client.get("/2026/05/doe-john/").status_code == 301

    def test_an_ordinary_move_does_lead_on(self, article, client):
        publishing.move(article, by=None, year=2026, month=5, slug="a-mayor-resigns")
        assert client.get(self.OLD).status_code == 301

    def test_without_a_new_one_the_address_is_told(self, article):
        self.black_out(article)
        article.refresh_from_db()
        assert takedown.address_with(article, words="John Doe") == self.OLD
        assert takedown.address_with(article, words="Jane Roe") == ""

    @pytest.mark.parametrize("slug", ["mr-john-doe", "Not A Slug"])
    def test_one_that_repeats_the_words_or_is_none_is_refused(self, article, slug):
        with pytest.raises(ValidationError, match="joined by hyphens"):
            self.black_out(article, new_slug=slug)
        assert type(article).objects.get().public_path == "2026/05/john-doe-resigns"

    def test_one_that_is_taken_is_refused_and_nothing_is_changed(self, article):
        factories.published(at=MAY, slug="a-mayor-resigns")
        with pytest.raises(ValidationError, match="Another article"):
            self.black_out(article, new_slug="a-mayor-resigns")
        article.refresh_from_db()
        assert article.headline == "John Doe resigns"

    def test_words_that_only_the_address_holds_need_a_new_one(self):
        article = factories.published(at=MAY, slug="john-doe-resigns")
        with pytest.raises(takedown.WordsNotFound, match="Only the address"):
            self.black_out(article)
        assert self.black_out(article, new_slug="a-mayor-resigns").places == 1

    def test_a_draft_gets_other_words_for_its_address(self):
        article = factories.draft(headline="John Doe", slug="john-doe")
        self.black_out(article, new_slug="a-mayor")
        article.refresh_from_db()
        assert article.slug == "a-mayor"
