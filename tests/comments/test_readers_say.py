"""Recommending and reporting, once per reader."""

import datetime as dt

import pytest
from django.core.management import call_command

from articles import publishing
from comments import moderation, readers
from comments.findings import Refused
from comments.models import Act, Comment, CommentSettings, Discussion
from foundation import clock
from tests import factories
from tests.comments import making

pytestmark = pytest.mark.django_db

Status = Comment.Status


@pytest.fixture
def comment():
    return making.public(factories.published())


def report(comment, number, reason="abuse"):
    return moderation.report(comment, f"reader {number}", reason, "Look at this")


# Recommending


def test_a_reader_recommends_once(comment):
    assert moderation.recommend(comment, "reader")
    assert not moderation.recommend(comment, "reader")
    assert moderation.recommend(comment, "another")
    assert Comment.objects.get().recommends == comment.recommends == 2


def test_a_recommendation_is_taken_back_once(comment):
    moderation.recommend(comment, "reader")
    assert moderation.unrecommend(comment, "reader")
    assert not moderation.unrecommend(comment, "reader")
    assert Comment.objects.get().recommends == 0


def test_nobody_recommends_an_own_comment(comment):
    with pytest.raises(Refused, match="your own"):
        moderation.recommend(comment, readers.key_of(comment.commenter))
    assert readers.key_of(comment.commenter) != readers.key_of(making.commenter())


def test_shown_numbers_follow_at_most_once_a_minute(comment, time_machine):
    time_machine.move_to(clock.now(), tick=False)
    moderation.recommend(comment, "first")
    changed_at = Discussion.objects.get().changed_at
    assert comment.recommends_shown == 1
    time_machine.shift(dt.timedelta(seconds=59))
    moderation.recommend(comment, "second")
    assert Comment.objects.get().recommends_shown == 1
    assert Discussion.objects.get().changed_at == changed_at
    time_machine.shift(dt.timedelta(seconds=1))
    moderation.recommend(comment, "third")
    assert Comment.objects.get().recommends_shown == comment.recommends_shown == 3
    assert Discussion.objects.get().changed_at > changed_at


def test_the_timer_shows_the_last_of_a_busy_minute(comment, time_machine, capsys):
    time_machine.move_to(clock.now(), tick=False)
    moderation.recommend(comment, "first")
    moderation.recommend(comment, "second")
    assert moderation.show_recommends() == 0
    time_machine.shift(dt.timedelta(minutes=1))
    call_command("show_recommends")
    assert capsys.readouterr().out == "1 discussions\n"
    assert Comment.objects.get().recommends_shown == 2
    assert moderation.show_recommends() == 0


def test_the_timer_asks_one_question_when_nothing_is_to_be_shown(comment, django_assert_num_queries):
    with django_assert_num_queries(1):
        moderation.show_recommends()


@pytest.mark.parametrize("spoil", ["hide", "withdraw article"])
def test_what_is_no_longer_read_is_neither_recommended_nor_reported(comment, spoil):
    if spoil == "hide":
        moderation.hide(comment, None)
    else:
        publishing.withdraw(comment.article, by=None)
    with pytest.raises(Refused):
        moderation.recommend(comment, "reader")
    with pytest.raises(Refused):
        report(comment, 1)


# Reporting


def test_enough_readers_hide_a_comment_until_somebody_looks(comment):
    assert [report(comment, number) for number in (1, 2)] == [True, True]
    assert comment.is_public
    assert list(Comment.objects.awaiting_moderation()) == [comment]
    assert report(comment, 3)
    assert comment.status == Status.HELD
    assert Discussion.objects.get().public_count == 0
    assert comment.acts.first().verb == Act.Verb.HOLD
    assert "3 readers" in comment.acts.first().said


def test_a_reader_counts_once_however_often(comment):
    CommentSettings.objects.create(pk=1, hide_after_reports=2)
    assert report(comment, 1)
    assert not report(comment, 1, reason="spam")
    assert comment.open_reports == 1
    assert Comment.objects.get().is_public


@pytest.mark.parametrize("verb", [moderation.keep, moderation.approve])
def test_a_comment_that_was_kept_is_not_hidden_again_by_the_same_reports(comment, verb):
    for number in (1, 2, 3):
        report(comment, number)
    verb(comment, None)
    assert comment.is_public
    assert comment.open_reports == 0
    assert not report(comment, 1)
    assert [report(comment, number) for number in (4, 5)] == [True, True]
    assert Comment.objects.get().is_public
    report(comment, 6)
    assert Comment.objects.get().status == Status.HELD


def test_keeping_settles_the_reports_of_a_comment_that_stayed_public(comment):
    report(comment, 1)
    moderation.keep(comment, None)
    moderation.keep(comment, None)
    assert not Comment.objects.awaiting_moderation().exists()
    assert comment.acts.filter(verb=Act.Verb.KEEP).count() == 1


def test_undoing_a_keep_opens_its_reports_again_and_no_older_ones(comment):
    report(comment, 1)
    moderation.keep(comment, None)
    for number in (2, 3, 4):
        report(comment, number)
    moderation.keep(comment, None)
    moderation.undo(comment.acts.first(), None)
    comment.refresh_from_db()
    assert (comment.status, comment.open_reports) == (Status.HELD, 3)


def test_what_reports_hid_is_kept_and_not_undone(comment):
    for number in (1, 2, 3):
        report(comment, number)
    with pytest.raises(Refused, match="Keep the comment"):
        moderation.undo(comment.acts.first(), None)


def test_keeping_needs_reports():
    with pytest.raises(Refused):
        moderation.keep(making.waiting(factories.published()), None)


def test_a_report_needs_a_reason_that_is_one(comment):
    with pytest.raises(Refused) as refusal:
        report(comment, 1, reason="boredom")
    assert refusal.value.field == "reason"
    with pytest.raises(Refused, match="withdraw"):
        moderation.report(comment, readers.key_of(comment.commenter), "spam", "")


def test_a_report_s_words_may_hold_anything(comment):
    moderation.report(comment, "reader", "other", "\x00" + "x" * 2000)
    assert comment.reports.get().words == "x" * 1000
