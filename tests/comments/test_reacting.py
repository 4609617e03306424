"""Recommending and reporting: each once for each reader, with and without a script, and never of what is not public."""

import pytest
from django.test import Client
from django.urls import reverse

from comments import moderation, places
from comments.models import Comment, CommentSettings
from comments.screening import stamp
from tests import factories
from tests.comments import making
from tests.comments.reader import Reader, errors

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return factories.published()


@pytest.fixture
def comment(article):
    return making.public(article, source="A word.")


def recommends(reader: Reader, comment: Comment, **sent):
    reader.open(reverse("comment_recommend", args=[comment.uid]))
    return reader.send(**sent)


def reports(reader: Reader, comment: Comment, **sent):
    reader.open(reverse("comment_report", args=[comment.uid]))
    return reader.send(**{"reason": "abuse", **sent})


def count(comment: Comment) -> int:
    comment.refresh_from_db()
    return comment.recommends


def test_a_reader_recommends_once_however_often_it_is_pressed(comment):
    ada, ben = Reader(), Reader()
    response = recommends(ada, comment)
    assert response.status_code == 303
    assert response["Location"] == f"{comment.article.get_absolute_url()}#{places.anchor_of(comment.uid)}"
    ada.send()
    recommends(ben, comment)
    assert count(comment) == 2


def test_it_can_be_taken_back(comment):
    ada = Reader()
    recommends(ada, comment)
    assert "Take it back" in ada.open(reverse("comment_recommend", args=[comment.uid])).text
    ada.send(take_back="1")
    assert count(comment) == 0
    assert "Take it back" not in ada.open(reverse("comment_recommend", args=[comment.uid])).text


def test_our_script_is_told_the_number(comment):
    ada = Reader()
    assert recommends(ada, comment, by_script=True).json()["recommends"] == 1
    assert recommends(ada, comment, by_script=True, take_back="1").json() == {
        "place": f"{comment.article.get_absolute_url()}#{places.anchor_of(comment.uid)}",
        "recommends": 0,
        "is_recommended": False,
    }


def test_nobody_recommends_or_reports_the_own_comment(article, monkeypatch):
    monkeypatch.setattr(stamp, "SOONEST", 0)
    ada = Reader()
    ada.write(article, "My own.")
    own = moderation.approve(Comment.objects.get(), None)
    assert "your own comment" in errors(recommends(ada, own))[0]
    assert "your own comment" in errors(reports(ada, own))[0]
    assert count(own) == 0


def test_looking_at_the_page_sets_no_cookie_and_counts_nothing(comment):
    client = Client()
    client.get(reverse("comment_recommend", args=[comment.uid]))
    client.get(reverse("comment_report", args=[comment.uid]))
    assert set(client.cookies) == {"csrftoken"}
    assert count(comment) == 0


@pytest.mark.parametrize("named", ["", "x", "\0", "00000000-0000-0000-0000-000000000000", "9" * 5000])
def test_thanks_for_a_report_on_nothing_lead_home(client, comment, named):
    response = client.get(reverse("comment_reported"), {"on": named})
    assert response.status_code == 200
    assert "To the home page" in response.text


def test_a_report_needs_a_reason_and_is_thanked_for(comment):
    ada = Reader()
    refused = reports(ada, comment, reason="", words="Look at line two.")
    assert (refused.status_code, errors(refused)) == (422, ["Choose what is wrong with the comment."])
    assert "Look at line two." in refused.text
    response = ada.send(reason="private", words="Look at line two.")
    assert (response.status_code, response["Location"]) == (
        303,
        f"{reverse('comment_reported')}?on={comment.article.uid}",
    )
    thanks = ada.client.get(response["Location"]).text
    assert "Thank you" in thanks
    assert f'href="{comment.article.get_absolute_url()}#comments"' in thanks
    report = comment.reports.get()
    assert (report.reason, report.words) == ("private", "Look at line two.")


@pytest.mark.parametrize(
    "sent", [{"reason": "nonsense"}, {"reason": "\x00"}, {"words": "x" * 1_001}, {"words": "a\x00b"}]
)
def test_a_report_that_is_wrong_is_refused_in_words(comment, sent):
    response = reports(Reader(), comment, **sent)
    assert (response.status_code, len(errors(response))) == (422, 1)
    assert not comment.reports.exists()


def test_enough_reports_hide_it_and_the_last_reporter_is_still_thanked(comment, client):
    CommentSettings.objects.create(pk=1, hide_after_reports=2)
    ada, ben = Reader(), Reader()
    ben.client.defaults["REMOTE_ADDR"] = "203.0.113.9"
    reports(ada, comment)
    ada.send(reason="abuse")
    assert "A word." in client.get(comment.article.get_absolute_url()).text
    ben.open(reverse("comment_report", args=[comment.uid]))
    response = ben.send(reason="hate")
    assert ben.client.get(response["Location"]).status_code == 200
    assert "A word." not in client.get(comment.article.get_absolute_url()).text
    assert client.get(reverse("comment_report", args=[comment.uid])).status_code == 404


def test_whoever_clears_cookies_hides_nothing(comment):
    for _ in range(5):
        assert reports(Reader(), comment).status_code == 303
    comment.refresh_from_db()
    assert (comment.status, comment.open_reports) == ("public", 1)


def test_known_people_of_one_network_each_count(comment):
    for _ in range(3):
        reports(Reader().is_known_as(making.commenter()), comment)
    comment.refresh_from_db()
    assert comment.status == "held"


@pytest.mark.parametrize("name", ["comment_recommend", "comment_report"])
def test_what_is_hidden_meanwhile_cannot_be_answered_for(comment, name):
    ada = Reader()
    ada.open(reverse(name, args=[comment.uid]))
    moderation.hide(comment, None)
    assert ada.send(reason="abuse").status_code == 404
