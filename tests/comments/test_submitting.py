"""What becomes of a comment that is sent: taken or refused, and public at once or waiting."""

import dataclasses
import datetime as dt
import uuid

import pytest

from accounts.models import User
from articles import publishing
from comments import identity, moderation, persons, signals
from comments.findings import Finding, Refused
from comments.models import Comment, CommentSettings, Discussion, Mode
from foundation import clock, standing
from tests import factories
from tests.comments import making

pytestmark = pytest.mark.django_db

Status = Comment.Status
ALONE = Finding("links", "3 links where 2 are usual")
SPAM = Finding("honeypot", "filled in what no person sees", is_spam=True)


@pytest.fixture
def article():
    return factories.published()


@pytest.fixture
def backers(monkeypatch):
    monkeypatch.setattr(standing, "_asked", [lambda address: address == "backer@example.org"])


def site(**rules):
    return CommentSettings.objects.update_or_create(pk=1, defaults=rules)[0]


def count_of(article):
    return Discussion.objects.get(pk=article.pk).public_count


# What waits


def test_a_first_comment_waits_and_is_counted_nowhere(article):
    comment = making.waiting(article, is_proven=True)
    assert comment.status == Status.PENDING
    assert count_of(article) == 0
    assert not Comment.objects.public().exists()


def test_an_approved_comment_is_public_and_counted(article):
    comment = moderation.approve(making.waiting(article), None)
    assert comment.root_id == comment.pk
    assert comment.body_html.startswith("<p>")
    assert count_of(article) == 1
    assert list(Comment.objects.public()) == [comment]


def test_a_proven_person_with_an_approved_comment_posts_at_once(article):
    person = making.trusted()
    comment = making.waiting(article, commenter=person, is_proven=True)
    assert comment.is_public
    assert comment.published_at
    assert count_of(article) == 1


def test_typing_a_trusted_address_earns_nothing(article):
    person = making.trusted()
    assert making.waiting(article, commenter=person, is_proven=False).status == Status.PENDING


def test_being_proven_without_an_approved_comment_earns_nothing(article):
    person = making.commenter()
    making.waiting(article, commenter=person, is_proven=True)
    assert making.waiting(article, commenter=person, is_proven=True).status == Status.PENDING


def test_a_comment_that_nobody_has_looked_at_makes_nobody_trusted(article):
    """It became public while nothing waited; then the site turned strict."""
    person = making.commenter()
    site(mode=Mode.NONE_WAITS)
    assert making.waiting(article, commenter=person, is_proven=True).is_public
    site(mode=Mode.FIRST_WAITS)
    assert making.waiting(article, commenter=person, is_proven=True).status == Status.PENDING


@pytest.mark.parametrize("verb", [moderation.hide, moderation.mark_spam, moderation.reject, moderation.remove])
def test_trust_ends_with_the_comment_that_earned_it(article, verb):
    person = making.trusted()
    verb(person.comments.get(), None)
    assert making.waiting(article, commenter=person, is_proven=True).status == Status.PENDING


def test_an_author_who_withdraws_the_approved_comment_stays_trusted(article):
    person = making.trusted()
    moderation.withdraw(person.comments.get(), person)
    assert making.waiting(article, commenter=person, is_proven=True).is_public


def test_somebody_who_always_waits_waits_whatever_the_rule(article):
    person = making.trusted()
    site(mode=Mode.NONE_WAITS)
    moderation.wait_always(person, None)
    assert making.waiting(article, commenter=person, is_proven=True).status == Status.PENDING
    moderation.wait_no_more(person, None)
    assert making.waiting(article, commenter=person, is_proven=True).is_public


@pytest.mark.parametrize(
    ("mode", "expected"),
    [(Mode.ALL_WAIT, Status.PENDING), (Mode.FIRST_WAITS, Status.PUBLIC), (Mode.NONE_WAITS, Status.PUBLIC)],
)
def test_the_article_s_own_rule_goes_before_the_site_s(article, mode, expected):
    person = making.trusted()
    site(mode=Mode.CLOSED)
    Discussion.objects.update_or_create(pk=article.pk, defaults={"mode": mode})
    assert making.waiting(article, commenter=person, is_proven=True).status == expected


