"""Two editors never overwrite each other, and nobody loses what was typed."""

import datetime as dt

import pytest
import time_machine

from articles import presence, publishing
from articles.models import Autosave
from foundation import clock
from tests import factories
from tests.articles.admin import forms

pytestmark = pytest.mark.django_db


@pytest.fixture
def clash(at_desk, ann, bob):
    """Ann and Bob open the same draft; Ann saves first, Bob's save is the answer."""
    article = factories.draft(body="<p>As it was.</p>")
    path = forms.change(article)
    anns, bobs = at_desk(ann), at_desk(bob)
    opened_by_ann, opened_by_bob = forms.open_form(anns, path), forms.open_form(bobs, path)
    forms.post(anns, path, opened_by_ann, body="<p>What Ann wrote.</p>")
    with_update = forms.with_row(
        opened_by_bob, "addenda", kind="update", act="keep", key="b" * 32, body="<p>Bob's update.</p>"
    )
    answer = forms.post(bobs, path, with_update, body="<p>What Bob wrote.</p>", headline="Bob's headline")
    article.refresh_from_db()
    return article, bobs, answer


def test_the_later_save_is_refused_and_told_by_whom(clash):
    article, _, answer = clash
    assert article.body == "<p>What Ann wrote.</p>"
    assert answer.status_code == 200
    assert "Ann saved this article at" in forms.text_of(answer)


def test_everything_typed_is_still_in_the_form(clash):
    _, _, answer = clash
    kept = forms.fields_of(answer)
    assert kept["body"] == ["<p>What Bob wrote.</p>"]
    assert kept["headline"] == ["Bob's headline"]
    assert kept["addenda-0-body"] == ["<p>Bob's update.</p>"]


def test_the_difference_to_the_other_text_is_shown(clash):
    _, _, answer = clash
    page = answer.content.decode()
    assert "<del>Ann</del>" in page
    assert "<ins>Bob</ins>" in page


def test_pressing_save_again_is_refused_again(clash):
    article, bobs, answer = clash
    again = forms.post(bobs, forms.change(article), forms.fields_of(answer))
    article.refresh_from_db()
    assert "saved this article at" in forms.text_of(again)
    assert article.body == "<p>What Ann wrote.</p>"


def test_saving_over_it_is_an_act_of_its_own_and_keeps_the_other_text_as_a_version(clash):
    article, bobs, answer = clash
    response = forms.post(
        bobs, forms.change(article), forms.fields_of(answer), "_overwrite", _overwrite=str(article.edit_version)
    )
    article.refresh_from_db()
    assert response.status_code == 302
    assert article.body == "<p>What Bob wrote.</p>"
    assert article.revisions.filter(body="<p>What Ann wrote.</p>").exists()


def test_saving_over_it_does_not_overwrite_a_third_save_that_was_never_seen(clash, at_desk, ann):
    article, bobs, answer = clash
    seen = str(article.edit_version)
    anns = at_desk(ann)
    path = forms.change(article)
    forms.post(anns, path, forms.open_form(anns, path), body="<p>Ann once more.</p>")
    refused = forms.post(bobs, path, forms.fields_of(answer), "_overwrite", _overwrite=seen)
    article.refresh_from_db()
    assert refused.status_code == 200
    assert article.body == "<p>Ann once more.</p>"


def test_taking_theirs_leaves_the_refused_text_as_unsaved(clash, bob):
    article, bobs, _ = clash
    page = bobs.get(forms.change(article))
    assert forms.fields_of(page)["body"] == ["<p>What Ann wrote.</p>"]
    assert "and it was not saved" in forms.text_of(page)
    assert Autosave.objects.get(user=bob).data["body"] == ["<p>What Bob wrote.</p>"]


def test_a_save_without_a_rival_goes_through(at_desk, ann):
    client, article = at_desk(ann), factories.draft()
    path = forms.change(article)
    for text in ("<p>One.</p>", "<p>Two.</p>"):
        assert forms.post(client, path, forms.open_form(client, path), body=text).status_code == 302
    article.refresh_from_db()
    assert article.body == "<p>Two.</p>"


def test_a_form_without_its_version_overwrites_nothing(at_desk, ann):
    client, article = at_desk(ann), factories.draft(body="<p>As it was.</p>")
    path = forms.change(article)
    forms.post(client, path, forms.open_form(client, path), body="<p>Blind.</p>", base_version=None)
    article.refresh_from_db()
    assert article.body == "<p>As it was.</p>"


