"""The snapshots at the desk, through the admin's own forms."""

import datetime as dt

import pytest
from django.contrib.admin.models import LogEntry
from django_tasks_db.models import DBTaskResult

from articles import editing
from articles.embeds import snapshot
from articles.embeds.providers import recognise
from articles.fragments import Fragments
from articles.models import AddendumVersion, Embed, EmbedDecision, Page
from articles.rendering import render_page
from foundation import clock
from tests import factories
from tests.articles.admin.forms import fields_of, open_form, post
from tests.foundation.fake_service import FakeService, Reply

LIST = "/admin/articles/embed/"
ADD = "/admin/articles/embed/add/"
TWEET = "https://x.com/harbour_desk/status/1232942413187452929"

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(at_desk, ann):
    return at_desk(ann)


@pytest.fixture
def platform(settings):
    with FakeService() as platform:
        settings.OEMBED_BASE_OVERRIDES = {"t.co": f"{platform.origin}/tco"}
        yield platform


@pytest.fixture
def embed():
    embed = snapshot.remember(recognise(TWEET))
    embed.text, embed.author_name, embed.author_handle = "Ferries stop at noon", "Harbour Desk", "harbour_desk"
    embed.state, embed.captured_at = Embed.State.CAPTURED, dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    embed.raw_reply = '{"author_name": "Harbour Desk", "html": "<p>Ferries stop at noon</p>"}'
    embed.save()
    snapshot.write_html(embed)
    DBTaskResult.objects.all().delete()
    return embed


def page(embed):
    return f"{LIST}{embed.pk}/change/"


def save(client, embed, **changes):
    return post(client, page(embed), open_form(client, page(embed), "embed_form"), "_save", **changes)


def text_of(response):
    return response.content.decode()


class TestAdding:
    def test_an_address_in_any_form_is_enough(self, desk):
        response = desk.post(ADD, {"url": "https://mobile.twitter.com/harbour_desk/status/1232942413187452929?s=20"})
        assert response.status_code == 302
        embed = Embed.objects.get()
        assert (embed.url, embed.state) == (TWEET, Embed.State.PENDING)
        assert DBTaskResult.objects.get().args_kwargs["args"] == [embed.pk]

    @pytest.mark.parametrize(
        "address",
        ["https://notx.com/u/status/12", "https://x.com/harbour_desk", "x", "javascript:alert(1)", "https://[::1"],
    )
    def test_what_is_no_post_is_refused_with_a_way_on(self, desk, address):
        response = desk.post(ADD, {"url": address})
        assert "This is not the address of a single post or video that we know" in text_of(response)
        assert not Embed.objects.exists()

    def test_an_address_that_x_shortened_is_followed_to_the_post(self, desk, platform):
        platform.replies("tco", Reply(status=301, headers={"Location": f"{TWEET}?s=20"}))
        desk.post(ADD, {"url": "https://t.co/AbCdEf1234"})
        assert Embed.objects.get().url == TWEET

    @pytest.mark.parametrize(
        "reply",
        [
            Reply(status=301, headers={"Location": "https://news.example.org/"}),
            Reply(status=301, headers={"Location": "http://127.0.0.1:1/u/status/1"}),
            Reply(status=404),
            Reply(status=200),
        ],
    )
    def test_one_that_leads_to_no_post_is_refused_with_a_way_on(self, desk, platform, reply):
        platform.replies("tco", reply)
        response = desk.post(ADD, {"url": "https://t.co/AbCdEf1234"})
        assert "Open it in a browser and paste the address that you arrive at." in text_of(response)

    def test_other_shorteners_are_not_asked(self, desk):
        response = desk.post(ADD, {"url": "https://bit.ly/AbCdEf1234"})
        assert "Open it in a browser and paste the address that you arrive at." in text_of(response)

    def test_a_post_that_we_have_is_named(self, desk, embed):
        response = desk.post(ADD, {"url": "https://twitter.com/i/web/status/1232942413187452929"})
        assert f'<a href="{page(embed)}">Tweet harbour_desk: Ferries stop at noon</a>' in text_of(response)
        assert Embed.objects.count() == 1

    @pytest.mark.parametrize("address", ["", "\x00", "https://x.com/u/status/1\x00", "h" * 5000])
    def test_nonsense_is_refused_and_never_an_error(self, desk, address):
        assert desk.post(ADD, {"url": address}).status_code == 200


