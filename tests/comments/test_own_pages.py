"""A reader's own comment: shown in any state to its author alone, edited for a while, withdrawn at any time."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from comments import identity, moderation, places
from comments.models import Comment, CommentSettings
from comments.screening import stamp
from foundation import clock
from tests import factories
from tests.comments import making
from tests.comments.reader import Reader, errors

pytestmark = pytest.mark.django_db
Status = Comment.Status


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    monkeypatch.setattr(stamp, "SOONEST", 0)


@pytest.fixture
def article():
    return factories.published(at=clock.now() - dt.timedelta(days=1))


@pytest.fixture
def ada(article):
    """A guest's browser, in which one comment was written."""
    reader = Reader()
    reader.write(article, "The first words.")
    return reader


@pytest.fixture
def comment(ada):
    return Comment.objects.get()


def address(name: str, comment: Comment) -> str:
    return reverse(name, args=[comment.uid])


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        (None, "waits for a moderator"),
        (moderation.mark_spam, "waits for a moderator"),
        (moderation.approve, "is published"),
        (moderation.reject, "was not published"),
        (moderation.hide, "was taken off the page"),
        (moderation.remove, "for legal reasons"),
    ],
)
def test_its_author_is_told_what_became_of_it(ada, comment, verb, words):
    if verb in (moderation.hide, moderation.remove):
        moderation.approve(comment, None)
    if verb:
        verb(comment, None)
    assert words in ada.client.get(address("comment_own", comment)).text
    assert words in ada.client.get(address("comment_own_on", comment.article)).text
    assert Client().get(address("comment_own", comment)).status_code == 404


def test_suspected_spam_is_told_nothing_that_waiting_is_not(ada, comment):
    Comment.objects.filter(pk=comment.pk).update(status=Status.SPAM)
    told = ada.client.get(address("comment_own", comment)).text
    Comment.objects.filter(pk=comment.pk).update(status=Status.PENDING)
    assert told == ada.client.get(address("comment_own", comment)).text


def test_a_stranger_learns_not_whether_an_address_is_known_here(article):
    known = identity.address_digest("known@example.org")
    making.trusted(email="known@example.org", address_digest=known, confirmed_at=clock.now())
    for email in ("known@example.org", "new@example.org"):
        eve = Reader(email=email)
        sent = eve.write(article, f"Is {email.partition('@')[0]} here?")
        assert "open the link in it" in eve.client.get(sent["Location"]).text


def test_no_other_browser_opens_edits_or_withdraws_it(article, comment):
    somebody = Client()
    somebody.cookies = Reader().is_known_as(making.trusted(article)).client.cookies
    assert "Reader" in somebody.get(reverse("comment_write", args=[article.uid])).text
    others = [Client(), somebody, forged(comment)]
    for name in ("comment_own", "comment_edit", "comment_withdraw"):
        assert {other.get(address(name, comment)).status_code for other in others} == {404}
        assert {other.post(address(name, comment), {"text": "Mine now"}).status_code for other in others} == {404}
    comment.refresh_from_db()
    assert (comment.status, comment.source) == ("pending", "The first words.")


def forged(comment: Comment) -> Client:
    client = Client()
    client.cookies["comments_written"] = comment.uid.hex
    return client


def test_an_edit_within_ten_minutes_replaces_the_words_and_says_so(ada, comment, client):
    moderation.approve(comment, None)
    ada.open(address("comment_edit", comment))
    ada.send(text="Other words.")
    comment.refresh_from_db()
    assert (comment.source, comment.revisions.get().source) == ("Other words.", "The first words.")
    assert comment.edited_at


def test_an_edit_is_screened_like_a_comment(ada, comment):
    moderation.approve(comment, None)
    ada.open(address("comment_edit", comment))
    ada.send(text="Look: " + " ".join(f"https://shop{n}.example/" for n in range(6)))
    comment.refresh_from_db()
    assert comment.status in (Status.PENDING, Status.SPAM)


def test_after_ten_minutes_the_page_says_that_it_is_too_late_and_keeps_what_was_typed(ada, comment):
    ada.open(address("comment_edit", comment))
    with time_machine.travel(clock.now() + dt.timedelta(minutes=11)):
        response = ada.send(text="Too late words.")
        assert response.status_code == 422
        assert "time for editing is over" in errors(response)[0]
        assert "Too late words." in response.text
        assert "time for editing is over" in ada.client.get(address("comment_edit", comment)).text
    comment.refresh_from_db()
    assert comment.source == "The first words."


@pytest.mark.parametrize("text", ["", " ", "x" * 6_000, "\u202eesrever"])
def test_an_edit_that_cannot_be_taken_comes_back(ada, comment, text):
    ada.open(address("comment_edit", comment))
    response = ada.send(text=text)
    assert (response.status_code, len(errors(response))) == (422, 1)
    comment.refresh_from_db()
    assert comment.source == "The first words."


def test_a_longer_time_or_none_is_the_editors_choice(ada, comment):
    CommentSettings.objects.create(pk=1, edit_minutes=0)
    assert "cannot be edited" in ada.client.get(address("comment_edit", comment)).text
    assert ">Edit<" not in ada.client.get(address("comment_own", comment)).text


def test_withdrawing_takes_it_off_the_page_at_once(ada, comment, client):
    moderation.approve(comment, None)
    making.public(comment.article, parent=comment, source="An answer")
    ada.open(address("comment_withdraw", comment))
    response = ada.send()
    assert response["Location"] == address("comment_own", comment)
    assert "You have withdrawn this comment" in ada.client.get(response["Location"]).text
    page = client.get(comment.article.get_absolute_url()).text
    assert "The first words." not in page
    assert "Ada Abbot" not in page
    assert "Withdrawn by its author" in page
    assert ada.client.post(address("comment_withdraw", comment)).status_code == 403  # no token, no second act


def test_withdrawing_twice_is_done_once(ada, comment):
    for _ in range(2):
        ada.open(address("comment_withdraw", comment))
        assert ada.send().status_code == 303
        comment.refresh_from_db()
    assert comment.acts.filter(verb="withdraw").count() == 1


def test_a_known_person_has_them_in_every_browser(article, ada, comment):
    elsewhere = Reader().is_known_as(comment.commenter)
    assert "The first words." in elsewhere.client.get(address("comment_own", comment)).text
    assert "The first words." in elsewhere.client.get(address("comment_own_on", article)).text
    elsewhere.open(address("comment_edit", comment))
    elsewhere.send(text="From elsewhere.")
    comment.refresh_from_db()
    assert comment.source == "From elsewhere."


def test_the_list_holds_the_own_ones_of_one_article_and_no_others(article, ada, comment):
    making.public(article, source="Of somebody else")
    elsewhere = factories.published(at=clock.now() - dt.timedelta(hours=1))
    ada.write(elsewhere, "On another article.")
    page = ada.client.get(address("comment_own_on", article)).text
    assert "The first words." in page
    assert "somebody else" not in page
    assert "another article" not in page
    assert f'data-own="{places.anchor_of(comment.uid)}"' in page
    assert "None." in Client().get(address("comment_own_on", article)).text


def test_own_pages_are_stored_nowhere(ada, comment):
    for name in ("comment_own", "comment_edit", "comment_withdraw"):
        page = ada.client.get(address(name, comment))
        assert {"no-store", "private"} <= set(page["Cache-Control"].replace(" ", "").split(","))
        assert page["X-Robots-Tag"] == "noindex"
