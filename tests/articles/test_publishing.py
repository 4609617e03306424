import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from articles import editing, previews, publishing
from articles.models import Addendum, Article, Redirect
from tests import factories

pytestmark = pytest.mark.django_db

MAY = dt.datetime(2026, 5, 20, 12, tzinfo=dt.UTC)


def test_first_publication_writes_the_address_once():
    with time_machine.travel(MAY, tick=False):
        article = factories.published(headline="Harbour reopens")
    assert article.public_path == "2026/05/harbour-reopens"
    assert article.first_published_at == article.published_at == MAY


def test_the_address_follows_the_sites_zone(settings):
    settings.TIME_ZONE = "Pacific/Auckland"
    timezone.get_default_timezone.cache_clear()
    try:
        article = factories.published(at=dt.datetime(2026, 4, 30, 20, tzinfo=dt.UTC), headline="Dawn")
        assert article.public_path == "2026/05/dawn"
    finally:
        settings.TIME_ZONE = "UTC"
        timezone.get_default_timezone.cache_clear()


def test_a_changed_headline_never_moves_the_address():
    article = factories.published(headline="Old words")
    path = article.public_path
    article.headline, article.slug = "New words", "new-words"
    editing.save(article, by=None, meaningful=True)
    article.refresh_from_db()
    assert (article.headline, article.public_path) == ("New words", path)
    assert article.slug == "old-words"


def test_rescheduling_into_another_month_never_moves_the_address():
    with time_machine.travel(MAY, tick=False):
        article = factories.published(at=MAY + dt.timedelta(days=2), headline="Later")
        publishing.reschedule(article, by=None, at=MAY + dt.timedelta(days=40))
    assert article.public_path == "2026/05/later"
    assert article.first_published_at == MAY + dt.timedelta(days=40)


def test_a_scheduled_article_is_live_the_instant_it_falls_due():
    article = factories.published(at=MAY)
    with time_machine.travel(MAY - dt.timedelta(microseconds=1), tick=False):
        assert not Article.objects.published().exists()
        assert article.is_scheduled
    with time_machine.travel(MAY, tick=False):
        assert Article.objects.published().get() == article
        assert article.is_live


def test_a_slug_that_is_taken_gets_a_number():
    first = factories.published(headline="Same words", at=MAY)
    second = factories.published(headline="Same words", at=MAY)
    assert first.public_path == "2026/05/same-words"
    assert second.public_path == "2026/05/same-words-2"


@pytest.mark.parametrize("headline", ["🚢🚢🚢", "السفينة وصلت", "</script>", "x" * 500])
def test_any_headline_gets_an_address(headline):
    article = factories.published(headline=headline)
    assert article.get_absolute_url().startswith("/20")
    assert len(article.public_path) <= 120


def test_an_incomplete_article_is_refused_with_what_it_lacks():
    article = factories.draft(body="<p> </p>", authors=[])
    with pytest.raises(publishing.CannotPublish, match="a text and an author"):
        publishing.publish(article, by=None)
    article.refresh_from_db()
    assert article.status == Article.Status.DRAFT


def test_publishing_twice_is_refused():
    article = factories.published()
    with pytest.raises(publishing.CannotPublish, match="published already"):
        publishing.publish(article, by=None)


def test_a_withdrawn_article_comes_back_with_its_address_and_date():
    article = factories.published(at=MAY, is_pinned=True)
    path = article.public_path
    publishing.withdraw(article, by=None)
    assert not Article.objects.published().exists()
    assert not article.is_pinned
    publishing.publish(article, by=None)
    assert (article.public_path, article.published_at, article.withdrawn_at) == (path, MAY, None)


def test_the_database_refuses_a_published_article_without_address():
    article = factories.draft()
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(status="published")


def test_a_published_article_cannot_be_deleted_by_any_road():
    article = factories.withdrawn()
    with pytest.raises(ProtectedError):
        article.delete()
    with pytest.raises(ProtectedError):
        Article.objects.filter(pk=article.pk).delete()
    factories.draft().delete()


