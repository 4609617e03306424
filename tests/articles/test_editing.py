import datetime as dt

import pytest
import time_machine

from articles import editing, publishing
from articles.models import Article
from tests import factories

pytestmark = pytest.mark.django_db

MAY = dt.datetime(2026, 5, 20, 12, tzinfo=dt.UTC)


def updated_at(article):
    return Article.objects.with_updated_at().get(pk=article.pk).updated_at


def change(article, *, meaningful, at, **fields):
    for name, value in fields.items():
        setattr(article, name, value)
    return editing.save(article, by=None, meaningful=meaningful, at=at)


def test_the_later_of_two_editors_is_refused_and_nothing_is_stored():
    first, second = factories.editor(name="Ada"), factories.editor(name="Ben")
    article = factories.draft(headline="As it was")
    hers, his = Article.objects.get(pk=article.pk), Article.objects.get(pk=article.pk)
    opened_with = hers.edit_version
    hers.headline = "Hers"
    editing.save(hers, by=first, base_version=opened_with)
    his.headline = "His"

    with pytest.raises(editing.EditConflict) as conflict:
        editing.save(his, by=second, base_version=opened_with)

    assert conflict.value.by == first
    assert conflict.value.current.headline == "Hers"
    assert his.headline == "His"
    assert Article.objects.get(pk=article.pk).headline == "Hers"


def test_without_a_base_version_the_later_save_wins():
    """The control to the test above: the guard is the version, nothing else."""
    article = factories.draft()
    stale = Article.objects.get(pk=article.pk)
    editing.save(article, by=None)
    stale.headline = "Stale"
    editing.save(stale, by=None)
    assert Article.objects.get(pk=article.pk).headline == "Stale"


def test_an_outdated_copy_saved_on_purpose_does_not_unpublish():
    article = factories.draft()
    form_copy = Article.objects.get(pk=article.pk)
    publishing.publish(article, by=None)
    form_copy.headline = "Changed"
    editing.save(form_copy, by=None)
    assert Article.objects.published().get().headline == "Changed"


def test_only_a_meaningful_change_moves_the_date_that_readers_see():
    article = factories.published(at=MAY, body="<p>One</p>")
    change(article, meaningful=False, at=MAY + dt.timedelta(hours=1), body="<p>One, spelt right</p>")
    assert updated_at(article) == MAY
    change(article, meaningful=True, at=MAY + dt.timedelta(hours=2), body="<p>One and two</p>")
    assert updated_at(article) == MAY + dt.timedelta(hours=2)


def test_tags_and_bylines_never_move_the_date():
    article = factories.published(at=MAY)
    article.tags.set([factories.tag()])
    revision = editing.save(article, by=None, meaningful=True)
    assert revision is None
    assert updated_at(article) == MAY


def test_the_newest_visible_addendum_moves_the_date_when_it_falls_due():
    article = factories.published(at=MAY)
    factories.addendum(article, at=MAY + dt.timedelta(days=2))
    with time_machine.travel(MAY + dt.timedelta(days=1), tick=False):
        assert updated_at(article) == MAY
    with time_machine.travel(MAY + dt.timedelta(days=2), tick=False):
        assert updated_at(article) == MAY + dt.timedelta(days=2)


def test_hiding_the_newest_addendum_moves_the_date_back():
    article = factories.published(at=MAY)
    addendum = factories.addendum(article, at=MAY + dt.timedelta(hours=1))
    publishing.hide_addendum(addendum)
    assert updated_at(article) == MAY


def test_a_scheduled_article_is_not_updated_by_work_done_before_its_time():
    with time_machine.travel(MAY, tick=False):
        article = factories.published(at=MAY + dt.timedelta(days=1))
        change(article, meaningful=True, at=MAY + dt.timedelta(hours=1), body="<p>Second thoughts</p>")
    assert updated_at(article) == MAY + dt.timedelta(days=1)


def test_readers_see_the_text_that_went_live_and_every_meaningful_one_since():
    article = factories.draft(body="<p>Secret draft</p>")
    change(article, meaningful=True, at=MAY - dt.timedelta(hours=3), body="<p>Second secret draft</p>")
    publishing.publish(article, by=None, at=MAY)
    change(article, meaningful=False, at=MAY + dt.timedelta(hours=1), body="<p>Second text</p>")
    change(article, meaningful=True, at=MAY + dt.timedelta(hours=2), body="<p>Third text</p>")

    versions = editing.public_versions(article)

    assert [version.body for version in versions] == ["<p>Third text</p>", "<p>Second secret draft</p>"]


def test_texts_replaced_before_a_scheduled_time_stay_private():
    with time_machine.travel(MAY, tick=False):
        article = factories.published(at=MAY + dt.timedelta(days=1), body="<p>Too hasty</p>")
        change(article, meaningful=True, at=MAY + dt.timedelta(hours=1), body="<p>Considered</p>")
        assert editing.public_versions(article) == []
    with time_machine.travel(MAY + dt.timedelta(days=2), tick=False):
        assert [version.body for version in editing.public_versions(article)] == ["<p>Considered</p>"]


def test_restoring_brings_the_text_back_as_a_new_revision():
    article = factories.published(at=MAY, body="<p>First</p>")
    first = article.revisions.first()
    change(article, meaningful=True, at=MAY + dt.timedelta(hours=1), body="<p>Second</p>")
    editing.restore(first, by=None)
    article.refresh_from_db()
    assert article.body == "<p>First</p>"
    assert [revision.body for revision in article.revisions.all()] == ["<p>First</p>", "<p>Second</p>", "<p>First</p>"]


def test_the_difference_names_the_field_and_the_words():
    article = factories.published(headline="Ten hurt", body="<p>Same</p><p>Ten people were hurt in the fire</p>")
    old = article.revisions.first()
    article.body = "<p>Same</p><p>Twelve people were hurt in the fire</p>"
    new = editing.save(article, by=None, meaningful=True)

    (body,) = editing.difference(old, new)

    assert body.label == "Body"
    assert [paragraph.kind for paragraph in body.paragraphs] == ["same", "changed"]
    assert [(run.kind, run.text) for run in body.paragraphs[1].runs][:2] == [("removed", "Ten"), ("added", "Twelve")]


def test_a_text_changed_while_withdrawn_is_told_as_a_change_at_its_return():
    article = factories.published(at=MAY, body="<p>As readers knew it</p>")
    publishing.withdraw(article, by=None)
    change(article, meaningful=True, at=MAY + dt.timedelta(days=1), body="<p>Rewritten in private</p>")
    with time_machine.travel(MAY + dt.timedelta(days=2), tick=False):
        publishing.publish(article, by=None)
        bodies = [version.body for version in editing.public_versions(article)]
        assert bodies == ["<p>Rewritten in private</p>", "<p>As readers knew it</p>"]
        assert updated_at(article) == MAY + dt.timedelta(days=2)


def test_what_was_saved_as_a_trifle_can_be_told_to_readers_afterwards():
    article = factories.published(at=MAY, body="<p>Ten</p>")
    change(article, meaningful=False, at=MAY + dt.timedelta(hours=1), body="<p>Twelve</p>")
    told = editing.save(article, by=None, meaningful=True, note="The number", at=MAY + dt.timedelta(hours=2))
    assert told.note == "The number"
    assert updated_at(article) == MAY + dt.timedelta(hours=2)
    assert [version.body for version in editing.public_versions(article)] == ["<p>Twelve</p>", "<p>Ten</p>"]
    assert editing.save(article, by=None, meaningful=True, note="Again") is None
