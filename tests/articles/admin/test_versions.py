"""Every saved text can be read, compared with any other and brought back."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import publishing
from tests import factories
from tests.articles.admin import forms

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(at_desk, ann):
    """Three saves, so three versions."""
    client, article = at_desk(ann), factories.draft()
    for text in ("<p>The red boat.</p>", "<p>The green boat.</p>", "<p>The blue boat.</p>"):
        forms.post(client, forms.change(article), forms.open_form(client, forms.change(article)), body=text)
    article.refresh_from_db()
    return article


def versions(article, query="") -> str:
    return f"/admin/articles/article/{article.pk}/versions/{query}"


def test_the_newest_is_compared_with_the_one_before(at_desk, ann, article):
    page = at_desk(ann).get(versions(article)).content.decode()
    assert "<del>green</del>" in page
    assert "<ins>blue</ins>" in page


def test_any_two_can_be_compared(at_desk, ann, article):
    page = at_desk(ann).get(versions(article, "?old=1&new=3")).content.decode()
    assert "<del>red</del>" in page
    assert "<ins>blue</ins>" in page


@pytest.mark.parametrize("query", ["?old=x", "?old=99", "?new=-1", "?old=99999999999999999999"])
def test_a_version_that_does_not_exist_is_not_found(at_desk, ann, article, query):
    assert at_desk(ann).get(versions(article, query)).status_code == 404


def test_an_earlier_text_comes_back_as_the_newest(at_desk, ann, article):
    at_desk(ann).post(versions(article, "1/restore/"))
    article.refresh_from_db()
    assert article.body == "<p>The red boat.</p>"
    assert [revision.body for revision in article.revisions.all()][:2] == [
        "<p>The red boat.</p>",
        "<p>The blue boat.</p>",
    ]


def test_a_visit_restores_nothing(at_desk, ann, article):
    assert at_desk(ann).get(versions(article, "1/restore/")).status_code == 405
    article.refresh_from_db()
    assert article.body == "<p>The blue boat.</p>"


def test_an_author_reads_the_versions_of_the_own_published_article_and_restores_none(at_desk, writer):
    article = factories.published(created_by=writer)
    client = at_desk(writer)
    assert client.get(versions(article)).status_code == 200
    assert client.post(versions(article, "1/restore/")).status_code == 403


def test_somebody_who_is_writing_notices_the_restored_text(at_desk, ann, bob, article):
    bobs = at_desk(bob)
    form = forms.open_form(bobs, forms.change(article))
    at_desk(ann).post(versions(article, "1/restore/"))
    refused = forms.post(bobs, forms.change(article), form, body="<p>Bob.</p>")
    assert "Ann saved this article at" in forms.text_of(refused)


def test_an_author_reads_the_earlier_texts_of_the_own_updates(at_desk, writer):
    article = factories.draft(created_by=writer)
    factories.draft_addendum(article, body="<p>The river rose slowly.</p>")
    client, path = at_desk(writer), forms.change(article)
    forms.post(client, path, forms.open_form(client, path), **{"addenda-0-body": "<p>The river rose.</p>"})
    assert "The river rose slowly." in forms.text_of(client.get(versions(article)))


def test_many_earlier_texts_cost_no_more_questions_than_one(at_desk, ann, article, django_assert_max_num_queries):
    client, addendum = at_desk(ann), factories.draft_addendum(article)

    def replace(body):
        addendum.body = body
        publishing.edit_addendum(addendum, by=ann)

    replace("<p>One.</p>")
    with CaptureQueriesContext(connection) as counted:
        client.get(versions(article))
    for text in ("<p>Two.</p>", "<p>Three.</p>"):
        replace(text)
    with django_assert_max_num_queries(len(counted)):
        client.get(versions(article))