def test_moving_leaves_a_redirect_and_moving_back_drops_it():
    article = factories.published(headline="One", at=MAY)
    publishing.move(article, by=None, year=2026, month=5, slug="two")
    assert article.public_path == "2026/05/two"
    assert Redirect.objects.get().old_path == "/2026/05/one/"
    publishing.move(article, by=None, year=2026, month=5, slug="one")
    assert [redirect.old_path for redirect in Redirect.objects.all()] == ["/2026/05/two/"]


def test_moving_before_anybody_could_read_it_leaves_no_redirect():
    with time_machine.travel(MAY, tick=False):
        article = factories.published(at=MAY + dt.timedelta(days=1), headline="One")
        publishing.move(article, by=None, year=2026, month=5, slug="two")
    assert not Redirect.objects.exists()


@pytest.mark.parametrize(
    ("year", "month", "slug"), [(2026, 0, "x"), (2026, 13, "x"), (2026, 5, ""), (2026, 5, "Not A Slug"), (26, 5, "x")]
)
def test_moving_to_no_address_is_refused(year, month, slug):
    article = factories.published()
    with pytest.raises(publishing.CannotPublish, match="An address is"):
        publishing.move(article, by=None, year=year, month=month, slug=slug)


def test_moving_to_anothers_address_is_refused():
    factories.published(headline="One", at=MAY)
    article = factories.published(headline="Two", at=MAY)
    with pytest.raises(publishing.CannotPublish, match="Another article"):
        publishing.move(article, by=None, year=2026, month=5, slug="one")


def test_a_new_article_does_not_take_an_address_that_leads_to_another():
    article = factories.published(headline="One", at=MAY)
    publishing.move(article, by=None, year=2026, month=5, slug="two")
    newcomer = factories.published(headline="One", at=MAY)
    assert newcomer.public_path == "2026/05/one-2"


def test_numbers_of_addenda_are_never_used_again():
    article = factories.published(at=MAY)
    first = factories.addendum(article)
    publishing.hide_addendum(first)
    second = factories.addendum(article)
    second.delete()
    third = factories.addendum(article)
    assert (first.number, second.number) == (1, 2)
    assert third.number == 3


def test_the_time_of_an_addendum_is_that_of_its_publication():
    article = factories.published(at=MAY)
    with time_machine.travel(MAY + dt.timedelta(hours=1), tick=False):
        draft = factories.draft_addendum(article)
    assert draft.published_at is None
    with time_machine.travel(MAY + dt.timedelta(hours=5), tick=False):
        publishing.publish_addendum(draft)
    assert draft.published_at == MAY + dt.timedelta(hours=5)


def test_an_addendum_needs_a_published_article_and_words():
    with pytest.raises(publishing.CannotPublish, match="Publish the article first"):
        factories.addendum(factories.draft())
    article = factories.published(at=MAY)
    with pytest.raises(publishing.CannotPublish, match="Write what was added"):
        factories.addendum(article, body="<p></p>")
    with pytest.raises(publishing.CannotPublish, match="older than its article"):
        factories.addendum(article, at=MAY - dt.timedelta(days=1))


def test_a_visible_addendum_cannot_be_published_again():
    addendum = factories.addendum(factories.published(at=MAY))
    with pytest.raises(publishing.CannotPublish, match="its time cannot change"):
        publishing.publish_addendum(addendum)


def test_a_published_correction_stays_whatever_is_tried():
    correction = factories.addendum(factories.published(at=MAY), kind="correction")
    with pytest.raises(publishing.CannotPublish, match="cannot be hidden"):
        publishing.hide_addendum(correction)
    with pytest.raises(ProtectedError):
        correction.delete()
    with pytest.raises(ProtectedError):
        Addendum.objects.all().delete()
    correction.kind = "update"
    with pytest.raises(publishing.CannotPublish, match="stays a correction"):
        publishing.edit_addendum(correction, by=None)


def test_a_correction_nobody_has_seen_yet_can_go():
    article = factories.published(at=MAY)
    scheduled = factories.addendum(article, kind="correction", at=timezone.now() + dt.timedelta(days=1))
    publishing.hide_addendum(scheduled)
    factories.draft_addendum(article, kind="correction").delete()
    assert not Addendum.objects.visible().exists()


