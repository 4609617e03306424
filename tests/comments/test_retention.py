"""What is dropped when it has been kept long enough, and what is not."""

import datetime as dt

import pytest
import time_machine
from django.core.management import call_command

from comments import moderation, networks, retention, screening
from comments.models import Act, Comment, Commenter
from foundation import clock
from tests import factories
from tests.comments import making

SPAM = [screening.Finding("words", "x", is_spam=True)]
DAY = dt.timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return factories.published(at=clock.now() - 90 * DAY)


def after(days):
    return time_machine.travel(clock.now() + days * DAY, tick=False)


def prune():
    call_command("prune_comments", verbosity=0, stdout=None)


def is_there(row) -> bool:
    return type(row).objects.filter(pk=row.pk).exists()


def test_digests_of_addresses_are_emptied_after_their_time_and_not_before(article):
    network, around, until = networks.digests("203.0.113.9")
    kept = {"network_digest": network, "neighbourhood_digest": around, "network_kept_until": until}
    comment = making.public(article, **kept)
    with after(29):
        assert retention.empty_networks() == 0
    with after(31):
        assert retention.empty_networks() == 1
        assert retention.empty_networks() == 0
    comment.refresh_from_db()
    assert (comment.network_digest, comment.neighbourhood_digest, comment.network_kept_until) == ("", "", None)
    assert comment.is_public


def test_suspected_spam_is_kept_for_thirty_days_and_then_goes_with_its_person(article):
    spam = making.waiting(article, suspicions=SPAM)
    assert spam.status == "spam"
    with after(29):
        assert retention.delete_spam() == (0, 0)
        assert is_there(spam)
    with after(31):
        assert retention.delete_spam() == (1, 1)
    assert not is_there(spam)
    assert not is_there(spam.commenter)


def test_what_a_moderator_released_or_only_waits_or_was_rejected_stays(article, editor):
    released = making.waiting(article, suspicions=SPAM)
    moderation.approve(released, editor)
    waiting, rejected = making.waiting(article), making.waiting(article)
    moderation.reject(rejected, editor)
    with after(400):
        assert retention.delete_spam() == (0, 0)
    assert all(map(is_there, (released, waiting, rejected)))


def test_the_thirty_days_begin_anew_when_a_moderator_calls_it_spam(article, editor):
    spam = making.waiting(article, suspicions=SPAM)
    with after(20):
        moderation.mark_spam(spam, editor)
    with after(40):
        assert retention.delete_spam() == (0, 0)
    with after(51):
        assert retention.delete_spam() == (1, 1) or not is_there(spam)
    assert not is_there(spam)


@pytest.mark.parametrize(
    "fields",
    [
        {"confirmed_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)},
        {"banned_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)},
        {"mails_stopped_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)},
        {"always_waits": True},
    ],
)
def test_a_person_of_whom_something_is_known_outlasts_their_spam(article, fields):
    spam = making.waiting(article, suspicions=SPAM)
    Commenter.objects.filter(pk=spam.commenter_id).update(**fields)
    with after(31):
        assert retention.delete_spam() == (1, 0)
    assert is_there(spam.commenter)


def test_an_address_whose_only_comment_was_refused_goes_after_the_same_time():
    typed, known = making.commenter(), making.commenter(confirmed_at=clock.now())
    with after(29):
        assert retention.delete_spam() == (0, 0)
    with after(31):
        assert retention.delete_spam() == (0, 1)
    assert (is_there(typed), is_there(known)) == (False, True)


def test_a_person_with_another_comment_stays(article):
    spam = making.waiting(article, suspicions=SPAM)
    other = making.waiting(article, commenter=spam.commenter)
    with after(31):
        assert retention.delete_spam() == (1, 0)
    assert is_there(other)


def test_spam_that_was_answered_keeps_the_answers_in_their_place(article, editor):
    spam = making.public(article)
    answer = making.public(article, parent=spam)
    moderation.mark_spam(spam, editor)
    with after(60):
        assert retention.delete_spam() == (0, 0)
    answer.refresh_from_db()
    assert answer.parent_id == spam.pk


def test_a_whole_thread_of_spam_goes_from_its_ends_to_its_root(article, editor):
    root = making.public(article)
    rows = [root]
    for _depth in range(3):
        rows.append(making.public(article, parent=rows[-1]))
    for row in rows:
        moderation.mark_spam(row, editor)
    with after(60):
        comments, _people = retention.delete_spam()
    assert comments == 4
    assert not Comment.objects.exists()


def test_more_spam_than_is_deleted_at_once_goes_all(article, monkeypatch):
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    for _number in range(5):
        making.waiting(article, suspicions=SPAM)
    with after(31):
        assert retention.delete_spam() == (5, 5)


def test_counts_and_other_articles_are_untouched_and_the_command_may_be_repeated(article, editor):
    kept = making.public(article)
    making.waiting(article, suspicions=SPAM)
    article.discussion.refresh_from_db()
    before = article.discussion.public_count
    with after(31):
        call_command("prune_comments")
        call_command("prune_comments")
    article.discussion.refresh_from_db()
    assert (article.discussion.public_count, before) == (1, 1)
    assert is_there(kept)
    assert Act.objects.filter(comment=kept).exists()


def test_the_timer_runs_the_command_once_a_day():
    from foundation import timers

    assert timers._timers["prune_comments"].every == DAY
