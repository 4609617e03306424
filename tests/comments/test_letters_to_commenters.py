"""What commenters are mailed, and above all what they are not."""

import datetime as dt

import pytest
from django.core import mail
from django.test import Client
from django_tasks_db.models import DBTaskResult

from comments import identity, letters, moderation, stopping
from comments.models import Commenter, Mute
from foundation import clock
from foundation import letters as foundation_letters
from foundation.models import Letter
from tests import factories
from tests.comments import making

pytestmark = pytest.mark.django_db
ADA, EVE = "ada@example.org", "eve@example.org"


@pytest.fixture
def article():
    return factories.published(headline="Bridges")


def person(email=ADA, **fields) -> Commenter:
    found = identity.commenter_for(email, email.partition("@")[0].title())
    for name, value in {"confirmed_at": clock.now(), **fields}.items():
        setattr(found, name, value)
    found.save()
    return found


@pytest.fixture
def own(article):
    return making.public(article, commenter=person(), is_proven=True, wants_replies=True)


def answer_to(comment, email=EVE, **fields):
    fields.setdefault("commenter", person(email))
    return making.public(comment.article, parent=comment, **{"source": "I *see*.", "is_proven": True, **fields})


def replies() -> list[str]:
    return list(Letter.objects.filter(kind="comment-reply").values_list("to", flat=True))


def told_of(comment) -> list[str]:
    letters.tell.call(comment.pk)
    return replies()


def test_who_was_answered_is_told_what_was_said_and_how_to_hear_no_more(own):
    answer = answer_to(own)
    assert told_of(answer) == [ADA]
    letter = Letter.objects.get(kind="comment-reply")
    assert letter.subject == "Eve answered you under “Bridges”"
    assert "I *see*." in letter.text
    assert f"/comments/{answer.uid}/" in letter.text
    assert EVE not in letter.text + letter.html
    message = foundation_letters.message(letter)
    assert message.extra_headers["List-Unsubscribe"] == f"<{letter.stop_url}>"
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter.stop_url in letter.text
    assert letter.stop_url.startswith("http://testserver/comments/letters/")


def test_words_of_others_are_written_as_words_into_the_letter(own):
    answer = answer_to(own, name="Eve & Co", source="<img src=x onerror=alert(1)> & more")
    told_of(answer)
    assert "<img" not in Letter.objects.get(kind="comment-reply").html


