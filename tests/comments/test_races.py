"""
Readers and moderators at the same moment. SQLite has one writer and no row locks, so these are proved on PostgreSQL;
the last tests are the negative controls: without the locks the same races lose counts, or block each other.
"""

import threading
import uuid

import pytest
from django.db import OperationalError, connection, transaction

from articles import takedown
from comments import counting, moderation
from comments.findings import Refused
from comments.models import Act, Comment, Commenter, CommentSettings, Discussion, Mode
from comments.moderation.locks import lock
from tests import factories
from tests.comments import making
from tests.foundation.races import at_once, wait_until_somebody_waits_for_a_lock

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer and no row locks"),
]


@pytest.fixture
def article():
    CommentSettings.objects.create(pk=1, mode=Mode.NONE_WAITS)
    return factories.published()


def fresh(comment):
    return Comment.objects.get(pk=comment.pk)


def assert_counts_hold():
    assert not counting.wrong().exists()
    assert counting.recount_recommendations() == 0


def test_comments_sent_at_once_are_all_counted(article):
    writers = [making.commenter() for _ in range(8)]
    outcomes = at_once(*[lambda person=person: making.waiting(article, commenter=person) for person in writers])
    assert outcomes == [None] * 8
    assert Discussion.objects.get().public_count == 8


def test_a_form_sent_twice_at_once_is_one_comment(article):
    said = making.submission(article)
    assert at_once(*[lambda: moderation.submit(said)] * 4) == [None] * 4
    assert Comment.objects.count() == 1
    assert_counts_hold()


def test_a_form_made_up_for_two_articles_at_once_is_a_comment_under_each(article):
    other, number = factories.published(), uuid.uuid4()
    writers = [making.commenter(), making.commenter()]
    said = [
        making.submission(where, commenter=writer, submission=number, source=f"About {where.pk}")
        for where, writer in zip([article, other], writers, strict=True)
    ]
    is_written, somebody_waits = threading.Event(), threading.Event()

    @transaction.atomic
    def first():
        moderation.submit(said[0])
        is_written.set()
        assert somebody_waits.wait(30)

    def watch():  # from outside: within a transaction the same picture is given again and again
        wait_until_somebody_waits_for_a_lock()
        somebody_waits.set()

    def second():  # has looked for the form before the first one is there to be seen
        is_written.wait(30)
        moderation.submit(said[1])

    assert at_once(first, second, watch) == [None] * 3
    assert {(comment.article, comment.source) for comment in Comment.objects.all()} == {
        (where, f"About {where.pk}") for where in (article, other)
    }
    assert_counts_hold()


def test_a_comment_decided_by_many_at_once_is_decided_by_each_in_turn(article):
    comment = making.waiting(article)
    verbs = [moderation.hide, moderation.approve, moderation.mark_spam, moderation.reject] * 2
    assert at_once(*[lambda verb=verb: verb(fresh(comment), None) for verb in verbs]) == [None] * 8
    acts = list(Act.objects.order_by("pk"))
    for earlier, later in zip(acts, acts[1:], strict=False):
        assert later.before["status"] == earlier.before["became"]
    assert fresh(comment).status == acts[-1].before["became"]
    assert_counts_hold()


def test_a_decision_made_twice_at_once_is_one_act(article):
    comment = making.waiting(article)
    assert at_once(*[lambda: moderation.hide(fresh(comment), None)] * 4) == [None] * 4
    assert Act.objects.count() == 1


def test_an_act_undone_twice_at_once_is_undone_once(article):
    comment = making.waiting(article)
    moderation.hide(comment, None)
    act = Act.objects.get()
    assert at_once(*[lambda: moderation.undo(Act.objects.get(pk=act.pk), None)] * 4) == [None] * 4
    assert Act.objects.filter(verb=Act.Verb.UNDO).count() == 1
    assert_counts_hold()


