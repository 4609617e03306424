"""Updates and corrections as rows of their article's form."""

import datetime as dt

import pytest
from django.utils import timezone

from articles.models import Addendum
from foundation import clock
from tests import factories
from tests.articles.admin import forms

pytestmark = pytest.mark.django_db
KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def article(db):
    return factories.published(at=clock.now() - dt.timedelta(days=1))


@pytest.fixture
def save(at_desk, ann, article):
    """Opens the article's form, lets the test change it, saves it."""
    client = at_desk(ann)

    def act(new_row=None, **changes):
        path = forms.change(article)
        form = forms.open_form(client, path)
        if new_row:
            form = forms.with_row(form, "addenda", **{"kind": "update", "act": "keep", "key": KEY, **new_row})
        return forms.post(client, path, form, follow=True, **changes)

    return act


def test_an_update_is_written_and_published_in_one_save(save, article, client):
    save({"body": "<p>The minister answered.</p>", "act": "now"})
    addendum = Addendum.objects.get()
    assert addendum.key == KEY
    assert addendum.is_visible
    page = client.get(article.get_absolute_url()).content.decode()
    assert "The minister answered." in page
    assert 'id="update-1"' in page


def test_an_update_kept_as_a_draft_is_seen_by_nobody(save, article, client):
    save({"body": "<p>The minister answered.</p>"})
    assert Addendum.objects.get().status == "draft"
    assert "The minister answered." not in client.get(article.get_absolute_url()).content.decode()


def test_an_update_can_wait_for_its_time(save):
    due = clock.now().replace(second=0, microsecond=0) + dt.timedelta(days=1)
    at = timezone.localtime(due).strftime("%Y-%m-%dT%H:%M")
    save({"body": "<p>Tomorrow.</p>", "act": "later", "publish_at": at})
    addendum = Addendum.objects.get()
    assert addendum.published_at == due
    assert not addendum.is_visible


def test_a_time_is_asked_for_where_one_is_needed(save):
    response = save({"body": "<p>Tomorrow.</p>", "act": "later"})
    assert "Choose the day and time at which readers shall see it" in forms.text_of(response)
    assert not Addendum.objects.exists()


def test_a_row_that_was_opened_and_left_empty_is_no_update(save, article):
    save({"body": ""})
    assert not Addendum.objects.exists()


def test_the_time_of_an_update_stays_when_its_text_is_changed(save, article):
    addendum = factories.addendum(article, at=clock.now() - dt.timedelta(hours=3))
    before = addendum.published_at
    save(**{"addenda-0-body": "<p>Said better.</p>"})
    addendum.refresh_from_db()
    assert addendum.body == "<p>Said better.</p>"
    assert addendum.published_at == before
    assert addendum.edited_at is not None


def test_hiding_an_update_takes_its_pointers_from_the_text(save, article, client):
    addendum = factories.addendum(article)
    pointer = f'<p>It rose <a href="#" data-pointer="{addendum.key}">(UPDATED below)</a>.</p>'
    save(body=pointer)
    assert "UPDATED below" in client.get(article.get_absolute_url()).content.decode()
    save(**{"addenda-0-act": "hide"})
    assert "UPDATED below" not in client.get(article.get_absolute_url()).content.decode()


def test_a_published_correction_offers_neither_hiding_nor_deleting(save, article, at_desk, ann):
    correction = factories.addendum(article, kind="correction")
    page = at_desk(ann).get(forms.change(article)).content.decode()
    assert 'name="addenda-0-act" value="hide"' not in page
    assert 'name="addenda-0-DELETE"' not in page
    save(**{"addenda-0-act": "hide"})
    save(**{"addenda-0-DELETE": "on"})
    save(**{"addenda-0-kind": "update"})
    correction.refresh_from_db()
    assert (correction.status, correction.kind) == ("published", "correction")


def test_an_update_can_be_hidden_where_a_correction_cannot(save, article):
    addendum = factories.addendum(article, kind="update")
    save(**{"addenda-0-act": "hide"})
    addendum.refresh_from_db()
    assert addendum.status == "hidden"


def test_a_new_correction_supersedes_an_older_one(save, article):
    old = factories.addendum(article, kind="correction", at=clock.now() - dt.timedelta(hours=2))
    save({"kind": "correction", "body": "<p>It was Friday.</p>", "act": "now", "replaces": str(old.pk)})
    old.refresh_from_db()
    assert old.superseded_by == Addendum.objects.get(body="<p>It was Friday.</p>")


def test_a_draft_cannot_supersede_what_readers_see(save, article):
    old = factories.addendum(article, kind="correction", at=clock.now() - dt.timedelta(hours=2))
    response = save({"kind": "correction", "body": "<p>It was Friday.</p>", "replaces": str(old.pk)})
    assert "Only a published addendum can replace" in forms.text_of(response)
    assert "It was Friday." in response.content.decode()


def test_only_a_row_that_readers_never_saw_can_be_deleted(save, article):
    seen, unseen = factories.addendum(article), factories.draft_addendum(article)
    for number in (0, 1):
        save(**{f"addenda-{number}-DELETE": "on"})
    assert list(Addendum.objects.all()) == [seen]
    assert not Addendum.objects.filter(pk=unseen.pk).exists()


def test_an_update_to_a_draft_waits_until_the_article_is_out(at_desk, ann):
    client, draft = at_desk(ann), factories.draft()
    path = forms.change(draft)
    form = forms.with_row(
        forms.open_form(client, path), "addenda", kind="update", act="now", key=KEY, body="<p>More.</p>"
    )
    response = client.post(path, {**form, "_continue": "1"}, follow=True)
    assert "Publish the article first" in forms.text_of(response)
    assert Addendum.objects.get().body == "<p>More.</p>"


def test_two_rows_with_one_key_are_not_saved_under_it(save, article):
    factories.draft_addendum(article, key=KEY)
    response = save({"body": "<p>The same key.</p>"})
    assert "The same key." in response.content.decode()
    assert Addendum.objects.count() == 1
