"""What pieces of pages spare, on the whole site, and that no page tells two things at once for it."""

import dataclasses
import datetime as dt
import itertools
import re

import pytest
from django.utils import timezone

from comments import moderation
from donations import cache_tags, tally
from pagecache import purge_stale
from tests.site.test_stored_pages import Joined, world
from tests.site.test_stored_pages_hold import committing

__all__ = ["committing", "world"]  # fixtures
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["article", "neighbour", "home", "feed"])
def test_a_page_of_which_all_pieces_stand_asks_the_database_nothing(name, world, django_assert_num_queries):
    joined = Joined(world)
    page = joined.read(name)
    with django_assert_num_queries(0):
        assert joined.read(name) == page


def test_after_a_payment_the_site_reads_the_ledger_once_for_all_its_pages(world, committing, monkeypatch):
    joined = Joined(world)
    for name in joined.addresses:
        joined.read(name)
    read = []
    original = tally.for_ask
    monkeypatch.setattr(tally, "for_ask", lambda: read.append(1) or original())
    with committing():
        purge_stale(cache_tags.BANNER)
    for name in ("article", "neighbour", "elsewhere", "home", "section"):
        joined.read(name)
    assert len(read) == 1


def test_both_places_of_the_ask_on_a_page_come_from_one_reading(world, monkeypatch):
    """A goal that moves with each reading would stand on the page in two amounts."""
    original, readings = tally.for_ask, itertools.count(1)
    monkeypatch.setattr(tally, "for_ask", lambda: told_by(original(), next(readings)))
    joined = Joined(world)
    for _ in range(2):
        page = joined.read("article")
        assert page.count('<p class="ask__sentence">') == 2
        assert page.count("So far 1001 of you") == 2


def told_by(asked: tally.Ask, number: int) -> tally.Ask:
    return dataclasses.replace(asked, tally=dataclasses.replace(asked.tally, backers=1000 + number))


def test_a_new_comment_leaves_the_text_of_its_article_as_it_stands(world, committing, monkeypatch):
    joined = Joined(world)
    joined.read("article")
    monkeypatch.setattr("articles.views.article.article_context", None)  # whoever makes the text anew fails
    with committing():
        moderation.approve(world.waiting, None)
    assert "Patiently" in joined.read("article")


def test_the_clock_of_the_demo_goes_on_where_all_else_stands(
    world, settings, tmp_path, monkeypatch, django_assert_num_queries
):
    settings.DEMO_CLOCK_FILE = str(tmp_path / "clock.json")
    joined = Joined(world)
    told = re.compile('demo clock: <time datetime="([^"]+)"')
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    first = told.search(joined.read("article"))[1]
    now += dt.timedelta(minutes=2)
    with django_assert_num_queries(0):
        second = told.search(joined.read("article"))[1]
    assert dt.datetime.fromisoformat(second) - dt.datetime.fromisoformat(first) == dt.timedelta(minutes=2)
