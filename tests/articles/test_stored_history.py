"""What earlier texts tell, as readers get it from the store of pages."""

import pytest
from django.urls import reverse

from articles import cache_tags, editing, publishing
from articles.embeds import providers, snapshot
from articles.models import Article, Embed, Revision
from tests import factories
from tests.site.test_stored_pages import Stored, stored_bytes, world

__all__ = ["world"]  # a fixture
pytestmark = pytest.mark.django_db
POST = "https://x.com/anybodyelse/status/1234444444444444444"
NAME = "anybodyelse"


@pytest.fixture
def once(world, django_capture_on_commit_callbacks):
    """A post that stood in the article and in an update to another, and stands there no more. The post."""
    with django_capture_on_commit_callbacks(execute=True):
        embed = snapshot.remember(providers.recognise(POST))
        for words in (f"<p>Before</p><p>{POST}</p>", "<p>Before and after</p>"):
            story = Article.objects.get(pk=world.story.pk)
            story.body = words
            editing.save(story, by=None, meaningful=True)
        update = factories.addendum(world.neighbour, kind="update", body=f"<p>See</p><p>{POST}</p>")
        update.body = "<p>Nothing to see</p>"
        publishing.edit_addendum(update, by=None)
    return embed


def history_of(world) -> dict[str, str]:
    parts = world.story.public_path.split("/")
    last = Revision.objects.filter(article=world.story).order_by("number").last().number
    return {
        "version": reverse("article_version", args=[*parts, last]),
        "history": reverse("article_history", args=world.neighbour.public_path.split("/")),
    }


@pytest.mark.parametrize("choice", [Embed.Choice.REMOVED, Embed.Choice.TEXT_ONLY])
def test_a_post_that_is_withheld_is_in_no_stored_page_that_tells_of_earlier_texts(
    world, once, choice, django_capture_on_commit_callbacks
):
    site = Stored(world)
    site.addresses |= history_of(world)
    assert [NAME in site.read(page) for page in ("version", "history")] == [True, True]
    site.read("elsewhere")
    with django_capture_on_commit_callbacks(execute=True):
        snapshot.decide(once, choice=choice, reason="Its writer asked for it.", by=None)
    assert NAME.encode() not in stored_bytes()
    assert ["[post removed]" in site.read(page) for page in ("version", "history")] == [True, True]
    assert not site.made_for("elsewhere")
    with django_capture_on_commit_callbacks(execute=True):
        snapshot.decide(once, choice=Embed.Choice.KEEP, reason="Asked for it back.", by=None)
    assert [NAME in site.read(page) for page in ("version", "history")] == [True, True]


def test_a_decision_that_forgets_them_is_found_out(world, once, django_capture_on_commit_callbacks, monkeypatch):
    monkeypatch.setattr(cache_tags, "take_away_earlier_texts", lambda embed: None)
    site = Stored(world)
    site.addresses |= history_of(world)
    site.read("version")
    with django_capture_on_commit_callbacks(execute=True):
        snapshot.decide(once, choice=Embed.Choice.REMOVED, reason="Its writer asked for it.", by=None)
    assert NAME in site.read("version")
