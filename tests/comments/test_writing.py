"""The form: what a guest and a known reader are asked for, what becomes of it, and that nothing typed is lost."""

import pytest

from comments.models import Comment
from tests import factories
from tests.comments.reader import Reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return factories.published(headline="The bridge")


def test_a_guests_comment_waits_and_only_its_author_is_told(article, client):
    ada = Reader()
    response = ada.write(article, "It was the river.")
    comment = Comment.objects.get()
    assert (comment.status, comment.source, comment.name) == ("pending", "It was the river.", "Ada Abbot")
    assert response.status_code == 303
    page = ada.client.get(response["Location"])
    assert "Your comment waits for a moderator" in page.text
    assert "It was the river." in page.text
    assert client.get(response["Location"]).status_code == 404
    assert "river" not in client.get(article.get_absolute_url()).text
