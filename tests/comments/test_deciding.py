"""What moderators do, and how it is taken back."""

import datetime as dt
import uuid

import pytest

from comments import moderation
from comments.findings import Refused
from comments.models import Act, Comment, Discussion
from foundation import clock
from tests import factories
from tests.comments import making

pytestmark = pytest.mark.django_db

Status = Comment.Status
VERBS = {
    moderation.approve: Status.PUBLIC,
    moderation.reject: Status.REJECTED,
    moderation.mark_spam: Status.SPAM,
    moderation.hide: Status.HIDDEN,
    moderation.remove: Status.REMOVED,
}
decisions = pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.__name__)


@pytest.fixture
def moderator():
    return factories.editor(name="Mo")


def fresh(comment):
    return Comment.objects.get(pk=comment.pk)


def count_of(comment):
    return Discussion.objects.get(pk=comment.article_id).public_count


def live_acts(comment):
    return [act.verb for act in comment.acts.filter(undone_at=None).exclude(verb=Act.Verb.UNDO)]


@decisions
@pytest.mark.parametrize("begin", [making.waiting, making.public])
def test_a_decision_is_remembered_with_who_and_when(verb, begin, moderator):
    comment = begin(factories.published())
    if begin is making.public and verb is moderation.approve:
        return
    verb(comment, moderator, said="Because", batch=uuid.uuid4())
    row = fresh(comment)
    assert row.status == comment.status == VERBS[verb]
    assert row.decided_by == moderator
    assert row.decided_at is not None
    assert count_of(row) == (row.status == Status.PUBLIC)
    assert (row.acts.first().by, row.acts.first().said) == (moderator, "Because")


@decisions
def test_a_decision_repeated_does_nothing(verb, moderator):
    comment = making.waiting(factories.published())
    verb(comment, moderator)
    verb(fresh(comment), moderator)
    assert len(live_acts(comment)) == 1


@decisions
@pytest.mark.parametrize("begin", [making.waiting, making.public])
def test_undo_leaves_the_comment_as_it_was(verb, begin, moderator):
    comment = begin(factories.published())
    before, count = fresh(comment), count_of(comment)
    verb(comment, moderator)
    act = comment.acts.first()
    moderation.undo(act, moderator)
    row = fresh(comment)
    state = ("source", "body_html", "edited_at", "open_reports")
    assert [getattr(row, name) for name in state] == [getattr(before, name) for name in state]
    if not (begin is making.public and verb is moderation.approve):
        assert (row.status, row.decided_by, count_of(row)) == (before.status, before.decided_by, count)
    assert moderation.undo(act, moderator) == []


def test_suspected_spam_can_be_released():
    finding = moderation.Finding("honeypot", "filled in", is_spam=True)
    comment = making.waiting(factories.published(), suspicions=[finding])
    assert moderation.approve(comment, None).is_public


def test_a_person_who_calls_suspected_spam_spam_has_decided(moderator):
    finding = moderation.Finding("honeypot", "filled in", is_spam=True)
    comment = making.waiting(factories.published(), suspicions=[finding])
    assert comment.decided_at is None
    moderation.mark_spam(comment, moderator)
    assert comment.decided_by == moderator
    assert live_acts(comment) == [Act.Verb.SPAM]


@pytest.mark.parametrize("verb", [moderation.approve, moderation.reject, moderation.hide, moderation.mark_spam])
def test_what_its_author_withdrew_stays_withdrawn(verb):
    comment = making.public(factories.published())
    moderation.withdraw(comment, comment.commenter)
    with pytest.raises(Refused, match="withdrawn"):
        verb(comment, None)
    assert fresh(comment).status == Status.WITHDRAWN


def test_what_a_court_wants_gone_comes_back_by_undo_alone(moderator):
    comment = making.public(factories.published())
    moderation.remove(comment, moderator)
    with pytest.raises(Refused, match="legal reasons"):
        moderation.approve(comment, moderator)
    moderation.undo(comment.acts.first(), moderator)
    assert fresh(comment).is_public


def test_undo_is_refused_when_something_later_stands_on_it(moderator):
    comment = making.waiting(factories.published())
    moderation.approve(comment, moderator)
    first = comment.acts.first()
    moderation.hide(comment, moderator)
    second = comment.acts.first()
    with pytest.raises(Refused, match="hidden later"):
        moderation.undo(first, moderator)
    moderation.undo(second, moderator)
    moderation.undo(first, moderator)
    assert fresh(comment).status == Status.PENDING


def test_an_edit_stands_in_the_way_of_undo(moderator):
    comment = making.public(factories.published())
    moderation.edit(comment, "Better words", by_commenter=comment.commenter)
    with pytest.raises(Refused, match="edited later"):
        moderation.undo(comment.acts.filter(verb="approve").get(), moderator)


