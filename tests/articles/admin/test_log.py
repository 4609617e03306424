"""The log of an article names what an editor changed, and nothing that the form only carries along."""

import pytest
from django.contrib.admin.models import LogEntry

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
