"""What the form of an article costs does not grow with what was added to it, and a save renders no more than needed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import rendering
from articles.models import SearchDocument
from tests import factories
from tests.articles.admin import forms

pytestmark = pytest.mark.django_db


def questions_for(client, path) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


@pytest.fixture
def rendered(monkeypatch):
    """Every article that was rendered, in order."""
    seen, original = [], rendering.render_article
    monkeypatch.setattr(rendering, "render_article", lambda article: (seen.append(article.pk), original(article)))
    return seen


def test_six_corrections_cost_no_more_questions_than_two(at_desk, ann):
    client, article = at_desk(ann), factories.published()
    for _ in range(2):
        factories.addendum(article, kind="correction")
    questions_for(client, forms.change(article))  # The first visit also asks what is kept in memory afterwards.
    before = questions_for(client, forms.change(article))
    for _ in range(4):
        factories.addendum(article, kind="correction")
    assert questions_for(client, forms.change(article)) == before


def test_a_row_offers_the_other_corrections_and_not_itself(at_desk, ann):
    article = factories.published()
    first, second = (factories.addendum(article, kind="correction") for _ in range(2))
    page = at_desk(ann).get(forms.change(article))
    offered = forms.options_of(page, "addenda-0-replaces")
    assert offered == ["", str(second.pk)]
    assert forms.options_of(page, "addenda-1-replaces") == ["", str(first.pk)]


def test_a_save_renders_once(at_desk, ann, rendered):
    client, article = at_desk(ann), factories.draft()
    factories.draft_addendum(article)
    form = forms.open_form(client, forms.change(article))
    rendered.clear()
    forms.post(client, forms.change(article), form, body="<p>Changed.</p>")
    assert rendered == [article.pk]


def test_a_new_update_and_a_deleted_one_are_rendered(at_desk, ann):
    client, article = at_desk(ann), factories.draft()
    path = forms.change(article)
    row = forms.with_row(
        forms.open_form(client, path), "addenda", kind="update", act="keep", key="c" * 32, body="<h2>New</h2>"
    )
    forms.post(client, path, row)
    assert article.addenda.get().body_html == '<h2 id="s-new">New</h2>'
    assert SearchDocument.objects.filter(article=article, addendum=article.addenda.get()).exists()
    forms.post(client, path, forms.open_form(client, path), **{"addenda-0-DELETE": "on"})
    assert not article.addenda.exists()
