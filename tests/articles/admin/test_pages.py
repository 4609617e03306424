"""Pages that are no articles, written by more than one person."""

import pytest

from articles.models import Page
from tests.articles.admin.forms import fields_of, open_form, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def about():
    return Page.objects.create(title="About", slug="about-us", body="<p>As it was</p>")


def change(page):
    return f"/admin/articles/page/{page.pk}/change/"


def test_the_second_of_two_editors_is_told_and_keeps_what_was_typed(at_desk, ann, bob, about):
    of_bob = open_form(at_desk(bob), change(about), "page_form")
    of_ann = open_form(at_desk(ann), change(about), "page_form")
    assert post(at_desk(ann), change(about), of_ann, "_save", body="<p>By Ann</p>").status_code == 302
    refused = post(at_desk(bob), change(about), of_bob, "_save", body="<p>By Bob</p>")
    assert "was changed while the page was open" in refused.content.decode()
    about.refresh_from_db()
    assert about.body == "<p>By Ann</p>"
    fields = fields_of(refused, "page_form")
    assert fields["body"] == ["<p>By Bob</p>"]
    assert post(at_desk(bob), change(about), fields, "_save").status_code == 302
    about.refresh_from_db()
    assert "By Bob" in about.body_html


def test_one_editor_saves_as_often_as_there_is_something_to_save(at_desk, ann, about):
    for words in ("One", "Two"):
        fields = open_form(at_desk(ann), change(about), "page_form")
        assert post(at_desk(ann), change(about), fields, "_save", body=f"<p>{words}</p>").status_code == 302
    about.refresh_from_db()
    assert "Two" in about.body_html
