"""
Two people pressing at the same time. SQLite has one writer and no row locks, so these are proved on PostgreSQL; the
last test is their negative control: without the lock the same race loses a number.
"""

import threading

import pytest
from django.db import IntegrityError, connection, connections

from articles import editing, publishing
from articles.models import Addendum, Article
from tests import factories

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer and no row locks"),
]


def at_once(*actions):
    """Runs every action in a thread and connection of its own, started together. Returns what each raised, or None."""
    barrier, outcomes = threading.Barrier(len(actions)), [None] * len(actions)

    def run(place, action):
        try:
            barrier.wait()
            action()
        except Exception as error:
            outcomes[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_addenda_published_at_once_get_different_numbers():
    article = factories.published()
    drafts = [factories.draft_addendum(article) for _ in range(8)]
    outcomes = at_once(
        *[lambda row=row: publishing.publish_addendum(Addendum.objects.get(pk=row.pk)) for row in drafts]
    )
    assert outcomes == [None] * 8
    assert sorted(article.addenda.values_list("number", flat=True)) == list(range(1, 9))


def test_of_two_editors_saving_at_once_exactly_one_is_told():
    article = factories.draft()
    version = Article.objects.get(pk=article.pk).edit_version

    def save(words):
        copy = Article.objects.get(pk=article.pk)
        copy.headline = words
        editing.save(copy, by=None, base_version=version)

    outcomes = at_once(lambda: save("Hers"), lambda: save("His"))
    assert sorted(type(outcome) for outcome in outcomes if outcome) == [editing.EditConflict]
    article.refresh_from_db()
    assert article.edit_version == version + 1


def test_an_article_published_twice_at_once_is_published_once():
    article = factories.draft()
    outcomes = at_once(*[lambda: publishing.publish(Article.objects.get(pk=article.pk), by=None)] * 4)
    refused = [outcome for outcome in outcomes if outcome]
    assert len(refused) == 3
    assert all(isinstance(outcome, publishing.CannotPublish) for outcome in refused)
    assert article.revisions.filter(was_published=True).count() == 1


def test_articles_with_one_headline_published_at_once_all_get_an_address():
    drafts = [factories.draft(headline="The same words") for _ in range(6)]
    outcomes = at_once(*[lambda row=row: publishing.publish(row, by=None) for row in drafts])
    assert outcomes == [None] * 6
    assert Article.objects.exclude(public_path=None).values("public_path").distinct().count() == 6


def test_without_the_lock_the_race_for_numbers_is_lost(monkeypatch):
    """The control: everybody reads the article before anybody writes it."""
    article = factories.published()
    drafts = [factories.draft_addendum(article) for _ in range(4)]
    everybody_has_read = threading.Barrier(len(drafts))

    def read_without_lock(article):
        row = Article.objects.get(pk=article.pk)
        everybody_has_read.wait(timeout=20)
        return row

    monkeypatch.setattr(publishing, "_lock", read_without_lock)
    outcomes = at_once(
        *[lambda row=row: publishing.publish_addendum(Addendum.objects.get(pk=row.pk)) for row in drafts]
    )
    assert sum(isinstance(outcome, IntegrityError) for outcome in outcomes) == 3
