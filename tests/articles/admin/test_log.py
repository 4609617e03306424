"""The log of an article names what an editor changed, and nothing that the form only carries along."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission

from articles.models import Article, SearchDocument
from tests import factories
from tests.articles.admin import forms

pytestmark = pytest.mark.django_db


def test_only_what_was_changed_is_logged(at_desk, ann):
    client, article = at_desk(ann), factories.draft()
    path = forms.change(article)
    forms.post(client, path, forms.open_form(client, path), body="<p>Changed.</p>")
    assert LogEntry.objects.get().get_change_message() == "Changed body."


def test_a_save_without_a_change_logs_none(at_desk, ann):
    client, article = at_desk(ann), factories.draft()
    path = forms.change(article)
    forms.post(client, path, forms.open_form(client, path))
    assert LogEntry.objects.get().get_change_message() == "No fields changed."


def test_a_takedown_is_logged_by_its_number_without_the_words(at_desk, ann):
    ann.user_permissions.add(Permission.objects.get(codename="takedown_article"))
    article = factories.published(body="<p>The secret name.</p>")
    path = f"/admin/articles/article/{article.pk}/takedown/"
    at_desk(ann).post(path, {"words": "secret name", "reason": "A court's order.", "_confirm": "1"})
    (entry,) = LogEntry.objects.filter(object_id=str(article.pk))
    assert re.fullmatch(r"Blacked out words in \d+ places \(takedown \d+\)\.", entry.get_change_message())
    assert "secret" not in entry.object_repr


def test_deleting_a_draft_names_what_was_written_and_no_rows_of_ours(at_desk, ann):
    draft = factories.draft(headline="Half a thought", body="<p>Words to find.</p>")
    factories.draft_addendum(draft)
    assert SearchDocument.objects.filter(article=draft).exists()
    page = forms.text_of(at_desk(ann).get(f"/admin/articles/article/{draft.pk}/delete/"))
    assert "Half a thought" in page
    assert "Articles: 1" in page
    assert "earch document" not in page
    at_desk(ann).post(f"/admin/articles/article/{draft.pk}/delete/", {"post": "yes"})
    assert not Article.objects.exists()
