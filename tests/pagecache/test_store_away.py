"""Redis is stopped, comes back empty or with what it knew before, or forgets: nobody is shown what is old."""

import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis

from pagecache import purge_gone, purge_stale, redis_pages, stores
from pagecache.counters import counters
from tests.pagecache.conftest import RedisServer


@pytest.fixture
def own_server(redis_server, tmp_path):
    """One that a test may stop."""
    server = RedisServer(str(tmp_path))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def store(own_server, settings, tmp_path, monkeypatch):
    settings.PAGE_CACHE_URL = own_server.url
    settings.PAGE_CACHE_FOLDER = str(tmp_path / "local")
    monkeypatch.setattr(stores, "REST_SECONDS", 0.0)
    yield stores.current()
    stores.forget()


def forget_what_is_in_memory(*readers) -> None:
    for reader in readers:
        reader.application._hot._ready.clear()


def test_while_redis_is_away_every_page_is_answered_and_made_once_a_second(reader, small, own_server, caplog):
    reader.get("/page/")
    own_server.stop()
    forget_what_is_in_memory(reader)
    before = time.monotonic()
    for _ in range(20):
        assert reader.get("/page/").status == 200
    assert small.made <= 2 + time.monotonic() - before
    assert "Stored pages cannot be reached" in caplog.text
    own_server.start()


def test_a_purge_while_redis_is_away_is_seen_at_once_in_this_process_and_later_by_all(
    reader, other_process, small, own_server, store
):
    for each in (reader, other_process):
        each.get("/page/")
    own_server.stop()
    small.text = "second"
    purge_gone("a")
    assert "second" in reader.get("/page/").text
    assert "second" in other_process.get("/page/").text
    assert list(store.intents.folder.glob("*.json"))
    own_server.start()
    for _ in range(2):  # the first finds out that it is another run
        forget_what_is_in_memory(reader, other_process)
        assert "second" in reader.get("/page/").text
        assert "second" in other_process.get("/page/").text
    store._looked_at = 0.0
    with store.asked():
        assert not list(store.intents.folder.glob("*.json"))


def test_a_redis_that_comes_back_with_what_it_kept_earlier_is_not_believed(reader, small, own_server, store):
    """It saved its keys, then a page was purged, then it was killed: it knows the page and not the purge."""
    reader.get("/page/")
    own_server.client().save()
    small.text = "second"
    purge_stale("a")
    own_server.stop()
    own_server.start()
    assert own_server.client().keys("*:e:*")  # it does have the old page
    forget_what_is_in_memory(reader)
    for _ in range(3):
        assert "second" in reader.get("/page/").text


def test_a_question_to_a_run_that_is_over_is_not_put_to_the_next_though_another_has_met_it(own_server, store):
    """Both were about to ask when Redis was started anew."""
    pages = store.pages
    names = names_now(pages)
    own_server.stop()
    own_server.start()
    with ThreadPoolExecutor(1) as another:
        another.submit(pages.instant).exception()
        assert another.submit(names_now, pages).result() != names
    with pytest.raises(redis.ConnectionError, match="started anew"):
        pages._client.get(f"{names}t:a")


def names_now(pages) -> str:
    with pages._asked() as names:
        return names


def test_a_stamp_that_was_evicted_leaves_its_pages_unknown(reader, small, store):
    reader.get("/page/")
    small.text = "second"
    purge_stale("a")
    client = store.pages._client
    client.delete(*client.keys("*:t:*"))
    forget_what_is_in_memory(reader)
    assert "second" in reader.get("/page/").text


def test_a_stamp_that_was_evicted_after_a_page_was_gone_lets_no_later_purge_bring_it_back(reader, small, store):
    reader.get("/page/")
    client = store.pages._client
    client.delete(*client.keys("*:i:*"))  # so that nobody knows which pages the tag has
    purge_gone("a")
    client.delete(*client.keys("*:t:a"))
    purge_stale("a")
    small.is_away = True
    assert "first" not in reader.get("/page/").text  # from this process's memory
    forget_what_is_in_memory(reader)
    assert "first" not in reader.get("/page/").text


def test_an_emptied_redis_is_filled_again(reader, small, own_server, store):
    reader.get("/page/")
    own_server.client().flushall()
    forget_what_is_in_memory(reader)
    for _ in range(2):
        assert reader.get("/page/").status == 200
    forget_what_is_in_memory(reader)
    made = small.made
    assert reader.get("/page/").status == 200
    assert small.made == made


def waits_of_ten(reader, own_server, monkeypatch, seconds: float) -> int:
    """How often one of ten readers waited so long for a Redis that does not answer."""
    monkeypatch.setattr(redis_pages, "TIMEOUT_SECONDS", seconds)
    stores.forget()
    reader.get("/page/")
    forget_what_is_in_memory(reader)
    own_server.process.send_signal(signal.SIGSTOP)
    before = counters.store_errors
    for _ in range(10):
        assert reader.get("/page/").status == 200
        forget_what_is_in_memory(reader)
    return counters.store_errors - before


def test_a_redis_that_hangs_is_waited_for_once(reader, small, own_server, monkeypatch):
    monkeypatch.setattr(stores, "REST_SECONDS", 300.0)
    assert waits_of_ten(reader, own_server, monkeypatch, 0.5) == 1


def test_without_its_rest_everybody_would_wait_for_it(reader, small, own_server, monkeypatch):
    """So that the test above can fail."""
    assert waits_of_ten(reader, own_server, monkeypatch, 0.05) >= 10