def test_a_waiting_answer_is_told_to_nobody_until_it_is_approved(own, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        waits = making.waiting(own.article, parent=own, commenter=person(EVE), is_proven=True)
    assert told_of(waits) == []
    assert not DBTaskResult.objects.filter(task_path="comments.letters.tell").exists()
    with django_capture_on_commit_callbacks(execute=True):
        moderation.approve(waits, None)
    assert DBTaskResult.objects.filter(task_path="comments.letters.tell").count() == 1
    assert told_of(waits) == [ADA]


def test_one_answer_brings_one_letter_however_often_it_is_told(own):
    answer = answer_to(own)
    assert [told_of(answer), told_of(answer)] == [[ADA], [ADA]]
    assert told_of(answer_to(own)) == [ADA, ADA]


@pytest.mark.parametrize(
    "why",
    ["own words", "did not ask", "not proven", "not confirmed", "stopped", "banned", "erased", "muted", "withdrawn"]
    + ["old", "article gone"],
)
def test_who_should_not_be_told_is_not(own, why):
    answer = answer_to(own, commenter=own.commenter if why == "own words" else person(EVE))
    if why == "did not ask":
        own.wants_replies = False
    elif why == "not proven":
        own.is_proven = False
    elif why == "withdrawn":
        moderation.withdraw(own, own.commenter)
    own.save()
    changes = {
        "not confirmed": {"confirmed_at": None},
        "stopped": {"mails_stopped_at": clock.now()},
        "banned": {"banned_at": clock.now()},
        "erased": {"email": "", "folded_email": None},
    }
    Commenter.objects.filter(pk=own.commenter_id).update(**changes.get(why, {"always_waits": False}))
    if why == "muted":
        Mute.objects.create(commenter=own.commenter, root=own)
    elif why == "old":
        type(answer).objects.filter(pk=answer.pk).update(published_at=clock.now() - dt.timedelta(days=31))
    elif why == "article gone":
        type(own.article).objects.filter(pk=own.article_id).update(status="withdrawn")
    assert told_of(answer) == []


def test_an_answer_hidden_again_is_told_to_nobody(own, django_capture_on_commit_callbacks):
    answer = answer_to(own)
    moderation.hide(answer, None)
    assert told_of(answer) == []


def test_a_letter_that_has_not_left_is_taken_back_when_its_comment_goes(own, django_capture_on_commit_callbacks):
    answer = answer_to(own)
    assert told_of(answer) == [ADA]
    with django_capture_on_commit_callbacks(execute=True):
        moderation.hide(answer, None)
    assert replies() == []
    with django_capture_on_commit_callbacks(execute=True):
        moderation.approve(answer, None)
    assert told_of(answer) == [ADA]


def test_a_letter_that_has_left_is_not_sent_again_when_its_comment_comes_back(own, django_capture_on_commit_callbacks):
    answer = answer_to(own)
    told_of(answer)
    Letter.objects.update(sent_at=clock.now())
    with django_capture_on_commit_callbacks(execute=True):
        moderation.hide(answer, None)
        moderation.approve(answer, None)
    assert told_of(answer) == [ADA]


def test_a_letter_in_a_workers_hand_leaves_its_key_taken(own):
    told_of(answer := answer_to(own))
    Letter.objects.update(taken_until=clock.real_now() + dt.timedelta(minutes=5))
    assert foundation_letters.take_back(f"public comment {answer.uid}") == 1
    assert Letter.objects.get(kind="comment-reply").to == ""
    assert told_of(answer) == [""]


def test_who_had_to_wait_and_asked_for_mail_is_told_that_it_appeared(article):
    for wants, waited in [(True, True), (False, True), (True, False)]:
        writer = person(f"a{wants}{waited}@example.org")
        if not waited:
            making.public(article, commenter=writer, is_proven=True)
        comment = making.waiting(article, commenter=writer, is_proven=True, wants_replies=wants)
        if waited:
            moderation.approve(comment, None)
        assert comment.status == "public"
        letters.tell.call(comment.pk)
    assert [letter.to for letter in Letter.objects.filter(kind="comment-approved")] == ["aTrueTrue@example.org"]


def test_an_answer_that_nobody_was_told_of_is_found_within_the_hour(own):
    answer = answer_to(own)
    for minutes, found in [(1, 0), (90, 0), (20, 1), (20, 0)]:
        type(answer).objects.filter(pk=answer.pk).update(published_at=clock.now() - dt.timedelta(minutes=minutes))
        type(own).objects.filter(pk=own.pk).update(published_at=clock.now() - dt.timedelta(days=1))
        assert letters.tell_again() == found
    assert replies() == [ADA]


def stop_address(own) -> str:
    return stopping.address(own.commenter, own).removeprefix("http://testserver")


def test_the_mail_programs_own_button_stops_everything_by_one_post(own):
    stranger = Client(enforce_csrf_checks=True)
    address = stop_address(own)
    assert "Less mail about comments?" in stranger.get(address).text
    assert told_of(answer_to(own)) == [ADA]
    assert stranger.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert told_of(answer_to(own)) == [ADA]
    own.commenter.refresh_from_db()
    assert own.commenter.mails_stopped_at


def test_muting_a_thread_leaves_the_others(own):
    other = making.public(own.article, commenter=own.commenter, is_proven=True, wants_replies=True)
    client = Client()
    assert "This thread is muted" in client.post(stop_address(own), {"act": "mute"}).text
    assert told_of(answer_to(own)) == []
    assert told_of(answer_to(other)) == [ADA]
    client.post(stop_address(own), {"act": "unmute"})
    assert told_of(answer_to(own)) == [ADA, ADA]


def test_stopping_can_be_taken_back(own):
    client = Client()
    client.post(stop_address(own), {"act": "stop"})
    assert "Mail comes again" in client.post(stop_address(own), {"act": "resume"}).text
    assert told_of(answer_to(own)) == [ADA]


@pytest.mark.parametrize("token", ["x", "a:b:c", "x" * 3000])
def test_a_forged_link_stops_nothing(own, token):
    assert Client().post(f"/comments/letters/{token}/").status_code == 404
    assert told_of(answer_to(own)) == [ADA]


def test_a_link_of_somebody_erased_is_answered_and_does_nothing(own):
    address = stop_address(own)
    Commenter.objects.filter(pk=own.commenter_id).update(erased_at=clock.now())
    assert Client().post(address).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_an_answer_is_mailed_by_the_worker_once(run_tasks, article):
    own = making.public(article, commenter=person(), is_proven=True, wants_replies=True)
    answer_to(own)
    run_tasks()
    run_tasks()
    letters.tell.enqueue(own.replies.get().pk)
    run_tasks()
    told = [(message.to, message.subject) for message in mail.outbox]
    assert told == [
        ([ADA], "Your comment under “Bridges” has appeared"),
        ([ADA], "Eve answered you under “Bridges”"),
    ]
