"""What is kept in memory beside pages hears of changes by the same board: the list of bans."""

import pytest

from bottrap import bans, roll
from pagecache import news

pytestmark = pytest.mark.django_db(transaction=True)
ROBOT = "93.184.99.1/32"


@pytest.fixture
def looks(monkeypatch):
    """How often the shared cache was asked for the stamp of the list."""
    asked = []
    get = roll.cache.get
    monkeypatch.setattr(roll.cache, "get", lambda *args: asked.append(args) or get(*args))
    return asked


def test_a_ban_is_known_at_once_though_the_cache_is_seldom_asked(store, looks):
    known = roll.Roll()
    for _ in range(100):
        assert known.banned_until(ROBOT) is None
    assert len(looks) < 20  # once a second, however slow the machine
    bans.ban(ROBOT, reason="for the test")
    assert known.banned_until(ROBOT) is not None


def test_where_no_pages_are_stored_the_cache_is_asked_each_time(looks):
    known = roll.Roll()
    assert news.number() is None
    for _ in range(5):
        known.banned_until(ROBOT)
    assert len(looks) == 5
