"""Many readers at once, in threads of one process and of two."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from pagecache import flights, purge_gone, purge_stale, stores
from pagecache.counters import counters

MANY = 24


@pytest.fixture
def crowd():
    with ThreadPoolExecutor(MANY + 2) as pool:
        yield pool


def held(small, crowd, reader, path="/page/"):
    """Somebody whose page is being made, and has read what it will say."""
    small.reading.clear()
    small.go_on.clear()
    asked = crowd.submit(reader.get, path)
    assert small.reading.wait(20)
    return asked


def test_a_cold_page_is_made_once_however_many_ask_in_two_processes(small, reader, other_process, crowd):
    maker = held(small, crowd, reader)
    others = [crowd.submit(each.get, "/page/") for each in (reader, other_process) * (MANY // 2)]
    small.go_on.set()
    assert {maker.result(20).body, *(other.result(20).body for other in others)} == {maker.result().body}
    assert small.made == 1


def test_without_the_lock_it_would_be_made_by_each(small, reader, crowd, monkeypatch):
    """So that the test above can fail."""
    monkeypatch.setattr(flights.Flights, "begin", lambda self, key: (True, flights.Flight(threading.Event(), 0.0)))
    monkeypatch.setattr(type(stores.current().pages), "claim", lambda self, key: "1")
    monkeypatch.setattr(type(stores.current().pages), "release", lambda self, key, token: None)
    small.go_on.clear()
    others = [crowd.submit(reader.get, "/page/") for _ in range(4)]
    while small.made < 4:
        small.reading.wait(20)
    small.go_on.set()
    assert all(other.result(20).status == 200 for other in others)
    assert small.made == 4


def test_the_old_page_is_shown_while_the_new_one_is_made(small, reader, other_process, crowd):
    old = reader.get("/page/")
    small.text = "second"
    purge_stale("a")
    maker = held(small, crowd, reader)
    before = counters.stale
    for each in (reader, other_process, reader, other_process):
        assert each.get("/page/").body == old.body
    assert counters.stale == before + 4
    small.go_on.set()
    assert "second" in maker.result(20).text
    assert "second" in other_process.get("/page/").text
    assert small.made == 2


def test_what_is_gone_is_not_shown_while_the_new_page_is_made(small, reader, other_process, crowd):
    reader.get("/page/"), other_process.get("/page/")
    small.text = "second"
    purge_gone("a")
    maker = held(small, crowd, reader)
    others = [crowd.submit(each.get, "/page/") for each in (reader, other_process)]
    small.go_on.set()
    for each in (maker, *others):
        assert "second" in each.result(20).text


def test_a_page_begun_before_the_commit_and_finished_after_it_is_not_kept_as_new(small, reader, other_process, crowd):
    reader.get("/other/x/")  # so that the tag is known
    maker = held(small, crowd, reader)  # it has read the old words
    small.text = "second"
    purge_stale("a")
    small.go_on.set()
    assert "first" in maker.result(20).text  # whoever asked before may see what was then
    assert "second" in reader.get("/page/").text
    assert "second" in other_process.get("/page/").text


def test_nobody_waits_for_a_page_that_is_never_stored(small, reader, crowd):
    assert reader.get("/undeclared/").status == 200
    maker = held(small, crowd, reader, "/unregistered/")
    assert crowd.submit(reader.get, "/undeclared/").result(20).status == 200
    small.go_on.set()
    maker.result(20)


def test_a_making_that_hangs_is_not_waited_for_for_ever(small, reader, other_process, crowd, monkeypatch):
    monkeypatch.setattr(flights, "PATIENCE_SECONDS", 0.2)
    reader.get("/page/")
    purge_stale("a")
    maker = held(small, crowd, reader)
    made = small.made
    while small.made == made:  # shown the old one until the patience is over
        asked = crowd.submit(reader.get, "/page/")
        small.reading.wait(0.05)
    small.go_on.set()
    assert asked.result(20).status == maker.result(20).status == 200


def test_a_making_that_hangs_in_another_process_is_not_waited_for_either(
    small, reader, other_process, crowd, monkeypatch
):
    """Nothing older is there to be shown."""
    monkeypatch.setattr(flights, "PATIENCE_SECONDS", 0.2)
    maker = held(small, crowd, reader)
    small.reading.clear()
    asked = crowd.submit(other_process.get, "/page/")
    assert small.reading.wait(20)  # made anew, and the first is held still
    small.go_on.set()
    assert asked.result(20).status == maker.result(20).status == 200
    assert small.made == 2


def test_readers_and_writers_at_once_never_bring_an_old_page_back(small, reader, other_process, crowd):
    """A reader that asks after a purge was done sees that version or a later one, whichever process answers."""
    done = [0]
    over = threading.Event()
    wrong = []

    def write():
        for version in range(1, 60):
            small.text = f"version {version} "
            (purge_gone if version % 5 == 0 else purge_stale)("a")
            done[0] = version
        over.set()

    def read(each):
        gone = 0
        while not over.is_set():
            least = done[0] // 5 * 5  # the last that made all earlier ones gone
            text = each.get("/page/").text
            seen = int(text.split("version ")[1].split()[0]) if "version" in text else 0
            if seen < least:
                wrong.append((least, seen))
            gone = max(gone, seen)

    readers = [crowd.submit(read, each) for each in (reader, other_process, reader, other_process)]
    crowd.submit(write).result(60)
    for each in readers:
        each.result(60)
    assert wrong == []
    assert "version 59 " in reader.get("/page/").text
    assert "version 59 " in other_process.get("/page/").text