def test_a_reader_who_presses_twice_recommends_and_reports_once(article):
    comment = making.waiting(article)
    assert (
        at_once(
            *[lambda: moderation.recommend(fresh(comment), "reader")] * 4,
            *[lambda: moderation.report(fresh(comment), "reader", "abuse", "")] * 4,
        )
        == [None] * 8
    )
    row = fresh(comment)
    assert (row.recommends, row.open_reports) == (1, 1)


def test_readers_who_report_at_once_hide_a_comment_once(article):
    comment = making.waiting(article)
    readers = [f"reader {number}" for number in range(8)]
    outcomes = at_once(*[lambda r=r: moderation.report(fresh(comment), r, "abuse", "") for r in readers])
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 5
    assert Act.objects.filter(verb=Act.Verb.HOLD).count() == 1
    assert fresh(comment).status == Comment.Status.HELD
    assert_counts_hold()


def test_nobody_slips_in_an_answer_while_its_parent_is_hidden(article):
    for _ in range(5):
        parent = making.waiting(article)
        _hidden, outcome = at_once(
            lambda parent=parent: moderation.hide(fresh(parent), None),
            lambda parent=parent: making.waiting(article, parent=parent),
        )
        answers = Comment.objects.filter(parent=parent)
        hidden_at = Act.objects.get(comment=parent).happened_at
        assert isinstance(outcome, Refused) or answers.get().posted_at <= hidden_at
    assert_counts_hold()


def test_somebody_banned_while_sending_is_either_refused_or_was_first(article):
    person = making.commenter()
    outcomes = at_once(
        lambda: moderation.ban_person(Commenter.objects.get(pk=person.pk), None, reason="Threats"),
        *[lambda: making.waiting(article, commenter=person, is_proven=True)] * 4,
    )
    banned_at = Commenter.objects.get(pk=person.pk).banned_at
    assert all(outcome is None or isinstance(outcome, Refused) for outcome in outcomes)
    assert all(comment.posted_at <= banned_at for comment in Comment.objects.all())
    assert_counts_hold()


def test_everything_at_once_blocks_nobody_and_counts_right(article):
    """Two articles, three people, batches in opposite orders, undo of batches: nobody waits for who waits for him."""
    articles = [article, factories.published()]
    people = [making.commenter() for _ in range(3)]
    comments = [making.waiting(articles[n % 2], commenter=people[n % 3]) for n in range(12)]
    batches = [uuid.uuid4() for _ in range(2)]

    def act(worker):
        some = comments if worker % 2 else comments[::-1]
        verbs = [moderation.hide, moderation.approve, moderation.mark_spam]
        for turn in range(4):
            moderation.in_batch(verbs[(worker + turn) % 3], some, None, batch=batches[worker % 2])
            for comment in some[:6]:
                try_to(moderation.recommend, fresh(comment), f"reader {worker}")
                try_to(moderation.report, fresh(comment), f"reader {worker}", "abuse", "")
                try_to(moderation.edit, fresh(comment), f"Text {worker} {turn}", by_commenter=comment.commenter)
            try_to(making.waiting, articles[turn % 2], parent=some[turn], commenter=people[turn % 3])
            try_to(moderation.undo, batches[turn % 2], None)
            try_to(moderation.ban_person, Commenter.objects.get(pk=people[turn % 3].pk), None, reason=f"{worker}")
            try_to(moderation.unban, Commenter.objects.get(pk=people[turn % 3].pk), None)

    assert at_once(*[lambda worker=worker: act(worker) for worker in range(6)]) == [None] * 6
    assert_counts_hold()


def test_a_batch_undone_while_it_is_still_at_work_takes_back_what_it_has_done_so_far(article):
    """The undo waits for the first comment; meanwhile the batch decides the second, which nobody has locked."""
    first, second = making.waiting(article), making.waiting(article)
    batch = uuid.uuid4()
    moderation.hide(first, None, batch=batch)
    is_held, is_decided = threading.Event(), threading.Event()

    def hold_the_first():
        with transaction.atomic():
            Comment.objects.select_for_update().get(pk=first.pk)
            is_held.set()
            is_decided.wait(timeout=20)

    def undo():
        is_held.wait(timeout=20)
        moderation.undo(batch, None)

    def go_on():
        is_held.wait(timeout=20)
        wait_until_somebody_waits_for_a_lock()
        moderation.hide(fresh(second), None, batch=batch)
        is_decided.set()

    assert at_once(hold_the_first, undo, go_on) == [None] * 3
    assert (fresh(first).status, fresh(second).status) == (Comment.Status.PUBLIC, Comment.Status.HIDDEN)
    assert_counts_hold()


