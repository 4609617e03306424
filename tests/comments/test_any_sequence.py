"""
Whatever people do, in whatever order: the counts are those of a recount, every status is one that the acts explain, and
no word that anybody wrote is lost.
"""

import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from comments import counting, formatting, markup, moderation, reading, stored, threads
from comments.findings import Finding, Refused
from comments.models import Act, Comment, Commenter, CommentSettings, Discussion, Mode
from tests import factories
from tests.comments import making
from tests.proof import examples

Status = Comment.Status
ASKED = Finding("service", "is being asked")
FINDINGS = [[], [], [ASKED], [Finding("words", "a word")], [Finding("honeypot", "filled in", is_spam=True)]]
ON_COMMENTS = ["approve", "reject", "mark_spam", "hide", "remove", "keep"]
ON_PEOPLE = ["unban", "wait_always", "wait_no_more"]
whose = st.integers(0, 30)
STEPS = st.one_of(
    st.tuples(st.just("submit"), whose, whose, st.sampled_from(FINDINGS), st.booleans()),
    st.tuples(st.sampled_from(ON_COMMENTS), whose),
    st.tuples(st.sampled_from(ON_PEOPLE), whose),
    st.tuples(st.just("ban"), whose),
    st.tuples(st.just("edit"), whose, st.sampled_from(FINDINGS)),
    st.tuples(st.just("withdraw"), whose),
    st.tuples(st.just("prove"), whose),
    st.tuples(st.sampled_from(["recommend", "unrecommend", "report"]), whose, st.integers(0, 3)),
    st.tuples(st.just("answer"), whose, st.booleans()),
    st.tuples(st.just("undo"), whose),
    st.tuples(st.just("batch"), st.sampled_from(ON_COMMENTS), whose, whose),
    st.tuples(st.just("undo_batch"), whose),
    st.tuples(st.just("mode"), st.sampled_from([Mode.ALL_WAIT, Mode.FIRST_WAITS, Mode.NONE_WAITS])),
)


class Site:
    """What happens, and what was written since it began."""

    def __init__(self):
        self.moderator = factories.editor()
        self.articles = [factories.published(), factories.published()]
        self.people = [making.commenter() for _ in range(3)]
        self.written: dict[int, list[str]] = {}
        self.batches: list[uuid.UUID] = []
        self.refusals = 0
        CommentSettings.objects.create(pk=1, mode=Mode.NONE_WAITS, hide_after_reports=2, edit_after_reply=True)

    def play(self, steps):
        for number, (what, *how) in enumerate(steps):
            try:
                getattr(self, f"_{what}", self._verb)(what, number, *how)
            except Refused:
                self.refusals += 1

    def _comment(self, place) -> Comment:
        found = list(Comment.objects.order_by("pk"))
        if not found:
            raise Refused("Nobody has written anything.")
        return found[place % len(found)]

    def _submit(self, _what, number, place, above, findings, is_proven):
        parents = [None, *Comment.objects.order_by("pk")]
        parent = parents[above % len(parents)]
        comment = making.waiting(
            parent.article if parent else self.articles[place % 2],
            parent=parent,
            commenter=self.people[place % 3],
            source=f"Text {number}",
            suspicions=findings,
            is_proven=is_proven,
        )
        self.written.setdefault(comment.pk, []).append(f"Text {number}")

    def _verb(self, what, _number, place):
        if what in ON_PEOPLE:
            getattr(moderation, what)(self.people[place % 3], self.moderator)
        else:
            getattr(moderation, what)(self._comment(place), self.moderator)

    def _ban(self, _what, _number, place):
        moderation.ban_person(self.people[place % 3], self.moderator, reason="A reason")

    def _edit(self, _what, number, place, findings):
        comment = self._comment(place)
        moderation.edit(comment, f"Text {number}", by_commenter=comment.commenter, suspicions=findings)
        self.written[comment.pk].append(f"Text {number}")

    def _withdraw(self, _what, _number, place):
        comment = self._comment(place)
        moderation.withdraw(comment, comment.commenter)

    def _prove(self, _what, _number, place):
        moderation.prove(self._comment(place))

    def _answer(self, _what, _number, place, is_spam):
        """Of the spam service, which was asked about what the comment said by then."""
        comment = self._comment(place)
        found = Finding("service", "it says so", is_spam=True) if is_spam else None
        moderation.settle_question(comment, found, layer="service", edited_at=comment.edited_at)

    def _recommend(self, _what, _number, place, reader):
        moderation.recommend(self._comment(place), f"reader {reader}")

    def _unrecommend(self, _what, _number, place, reader):
        moderation.unrecommend(self._comment(place), f"reader {reader}")

    def _report(self, _what, _number, place, reader):
        moderation.report(self._comment(place), f"reader {reader}", "abuse", "")

    def _undo(self, _what, _number, place):
        acts = list(Act.objects.order_by("-pk"))
        if acts:
            moderation.undo(acts[place % len(acts)], self.moderator)

    def _batch(self, _what, _number, verb, first, second):
        comments = {self._comment(first), self._comment(second)}
        self.batches.append(moderation.in_batch(getattr(moderation, verb), comments, self.moderator).batch)

    def _undo_batch(self, _what, _number, place):
        if self.batches:
            moderation.undo(self.batches[place % len(self.batches)], self.moderator)

    def _mode(self, _what, _number, mode):
        CommentSettings.objects.update(mode=mode)


