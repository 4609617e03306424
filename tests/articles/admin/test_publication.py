"""Publishing, scheduling, withdrawing and moving through the admin's forms."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from articles.models import Article
from foundation import clock
from tests import factories
from tests.articles.admin import forms

pytestmark = pytest.mark.django_db


def local_text(moment: dt.datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def test_an_article_is_written_and_published_in_one_go(at_desk, ann):
    client, section, author = at_desk(ann), factories.section(), factories.author()
    form = forms.open_form(client, forms.ADD)
    form = {**form, "headline": "Water", "body": "<p>It rose.</p>", "section": str(section.pk)}
    form["bylines-0-author"] = str(author.pk)

    response = forms.post(client, forms.ADD, form, "_publish")

    article = Article.objects.get()
    assert response.url == forms.change(article)
    assert article.is_live
    assert article.created_by == ann
    assert "It rose." in client.get(article.get_absolute_url()).content.decode()


def test_an_incomplete_article_is_saved_and_told_what_it_lacks(at_desk, ann):
    client = at_desk(ann)
    form = forms.open_form(client, forms.ADD)
    response = forms.post(client, forms.ADD, form, "_publish", headline="Water", section=str(factories.section().pk))
    article = Article.objects.get()
    assert article.status == "draft"
    assert "needs a text and an author" in forms.text_of(client.get(response.url))


def test_scheduling_needs_a_time_ahead(at_desk, ann):
    client, article = at_desk(ann), factories.draft()
    form = forms.open_form(client, forms.change(article))
    empty = forms.post(client, forms.change(article), form, "_schedule", body="<p>Typed.</p>")
    past = forms.post(client, forms.change(article), form, "_schedule", publish_at="2020-01-01T10:00")
    article.refresh_from_db()
    assert "Choose the day and time" in forms.text_of(empty)
    assert "Typed." in empty.content.decode()
    assert "This time has passed" in forms.text_of(past)
    assert article.status == "draft"


def test_a_scheduled_article_appears_by_itself_at_its_time(at_desk, ann, client):
    desk, article = at_desk(ann), factories.draft()
    due = clock.now().replace(second=0, microsecond=0) + dt.timedelta(days=2)
    form = forms.open_form(desk, forms.change(article))
    forms.post(desk, forms.change(article), form, "_schedule", publish_at=local_text(due))
    article.refresh_from_db()
    assert article.stage == "scheduled"
    assert client.get(article.get_absolute_url()).status_code == 404
    with time_machine.travel(due, tick=False):
        assert client.get(article.get_absolute_url()).status_code == 200


def test_the_time_of_a_scheduled_article_can_be_changed_and_ended(at_desk, ann):
    client = at_desk(ann)
    article = factories.published(at=clock.now() + dt.timedelta(days=2))
    later = clock.now().replace(second=0, microsecond=0) + dt.timedelta(days=5)
    form = forms.open_form(client, forms.change(article))
    forms.post(client, forms.change(article), form, "_schedule", publish_at=local_text(later))
    article.refresh_from_db()
    assert article.published_at == later
    form = forms.open_form(client, forms.change(article))
    forms.post(client, forms.change(article), form, "_publish")
    article.refresh_from_db()
    assert article.is_live


def test_a_meaningful_save_without_a_change_says_that_nothing_is_told(at_desk, ann):
    client, article = at_desk(ann), factories.published()
    path = forms.change(article)
    same = {"weight": "meaningful", "public_note": "Something else"}
    forms.post(client, path, forms.open_form(client, path), **same)
    assert "your note was not kept" in client.get(path).content.decode()
    forms.post(client, path, forms.open_form(client, path), **same, body="<p>Other words.</p>")
    assert "your note was not kept" not in client.get(path).content.decode()


def test_a_minor_save_leaves_the_date_of_readers_and_a_meaningful_one_moves_it(at_desk, ann):
    client = at_desk(ann)
    article = factories.published(at=clock.now() - dt.timedelta(days=1))
    path = forms.change(article)
    forms.post(client, path, forms.open_form(client, path), body="<p>Typo mended.</p>")
    assert Article.objects.with_updated_at().get().updated_at == article.published_at

    unexplained = forms.post(client, path, forms.open_form(client, path), body="<p>New facts.</p>", weight="meaningful")
    assert "Tell readers in one sentence" in forms.text_of(unexplained)

    form = forms.open_form(client, path)
    forms.post(client, path, form, body="<p>New facts.</p>", weight="meaningful", public_note="New facts came in.")
    assert Article.objects.with_updated_at().get().updated_at > article.published_at
    assert article.revisions.first().note == "New facts came in."


def test_a_draft_is_not_asked_how_its_save_counts(at_desk, ann):
    assert "weight" not in forms.open_form(at_desk(ann), forms.change(factories.draft()))


def test_withdrawing_asks_first_and_leaves_the_article_at_its_address(at_desk, ann, client):
    desk, article = at_desk(ann), factories.published()
    page = f"/admin/articles/article/{article.pk}/withdraw/"
    assert desk.get(page).status_code == 200
    assert client.get(article.get_absolute_url()).status_code == 200
    desk.post(page)
    assert client.get(article.get_absolute_url()).status_code == 410


def test_moving_leads_the_old_address_to_the_new_one(at_desk, ann, client):
    desk, article = at_desk(ann), factories.published()
    old = article.get_absolute_url()
    desk.post(f"/admin/articles/article/{article.pk}/move/", {"year": "2024", "month": "3", "slug": "better-words"})
    assert client.get(old).headers["Location"].endswith("/2024/03/better-words/")
    assert client.get("/2024/03/better-words/").status_code == 200


def test_moving_to_a_taken_address_is_refused_in_words(at_desk, ann):
    desk, other, article = at_desk(ann), factories.published(), factories.published()
    year, month, slug = other.public_path.split("/")
    response = desk.post(f"/admin/articles/article/{article.pk}/move/", {"year": year, "month": month, "slug": slug})
    assert "Another article has this address" in forms.text_of(response)


def test_an_address_is_made_of_words_as_they_are_typed_and_faults_are_told_in_plain_words(at_desk, ann):
    article = factories.published(headline="Words")
    page = f"/admin/articles/article/{article.pk}/move/"
    told = at_desk(ann).post(page, {"year": "2024", "month": "13", "slug": "???"}).text
    assert "A month is a number from 1 to 12." in told
    assert "Write at least one letter or figure of the Latin alphabet." in told
    assert 'value="???"' in told
    # The field names its help, and a screen reader finds it there.
    assert 'aria-describedby="id_slug_helptext' in told
    assert 'id="id_slug_helptext"' in told
    at_desk(ann).post(page, {"year": "2024", "month": "3", "slug": "Better Words, Really!"})
    article.refresh_from_db()
    assert article.public_path == "2024/03/better-words-really"


def test_the_list_publishes_several_and_names_those_it_could_not(at_desk, ann):
    client, good, bad = at_desk(ann), factories.draft(), factories.draft(body="", headline="Empty one")
    response = client.post(
        "/admin/articles/article/",
        {"action": "publish_now", "_selected_action": [good.pk, bad.pk]},
        follow=True,
    )
    good.refresh_from_db()
    bad.refresh_from_db()
    assert good.is_live
    assert bad.status == "draft"
    assert "Empty one: Before it can be published" in forms.text_of(response)
    assert "1 article published." in forms.text_of(response)


def test_the_list_opens_one_article_with_a_fresh_update(at_desk, ann):
    client, article = at_desk(ann), factories.published()
    response = client.post(
        "/admin/articles/article/", {"action": "add_update_action", "_selected_action": [article.pk]}
    )
    assert response.url.startswith(f"{forms.change(article)}?add=update")
    form = forms.open_form(client, f"{forms.change(article)}?add=update")
    assert form["addenda-TOTAL_FORMS"] == ["1"]


def test_the_next_scheduled_article_comes_first(at_desk, ann):
    client = at_desk(ann)
    for days in (9, 2, 5):
        factories.published(at=clock.now() + dt.timedelta(days=days), headline=f"Due in {days} days")
    factories.draft(headline="A draft")
    shown = forms.text_of(client.get("/admin/articles/article/?stage=scheduled"))
    assert shown.index("Due in 2") < shown.index("Due in 5") < shown.index("Due in 9")
    assert "A draft" not in shown


def test_the_list_costs_the_same_for_one_article_and_for_many(at_desk, ann, django_assert_max_num_queries):
    client = at_desk(ann)
    for _ in range(30):
        factories.draft()
    with django_assert_max_num_queries(20):
        client.get("/admin/articles/article/")


def test_what_was_published_once_cannot_be_deleted(at_desk, ann):
    client, article, draft = at_desk(ann), factories.published(), factories.draft()
    assert client.post(f"/admin/articles/article/{article.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(
        "/admin/articles/article/",
        {"action": "delete_selected", "_selected_action": [article.pk, draft.pk], "post": "yes"},
    )
    assert Article.objects.filter(pk=article.pk).exists()
    client.post(f"/admin/articles/article/{draft.pk}/delete/", {"post": "yes"})
    assert not Article.objects.filter(pk=draft.pk).exists()


def test_a_row_for_an_author_stands_open_until_somebody_signs(editor_client):
    article = factories.draft()
    signed = forms.open_form(editor_client, forms.change(article))
    assert signed["bylines-TOTAL_FORMS"] == signed["bylines-INITIAL_FORMS"] == ["1"]
    article.bylines.all().delete()
    unsigned = forms.open_form(editor_client, forms.change(article))
    assert (unsigned["bylines-TOTAL_FORMS"], unsigned["bylines-INITIAL_FORMS"]) == (["1"], ["0"])
    assert forms.post(editor_client, forms.change(article), unsigned).status_code == 302
    assert not article.bylines.exists()
