"""What the desk says before something is deleted, and where it refuses."""

import pytest
from django.urls import reverse

from accounts.models import User
from articles.models import Author, Section, Tag
from tests import factories

pytestmark = pytest.mark.django_db


def page_for_deleting(client, row):
    return client.get(reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_delete", args=[row.pk]))


def delete(client, row):
    address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_delete", args=[row.pk])
    return client.post(address, {"post": "yes"})


def test_a_section_in_use_says_how_many_articles_stand_in_it_and_stays(editor_client):
    section = factories.draft().section
    page = page_for_deleting(editor_client, section).text
    where = f"{reverse('admin:articles_article_changelist')}?section__id__exact={section.pk}"
    assert f'{section} has <a href="{where}">1 article</a>.' in page
    assert "permission" not in page
    delete(editor_client, section)
    assert Section.objects.filter(pk=section.pk).exists()
    assert editor_client.get(where).context["cl"].result_count == 1


def test_an_empty_section_goes(editor_client):
    section = Section.objects.create(name="Weather", slug="weather")
    assert "Delete the section “Weather”?" in page_for_deleting(editor_client, section).text
    delete(editor_client, section)
    assert not Section.objects.filter(pk=section.pk).exists()


def test_an_author_who_signs_something_stays(editor_client):
    author = factories.draft().bylines.get().author
    page = page_for_deleting(editor_client, author).text
    where = f"{reverse('admin:articles_article_changelist')}?bylines__author__id__exact={author.pk}"
    assert f'{author} signs <a href="{where}">1 article</a>.' in page
    delete(editor_client, author)
    assert Author.objects.filter(pk=author.pk).exists()
    assert editor_client.get(where).context["cl"].result_count == 1


def test_a_tag_says_how_many_articles_lose_it_and_goes(editor_client):
    tag = Tag.objects.create(name="Books", slug="books")
    factories.draft().tags.add(tag)
    page = page_for_deleting(editor_client, tag).text
    assert "Articles that lose it: 1" in page
    assert "object (" not in page
    delete(editor_client, tag)
    assert not Tag.objects.filter(pk=tag.pk).exists()


def test_a_group_says_how_many_people_lose_its_rights(editor_client, writer):
    group = writer.groups.get()
    page = page_for_deleting(editor_client, group).text
    assert "People who lose its rights: 1" in page
    assert "object (" not in page


def test_several_at_once_are_refused_for_the_one_that_is_in_use(editor_client):
    used = factories.draft().section
    free = Section.objects.create(name="Weather", slug="weather")
    chosen = {"action": "delete_selected", "_selected_action": [used.pk, free.pk]}
    address = reverse("admin:articles_section_changelist")
    assert f"{used} has" in editor_client.post(address, chosen).text
    editor_client.post(address, {**chosen, "post": "yes"})
    assert Section.objects.filter(pk__in=[used.pk, free.pk]).count() == 2


def test_a_person_goes_without_names_of_rows_that_join(editor_client, writer):
    page = page_for_deleting(editor_client, writer).text
    assert "Users: 1" in page
    assert "object (" not in page
    delete(editor_client, writer)
    assert not User.objects.filter(pk=writer.pk).exists()
