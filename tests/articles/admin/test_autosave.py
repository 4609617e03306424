"""What is typed and not saved is kept, offered again with its difference, and gone after a save."""

import pytest
from django.test import Client

from articles import autosave
from articles.models import Article, Autosave
from tests import factories
from tests.articles.admin import forms

pytestmark = pytest.mark.django_db


def keep(client, form, *, article=None, **typed):
    path = f"/admin/live/autosave/{article.pk}/" if article else "/admin/live/autosave/"
    return client.post(path, {**form, **typed})


def test_typed_text_comes_back_with_its_rows(at_desk, ann):
    client, article = at_desk(ann), factories.draft(body="<p>Saved.</p>")
    path = forms.change(article)
    form = forms.with_row(
        forms.open_form(client, path), "addenda", kind="correction", act="keep", key="c" * 32, body="<p>Row.</p>"
    )
    kept = keep(client, form, article=article, body="<p>Typed only.</p>")
    assert kept.json()["kept_at"]

    reopened = client.get(path)
    assert forms.fields_of(reopened)["body"] == ["<p>Saved.</p>"]
    assert "Restore what you typed at" in forms.text_of(reopened)
    assert "<ins>Typed only.</ins>" in reopened.content.decode()

    restored = client.post(path, {"_restore": str(Autosave.objects.get().pk)})
    fields = forms.fields_of(restored)
    assert fields["body"] == ["<p>Typed only.</p>"]
    assert fields["addenda-0-body"] == ["<p>Row.</p>"]
    article.refresh_from_db()
    assert article.body == "<p>Saved.</p>"

    assert forms.post(client, path, fields).status_code == 302
    article.refresh_from_db()
    assert article.body == "<p>Typed only.</p>"
    assert not Autosave.objects.exists()


def test_a_new_article_is_kept_before_it_has_a_row(at_desk, ann):
    client = at_desk(ann)
    keep(client, forms.open_form(client, forms.ADD), headline="Half a headline")
    again = client.get(forms.ADD)
    assert "Restore what you typed at" in forms.text_of(again)
    restored = client.post(forms.ADD, {"_restore": str(Autosave.objects.get().pk)})
    fields = forms.fields_of(restored)
    assert fields["headline"] == ["Half a headline"]
    forms.post(client, forms.ADD, fields, section=str(factories.section().pk))
    assert Article.objects.get().headline == "Half a headline"
    assert not Autosave.objects.exists()


def test_two_new_articles_in_two_windows_are_kept_apart(at_desk, ann):
    client = at_desk(ann)
    for headline in ("First", "Second"):
        keep(client, forms.open_form(client, forms.ADD), headline=headline)
    assert {row.data["headline"][0] for row in Autosave.objects.all()} == {"First", "Second"}


def test_the_same_form_is_kept_once(at_desk, ann):
    client = at_desk(ann)
    form = forms.open_form(client, forms.ADD)
    for headline in ("F", "Fi", "Fir"):
        keep(client, form, headline=headline)
    assert Autosave.objects.get().data["headline"] == ["Fir"]


def test_restoring_over_somebody_elses_save_is_a_conflict(at_desk, ann, bob):
    article = factories.draft(body="<p>As it was.</p>")
    path, anns, bobs = forms.change(article), at_desk(ann), at_desk(bob)
    keep(bobs, forms.open_form(bobs, path), article=article, body="<p>Bob.</p>")
    forms.post(anns, path, forms.open_form(anns, path), body="<p>Ann.</p>")
    restored = bobs.post(path, {"_restore": str(Autosave.objects.get().pk)})
    refused = forms.post(bobs, path, forms.fields_of(restored))
    article.refresh_from_db()
    assert "Ann saved this article at" in forms.text_of(refused)
    assert article.body == "<p>Ann.</p>"


def test_what_was_kept_can_be_thrown_away(at_desk, ann):
    client, article = at_desk(ann), factories.draft()
    path = forms.change(article)
    keep(client, forms.open_form(client, path), article=article, body="<p>No.</p>")
    client.post(path, {"_discard": str(Autosave.objects.get().pk)})
    assert not Autosave.objects.exists()


def test_nobody_restores_or_discards_what_another_typed(at_desk, ann, bob):
    article = factories.draft()
    path, anns = forms.change(article), at_desk(ann)
    keep(anns, forms.open_form(anns, path), article=article, body="<p>Ann's secret.</p>")
    pk = str(Autosave.objects.get().pk)
    for button in ("_restore", "_discard"):
        assert at_desk(bob).post(path, {button: pk}).status_code == 404
    assert "Restore" not in forms.text_of(at_desk(bob).get(path))
    assert Autosave.objects.exists()


def test_only_who_may_change_an_article_may_have_it_kept(at_desk, writer, ann):
    article = factories.draft()
    form = forms.open_form(at_desk(ann), forms.change(article))
    assert keep(at_desk(writer), form, article=article).status_code == 403
    assert keep(Client(), form, article=article).status_code == 302
    assert not Autosave.objects.exists()


def test_keeping_needs_the_token_of_the_page(ann):
    article = factories.draft()
    client = Client(enforce_csrf_checks=True)
    client.force_login(ann)
    assert keep(client, {"form_key": "x"}, article=article).status_code == 403


def test_too_much_text_is_refused_in_words(at_desk, ann, monkeypatch):
    monkeypatch.setattr(autosave, "MAX_BYTES", 1000)
    client = at_desk(ann)
    form = forms.open_form(client, forms.ADD)
    assert keep(client, form, headline="x" * 100).status_code == 200
    response = keep(client, form, body="x" * 2000)
    assert response.status_code == 413
    assert "Save it" in response.json()["error"]


def test_what_no_database_can_store_is_left_out(at_desk, ann):
    client = at_desk(ann)
    form = forms.open_form(client, forms.ADD)
    assert keep(client, form, headline="Half\0 a headline").status_code == 200
    assert Autosave.objects.get().data["headline"] == ["Half a headline"]


def test_buttons_and_tokens_are_not_kept(at_desk, ann):
    client = at_desk(ann)
    keep(client, forms.open_form(client, forms.ADD), _publish="1", csrfmiddlewaretoken="secret")
    assert not {"_publish", "csrfmiddlewaretoken"} & set(Autosave.objects.get().data)


def test_a_refused_save_is_kept_as_well(at_desk, ann):
    client = at_desk(ann)
    forms.post(client, forms.ADD, forms.open_form(client, forms.ADD), headline="No section yet")
    assert Autosave.objects.get().data["headline"] == ["No section yet"]
