"""The sentence on stored pages changes at the very instant at which the quarter turns in the site's zone."""

import datetime as dt

import pytest
import time_machine

from donations import periods, tally
from donations.models import Contribution
from tests.donations.stripe_facts import PledgeStory
from tests.site.test_stored_pages import Stored
from tests.site.test_stored_pages import world as made_world

pytestmark = pytest.mark.django_db

world = made_world
TURN = dt.datetime(2027, 3, 31, 22, tzinfo=dt.UTC)  # midnight in Paris
MOMENT = dt.timedelta(milliseconds=5)
PAGES = ("home", "section", "article", "page", "figures")
TWO, NOBODY = "So far 2 of you are backing the next quarter with $120.", "So far nobody is backing the next quarter."
TOLD = [TWO, "So far 1 of you is backing the next quarter with $25.", NOBODY]


@pytest.fixture(autouse=True)
def traveller(settings):
    """Every clock, those of the store among them, stands where it is put."""
    settings.TIME_ZONE = "Europe/Paris"
    with time_machine.travel(TURN - dt.timedelta(seconds=30), tick=False) as traveller:
        yield traveller


def said(world) -> set[str]:
    """By another process, which remembers nothing."""
    site = Stored(world)
    pages = [site.read(name) for name in PAGES]
    return {next(words for words in TOLD if words in page) for page in pages}


def test_pages_say_the_old_until_the_turn_and_the_new_from_it_on(world, traveller):
    assert said(world) == {TWO}
    traveller.move_to(TURN - MOMENT)
    assert said(world) == {TWO}
    assert not Stored(world).made_for("home")
    traveller.move_to(TURN)
    assert said(world) == {NOBODY}
    assert "2 of you" not in Stored(world).read("figures_json")


def test_a_page_that_does_not_say_how_long_it_is_true_is_late(world, traveller, monkeypatch):
    """The control: nothing but that instant brings the new words."""
    never = property(lambda asked: TURN + dt.timedelta(days=1))
    monkeypatch.setattr(tally.Ask, "true_until", never)
    monkeypatch.setattr("donations.figures.periods.end_of", lambda quarter: TURN + dt.timedelta(days=1))
    assert said(world) == {TWO}
    traveller.move_to(TURN)
    assert said(world) == {TWO}


@pytest.mark.parametrize("is_told_by_the_reading", [True, False])
def test_a_page_in_whose_making_the_quarter_turns_is_old_at_once(world, traveller, monkeypatch, is_told_by_the_reading):
    """The ledger is read before the turn, and how long that is true is said after it."""
    read = tally.for_ask

    def slowly() -> tally.Ask:
        asked = read()
        traveller.move_to(TURN + MOMENT)
        return asked

    if not is_told_by_the_reading:  # the control: by the clock instead
        by_the_clock = property(lambda asked: periods.end_of(periods.current_quarter()))
        monkeypatch.setattr(tally.Ask, "true_until", by_the_clock)
    with monkeypatch.context() as slow:
        slow.setattr(tally, "for_ask", slowly)
        assert TWO in Stored(world).read("home")
    traveller.move_to(TURN + 2 * MOMENT)
    assert (NOBODY in Stored(world).read("home")) == is_told_by_the_reading


def test_a_promise_leaves_the_pages_at_the_instant_at_which_it_lapses(world, traveller):
    traveller.move_to(TURN + dt.timedelta(hours=1))
    story = PledgeStory(dt.datetime(2027, 2, 15, tzinfo=dt.UTC), name="promise")
    story.tell()
    lapses_at = TURN + dt.timedelta(hours=1, seconds=100)
    waiting = Contribution.objects.filter(pledge=story.tell(), quarter=periods.next_quarter())
    assert waiting.update(lapses_at=lapses_at) == 1
    assert said(world) == {TOLD[1]}
    traveller.move_to(lapses_at - MOMENT)
    assert said(world) == {TOLD[1]}
    traveller.move_to(lapses_at)
    assert said(world) == {NOBODY}
