"""Blacking out words: counted first, confirmed, and written down nowhere."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission

from articles import editing, publishing
from articles.models import Takedown
from tests import factories
from tests.articles.admin import forms

pytestmark = pytest.mark.django_db
SECRET = "Katerina Vos"
TYPED = {"words": SECRET, "reason": "By order of a court."}


@pytest.fixture
def lawyer(ann):
    ann.user_permissions.add(Permission.objects.get(codename="takedown_article"))
    return type(ann).objects.get(pk=ann.pk)


@pytest.fixture
def article(at_desk, lawyer):
    """Saved through the form, so that the admin's log has seen the headline."""
    client, article = at_desk(lawyer), factories.published()
    path = forms.change(article)
    form = forms.open_form(client, path)
    forms.post(client, path, form, headline=f"{SECRET} speaks", body=f"<p>{SECRET} spoke. {SECRET} left.</p>")
    article.refresh_from_db()
    return article


def page(article) -> str:
    return f"/admin/articles/article/{article.pk}/takedown/"


def test_the_places_are_counted_before_anything_is_done(at_desk, lawyer, article):
    response = at_desk(lawyer).post(page(article), {**TYPED, "_count": "1"})
    article.refresh_from_db()
    assert "places would be blacked out" in forms.text_of(response)
    assert SECRET in article.body
    assert not Takedown.objects.exists()


def test_confirmed_words_vanish_from_page_and_log(at_desk, lawyer, article, client):
    at_desk(lawyer).post(page(article), {**TYPED, "_confirm": "1"})
    article.refresh_from_db()
    assert SECRET not in client.get(article.get_absolute_url()).content.decode()
    assert SECRET not in article.headline + article.body
    written = [f"{entry.object_repr} {entry.change_message}" for entry in LogEntry.objects.all()]
    assert len(written) == 2
    assert not [line for line in written if SECRET in line]
    listed = forms.text_of(at_desk(lawyer).get("/admin/articles/takedown/"))
    assert "By order of a court." in listed
    assert SECRET not in listed


def test_an_address_that_holds_the_words_is_shown_and_can_be_changed_at_once(at_desk, lawyer, article, client):
    publishing.move(article, by=lawyer, year=2026, month=5, slug="katerina-vos-speaks")
    old = article.get_absolute_url()
    shown = forms.text_of(at_desk(lawyer).post(page(article), {**TYPED, "_count": "1"}))
    assert f"The address holds the words: {old}" in shown
    at_desk(lawyer).post(page(article), {**TYPED, "new_slug": "a-witness-speaks", "_confirm": "1"})
    article.refresh_from_db()
    assert client.get(article.get_absolute_url()).status_code == 200
    assert "a-witness-speaks" in article.get_absolute_url()
    assert client.get(old).status_code == 404


def test_an_address_that_keeps_the_words_is_told_afterwards(at_desk, lawyer, article):
    publishing.move(article, by=lawyer, year=2026, month=5, slug="katerina-vos-speaks")
    response = at_desk(lawyer).post(page(article), {**TYPED, "_confirm": "1"}, follow=True)
    assert "The address still holds the words: /2026/05/katerina-vos-speaks/" in forms.text_of(response)


def test_an_address_without_the_words_is_not_spoken_of(at_desk, lawyer, article):
    shown = forms.text_of(at_desk(lawyer).post(page(article), {**TYPED, "_count": "1"}))
    assert "holds the words" not in shown


def test_posts_that_are_now_never_fetched_are_told_of(at_desk, lawyer, article):
    address = "https://x.com/harbour/status/1232942413187452929"
    article.body += f'<div data-embed="{address}"></div>'
    editing.save(article, by=lawyer)
    response = at_desk(lawyer).post(page(article), {**TYPED, "_confirm": "1"}, follow=True)
    assert "1 post had not been fetched and now never will be." in forms.text_of(response)


def test_what_it_does_not_touch_is_said(at_desk, lawyer, article):
    shown = forms.text_of(at_desk(lawyer).get(page(article)))
    assert "names of tags, sections and authors are not touched" in shown


def test_a_form_that_was_open_meanwhile_cannot_bring_the_words_back(at_desk, lawyer, bob, article):
    bobs = at_desk(bob)
    form = forms.open_form(bobs, forms.change(article))
    at_desk(lawyer).post(page(article), {**TYPED, "_confirm": "1"})
    forms.post(bobs, forms.change(article), form)
    article.refresh_from_db()
    assert SECRET not in article.body


def test_words_that_stand_nowhere_are_said_to(at_desk, lawyer, article):
    response = at_desk(lawyer).post(page(article), {**TYPED, "words": "Nobody Else", "_count": "1"})
    assert "stand nowhere" in forms.text_of(response)


def test_a_reason_that_repeats_the_words_is_refused(at_desk, lawyer, article):
    at_desk(lawyer).post(page(article), {"words": SECRET, "reason": f"{SECRET} sued", "_confirm": "1"})
    assert not Takedown.objects.exists()


def test_it_takes_a_permission_that_no_role_has(at_desk, bob, article):
    assert at_desk(bob).get(page(article)).status_code == 403
    assert at_desk(bob).post(page(article), {**TYPED, "_confirm": "1"}).status_code == 403
    assert not Takedown.objects.exists()


def test_the_record_is_read_and_never_changed(at_desk, lawyer, article):
    at_desk(lawyer).post(page(article), {**TYPED, "_confirm": "1"})
    path = f"/admin/articles/takedown/{Takedown.objects.get().pk}/"
    assert at_desk(lawyer).get(f"{path}change/").status_code == 200
    assert at_desk(lawyer).post(f"{path}change/", {"reason": "x"}).status_code == 403
    assert at_desk(lawyer).post(f"{path}delete/", {"post": "yes"}).status_code == 403