def test_where_nothing_waits_a_stranger_is_public_at_once(article):
    site(mode=Mode.NONE_WAITS)
    assert making.waiting(article).is_public


@pytest.mark.parametrize(("findings", "expected"), [([ALONE], Status.PENDING), ([ALONE, SPAM], Status.SPAM)])
def test_what_screening_finds_goes_before_trust_and_is_kept_with_the_words(article, findings, expected):
    comment = making.waiting(article, commenter=making.trusted(), is_proven=True, suspicions=findings)
    assert comment.status == expected
    assert [row.reason for row in comment.suspicions.all()] == [found.reason for found in findings]
    assert Comment.objects.get(pk=comment.pk).source == comment.source


def test_staff_wait_for_nobody_and_wear_their_mark(article):
    user = factories.editor(name="Nora North")
    comment = making.waiting(article, is_proven=True, user=user, name="Nora North")
    assert comment.is_public
    assert comment.badge == Comment.Badge.STAFF


def test_an_author_of_the_article_wears_the_author_s_mark_there_alone():
    user = User.objects.create_user("writer@example.org")
    author = factories.author(name="Will Writer", user=user)
    own, other = factories.published(authors=[author]), factories.published()
    comment = making.waiting(own, is_proven=True, user=user, name="Will Writer")
    assert (comment.badge, comment.is_public) == (Comment.Badge.AUTHOR, True)
    assert making.waiting(other, is_proven=True, user=user, name="Will Writer").badge == ""


def test_no_mark_is_earned_by_an_address_that_was_only_typed(article, backers):
    user = factories.editor()
    person = making.commenter(email="backer@example.org", shows_backing=True)
    comment = making.waiting(article, commenter=person, is_proven=False, user=user)
    assert (comment.badge, comment.is_backer) == ("", False)


def test_a_backer_shows_it_only_if_asked_for(article, backers):
    person = making.commenter(email="backer@example.org")
    assert not making.waiting(article, commenter=person, is_proven=True).is_backer
    person.shows_backing = True
    person.save()
    assert making.waiting(article, commenter=person, is_proven=True).is_backer


# What is refused


def refused(article, **fields):
    with pytest.raises(Refused) as refusal:
        making.waiting(article, **fields)
    return refusal.value


def test_somebody_banned_is_refused_until_the_clock_says_otherwise(article, time_machine):
    person = making.commenter()
    moderation.ban_person(person, None, until=clock.now() + dt.timedelta(days=2), reason="Threats")
    assert "You cannot comment here until" in refused(article, commenter=person, is_proven=True).words
    time_machine.move_to(clock.now() + dt.timedelta(days=2))
    assert making.waiting(article, commenter=person, is_proven=True)


def test_a_ban_for_good_names_no_day(article):
    person = making.commenter()
    moderation.ban_person(person, None, reason="Threats")
    assert refused(article, commenter=person, is_proven=True).words == "You cannot comment here."
    moderation.unban(person, None)
    assert making.waiting(article, commenter=person)


@pytest.mark.parametrize("mode", [Mode.FIRST_WAITS, Mode.NONE_WAITS])
def test_a_banned_address_that_was_only_typed_is_kept_for_moderators_and_tells_nothing(article, mode):
    site(mode=mode)
    person = making.commenter()
    moderation.ban_person(person, None, reason="Threats")
    comment = making.waiting(article, commenter=person)
    assert comment.status == Status.SPAM
    assert "banned person" in comment.suspicions.get().reason
    comment = moderation.edit(comment, "Other words", by_commenter=person)
    assert (comment.status, comment.source) == (Status.SPAM, "Other words")