def test_bringing_recommendations_to_the_readers_blocks_no_moderator(article):
    """It touches comments that others hold, and who hold them want the discussion: those are left for the next time."""
    free, held = making.waiting(article), making.waiting(article)
    for comment in (free, held):
        moderation.recommend(comment, "reader")
    Comment.objects.update(recommends_shown=0)
    Discussion.objects.update(recommends_shown_at=None)
    each_holds_one = threading.Barrier(2)

    def show():
        with transaction.atomic():
            discussion = lock(articles=[article.pk]).discussions[article.pk]
            each_holds_one.wait(timeout=20)
            moderation.reading_people._show_if_due(discussion)

    def hide():
        with transaction.atomic():
            Comment.objects.select_for_update().get(pk=held.pk)
            each_holds_one.wait(timeout=20)
            moderation.hide(fresh(held), None)

    assert at_once(show, hide) == [None, None]
    assert (fresh(free).recommends_shown, fresh(held).recommends_shown) == (1, 0)
    Discussion.objects.update(recommends_shown_at=None)
    assert moderation.show_recommends() == 1
    assert fresh(held).recommends_shown == 1


def test_a_takedown_among_comments_blocks_nobody(article):
    comments = [making.waiting(article, source=f"John Doe {number}") for number in range(4)]
    outcomes = at_once(
        lambda: takedown.black_out(article, words="John Doe", reason="A court", by=None),
        *[lambda c=c: making.waiting(article, parent=c, commenter=c.commenter) for c in comments],
        *[lambda c=c: moderation.edit(fresh(c), f"By John Doe {c.pk}", by_commenter=c.commenter) for c in comments],
        *[lambda c=c: moderation.hide(fresh(c), None) for c in comments],
    )
    assert all(outcome is None or isinstance(outcome, Refused) for outcome in outcomes)
    assert outcomes[0] is None
    assert_counts_hold()


def try_to(verb, *args, **kwargs):
    try:
        verb(*args, **kwargs)
    except Refused:
        return


# Controls


def test_without_the_lock_the_race_for_counts_is_lost(article, monkeypatch):
    """Everybody reads the number before anybody writes it."""
    comments = [making.waiting(article) for _ in range(4)]
    everybody_has_counted = threading.Barrier(len(comments))

    def read_without_lock(comment, **_how):
        row = Comment.objects.select_related("article").get(pk=comment.pk)
        return row, Discussion.objects.get(pk=row.article_id)

    monkeypatch.setattr(moderation.deciding, "lock_comment", read_without_lock)
    monkeypatch.setattr(counting, "note_change", count_unlocked(everybody_has_counted))
    at_once(*[lambda c=c: moderation.hide(fresh(c), None) for c in comments])
    assert counting.wrong().exists()


def count_unlocked(barrier):
    """As `note_change` does, but all have counted before one has written."""

    def note(discussion):
        number = Comment.objects.counted().filter(article_id=discussion.pk).count()
        barrier.wait(timeout=20)
        Discussion.objects.filter(pk=discussion.pk).update(public_count=number)

    return note


def test_locks_in_two_orders_do_block_each_other(article):
    """What the fixed order prevents: the database has to break it up."""
    comments = [making.waiting(article) for _ in range(2)]
    both_hold_one = threading.Barrier(2)

    def lock(first, second):
        with transaction.atomic():
            Comment.objects.select_for_update().get(pk=first.pk)
            both_hold_one.wait(timeout=20)
            Comment.objects.select_for_update().get(pk=second.pk)

    outcomes = at_once(lambda: lock(*comments), lambda: lock(*reversed(comments)))
    assert sum(isinstance(outcome, OperationalError) for outcome in outcomes) == 1