class TestWritingByHand:
    def test_every_page_shows_the_new_words_at_once(self, desk, embed):
        factories.published(body=f'<p>Before</p><div data-embed="{TWEET}"></div>')
        assert save(desk, embed, text="Written\nby hand", author_handle="@harbour_desk").status_code == 302
        embed.refresh_from_db()
        assert (embed.state, embed.author_handle) == (Embed.State.BY_HAND, "harbour_desk")
        assert "Written<br>\nby hand" in Fragments.of(embed.articles.get()).body

    def test_staff_see_that_words_were_edited_and_what_they_were(self, desk, embed):
        save(desk, embed, text="Written by hand")
        form = text_of(desk.get(page(embed)))
        assert "Edited after it was fetched." in form
        assert "Ferries stop at noon" in form
        assert "Harbour Desk" in text_of(desk.get(f"{LIST}?attention=edited"))
        assert LogEntry.objects.filter(object_id=str(embed.pk)).exists()

    def test_saving_without_a_change_keeps_it_as_fetched(self, desk, embed):
        before = Embed.objects.values().get()
        assert save(desk, embed).status_code == 302
        assert Embed.objects.values().get() == before

    def test_words_fetched_while_the_page_was_open_are_not_wiped_out(self, desk):
        embed = snapshot.remember(recognise(TWEET))
        fields = open_form(desk, page(embed), "embed_form")
        Embed.objects.update(text="Fetched", state="captured", captured_at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC))
        response = post(desk, page(embed), fields, "_save")
        assert "was changed while the page was open" in text_of(response)
        embed.refresh_from_db()
        assert embed.text == "Fetched"

    def test_the_second_of_two_editors_is_told_and_keeps_what_was_typed(self, desk, at_desk, bob, embed):
        of_bob = open_form(at_desk(bob), page(embed), "embed_form")
        save(desk, embed, text="Words of Ann")
        refused = post(at_desk(bob), page(embed), of_bob, "_save", text="Words of Bob")
        assert "was changed while the page was open" in text_of(refused)
        assert "Words of Bob" in text_of(refused)
        embed.refresh_from_db()
        assert embed.text == "Words of Ann"
        post(at_desk(bob), page(embed), fields_of(refused, "embed_form"), "_save")
        embed.refresh_from_db()
        assert embed.text == "Words of Bob"

    def test_a_check_of_the_original_meanwhile_stops_nobody(self, desk, embed):
        fields = open_form(desk, page(embed), "embed_form")
        Embed.objects.update(last_checked_at=dt.datetime(2026, 3, 2, tzinfo=dt.UTC), availability="gone")
        assert post(desk, page(embed), fields, "_save", text="Words of Ann").status_code == 302

    def test_a_form_that_lost_what_it_saw_is_refused(self, desk, embed):
        assert "was changed while" in text_of(save(desk, embed, text="Words of Ann", seen=None))
        embed.refresh_from_db()
        assert embed.text == "Ferries stop at noon"

    def test_a_quoted_post_is_nested_and_its_words_are_searched(self, desk, embed):
        quoted = snapshot.remember(recognise("https://x.com/port/status/1232942413187452000"))
        quoted.text = "No ferries"
        quoted.save()
        save(desk, embed, quoted=str(quoted.pk))
        embed.refresh_from_db()
        assert "embed__quoted" in embed.html
        assert "No ferries" in embed.html

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("author_url", "javascript:alert(1)", "Enter a valid URL"),
            ("author_url", "ftp://x.com/a", "Begin with https://"),
            ("author_handle", "harbour desk", "no blanks"),
            ("author_handle", "hаrbour", "no blanks"),
            ("language", "<b>", "language code"),
            ("posted_on", "yesterday", "Enter a valid date"),
            ("quoted", "99999", "Select a valid choice"),
        ],
    )
    def test_bad_input_is_explained_and_nothing_is_lost(self, desk, embed, field, value, words):
        response = save(desk, embed, **{field: value, "text": "My new words"})
        assert words in text_of(response)
        assert "My new words" in text_of(response)
        embed.refresh_from_db()
        assert embed.text == "Ferries stop at noon"

    def test_a_post_cannot_quote_itself(self, desk, embed):
        assert "cannot quote or answer itself" in text_of(save(desk, embed, quoted=str(embed.pk)))

    def test_harmful_characters_are_taken_out_and_markup_is_text(self, desk, embed):
        save(desk, embed, text="\u202eevil <script>alert(1)</script>")
        embed.refresh_from_db()
        assert "\u202e" not in embed.text
        assert "<script" not in embed.html
        assert "&lt;script&gt;" in embed.html

    def test_the_time_in_a_tweets_number_cannot_be_written_over(self, desk, embed):
        save(desk, embed, posted_at="2001-01-01T00:00")
        embed.refresh_from_db()
        assert embed.posted_at.year == 2020


