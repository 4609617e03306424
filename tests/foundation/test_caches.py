"""A Redis that is away. One that answers is met by tests/system."""

import logging
import socket

import pytest

from foundation.caches import ForgivingRedis


@pytest.fixture
def address():
    """Where nobody listens, and nobody will: the port stays ours."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"redis://127.0.0.1:{held.getsockname()[1]}/0"


def test_everything_is_done_without_it(address):
    cache = ForgivingRedis(address, {})
    cache.set("a", 1)
    assert cache.get("a", "nothing") == "nothing"
    assert cache.get_many(["a"]) == {}
    assert cache.add("a", 1) is True
    assert cache.incr("a") == 1
    assert not cache.has_key("a")
    assert not cache.delete("a")
    assert not cache.touch("a")
    cache.delete_many(["a"])
    cache.clear()


def test_an_outage_is_logged_once_and_not_asked_about_each_time(address, caplog, monkeypatch):
    cache = ForgivingRedis(address, {})
    with caplog.at_level(logging.ERROR, logger="foundation.caches"):
        cache.get("a")
        asked = []
        monkeypatch.setattr(type(cache._cache), "get", lambda *args: asked.append(args))
        for _ in range(5):
            cache.get("a")
    assert len(caplog.records) == 1
    assert asked == []


def test_once_the_while_is_over_it_is_asked_and_greeted(address, caplog, monkeypatch):
    cache = ForgivingRedis(address, {})
    cache.get("a")
    caplog.clear()
    cache._away_until = 0.0
    monkeypatch.setattr(type(cache._cache), "get", lambda *args: "found")
    with caplog.at_level(logging.WARNING, logger="foundation.caches"):
        assert cache.get("a") == "found"
    assert [record.message for record in caplog.records] == ["The cache answers again"]
