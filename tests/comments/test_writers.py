"""Editing and withdrawing what one wrote."""

import datetime as dt

import pytest

from articles import publishing
from comments import moderation
from comments.findings import Finding, Refused
from comments.models import Comment, CommentSettings, Discussion, Mode
from foundation import clock
from tests import factories
from tests.comments import making

pytestmark = pytest.mark.django_db

Status = Comment.Status


def site(**rules):
    return CommentSettings.objects.update_or_create(pk=1, defaults=rules)[0]


def by_a_trusted_person(**fields):
    """Public by trust that another comment earned."""
    return making.waiting(factories.published(), commenter=making.trusted(), is_proven=True, **fields)


def edit(comment, source="Other words", **fields):
    return moderation.edit(comment, source, **{"by_commenter": comment.commenter, **fields})


def test_an_edit_keeps_what_was_said_before_and_shows_its_time():
    comment = by_a_trusted_person(source="First **words**")
    edit(comment, "Second *words*")
    row = Comment.objects.get(pk=comment.pk)
    assert row.is_public
    assert row.edited_at is not None
    assert "<em>words</em>" in row.body_html
    assert [revision.source for revision in row.revisions.all()] == ["First **words**"]


def test_an_edit_that_changes_nothing_leaves_no_mark():
    comment = by_a_trusted_person(source="Words")
    edit(comment, " Words ")
    assert comment.edited_at is None
    assert not comment.acts.exists()


@pytest.mark.parametrize(("is_spam", "expected"), [(False, Status.PENDING), (True, Status.SPAM)])
def test_an_edit_that_a_layer_finds_fault_with_waits_again(is_spam, expected):
    comment = by_a_trusted_person()
    edit(comment, suspicions=[Finding("links", "4 links", is_spam)])
    assert comment.status == expected
    assert comment.suspicions.count() == 1
    assert Discussion.objects.get(pk=comment.article_id).public_count == 0


def test_a_first_comment_does_not_vouch_for_its_own_edit():
    """Harmless words are approved, then others put in their place."""
    comment = making.public(factories.published(), is_proven=True)
    edit(comment, "Buy my watches")
    assert comment.status == Status.PENDING


def test_where_everything_waits_an_edit_waits_too():
    comment = by_a_trusted_person()
    site(mode=Mode.ALL_WAIT)
    edit(comment)
    assert comment.status == Status.PENDING


def test_an_edit_frees_nothing_that_waits():
    comment = making.waiting(
        factories.published(),
        commenter=making.trusted(),
        is_proven=True,
        suspicions=[Finding("words", "a word", is_spam=True)],
    )
    edit(comment, "Nothing to find here")
    assert comment.status == Status.SPAM
    waiting = making.waiting(factories.published(), commenter=making.trusted())
    edit(waiting, "Nothing to find here")
    assert waiting.status == Status.PENDING


def test_somebody_banned_edits_nothing_and_may_withdraw():
    comment = by_a_trusted_person()
    moderation.ban_person(comment.commenter, None, reason="Threats")
    with pytest.raises(Refused, match="cannot comment"):
        edit(comment)
    assert moderation.withdraw(comment, comment.commenter).status == Status.WITHDRAWN


@pytest.mark.parametrize("source", ["", "x" * 5001, "a\u202eb", "Z" + "\u0301" * 30])
def test_an_edit_is_held_to_what_a_comment_is_held_to(source):
    comment = by_a_trusted_person(source="Words")
    with pytest.raises(Refused) as refusal:
        edit(comment, source)
    assert refusal.value.field == "source"
    assert Comment.objects.get(pk=comment.pk).source == "Words"


def test_nobody_else_edits_or_withdraws():
    comment = by_a_trusted_person()
    with pytest.raises(Refused, match="Only its author"):
        edit(comment, by_commenter=making.commenter())
    with pytest.raises(Refused, match="Only its author"):
        moderation.withdraw(comment, making.commenter())


def test_the_time_for_editing_ends(time_machine):
    comment = by_a_trusted_person()
    time_machine.move_to(comment.posted_at + dt.timedelta(minutes=9, seconds=59), tick=False)
    edit(comment, "Just in time")
    time_machine.move_to(comment.posted_at + dt.timedelta(minutes=10), tick=False)
    with pytest.raises(Refused, match="10 minutes"):
        edit(comment, "Too late")
    site(edit_minutes=11)
    edit(comment, "In time after all")
    site(edit_minutes=0)
    with pytest.raises(Refused, match="cannot be edited here"):
        edit(comment, "Never")


def test_an_answer_ends_editing_unless_the_site_says_otherwise():
    comment = by_a_trusted_person()
    waiting = making.waiting(comment.article, parent=comment)
    edit(comment, "Nobody has read an answer yet")
    moderation.approve(waiting, None)
    with pytest.raises(Refused, match="answered"):
        edit(comment, "Moving the goalposts")
    site(edit_after_reply=True)
    edit(comment, "As the site allows")


@pytest.mark.parametrize("verb", [moderation.hide, moderation.reject, moderation.mark_spam, moderation.remove])
def test_what_a_moderator_took_away_is_not_edited(verb):
    comment = by_a_trusted_person()
    verb(comment, None)
    with pytest.raises(Refused):
        edit(comment)


def test_what_readers_reported_is_not_edited_away():
    comment = by_a_trusted_person()
    for number in range(3):
        moderation.report(comment, f"reader {number}", "abuse", "")
    with pytest.raises(Refused, match="reported"):
        edit(comment)


@pytest.mark.parametrize("close", ["comments", "article"])
def test_nothing_is_edited_where_comments_are_closed(close):
    comment = by_a_trusted_person()
    if close == "comments":
        site(mode=Mode.CLOSED)
    else:
        publishing.withdraw(comment.article, by=None)
    with pytest.raises(Refused):
        edit(comment)


def test_a_comment_is_withdrawn_once_and_leaves_its_answers():
    comment = by_a_trusted_person()
    making.public(comment.article, parent=comment)
    moderation.withdraw(comment, comment.commenter)
    moderation.withdraw(comment, comment.commenter)
    assert comment.acts.count() == 1
    assert comment.source
    assert Discussion.objects.get(pk=comment.article_id).public_count == 1


def test_what_a_court_had_removed_is_not_withdrawn():
    comment = by_a_trusted_person()
    moderation.remove(comment, None)
    with pytest.raises(Refused, match="removed already"):
        moderation.withdraw(comment, comment.commenter)


def test_the_edit_of_somebody_who_always_waits_waits():
    comment = by_a_trusted_person()
    moderation.wait_always(comment.commenter, None)
    edit(comment)
    assert comment.status == Status.PENDING
    assert comment.published_at <= clock.now()