@pytest.mark.parametrize("is_erased", [True, False])
@pytest.mark.parametrize(
    ("banned", "other", "is_one"),
    [
        ("eve@example.org", "Eve+again@example.org", True),
        ("eve+a@example.org", "eve@example.org", True),
        ("eve.m@gmail.com", "e.v.em+x@googlemail.com", True),
        ("eve.m@example.org", "evem@example.org", False),
        ("eve@example.org", "eve@example.com", False),
    ],
)
def test_another_address_of_a_banned_mailbox_never_posts_at_once(article, banned, other, is_one, is_erased):
    site(mode=Mode.NONE_WAITS)
    person = identity.commenter_for(banned, "Eve")
    moderation.ban_person(person, None, reason="Threats")
    if is_erased:
        persons.erase(person)
    comment = making.waiting(article, commenter=identity.commenter_for(other, "Eve"), is_proven=True)
    assert (comment.status, comment.suspicions.count()) == ((Status.PENDING, 1) if is_one else (Status.PUBLIC, 0))
    moderation.unban(person, None)
    assert making.waiting(article, commenter=comment.commenter, is_proven=True).is_public


@pytest.mark.parametrize("close", ["site", "article", "editor", "withdrawn"])
def test_comments_closed_while_somebody_wrote_are_refused(article, close):
    said = making.submission(article)
    if close == "site":
        site(mode=Mode.CLOSED)
    elif close == "article":
        Discussion.objects.create(article=article, mode=Mode.CLOSED)
    elif close == "editor":
        type(article).objects.filter(pk=article.pk).update(comments_open=False)
    else:
        publishing.withdraw(type(article).objects.get(pk=article.pk), by=None)
    with pytest.raises(Refused):
        moderation.submit(said)
    assert not Comment.objects.exists()


def test_comments_close_by_age_and_an_article_may_stay_open_longer(article, time_machine):
    site(closes_after_days=7)
    time_machine.move_to(clock.now() + dt.timedelta(days=7, minutes=-1))
    assert making.waiting(article)
    time_machine.shift(dt.timedelta(minutes=2))
    assert "7 days" in refused(article).words
    Discussion.objects.filter(pk=article.pk).update(closes_after_days=0)
    assert making.waiting(article)


def test_an_old_text_taken_over_from_elsewhere_is_closed_by_its_own_age():
    site(closes_after_days=7)
    old = factories.published(at=clock.now() - dt.timedelta(days=30))
    assert "7 days" in refused(old).words


def test_readers_are_told_in_the_editor_s_words_why_comments_are_closed(article):
    site(mode=Mode.CLOSED, closed_words="We sleep.")
    assert refused(article).words == "We sleep."
    Discussion.objects.update_or_create(pk=article.pk, defaults={"closed_words": "This one is done."})
    assert refused(article).words == "This one is done."


def test_backers_only_means_proven_backers_and_tells_nobody_who_backs(article, backers):
    site(mode=Mode.BACKERS_ONLY)
    backer, reader = making.commenter(email="backer@example.org"), making.commenter()
    typed = refused(article, commenter=backer, is_proven=False).words
    assert typed == refused(article, commenter=reader, is_proven=False).words
    assert typed == refused(article, commenter=reader, is_proven=True).words
    assert making.waiting(article, commenter=backer, is_proven=True).status == Status.PENDING


@pytest.mark.parametrize("spoil", [moderation.hide, moderation.mark_spam, moderation.remove])
def test_a_parent_that_is_no_longer_public_is_not_answered(article, spoil):
    parent = making.public(article)
    spoil(parent, None)
    assert refused(article, parent=parent).field == "parent"


def test_a_parent_that_waits_or_stands_below_another_article_is_not_answered(article):
    elsewhere = making.public(factories.published())
    assert refused(article, parent=elsewhere).field == "parent"
    assert refused(article, parent=making.waiting(article)).field == "parent"
    assert Comment.objects.filter(article=article).count() == 1


@pytest.mark.parametrize(
    ("source", "field"), [("", "source"), (" \n ", "source"), ("> ", "source"), ("…", "source"), ("x" * 5001, "source")]
)
def test_nothing_and_too_much_are_refused(article, source, field):
    assert refused(article, source=source).field == field


