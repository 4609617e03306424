"""
Two moderators at the same moment. Proved on PostgreSQL, since SQLite has one writer; the last tests are the negative
controls: with the lock off the same races break.
"""

import contextlib
import threading
import uuid

import pytest
from django.db import connection
from django.db.models import QuerySet

from comments import digests, judging, mail_links
from comments.models import Act, Comment
from foundation.models import Letter
from tests import factories
from tests.comments import making
from tests.foundation.races import at_once

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer and no row locks"),
]


@pytest.fixture
def moderators():
    return [factories.member_of("Moderator", name=f"Moderator {number}") for number in range(6)]


@pytest.fixture
def comment():
    return making.waiting(factories.published())


def deciding(comment, by, verb, seen):
    return lambda: judging.decide(comment.pk, verb, by=by, seen=seen, batch=uuid.uuid4())


def decide_at_once(comment, moderators) -> list:
    seen, verbs = judging.seen(comment), ["approve", "reject", "spam"] * 2
    return at_once(*[deciding(comment, by, verb, seen) for by, verb in zip(moderators, verbs, strict=True)])


def test_one_of_many_decides_and_the_others_are_told(comment, moderators):
    outcomes = decide_at_once(comment, moderators)
    assert outcomes.count(None) == 1
    told = [outcome for outcome in outcomes if outcome]
    assert all(isinstance(outcome, judging.DecidedAlready) for outcome in told)
    winner = Comment.objects.get(pk=comment.pk).decided_by
    assert all(str(outcome).startswith(winner.name) for outcome in told)
    assert Act.objects.filter(comment=comment).count() == 1


def test_batches_over_the_same_comments_neither_block_nor_overwrite(moderators):
    article = factories.published()
    comments = [making.waiting(article) for _ in range(8)]
    seen = {comment.pk: judging.seen(comment) for comment in comments}

    def decide_all(by, verb, order):
        for each in order:
            with contextlib.suppress(judging.DecidedAlready):
                judging.decide(each.pk, verb, by=by, seen=seen[each.pk], batch=uuid.uuid4())

    one, two = moderators[:2]
    outcomes = at_once(
        lambda: decide_all(one, "approve", comments), lambda: decide_all(two, "spam", list(reversed(comments)))
    )
    assert outcomes == [None, None]
    assert Act.objects.filter(verb__in=["approve", "spam"]).count() == len(comments)


def test_one_button_pressed_many_times_is_one_act(comment, moderators):
    batch, seen = uuid.uuid4(), judging.seen(comment)
    press = lambda: judging.decide(comment.pk, "approve", by=moderators[0], seen=seen, batch=batch)  # noqa: E731
    assert at_once(*[press] * 6) == [None] * 6
    assert Act.objects.filter(comment=comment).count() == 1


def test_a_link_opened_in_many_places_decides_once(comment, moderators):
    token = mail_links.address(comment, "approve", moderators[0]).rstrip("/").rpartition("/")[2]
    outcomes = at_once(*[lambda: mail_links.follow(token)] * 6)
    assert outcomes.count(None) == 1
    assert all(isinstance(outcome, mail_links.NoLongerWorks) for outcome in outcomes if outcome)
    assert Act.objects.filter(comment=comment).count() == 1


def test_many_timers_write_one_letter_to_each(comment, moderators):
    assert at_once(*[digests.write_due] * 5) == [None] * 5
    letters = Letter.objects.filter(kind="moderation")
    assert sorted(letters.values_list("to", flat=True)) == sorted(user.email for user in moderators)


def test_a_ban_and_another_at_once_are_one(comment, moderators):
    def ban(by):
        judging.ban(comment.commenter_id, by=by, until=None, reason="Insults", batch=uuid.uuid4())

    outcomes = at_once(*[lambda by=by: ban(by) for by in moderators])
    assert outcomes.count(None) == 1
    assert Act.objects.filter(verb="ban").count() == 1


def test_without_the_lock_they_would_overwrite_each_other(comment, moderators, monkeypatch):
    """The control: all look before any decides, and then each believes to be the first."""
    together, looked = threading.Barrier(len(moderators), timeout=20), judging.is_as_seen

    def look_together(*args):
        found = looked(*args)
        together.wait()
        return found

    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self.all())
    monkeypatch.setattr(judging, "is_as_seen", look_together)
    assert decide_at_once(comment, moderators).count(None) > 1


def test_without_the_lock_many_timers_would_write_more(comment, moderators, monkeypatch):
    together, asked = threading.Barrier(5, timeout=20), digests._is_due

    def ask_together(*args):
        found = asked(*args)
        together.wait()
        return found

    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self.all())
    monkeypatch.setattr(digests, "_is_due", ask_together)
    assert at_once(*[digests.write_due] * 5) == [None] * 5
    assert Letter.objects.filter(kind="moderation").count() > len(moderators)
