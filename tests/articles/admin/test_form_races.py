"""Two browsers pressing "Save" in the same instant. Proved on PostgreSQL: SQLite has one writer and no row locks."""

import pytest
from django.db import connection

from articles.admin.articles import ArticleAdmin
from articles.models import Article, Autosave
from tests import factories
from tests.articles.admin import forms
from tests.articles.test_races import at_once

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer and no row locks"),
]


@pytest.fixture
def two_saves(at_desk):
    """Posts the same opened form from two browsers at once; answers with the article and both responses."""
    article = factories.draft(body="<p>As it was.</p>")
    path, answers = forms.change(article), {}
    browsers = {name: at_desk(factories.editor(name=name)) for name in ("Ann", "Bob")}
    opened = {name: forms.open_form(client, path) for name, client in browsers.items()}

    def save(name):
        answers[name] = forms.post(browsers[name], path, opened[name], body=f"<p>{name}.</p>")

    def run():
        assert at_once(lambda: save("Ann"), lambda: save("Bob")) == [None, None]
        return Article.objects.get(pk=article.pk), answers

    return run


def test_exactly_one_goes_through_and_the_other_keeps_its_text(two_saves):
    article, answers = two_saves()
    codes = {name: response.status_code for name, response in answers.items()}
    assert sorted(codes.values()) == [200, 302]
    winner, loser = sorted(codes, key=codes.get, reverse=True)
    assert article.body == f"<p>{winner}.</p>"
    assert f"{winner} saved this article at" in forms.text_of(answers[loser])
    assert forms.fields_of(answers[loser])["body"] == [f"<p>{loser}.</p>"]


def test_one_person_in_two_windows_keeps_one_row_per_form(at_desk):
    user = factories.editor()
    clients = [at_desk(user) for _ in range(4)]
    form = forms.open_form(clients[0], forms.ADD)
    at_once(*[lambda client=client: client.post("/admin/live/autosave/", form) for client in clients])
    assert Autosave.objects.count() == 1


def test_the_lock_is_taken_before_the_article_is_read(two_saves, monkeypatch):
    """The control: whoever is locked out must see the row as the winner left it, not as it was before."""
    seen = []
    original = ArticleAdmin.save_model

    def note(self, request, obj, form, change):
        seen.append(obj.edit_version)
        original(self, request, obj, form, change)

    monkeypatch.setattr(ArticleAdmin, "save_model", note)
    two_saves()
    assert len(seen) == 1