def test_length_is_counted_in_characters_after_composition(article):
    assert len(making.waiting(article, source="e\u0301" * 5000).source) == 5000


# Answers and repetition


def test_an_answer_five_hundred_deep_keeps_its_true_parent(article):
    *_, deepest = making.many(article, 500, parent_of=lambda number: number - 1)
    answer = making.public(article, parent=deepest)
    assert answer.depth == 500
    assert answer.parent == deepest
    assert answer.root.parent is None
    assert count_of(article) == 501


def test_the_same_form_sent_twice_is_one_comment(article):
    said = making.submission(article)
    first = moderation.submit(said)
    assert moderation.submit(said) == first
    moderation.approve(first, None)
    assert moderation.submit(said).is_public
    assert Comment.objects.count() == 1


def test_other_words_from_the_same_form_are_another_comment(article):
    said = making.submission(article)
    moderation.submit(said)
    other = moderation.submit(dataclasses.replace(said, source="I went back and wrote this"))
    assert other.source == "I went back and wrote this"
    assert Comment.objects.count() == 2


def test_somebody_else_s_form_never_shows_its_comment(article):
    said = making.submission(article)
    first = moderation.submit(said)
    assert moderation.submit(dataclasses.replace(said, commenter=making.commenter())) != first


def test_who_only_typed_an_address_renames_nobody(article):
    person = making.commenter(name="Ada")
    making.waiting(article, commenter=person, name="Eve")
    person.refresh_from_db()
    assert person.name == "Ada"
    making.waiting(article, commenter=person, name="Ada L.", is_proven=True)
    person.refresh_from_db()
    assert person.name == "Ada L."


# Proof that comes later


def test_the_letter_s_link_frees_what_waited_only_for_proof(article):
    person = making.trusted()
    comment = making.waiting(article, commenter=person)
    assert moderation.prove(comment).is_public
    assert comment.is_proven
    assert moderation.prove(comment).is_public


def test_proof_frees_neither_a_first_comment_nor_one_with_a_finding(article):
    first = making.waiting(article)
    assert moderation.prove(first).status == Status.PENDING
    found = making.waiting(article, commenter=making.trusted(), suspicions=[ALONE])
    assert moderation.prove(found).status == Status.PENDING
    rejected = moderation.reject(making.waiting(article, commenter=making.trusted()), None)
    assert moderation.prove(rejected).status == Status.REJECTED


def test_proof_frees_nothing_of_somebody_banned_meanwhile(article):
    person = making.trusted()
    comment = making.waiting(article, commenter=person)
    moderation.ban_person(person, None, reason="Threats")
    assert moderation.prove(comment).status == Status.PENDING


# What others are told


def test_others_are_told_after_the_transaction_and_their_failure_holds_up_nothing(
    article, django_capture_on_commit_callbacks
):
    told = []

    def listen(sender, signal, comment, **facts):
        told.append((signal, comment.pk, facts.get("first")))

    def fail(sender, **facts):
        raise RuntimeError("A receiver's own trouble")

    listened = [signals.submitted, signals.became_public, signals.no_longer_public]
    for signal in listened:
        signal.connect(listen)
    signals.submitted.connect(fail)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            comment = making.waiting(article)
            assert told == []
        with django_capture_on_commit_callbacks(execute=True):
            moderation.approve(comment, None)
            moderation.hide(comment, None)
            moderation.approve(comment, None)
    finally:
        signals.submitted.disconnect(fail)
        for signal in listened:
            signal.disconnect(listen)
    assert told == [
        (signals.submitted, comment.pk, None),
        (signals.became_public, comment.pk, True),
        (signals.no_longer_public, comment.pk, None),
        (signals.became_public, comment.pk, False),
    ]


def test_a_form_without_a_known_submission_is_taken_as_new(article):
    assert making.waiting(article, submission=uuid.uuid4()) != making.waiting(article, submission=uuid.uuid4())