def test_an_open_form_says_who_else_has_it_open(at_desk, ann, bob):
    article = factories.draft()
    beat = f"/admin/live/presence/{article.pk}/"
    assert at_desk(bob).post(beat).json()["others"] == []
    assert at_desk(ann).post(beat).json()["others"] == ["Bob"]
    assert "Bob is editing this too" in forms.text_of(at_desk(ann).get(forms.change(article)))
    at_desk(bob).post(beat, {"leaving": "1"})
    assert at_desk(ann).post(beat).json()["others"] == []


def test_somebody_whose_browser_went_silent_is_forgotten(ann, bob):
    article = factories.draft()
    presence.note(article, bob)
    assert presence.others(article, ann) == ["Bob"]
    with time_machine.travel(clock.now() + presence.FORGOTTEN_AFTER):
        assert presence.others(article, ann) == []


@pytest.fixture
def clash_over_an_update(at_desk, ann, bob):
    """Both open the draft of an update; Ann changes its text, Bob that of the article, and Bob's save is the answer."""
    article = factories.draft(body="<p>As it was.</p>")
    factories.draft_addendum(article, body="<p>The river rose slowly.</p>")
    path, anns, bobs = forms.change(article), at_desk(ann), at_desk(bob)
    opened_by_ann, opened_by_bob = forms.open_form(anns, path), forms.open_form(bobs, path)
    forms.post(anns, path, opened_by_ann, **{"addenda-0-body": "<p>The river rose quickly.</p>"})
    answer = forms.post(bobs, path, opened_by_bob, body="<p>What Bob wrote.</p>")
    return article, bobs, answer


def test_the_difference_of_updates_is_shown_before_they_are_overwritten(clash_over_an_update):
    article, _, answer = clash_over_an_update
    assert article.addenda.get().body == "<p>The river rose quickly.</p>"
    page = answer.content.decode()
    assert "<del>quickly</del>" in page
    assert "<ins>slowly</ins>" in page


def test_an_overwritten_draft_of_an_update_stands_among_the_versions(clash_over_an_update):
    article, bobs, answer = clash_over_an_update
    article.refresh_from_db()
    seen = str(article.edit_version)
    forms.post(bobs, forms.change(article), forms.fields_of(answer), "_overwrite", _overwrite=seen)
    assert article.addenda.get().body == "<p>The river rose slowly.</p>"
    versions = bobs.get(f"/admin/articles/article/{article.pk}/versions/")
    assert "The river rose quickly." in forms.text_of(versions)
    assert "<del>quickly</del>" in versions.content.decode()
    assert "changed by Bob" in forms.text_of(versions)


def test_a_new_update_and_a_deleted_one_are_among_the_differences(at_desk, ann, bob):
    article = factories.draft()
    factories.draft_addendum(article, body="<p>To be dropped.</p>")
    path, anns, bobs = forms.change(article), at_desk(ann), at_desk(bob)
    opened = forms.with_row(
        forms.open_form(bobs, path), "addenda", kind="update", act="keep", key="b" * 32, body="<p>To be added.</p>"
    )
    forms.post(anns, path, forms.open_form(anns, path), body="<p>Ann.</p>")
    page = forms.post(bobs, path, opened, **{"addenda-0-DELETE": "on"}).content.decode()
    assert "<del>To be dropped.</del>" in page
    assert "<ins>To be added.</ins>" in page


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        (lambda article, by: publishing.publish(article, by=by), "This article was published after you had opened it"),
        (
            lambda article, by: publishing.publish(article, by=by, at=clock.now() + dt.timedelta(days=1)),
            "This article was scheduled after you had opened it",
        ),
    ],
)
def test_half_done_text_does_not_go_out_because_somebody_published_meanwhile(at_desk, ann, bob, verb, words):
    article = factories.draft(body="<p>Complete.</p>")
    path, bobs = forms.change(article), at_desk(bob)
    opened = forms.open_form(bobs, path)
    verb(article, ann)
    answer = forms.post(bobs, path, opened, body="<p>Half do</p>")
    article.refresh_from_db()
    assert article.body == "<p>Complete.</p>"
    assert words in forms.text_of(answer)
    assert "Ann changed it last" in forms.text_of(answer)
    assert forms.fields_of(answer)["body"] == ["<p>Half do</p>"]


def test_whoever_works_on_a_withdrawn_article_is_told_so(at_desk, ann, bob):
    article = factories.published()
    path, bobs = forms.change(article), at_desk(bob)
    opened = forms.open_form(bobs, path)
    publishing.withdraw(article, by=ann)
    assert "This article was withdrawn after you had opened it" in forms.text_of(forms.post(bobs, path, opened))


def test_who_may_only_read_is_not_asked_to_talk_about_saving(at_desk, bob):
    article = factories.published()
    at_desk(bob).post(f"/admin/live/presence/{article.pk}/")
    reader = at_desk(factories.member_of("Moderator"))
    assert "is editing this too" not in forms.text_of(reader.get(forms.change(article)))