class TestFetchingAgain:
    @pytest.mark.parametrize("where", ["list", "form"])
    def test_it_can_be_asked_for_in_list_and_form(self, desk, embed, where):
        Embed.objects.update(state=Embed.State.FAILED, failure="X says there is no such post.")
        if where == "list":
            data = {"action": "fetch_again", "_selected_action": [embed.pk]}
            response = desk.post(LIST, data, follow=True)
        else:
            fields = open_form(desk, page(embed), "embed_form")
            fields["CHANGE_FORM-action"] = ["fetch_again"]
            response = desk.post(page(embed), {**fields, "index": "0"}, follow=True)
        assert "Being fetched again." in text_of(response)
        embed.refresh_from_db()
        assert (embed.state, embed.failure) == (Embed.State.PENDING, "")
        assert DBTaskResult.objects.count() == 1

    def test_words_written_by_hand_are_kept_and_the_editor_is_told(self, desk, embed):
        Embed.objects.update(state=Embed.State.BY_HAND)
        response = desk.post(LIST, {"action": "fetch_again", "_selected_action": [embed.pk]}, follow=True)
        assert "This one was written by hand and is kept as it is." in text_of(response)
        assert not DBTaskResult.objects.exists()


class TestDeciding:
    def decide(self, client, embed, **fields):
        return client.post(f"{LIST}{embed.pk}/decide/", fields, follow=True)

    def test_a_decision_shows_at_once_and_is_logged_with_its_maker(self, desk, embed, ann):
        response = self.decide(desk, embed, choice="text_only", reason="Asked by mail")
        assert "Decided: keep the text, hide author and pictures." in text_of(response)
        decision = EmbedDecision.objects.get()
        assert (decision.choice, decision.reason, decision.made_by) == ("text_only", "Asked by mail", ann)
        embed.refresh_from_db()
        assert "Harbour Desk" not in embed.html
        assert "Asked by mail" in text_of(desk.get(page(embed)))
        assert LogEntry.objects.filter(change_message__contains="Decided").exists()

    @pytest.mark.parametrize(
        "fields", [{"choice": "removed"}, {"choice": "removed", "reason": "  "}, {"choice": "x", "reason": "a"}]
    )
    def test_without_a_reason_or_with_a_wrong_choice_nothing_happens(self, desk, embed, fields):
        self.decide(desk, embed, **fields)
        embed.refresh_from_db()
        assert embed.choice == "keep"
        assert not EmbedDecision.objects.exists()

    def test_the_log_cannot_be_changed_through_the_form(self, desk, embed, ann):
        snapshot.decide(embed, choice="text_only", reason="Asked by mail", by=ann)
        fields = open_form(desk, page(embed), "embed_form")
        assert not [name for name in fields if name.startswith("decisions-0-reason")]

    def test_an_author_may_look_and_not_decide(self, at_desk, writer, embed):
        client = at_desk(writer)
        assert client.get(page(embed)).status_code == 200
        assert client.post(f"{LIST}{embed.pk}/decide/", {"choice": "removed", "reason": "x"}).status_code == 403
        embed.refresh_from_db()
        assert embed.choice == "keep"

    def test_a_post_that_does_not_exist_is_not_found(self, desk):
        assert desk.get(f"{LIST}99999/decide/").status_code == 404


class TestWhereItStands:
    @pytest.fixture
    def articles(self, embed, writer):
        body = f'<div data-embed="{TWEET}"></div>'
        own = factories.draft(headline="Own draft", body=body, authors=[writer.author])
        foreign = factories.draft(headline="Foreign draft", body=body)
        factories.published(headline="Foreign, scheduled", body=body, at=clock.now() + dt.timedelta(days=1))
        out = factories.published(headline="Foreign, out", body=body)
        return {"own": own, "foreign": foreign, "out": out}

    def test_a_writer_learns_of_own_articles_and_of_what_is_out(self, at_desk, writer, embed, articles):
        shown = text_of(at_desk(writer).get(page(embed)))
        assert f'<a href="/admin/articles/article/{articles["own"].pk}/change/">Own draft</a>' in shown
        assert f'<a href="{articles["out"].get_absolute_url()}">Foreign, out</a>' in shown
        assert "Foreign draft" not in shown
        assert "Foreign, scheduled" not in shown

    def test_a_writer_is_told_that_there_is_more(self, at_desk, writer, embed):
        factories.draft(headline="Foreign draft", body=f'<div data-embed="{TWEET}"></div>')
        assert "No article that you may see." in text_of(at_desk(writer).get(page(embed)))

    def test_an_editor_learns_of_all(self, desk, embed, articles):
        shown = text_of(desk.get(page(embed)))
        for headline in ("Own draft", "Foreign draft", "Foreign, scheduled", "Foreign, out"):
            assert headline in shown


