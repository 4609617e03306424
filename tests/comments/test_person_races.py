"""People who do things at the same instant, on the database where that is possible."""

import threading

import pytest
from django.db import connection, transaction
from django.test import RequestFactory

from accounts import codes
from accounts.models import User
from comments import confirming, counting, identity, letters, moderation, persons
from comments.findings import Refused
from comments.models import Comment, Commenter
from comments.moderation.locks import lock
from foundation import clock, links
from foundation.models import Letter
from tests import factories
from tests.comments import making
from tests.comments.test_races import wait_until_somebody_waits_for_a_lock
from tests.foundation.races import at_once

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer and no row locks"),
]
ADA = "ada@example.org"
MANY = 6


def test_one_address_becomes_one_person_and_one_account():
    assert at_once(*[lambda: identity.commenter_for(ADA, "Ada") for _ in range(MANY)]) == [None] * MANY
    assert Commenter.objects.count() == 1
    assert at_once(*[lambda: codes.person_at(ADA) for _ in range(MANY)]) == [None] * MANY
    assert User.objects.count() == 1


def test_pages_opened_at_once_link_one_person():
    user = codes.person_at(ADA)
    found = []

    def ask():
        request = RequestFactory().get("/comments/mine/")
        request.user = User.objects.get(pk=user.pk)
        found.append(identity.person_of(request))

    assert at_once(*[ask for _ in range(MANY)]) == [None] * MANY
    assert set(found) == {Commenter.objects.get(user=user)}


def test_a_letters_link_is_taken_once_however_often_it_is_pressed():
    comment = making.waiting(factories.published(), commenter=identity.commenter_for(ADA, "Ada"))
    token = confirming.token_for(comment)
    outcomes = at_once(*[lambda: confirming.confirm(token, RequestFactory().get("/")) for _ in range(MANY)])
    assert [type(outcome) for outcome in outcomes].count(links.LinkSpent) == MANY - 1
    assert outcomes.count(None) == 1
    assert Comment.objects.get().is_proven


def test_an_answer_told_by_several_workers_is_one_letter():
    person = identity.commenter_for(ADA, "Ada")
    Commenter.objects.update(confirmed_at=clock.now())
    own = making.public(factories.published(), commenter=person, is_proven=True, wants_replies=True)
    answer = making.public(own.article, parent=own)
    assert at_once(*[lambda: letters.tell.call(answer.pk) for _ in range(MANY)]) == [None] * MANY
    assert Letter.objects.filter(kind="comment-reply").count() == 1


def test_being_forgotten_while_moderators_decide_and_others_answer_leaves_true_counts():
    article, by = factories.published(), factories.editor()
    person = identity.commenter_for(ADA, "Ada")
    own = [making.waiting(article, commenter=person, is_proven=True) for _ in range(4)]
    public = making.public(article, commenter=person, is_proven=True)

    def approve(comment):
        moderation.approve(Comment.objects.get(pk=comment.pk), by)

    actions = [lambda comment=comment: approve(comment) for comment in own]
    actions += [lambda: persons.erase(Commenter.objects.get(pk=person.pk))]
    actions += [lambda: persons.show_backing(Commenter.objects.get(pk=person.pk), True)]
    actions += [lambda: making.waiting(article, parent=Comment.objects.get(pk=public.pk))]
    outcomes = at_once(*actions)
    assert [outcome for outcome in outcomes if not isinstance(outcome, Refused | None)] == []
    assert not Comment.objects.filter(commenter=person).exclude(source="").exists()
    assert not Comment.objects.public().filter(source="").exists()
    assert not counting.wrong().exists()


def lock_what_was_there(comments, *, commenters):
    """As a verb would that reads before it waits and never looks again."""
    return lock(comments=list(comments.values_list("pk", flat=True)), commenters=commenters)


@pytest.mark.parametrize("is_guarded", [True, False])
def test_what_is_written_while_its_writer_is_being_forgotten_goes_too(monkeypatch, is_guarded):
    if not is_guarded:
        monkeypatch.setattr(persons, "lock_all", lock_what_was_there)
    person = identity.commenter_for(ADA, "Ada")
    said = making.submission(factories.published(), commenter=person)
    is_written, somebody_waits = threading.Event(), threading.Event()

    @transaction.atomic
    def write():
        moderation.submit(said)
        is_written.set()
        assert somebody_waits.wait(30)

    def watch():
        wait_until_somebody_waits_for_a_lock()
        somebody_waits.set()

    def forget():
        is_written.wait(30)
        persons.erase(Commenter.objects.get(pk=person.pk))

    assert at_once(write, watch, forget) == [None] * 3
    assert (Comment.objects.get().source == "") is is_guarded


def test_what_is_sent_when_its_writer_has_just_been_forgotten_is_not_taken():
    person = identity.commenter_for(ADA, "Ada")
    said = making.submission(factories.published(), commenter=person)
    persons.erase(person)
    with pytest.raises(Refused, match="erased"):
        moderation.submit(said)
    assert not Comment.objects.exists()
