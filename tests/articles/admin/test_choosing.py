"""Beside a field that chooses a row: changing it and adding one, never deleting it, and no way out of the form."""

import re

import pytest

from tests import factories

pytestmark = pytest.mark.django_db

OF_FIELD = re.compile(r'id="(\w+)_id_([\w-]+)"')


def offered(page: str) -> set[tuple[str, str]]:
    """(what, which field) of every sign beside a field that chooses."""
    return {(what, field) for what, field in OF_FIELD.findall(page) if what in ("add", "change", "delete", "view")}


def test_a_form_with_text_in_it_offers_no_deleting_and_no_way_out(editor_client):
    article = factories.draft()
    offers = offered(editor_client.get(f"/admin/articles/article/{article.pk}/change/").text)
    assert {("add", "section"), ("change", "section"), ("add", "tags"), ("change", "lead_image")} <= offers
    assert {what for what, _ in offers} == {"add", "change"}


@pytest.mark.parametrize("address", ["author/add", "redirect/add", "masthead/1/change"])
def test_neither_does_any_other_form_of_the_editors(editor_client, address):
    offers = offered(editor_client.get(f"/admin/articles/{address}/").text)
    assert {what for what, _ in offers} <= {"add", "change"}


def test_no_article_is_written_in_a_pop_up(editor_client):
    for address in ("article", "redirect"):
        offers = offered(editor_client.get(f"/admin/articles/{address}/add/").text)
        assert not {("add", "related"), ("add", "article"), ("change", "article")} & offers


def test_who_may_look_and_not_change_still_can(at_desk, writer):
    article = factories.draft(authors=[writer.author])
    offers = offered(at_desk(writer).get(f"/admin/articles/article/{article.pk}/change/").text)
    assert ("delete", "section") not in offers
    assert {("view", "section"), ("change", "section")} & offers
