"""
Cards and entries of feeds as pieces: each follows its article, whatever changes of it, and no other is made anew. Pages
are asked for as they are while none is stored: made from the pieces that stand.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import connection
from django.db.models import DateTimeField, Value
from django.test.utils import CaptureQueriesContext

from articles import cache_tags, cards, feed_entries, publishing
from articles.models import Article
from articles.querysets import ArticleQuerySet
from articles.templatetags import article_tags
from comments import moderation
from foundation import clock
from pagecache import purge_stale
from tests import factories
from tests.pagecache.anew import Anew
from tests.pagecache.reader import Reader
from tests.site.stored_changes import edit_update, move, save_text, set_and_save, size_picture, write_post
from tests.site.stored_world import HOUR, World
from tests.site.test_stored_pages import later, world

__all__ = ["later", "world"]  # fixtures
pytestmark = pytest.mark.django_db

LISTS = ("home", "section", "tag", "author", "month_archive")
FEEDS = ("feed", "atom", "section_feed", "section_atom", "author_feed", "author_atom")
OTHERS = (
    "archive", "corrections", "page", "updates_feed", "corrections_feed", "sitemap", "sitemap_month", "sitemap_pages",
    "news_sitemap", "numbered",
)  # fmt: skip
MINUTE = dt.timedelta(minutes=1)


class Joined:
    """Pages joined from pieces, and of which articles one had to be made for it."""

    def __init__(self, world: World, monkeypatch):
        self.reader, self.addresses = Reader(Anew()), world.pages()
        self.made: set[int] = set()
        for kind in (cards, feed_entries):
            monkeypatch.setattr(kind, "_made", self._noting(kind._made))

    def _noting(self, make):
        def noted(request, article: int, *told: str) -> str:
            self.made.add(article)
            return make(request, article, *told)

        return noted

    def read(self, name: str) -> str:
        return self.reader.get(self.addresses[name]).text

    def read_all(self, names) -> dict[str, str]:
        self.made.clear()
        return {name: self.read(name) for name in names}

    def queries(self, name: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            self.read(name)
        return len(asked)


@pytest.fixture
def joined(world, monkeypatch):
    joined = Joined(world, monkeypatch)
    joined.read_all([*LISTS, *FEEDS, *OTHERS])
    return joined


@pytest.fixture
def committing(django_capture_on_commit_callbacks):
    """Around what is a transaction of its own."""

    def commit():
        return django_capture_on_commit_callbacks(execute=True)

    return commit


@pytest.fixture
def move_on(monkeypatch, later):
    """Every clock moves, and nobody says anything."""

    def move(by: dt.timedelta):
        now = clock.now
        monkeypatch.setattr(clock, "now", lambda: now() + by)
        later(by.total_seconds())

    return move


@dataclass(frozen=True)
class Change:
    """
    Words that `pages` say then and did not before, and words they said and say no longer. `is_own`: of the pieces those
    of the one article alone are made anew.
    """

    make: Callable[[World], object]
    pages: tuple[str, ...]
    shows: str = ""
    hides: str = ""
    is_own: bool = True


def sign(world: World):
    world.story.bylines.create(author=factories.author(name="Bo Lind"), position=1)


# One after the other on the same site.
ON_CARDS = {
    "a headline": Change(lambda world: save_text(world, headline="Telescope"), LISTS, "Telescope", "Kaleidoscope"),
    "a standfirst": Change(lambda world: save_text(world, standfirst="Seated"), LISTS, "Seated", "Standing"),
    "the sizes of a picture": Change(size_picture, LISTS, ".avif"),
    "another picture": Change(
        lambda world: set_and_save(world.story, lead_image=world.portrait), LISTS[:3], "{portrait}", "{picture}"
    ),
    "no picture": Change(lambda world: set_and_save(world.story, lead_image=None), LISTS[:3], "", "{portrait}"),
    "a comment": Change(lambda world: moderation.approve(world.waiting, None), LISTS, "3 comments", "2 comments"),
    "a comment less": Change(lambda world: moderation.hide(world.reply, None), LISTS, "2 comments", "3 comments"),
    "an address": Change(move, LISTS[:4], "another-harbour", "/kaleidoscope/"),
    "an author more": Change(sign, LISTS[:4], "Bo Lind"),
    "the name of an author": Change(
        lambda world: set_and_save(world.author, name="Ada"), LISTS[:4], '<span class="card__names">Ada', is_own=False
    ),
    "the name of a section": Change(
        lambda world: set_and_save(world.section, name="Peace"), LISTS[:4], "Peace</a></p>", "Warfare", is_own=False
    ),
    "another section": Change(
        lambda world: save_text(world, section=world.relating.section), LISTS[2:4], "{section}</a></p>", "Peace</a></p>"
    ),
}
IN_FEEDS = {
    "a headline": Change(lambda world: save_text(world, headline="Telescope"), FEEDS, "Telescope", "Kaleidoscope"),
    "a post": Change(write_post, FEEDS, "Rephrased", "Postscript"),
    "a text": Change(lambda world: save_text(world, body="<p>Haystack</p>"), FEEDS, "Haystack", "Wagonload"),
    "the words of an update": Change(edit_update, FEEDS, "Rewritten", "Updatable"),
    "an update more": Change(
        lambda world: factories.addendum(world.story, kind="update", body="<p>Additionally</p>"), FEEDS, "Additionally"
    ),
    "an update less": Change(lambda world: publishing.hide_addendum(world.update), FEEDS, "", "Rewritten"),
    "a picture": Change(lambda world: set_and_save(world.picture, credit="Seen by me"), FEEDS, "Seen by me"),
    "an author more": Change(sign, FEEDS, "Bo Lind"),
    "the name of an author": Change(
        lambda world: set_and_save(world.author, name="Ada"), FEEDS, "Ada</", "Quillfeather", is_own=False
    ),
    "the name of a section": Change(
        lambda world: set_and_save(world.section, name="Peace"), FEEDS, "Peace", "Warfare", is_own=False
    ),
    "the name of a tag": Change(
        lambda world: set_and_save(world.tag, name="Aqueducts"), FEEDS, "Aqueducts", "Bridgework", is_own=False
    ),
}


@pytest.mark.parametrize("changes", [ON_CARDS, IN_FEEDS], ids=["cards", "feeds"])
def test_a_piece_follows_its_article(changes, world, joined, committing, django_capture_on_commit_callbacks):
    known = {"picture": world.picture.key, "portrait": world.portrait.key, "section": world.relating.section.name}
    for name, change in changes.items():
        shows, hides = change.shows.format(**known), change.hides.format(**known)
        before = joined.read_all(change.pages)
        assert (name, joined.made) == (name, set())
        assert (name, [page for page in before if shows and shows in before[page]]) == (name, [])
        assert (name, [page for page in before if hides not in before[page]]) == (name, [])
        with django_capture_on_commit_callbacks() as purges:
            change.make(world)
        # Nothing but what is said on commit makes a piece old.
        assert (name, joined.read_all(change.pages)) == (name, before)
        with committing():
            for purge in purges:
                purge()
        after = joined.read_all(change.pages)
        assert (name, [page for page in after if shows not in after[page]]) == (name, [])
        assert (name, [page for page in after if hides and hides in after[page]]) == (name, [])
        assert (name, joined.made == {world.story.pk}) == (name, change.is_own)
        joined.read_all([*LISTS[:4], *FEEDS])  # those that this change was not asked of


def test_what_is_withdrawn_has_no_piece_left(world, joined, committing):
    pages = (*LISTS[:3], *FEEDS[:4])
    with committing():
        publishing.withdraw(world.story, by=None)
    after = joined.read_all(pages)
    assert [page for page in pages if "Kaleidoscope" in after[page]] == []
    assert joined.made <= {world.neighbour.pk}  # which leads home now


def test_a_comment_makes_neither_a_list_nor_an_entry_anew(world, joined, committing):
    with committing():
        moderation.approve(world.waiting, None)
    assert "3 comments" in joined.read("home")
    assert [joined.queries(name) for name in ("home", *FEEDS, *OTHERS[:-1])] == [0] * 16
    assert joined.queries("section") == 2  # its own card, by its row and those who signed it
    joined.read_all(["section", *FEEDS])
    assert joined.made == set()


def test_a_publication_makes_one_card_and_one_entry(world, joined, committing):
    with committing():
        publishing.publish(world.draft, by=None)
    assert "Freshly" in joined.read("section")
    joined.read_all(["tag", "feed"])
    assert joined.made == {world.draft.pk}


def test_where_all_pieces_stand_nothing_is_asked_of_the_database(joined):
    pages = [*LISTS, *FEEDS, *OTHERS]
    assert {name: joined.queries(name) for name in pages} == dict.fromkeys(pages, 0)


def test_pieces_that_are_missing_are_read_at_once(world, joined, committing):
    with committing():
        for hours in range(10, 30):
            factories.published(section=world.section, authors=[world.author], at=clock.now() - hours * HOUR)
    few = queries_without_pieces(joined, committing)
    with committing():
        for hours in range(30, 42):
            factories.published(section=world.section, authors=[world.author], at=clock.now() - hours * HOUR)
    assert queries_without_pieces(joined, committing) == few


def queries_without_pieces(joined: Joined, committing) -> dict[str, int]:
    found = {}
    for name in ("home", "section", "feed"):
        with committing():
            purge_stale(cache_tags.MASTHEAD, cache_tags.LISTINGS)
        found[name] = joined.queries(name)
    assert min(found.values()) > 5
    return found


def test_an_update_that_falls_due_marks_its_cards_and_stands_in_its_entry(world, joined, committing, move_on):
    with committing():
        factories.addendum(world.neighbour, body="<p>Punctually</p>", at=clock.now() + MINUTE)
    before = due_update(joined)
    move_on(2 * MINUTE)
    assert [before, due_update(joined)] == [(1, False), (2, True)]


def test_a_piece_that_knows_of_no_update_ahead_misses_it(world, joined, committing, move_on, monkeypatch):
    """So that the test above can fail."""
    nothing = Value(None, output_field=DateTimeField())
    monkeypatch.setattr(ArticleQuerySet, "with_due_at", lambda rows, after: rows.annotate(due_at=nothing))
    with committing():
        factories.addendum(world.neighbour, body="<p>Punctually</p>", at=clock.now() + MINUTE)
    before = due_update(joined)
    move_on(2 * MINUTE)
    assert [before, due_update(joined)] == [(1, False), (1, False)]


def due_update(joined: Joined) -> tuple[int, bool]:
    return joined.read("section").count("card__badge"), "Punctually" in joined.read("feed")


def test_an_article_that_falls_due_enters_the_lists_by_itself(world, joined, committing, move_on):
    with committing():
        publishing.publish(world.draft, by=None, at=clock.now() + MINUTE)
    assert not due_article(joined)
    move_on(2 * MINUTE)
    assert due_article(joined)


def test_a_list_that_knows_of_nothing_ahead_misses_it(world, joined, committing, move_on, monkeypatch):
    """So that the test above can fail."""
    monkeypatch.setattr(cache_tags, "next_due", lambda request: None)
    with committing():
        publishing.publish(world.draft, by=None, at=clock.now() + MINUTE)
    assert not due_article(joined)
    move_on(2 * MINUTE)
    assert not due_article(joined)


def due_article(joined: Joined) -> bool:
    """Everywhere or nowhere."""
    (found,) = {"freshly" in joined.read(name).lower() for name in (*LISTS, *FEEDS, "sitemap_month", "news_sitemap")}
    return found


def test_the_hour_stands_on_a_card_for_two_days(world, joined, committing, move_on):
    with committing():
        factories.published(section=world.section, at=clock.now() - 48 * HOUR + MINUTE)
    before = joined.read("section").count("data-relative")
    move_on(2 * MINUTE)
    assert joined.read("section").count("data-relative") == before - 1


def test_a_card_that_does_not_say_till_when_keeps_its_hour(world, joined, committing, move_on, monkeypatch):
    """So that the test above can fail."""
    monkeypatch.setattr(article_tags, "depends_on", lambda *told, **until: None)
    with committing():
        factories.published(section=world.section, at=clock.now() - 48 * HOUR + MINUTE)
    before = joined.read("section").count("data-relative")
    move_on(2 * MINUTE)
    assert joined.read("section").count("data-relative") == before


def test_a_card_whose_article_is_away_for_a_moment_is_not_kept_empty(world, joined, committing):
    """It was taken away between the reading of the list and that of its cards; there it is for nobody after."""
    row = Article.objects.filter(pk=world.neighbour.pk)
    with committing():
        purge_stale(cache_tags.card_tag(world.neighbour.pk), cache_tags.article_tag(world.neighbour.pk))
    row.update(status=Article.Status.WITHDRAWN, withdrawn_at=clock.now())
    assert [page for page in ("section", "feed") if "Next door" in joined.read(page)] == []
    row.update(status=Article.Status.PUBLISHED, withdrawn_at=None)
    assert [page for page in ("section", "feed") if "Next door" not in joined.read(page)] == []