class TestList:
    def test_vanished_posts_are_found_until_something_is_decided(self, desk, embed, ann):
        since = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
        Embed.objects.update(availability="gone", unavailable_since=since)
        assert "No longer available since 2 March 2026." in text_of(desk.get(f"{LIST}?attention=vanished"))
        embed.refresh_from_db()
        snapshot.decide(embed, choice="keep", reason="It matters", by=ann)
        assert "Harbour Desk" not in text_of(desk.get(f"{LIST}?attention=vanished"))

    def test_posts_that_could_not_be_fetched_are_found_with_the_reason(self, desk, embed):
        Embed.objects.update(failure="X asks us to wait.")
        assert "X asks us to wait." in text_of(desk.get(f"{LIST}?attention=unfetched"))

    def test_the_list_is_searched_by_words_author_and_number(self, desk, embed):
        for asked in ("ferries", "Harbour", "1232942413187452929"):
            assert "Harbour Desk" in text_of(desk.get(f"{LIST}?q={asked}"))
        assert "Harbour Desk" not in text_of(desk.get(f"{LIST}?q=zeppelin"))

    def test_the_number_of_queries_does_not_grow_with_the_list(self, desk, embed, django_assert_max_num_queries):
        for number in range(1, 30):
            snapshot.remember(recognise(f"https://x.com/u/status/{number}"))
        with django_assert_max_num_queries(12):
            desk.get(LIST)

    def test_a_post_in_an_article_cannot_be_deleted(self, desk, embed):
        factories.published(body=f'<p>A</p><div data-embed="{TWEET}"></div>')
        assert desk.post(f"{LIST}{embed.pk}/delete/", {"post": "yes"}).status_code == 403
        assert Embed.objects.filter(pk=embed.pk).exists()

    @pytest.mark.parametrize("form_of_address", [TWEET, "https://twitter.com/i/web/status/1232942413187452929"])
    def test_a_post_in_an_earlier_version_cannot_be_deleted(self, desk, embed, ann, form_of_address):
        article = factories.published(headline="Ferries", body=f'<div data-embed="{form_of_address}"></div>')
        article.body = "<p>Without it</p>"
        editing.save(article, by=ann)
        self.is_kept_for(desk, embed, "an earlier version of “Ferries” holds this post")

    def test_a_post_in_an_earlier_version_of_an_update_cannot_be_deleted(self, desk, embed):
        row = factories.addendum(factories.published(headline="Ferries"))
        AddendumVersion.objects.create(addendum=row, body=f'<div data-embed="{TWEET}"></div>', replaced_at=clock.now())
        self.is_kept_for(desk, embed, "an earlier version of an update to “Ferries” holds this post")

    @pytest.mark.parametrize("is_public", [True, False])
    def test_a_post_on_a_page_cannot_be_deleted(self, desk, embed, is_public):
        body = f'<div data-embed="{TWEET}"></div>'
        render_page(Page.objects.create(title="About", slug="about-us", body=body, is_public=is_public))
        self.is_kept_for(desk, embed, "the page “About” holds this post")

    def is_kept_for(self, desk, embed, reason):
        for send in (desk.get, desk.post):
            response = send(f"{LIST}{embed.pk}/delete/", {"post": "yes"}, follow=True)
            assert f"Not deleted: {reason}. To hide it from readers, use" in text_of(response)
        assert Embed.objects.filter(pk=embed.pk).exists()

    def test_a_text_that_only_has_its_number_does_not_keep_it(self, desk, embed):
        body = '<p>1232942413187452929</p><div data-embed="https://x.com/u/status/11232942413187452929"></div>'
        Page.objects.create(title="About", slug="about-us", body=body)
        desk.post(f"{LIST}{embed.pk}/delete/", {"post": "yes"})
        assert not Embed.objects.exists()

    def test_a_post_in_no_article_can(self, desk, embed):
        desk.post(f"{LIST}{embed.pk}/delete/", {"post": "yes"})
        assert not Embed.objects.exists()
