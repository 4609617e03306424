"""
What is wrong, cut short, forged or far too much: a clear message with the text kept, or a proper 4xx. Never a 500, and
never a comment where it does not belong.
"""

import datetime as dt
import uuid

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from lxml import html

from articles import previews, publishing
from comments import moderation
from comments.models import Comment, CommentSettings, Discussion, Mode
from comments.screening import stamp
from foundation import clock
from tests import factories
from tests.comments import making
from tests.comments.reader import Reader, errors

pytestmark = pytest.mark.django_db

TEXT = "It was the river, and nobody measured it."


@pytest.fixture
def article():
    return factories.published(at=clock.now() - dt.timedelta(days=3))


@pytest.fixture
def ada():
    return Reader()


def kept(response) -> str:
    """What stands in the field for the text."""
    (area,) = html.fromstring(response.text).xpath("//textarea[@name='text' or @readonly]")
    return area.text.removeprefix("\n")


def refused_with_text(response, words: str, *, status: int = 422, text: str = TEXT) -> None:
    assert (response.status_code, Comment.objects.filter(source=text).count()) == (status, 0)
    assert any(words in error for error in errors(response)), errors(response)
    assert kept(response) == text


def answers_to(ada, article, parent: str):
    ada.open_form(article)
    return ada.send(text=TEXT, parent=parent, **ada.typed)


def test_a_parent_on_another_article_is_not_answered(ada, article):
    elsewhere = making.public(factories.published())
    refused_with_text(answers_to(ada, article, str(elsewhere.uid)), "no longer there")
    assert ada.send(text=TEXT, **ada.typed).status_code == 303
    comment = Comment.objects.get(source=TEXT)
    assert (comment.article, comment.parent) == (article, None)


@pytest.mark.parametrize("verb", [moderation.hide, moderation.mark_spam, moderation.remove])
def test_a_parent_that_was_taken_away_meanwhile_keeps_the_text(ada, article, verb):
    parent = making.public(article)
    ada.open_form(article, parent)
    verb(parent, None)
    refused_with_text(ada.send(text=TEXT, **ada.typed), "no longer there")
    assert "parent" not in ada.fields


@pytest.mark.parametrize("parent", ["nonsense", "\x00", "-1", str(uuid.UUID(int=7)), "x" * 5000])
def test_a_parent_that_never_was_is_answered_like_one_that_waits(ada, article, parent):
    waiting = making.waiting(article)
    told = {errors(answers_to(ada, article, each))[0] for each in (parent, str(waiting.uid))}
    assert len(told) == 1
    assert Comment.objects.count() == 1


def test_no_form_opens_for_a_parent_that_cannot_be_answered(ada, article):
    others = [making.public(factories.published()).uid, making.waiting(article).uid, uuid.UUID(int=7), "nonsense", ""]
    address = reverse("comment_write", args=[article.uid])
    assert {ada.client.get(f"{address}?parent={each}").status_code for each in others} == {404}
    assert ada.client.get(f"{address}?parent={making.public(article).uid}").status_code == 200


def test_a_thread_five_hundred_deep_is_read_and_answered(ada, article, client):
    writer, parent = making.commenter(), None
    for _ in range(500):
        parent = making.waiting(article, parent=parent, commenter=writer)
        Comment.objects.filter(pk=parent.pk).update(status="public", published_at=parent.posted_at)
    Discussion.objects.filter(pk=article.pk).update(public_count=500)
    parent.refresh_from_db()
    assert ada.write(article, TEXT, parent=parent).status_code == 303
    assert Comment.objects.get(source=TEXT).depth == 500
    page = client.get(reverse("comment", args=[parent.uid]), follow=True)
    assert page.status_code == 200
    assert parent.source in page.text
    deepest = max(len(node.xpath("ancestor::ol")) for node in html.fromstring(page.text).xpath("//li"))
    assert deepest <= 7


def test_a_megabyte_is_not_taken_and_as_much_of_it_given_back_as_is_sane(ada, article):
    ada.open_form(article)
    response = ada.send(text="<b>&" * 250_000, **ada.typed)
    assert response.status_code == 413
    (given,) = html.fromstring(response.text).xpath("//textarea")
    assert given.text.strip() == "<b>&" * 62_500
    assert "far too long" in response.text
    assert not Comment.objects.exists()


def test_a_text_that_is_too_long_comes_back_whole(ada, article):
    text = "word " * 20_000
    refused_with_text(ada.write(article, text.strip()), "at most 5,000 characters", text=text.strip())


def test_ten_thousand_links_are_too_much(ada, article):
    text = " ".join(f"http://a.example/{n}" for n in range(10_000))
    refused_with_text(ada.write(article, text), "at most 5,000 characters", text=text)