def check(site: Site):
    assert not counting.wrong().exists()
    assert counting.recount_recommendations() == 0
    for comment in Comment.objects.all():
        said = [revision.source for revision in comment.revisions.all()]
        assert [*said, comment.source] == site.written[comment.pk]
        assert comment.body_html == formatting.render(comment.source).body_html
        assert comment.status in Status.values
        assert comment.published_at is not None or not comment.is_public
        assert comment.root.parent_id is None
        explained = comment.acts.filter(undone_at=None).exclude(verb=Act.Verb.UNDO).first()
        if explained and not (
            explained.verb == Act.Verb.EDIT and comment.is_public
        ):  # what an edit made wait, was freed
            assert comment.status == explained.before["became"]
    for article in site.articles:
        check_pages(article)
        check_stored(article)


def check_pages(article):
    public = set(Comment.objects.public().filter(article=article).values_list("pk", flat=True))
    for sort in reading.SORTS:
        page = reading.discussion_page(article, sort)
        nodes = list(threads.walk(entry.node for entry in page.entries if entry.node))
        assert {node.comment.pk for node in nodes if not node.is_stub} == public
        assert all(not node.comment.body_html for node in nodes if node.is_stub)
        assert page.public_count == len(public)


def check_stored(article):
    """What stands in store is what the comments make, to the letter, and readers are given it."""
    made, kept = (reading.discussion_page(article, stored=stored) for stored in (False, True))
    assert all(entry.stored for entry in kept.entries)
    assert [entry.public_count for entry in kept.entries] == [entry.public_count for entry in made.entries]
    assert ["".join(markup.threads(page, is_articles_own=True)) for page in (kept, made)] == [
        "".join(markup.threads(made, is_articles_own=True))
    ] * 2
    assert not stored.behind().exists()


class TestAnySequence(TestCase):
    @settings(max_examples=examples(25))
    @given(steps=st.lists(STEPS, min_size=5, max_size=30))
    def test_counts_statuses_and_words_hold_and_a_recount_changes_nothing(self, steps):
        site = Site()
        site.play(steps)
        check(site)
        before = list(Discussion.objects.order_by("pk").values_list("pk", "public_count"))
        assert counting.recount() == 0
        assert list(Discussion.objects.order_by("pk").values_list("pk", "public_count")) == before


@pytest.mark.django_db
def test_a_count_that_is_wrong_is_noticed_and_set_right():
    """The control of the properties above."""
    comment = making.public(factories.published())
    Discussion.objects.update(public_count=7)
    Comment.objects.update(recommends=3, open_reports=2)
    assert counting.wrong().get().true_count == 1
    assert (counting.recount(), counting.recount_recommendations()) == (1, 1)
    comment.refresh_from_db()
    assert (comment.recommends, comment.open_reports) == (0, 0)
    assert Discussion.objects.get().public_count == 1
    assert (counting.recount(), counting.recount_recommendations()) == (0, 0)


@pytest.mark.django_db
def test_a_count_that_nobody_kept_is_made():
    making.many(factories.published(), 3)
    Discussion.objects.all().delete()
    assert counting.recount() == 1
    assert Discussion.objects.get().public_count == 3


@pytest.mark.django_db
def test_a_lost_word_is_noticed():
    site = Site()
    site.play([("submit", 0, 0, [], False), ("edit", 0, [])])
    check(site)
    Comment.objects.get().revisions.all().delete()
    with pytest.raises(AssertionError):
        check(site)


@pytest.mark.django_db
def test_everybody_is_left_as_undo_says():
    """Ban and waiting are each as the last act that was not undone left them."""
    site = Site()
    site.play([("ban", 0), ("wait_always", 0), ("undo", 1), ("unban", 0), ("undo", 0)])
    person = Commenter.objects.get(pk=site.people[0].pk)
    assert (person.is_banned, person.always_waits) == (False, True)
