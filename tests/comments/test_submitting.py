"""What becomes of a comment that is sent."""

import pytest

from comments import moderation
from comments.models import Comment, Discussion
from tests import factories
from tests.comments import making

pytestmark = pytest.mark.django_db


def test_a_first_comment_waits_and_is_counted_nowhere():
    article = factories.published()
    comment = making.waiting(article, is_proven=True)
    assert comment.status == Comment.Status.PENDING
    assert Discussion.objects.get(pk=article.pk).public_count == 0


def test_an_approved_comment_is_public_and_counted():
    article = factories.published()
    comment = moderation.approve(making.waiting(article), None)
    assert comment.is_public
    assert comment.root_id == comment.pk
    assert "<p>" in comment.body_html
    assert Discussion.objects.get(pk=article.pk).public_count == 1
    assert list(Comment.objects.public()) == [comment]