def test_as_many_links_as_fit_wait_for_a_moderator(ada, article):
    CommentSettings.objects.update_or_create(pk=1, defaults={"mode": Mode.NONE_WAITS, "longest": 20_000})
    assert ada.write(article, "http://a.b " * 1_800).status_code == 303
    assert Comment.objects.get().status in ("pending", "spam")


@pytest.mark.parametrize("field", [b"text", b"name", b"email", b"parent", b"stamp", b"submission", b"website"])
@pytest.mark.parametrize("bad", [b"%FF%FE", b"%C3%28", b"%ED%A0%80", b"%00", b"a%00b"])
def test_bytes_that_are_no_text_are_never_a_failure(article, field, bad):
    ada = Reader()
    ada.open_form(article)
    sent = {**ada.fields, **ada.typed, "text": TEXT}
    body = b"&".join(
        name.encode() + b"=" + (bad if name.encode() == field else value.replace("+", "%2B").encode())
        for name, value in {"parent": "", **sent}.items()
    )
    response = ada.client.post(ada.action, body, content_type="application/x-www-form-urlencoded")
    if field == b"website":  # the trap, which takes anything
        assert response.status_code in (303, 422)
        return
    assert response.status_code == 422
    assert not Comment.objects.exists()
    if field != b"text":
        assert kept(response) == TEXT


def test_a_body_that_is_no_form_at_all_is_refused(ada, article):
    ada.open_form(article)
    token = {"X-CSRFToken": ada.fields["csrfmiddlewaretoken"]}
    for kind in ("application/json", "text/plain", "multipart/form-data; boundary=x", "multipart/form-data", ""):
        response = ada.client.post(ada.action, b"\xff\x00{[", content_type=kind, headers=token)
        assert 400 <= response.status_code < 500, kind


def test_without_its_token_nothing_is_taken(article):
    ada = Reader()
    ada.open_form(article)
    assert ada.send(text=TEXT, csrfmiddlewaretoken=None, **ada.typed).status_code == 403
    assert not Comment.objects.exists()


def test_a_form_older_than_a_day_comes_back_fresh_and_is_then_taken(ada, article):
    with time_machine.travel(dt.datetime.now(dt.UTC) - dt.timedelta(hours=25)):
        ada.open_form(article)
    refused_with_text(ada.send(text=TEXT, **ada.typed), "more than a day ago")
    assert ada.send(text=TEXT, **ada.typed).status_code == 303


@pytest.mark.parametrize("forged", ["", "nonsense", "WzEsMV0:abc", "x" * 4000])
def test_a_forged_stamp_is_answered_with_a_fresh_form(ada, article, forged):
    ada.open_form(article)
    refused_with_text(ada.send(text=TEXT, stamp=forged, **ada.typed), "please send it again")


def test_the_form_of_another_article_is_of_no_use_here(ada, article):
    ada.open_form(factories.published())
    ada.action = reverse("comment_write", args=[article.uid])
    refused_with_text(ada.send(text=TEXT, **ada.typed), "please send it again")


@pytest.mark.parametrize("submission", ["", "1", "nonsense", "{00000000-0000-0000-0000-000000000007}", None])
def test_a_form_without_a_name_of_its_own_gets_one(ada, article, submission):
    ada.open_form(article)
    refused_with_text(ada.send(text=TEXT, submission=submission, **ada.typed), "send it again")
    assert ada.send(text=TEXT, **ada.typed).status_code == 303


def test_a_form_sent_twice_is_one_comment(ada, article):
    places = {ada.write(article, TEXT)["Location"], *(ada.send(text=TEXT, **ada.typed)["Location"] for _ in range(12))}
    assert Comment.objects.count() == len(places) == 1


def test_other_words_in_a_form_that_was_sent_are_another_comment(ada, article):
    ada.write(article, TEXT)
    assert ada.send(text="Something else entirely.", **ada.typed).status_code == 303
    assert Comment.objects.count() == 2


def test_comments_that_closed_meanwhile_leave_the_text_to_be_copied(ada, article):
    ada.open_form(article)
    Discussion.objects.update_or_create(pk=article.pk, defaults={"mode": Mode.CLOSED, "closed_words": "Enough said."})
    response = ada.send(text=TEXT, **ada.typed)
    assert (response.status_code, kept(response)) == (422, TEXT)
    assert "Enough said." in response.text
    assert not Comment.objects.exists()


def test_an_article_withdrawn_meanwhile_leaves_the_text_to_be_copied(ada, article):
    ada.open_form(article)
    publishing.withdraw(article, by=None)
    response = ada.send(text=TEXT, **ada.typed)
    assert (response.status_code, kept(response)) == (410, TEXT)
    assert not Comment.objects.exists()