@pytest.mark.parametrize("verb", ["edit", "withdraw"])
def test_what_an_author_did_is_undone_by_nobody_else(verb, moderator):
    comment = making.public(factories.published())
    if verb == "edit":
        moderation.edit(comment, "Other words", by_commenter=comment.commenter)
    else:
        moderation.withdraw(comment, comment.commenter)
    with pytest.raises(Refused, match="author"):
        moderation.undo(comment.acts.first(), moderator)


def test_undoing_nothing_and_undoing_an_undo_are_refused(moderator):
    with pytest.raises(Refused, match="nothing to undo"):
        moderation.undo(uuid.uuid4(), moderator)
    comment = making.public(factories.published())
    moderation.undo(comment.acts.first(), moderator)
    with pytest.raises(Refused, match="Do again"):
        moderation.undo(comment.acts.first(), moderator)


# Many at once


def test_a_batch_is_undone_together(moderator):
    article = factories.published()
    comments = [making.public(article) for _ in range(3)] + [making.public(factories.published())]
    outcome = moderation.in_batch(moderation.hide, comments, moderator)
    moderation.ban_person(comments[0].commenter, moderator, reason="Threats", batch=outcome.batch)
    assert count_of(comments[0]) == 0
    assert len(moderation.undo(outcome.batch, moderator)) == 5
    assert all(fresh(comment).is_public for comment in comments)
    assert (count_of(comments[0]), count_of(comments[3])) == (3, 1)
    comments[0].commenter.refresh_from_db()
    assert not comments[0].commenter.is_banned
    assert moderation.undo(outcome.batch, moderator) == []


def test_a_batch_is_undone_whole_or_not_at_all(moderator):
    article = factories.published()
    comments = [making.public(article) for _ in range(3)]
    outcome = moderation.in_batch(moderation.hide, comments, moderator)
    moderation.approve(comments[1], moderator)
    with pytest.raises(Refused):
        moderation.undo(outcome.batch, moderator)
    assert [fresh(comment).status for comment in comments] == [Status.HIDDEN, Status.PUBLIC, Status.HIDDEN]
    assert count_of(comments[0]) == 1


def test_one_that_may_not_be_changed_holds_up_no_other(moderator):
    article = factories.published()
    comments = [making.public(article) for _ in range(3)]
    moderation.withdraw(comments[1], comments[1].commenter)
    outcome = moderation.in_batch(moderation.hide, comments, moderator)
    assert outcome.done == [comments[0], comments[2]]
    assert [comment for comment, _why in outcome.refused] == [comments[1]]


# People


def test_a_ban_is_remembered_with_its_reason_and_undone(moderator):
    person = making.commenter()
    until = clock.now() + dt.timedelta(days=3)
    moderation.ban_person(person, moderator, until=until, reason=" Threats ")
    moderation.ban_person(person, moderator, until=until, reason="Threats")
    assert person.is_banned
    act = person.acts.get()
    assert (act.said, act.by) == ("Threats", moderator)
    moderation.ban_person(person, moderator, reason="Worse threats")
    with pytest.raises(Refused, match="later"):
        moderation.undo(act, moderator)
    moderation.undo(person.acts.first(), moderator)
    person.refresh_from_db()
    assert (person.banned_until, person.ban_reason) == (until, "Threats")
    moderation.undo(act, moderator)
    person.refresh_from_db()
    assert (person.banned_at, person.banned_until, person.ban_reason) == (None, None, "")


def test_lifting_a_ban_is_undone_as_well(moderator):
    person = making.commenter()
    moderation.ban_person(person, moderator, reason="Threats")
    moderation.unban(person, moderator)
    moderation.unban(person, moderator)
    assert not person.is_banned
    moderation.undo(person.acts.first(), moderator)
    person.refresh_from_db()
    assert person.is_banned


def test_waiting_always_and_a_ban_are_undone_apart(moderator):
    person = making.commenter()
    moderation.wait_always(person, moderator)
    moderation.wait_always(person, moderator)
    act = person.acts.get()
    moderation.ban_person(person, moderator, reason="Threats")
    moderation.undo(act, moderator)
    person.refresh_from_db()
    assert (person.always_waits, person.is_banned) == (False, True)


@pytest.mark.parametrize(
    ("fields", "field"), [({"reason": "  "}, "reason"), ({"reason": "x", "until": dt.timedelta(minutes=-1)}, "until")]
)
def test_a_ban_needs_a_reason_and_an_end_that_comes(fields, field):
    if "until" in fields:
        fields = {**fields, "until": clock.now() + fields["until"]}
    person = making.commenter()
    with pytest.raises(Refused) as refusal:
        moderation.ban_person(person, None, **fields)
    assert refusal.value.field == field
    assert not person.acts.exists()


def test_nobody_who_works_here_is_banned(moderator):
    with pytest.raises(Refused, match="works here"):
        moderation.ban_person(making.commenter(user=moderator), None, reason="A joke")
