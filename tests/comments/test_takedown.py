"""Words that must vanish from an article vanish from what readers wrote below it."""

import pytest

from articles import takedown
from comments import moderation, reading
from comments.models import Comment, Discussion
from tests import factories
from tests.comments import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return factories.published(body="<p>It was John Doe.</p>")


def black_out(article):
    return takedown.black_out(article, words="John Doe", reason="A court's order", by=None)


def everything_of(comment):
    comment.refresh_from_db()
    rows = [*comment.revisions.all(), *comment.reports.all(), *comment.suspicions.all(), *comment.acts.all()]
    texts = [getattr(row, name, "") for row in rows for name in ("source", "words", "reason", "said")]
    return "\n".join([comment.source, comment.body_html, comment.name, comment.commenter.name, *texts])


def test_the_words_vanish_wherever_a_comment_keeps_them(article):
    found = [moderation.Finding("words", "John Doe is named")]
    comment = making.public(article, source="john  DOE did it", name="John Doe fan", suspicions=found, is_proven=True)
    moderation.edit(comment, "See https://example.org/john-doe and **John\nDoe**", by_commenter=comment.commenter)
    moderation.approve(comment, None, said="John Doe may be named")
    moderation.report(comment, "reader", "private", "This names John Doe")
    record = black_out(article)
    left = everything_of(comment).lower()
    assert "doe" not in left
    assert "A court's order".lower() in left
    assert record.places >= 8
    page = reading.discussion_page(article)
    assert "court" in page.entries[0].node.comment.body_html


def test_a_comment_without_the_words_stays_to_the_letter(article):
    comment = making.public(article, source="Jane Doe did it", name="Jane")
    before = Comment.objects.values().get(pk=comment.pk)
    changed_at = Discussion.objects.get().changed_at
    black_out(article)
    assert Comment.objects.values().get(pk=comment.pk) == before
    assert Discussion.objects.get().changed_at == changed_at


def test_what_waits_or_was_removed_loses_the_words_and_moves_no_date(article):
    waiting = making.waiting(article, source="John Doe, again")
    removed = moderation.remove(making.public(article, source="John Doe, at home"), None)
    dates = Comment.objects.order_by("pk").values_list("posted_at", "edited_at", "status")
    before = list(dates.all())
    black_out(article)
    assert "doe" not in (everything_of(waiting) + everything_of(removed)).lower()
    assert list(dates.all()) == before


@pytest.mark.parametrize("source", ["**John** Doe", "Jo*hn D*oe", "> John\n> Doe", "[John](https://a.org) Doe"])
def test_signs_between_the_words_hide_nothing(article, source):
    comment = making.public(article, source=f"Before\n\n{source}\n\nafter")
    black_out(article)
    comment.refresh_from_db()
    assert "oe" not in comment.body_html
    assert "Before" in comment.body_html
    assert "after" in comment.body_html


def test_comments_below_other_articles_are_left_alone(article):
    other = making.public(factories.published(), source="John Doe elsewhere")
    black_out(article)
    other.refresh_from_db()
    assert other.source == "John Doe elsewhere"


def test_words_that_only_a_comment_holds_are_counted_before_and_taken():
    article = factories.published()
    comment = making.public(article, source="John Doe did it")
    assert takedown.count_places(article, words="John Doe") == 1
    comment.refresh_from_db()
    assert comment.source == "John Doe did it"
    assert black_out(article).places == 1
    assert "doe" not in everything_of(comment).lower()