def test_drafts_scheduled_articles_and_nonsense_take_no_comment(ada):
    scheduled = factories.published(at=dt.datetime.now(dt.UTC) + dt.timedelta(hours=1))
    for uid in (factories.draft().uid, scheduled.uid, uuid.UUID(int=7)):
        address = reverse("comment_write", args=[uid])
        assert ada.client.get(address).status_code == 404
        ada.open_form(factories.published())
        ada.action = address
        assert ada.send(text=TEXT, **ada.typed).status_code == 404
    assert not Comment.objects.exists()


def test_a_preview_of_a_draft_and_of_a_live_article_shows_no_comments(client, article):
    making.public(article, source="A public word.")
    for each in (article, factories.draft()):
        link = previews.create(each, by=factories.editor(), lasts=dt.timedelta(days=1))
        page = client.get(previews.address(link).removeprefix("http://testserver"))
        assert page.status_code == 200
        assert 'id="comments"' not in page.text
    assert 'id="comments"' in client.get(article.get_absolute_url()).text


def test_a_forged_preview_is_only_ones_own_text_made_safe(ada, article):
    ada.open_form(article)
    page = ada.send(
        text="<script>alert(1)</script> *so*", preview="<b>forged</b>", body_html="<b>forged</b>", **ada.typed
    )
    (shown,) = html.fromstring(page.text).xpath("//*[@data-preview]")
    assert (page.status_code, Comment.objects.count()) == (200, 0)
    assert shown.xpath(".//em/text()") == ["so"]
    assert shown.xpath(".//script | .//b") == []
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize("told", ["203.0.113.9", "a, b, c", "\x00", "::1", "9" * 4000, "'; drop table", "%s", ", ,"])
def test_a_forged_address_is_not_believed(article, told):
    ada = Reader()
    ada.client.defaults.update(HTTP_X_FORWARDED_FOR=told, REMOTE_ADDR="198.51.100.7")
    assert ada.write(article, TEXT).status_code == 303
    plain = Reader("Ben Bolt", "ben@example.org")
    plain.client.defaults.update(REMOTE_ADDR="198.51.100.7")
    plain.write(article, "Another word.")
    digests = set(Comment.objects.values_list("network_digest", flat=True))
    assert len(digests) == 1
    assert digests != {""}


def test_an_address_that_a_trusted_proxy_tells_is_another(article, settings):
    settings.TRUSTED_PROXY_COUNT = 1
    for told, name in (("203.0.113.9", "ada"), ("203.0.113.10", "ben")):
        reader = Reader(name, f"{name}@example.org")
        reader.client.defaults.update(HTTP_X_FORWARDED_FOR=told)
        reader.write(article, f"A word by {name}.")
    assert len(set(Comment.objects.values_list("network_digest", flat=True))) == 2


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "Type the name"),
        ("name", "x" * 61, "at most 60"),
        ("name", "Editor", "somebody who works here"),
        ("email", "", "Type your e-mail"),
        ("email", "not an address", "does not look like"),
        ("email", "a@b" * 200, "does not look like"),
        ("text", "", "Type your comment"),
        ("text", "   \n \n", "Type your comment"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_the_rest_stays(ada, article, field, value, words):
    response = ada.write(article, **{"text": TEXT, field: value})
    assert response.status_code == 422
    assert any(words in error for error in errors(response)), errors(response)
    if field != "text":
        assert kept(response) == TEXT
    if field != "email":
        assert 'value="ada@example.org"' in response.text
    assert not Comment.objects.exists()


def test_a_filled_trap_is_suspected_and_told_nothing(ada, article):
    response = ada.write(article, TEXT, website="https://spam.example/")
    assert Comment.objects.get().status == "spam"
    assert "waits for a moderator" in ada.client.get(response["Location"]).text


def test_pages_of_comments_that_are_not_there_are_not_found(client, article):
    making.public(article)
    address = reverse("comments_on", args=[article.uid])
    for asked in (
        "page=0",
        "page=2",
        "page=-1",
        "page=1e3",
        "page=٣",
        "page=" + "9" * 50,
        "sort=nonsense",
        "page=x",
        "sort=%00",
        "page=",
    ):
        assert client.get(f"{address}?{asked}").status_code == 404, asked
    assert client.get(address)["Location"] == f"{article.get_absolute_url()}#comments"


def test_reading_pages_cannot_be_written_to_and_forms_know_two_methods(article):
    comment = making.public(article)
    stranger = Client(enforce_csrf_checks=True)
    for name, uid in (("comments_on", article.uid), ("comment", comment.uid)):
        assert stranger.post(reverse(name, args=[uid])).status_code == 405
    for name in ("comment_recommend", "comment_report"):
        assert stranger.post(reverse(name, args=[comment.uid])).status_code == 403
        assert stranger.get(reverse(name, args=[comment.uid])).status_code == 200
    assert Client().put(reverse("comment_write", args=[article.uid])).status_code == 405


def test_a_stamp_made_here_and_now_is_good(article):
    assert stamp.age(stamp.make(article.pk), article.pk) < 60