def test_a_correction_is_superseded_by_a_newer_one_only():
    article = factories.published(at=MAY)
    older = factories.addendum(article, kind="correction", at=MAY + dt.timedelta(hours=1))
    newer = factories.addendum(article, kind="correction", at=MAY + dt.timedelta(hours=2))
    with pytest.raises(publishing.CannotPublish, match="must be newer"):
        publishing.supersede(newer, by_addendum=older)
    publishing.supersede(older, by_addendum=newer)
    assert older.superseded_by == newer


def test_editing_a_visible_addendum_says_so_and_keeps_what_was_read():
    addendum = factories.addendum(factories.published(at=MAY), body="<p>Ten people</p>")
    addendum.body = "<p>Twelve people</p>"
    publishing.edit_addendum(addendum, by=None)
    addendum.refresh_from_db()
    assert addendum.edited_at is not None
    assert [version.body for version in addendum.earlier_versions.all()] == ["<p>Ten people</p>"]


def test_editing_a_draft_addendum_keeps_the_words_and_tells_readers_nothing():
    addendum = factories.draft_addendum(factories.published(at=MAY), body="<p>First words</p>")
    addendum.body = "<p>Other words</p>"
    publishing.edit_addendum(addendum, by=None)
    assert addendum.edited_at is None
    assert addendum.earlier_versions.get().body == "<p>First words</p>"


def test_a_withdrawn_article_cannot_be_scheduled_past_what_was_added_to_it():
    article = factories.published(at=MAY)
    correction = factories.addendum(article, kind="correction", at=MAY + dt.timedelta(hours=1))
    publishing.withdraw(article, by=None)
    with pytest.raises(publishing.CannotPublish, match="older than this time"):
        publishing.publish(article, by=None, at=timezone.now() + dt.timedelta(days=36500))
    assert Addendum.objects.of_once_live_articles().get() == correction


def test_a_scheduled_addendum_cannot_come_to_stand_before_its_article():
    article = factories.published(at=timezone.now() + dt.timedelta(days=1))
    factories.addendum(article, kind="correction", at=timezone.now() + dt.timedelta(days=2))
    with pytest.raises(publishing.CannotPublish, match="older than this time"):
        publishing.reschedule(article, by=None, at=timezone.now() + dt.timedelta(days=3))


def test_one_withdrawn_before_anybody_read_it_is_published_like_a_first_time():
    with time_machine.travel(MAY, tick=False):
        article = factories.published(at=MAY + dt.timedelta(days=900))
        publishing.withdraw(article, by=None)
        publishing.publish(article, by=None)
        assert article.is_live
        assert article.first_published_at == article.published_at == MAY
        correction = factories.addendum(article, kind="correction")
    with time_machine.travel(MAY + dt.timedelta(days=1), tick=False):
        publishing.withdraw(article, by=None)
        assert article.is_gone
        assert Addendum.objects.of_once_live_articles().get() == correction


def test_nothing_is_added_to_a_withdrawn_article():
    with pytest.raises(publishing.CannotPublish, match="Publish the article first"):
        factories.addendum(factories.withdrawn())


def test_a_form_opened_before_a_change_of_state_is_told_so():
    by = factories.editor(name="Ada")
    article = factories.draft()
    form_copy = Article.objects.get(pk=article.pk)
    publishing.publish(article, by=by)
    with pytest.raises(editing.EditConflict) as conflict:
        editing.save(form_copy, by=None, base_version=form_copy.edit_version)
    assert conflict.value.by == by


def test_withdrawing_ends_every_preview_link():
    article = factories.published(at=MAY)
    link = previews.create(article, by=factories.editor(), lasts=dt.timedelta(days=3))
    publishing.withdraw(article, by=None)
    link.refresh_from_db()
    assert not previews.is_open(link)


def test_a_changed_kind_is_an_edit_too():
    addendum = factories.addendum(factories.published(at=MAY), kind="update")
    addendum.kind = "correction"
    publishing.edit_addendum(addendum, by=None)
    assert addendum.edited_at is not None
    assert addendum.earlier_versions.get().kind == "update"


def test_no_manager_offers_to_delete_everything():
    with pytest.raises(AttributeError):
        Article.objects.delete()
    with pytest.raises(AttributeError):
        Addendum.objects.delete()
