import datetime as dt
import sqlite3
import threading

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from foundation import limits
from foundation.models import Counter
from tests.foundation.races import at_once

HOUR = dt.timedelta(hours=1)
NOON = dt.datetime(2026, 6, 1, 12, 0, tzinfo=dt.UTC)


@pytest.fixture
def machine():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.mark.django_db
def test_what_is_within_the_limit_passes_and_what_is_beyond_does_not(machine):
    answers = [limits.hit("pledge", "198.51.100.7", limit=3, window=HOUR) for _ in range(5)]
    assert answers == [True, True, True, False, False]
    assert limits.count("pledge", "198.51.100.7", window=HOUR) == 5


@pytest.mark.django_db
def test_names_people_and_spans_are_counted_apart(machine):
    limits.hit("pledge", "a", limit=1, window=HOUR)
    assert limits.hit("pledge", "b", limit=1, window=HOUR)
    assert limits.hit("manage", "a", limit=1, window=HOUR)
    assert limits.hit("pledge", "a", limit=1, window=2 * HOUR)
    assert not limits.hit("pledge", "a", limit=1, window=HOUR)
    assert limits.count("pledge", "c", window=HOUR) == 0


@pytest.mark.django_db
def test_the_next_span_begins_at_nothing(machine):
    for _ in range(2):
        limits.hit("pledge", "a", limit=1, window=HOUR)
    machine.shift(3599)
    assert not limits.hit("pledge", "a", limit=1, window=HOUR)
    machine.shift(1)
    assert limits.hit("pledge", "a", limit=1, window=HOUR)


@pytest.mark.django_db
def test_the_demos_clock_does_not_wipe_the_counts(machine, settings, tmp_path):
    limits.hit("pledge", "a", limit=1, window=HOUR)
    (tmp_path / "clock.json").write_text("7776000")
    settings.DEMO_CLOCK_FILE = str(tmp_path / "clock.json")
    assert not limits.hit("pledge", "a", limit=1, window=HOUR)


@pytest.mark.django_db
def test_no_address_stands_in_the_database_and_the_key_decides_the_digest(machine, settings):
    limits.hit("pledge", "198.51.100.7", limit=1, window=HOUR)
    row = Counter.objects.values().get()
    assert "198.51" not in str(row)
    assert row["ends_at"] == NOON + HOUR
    settings.SECRET_KEY = "another"
    assert limits.count("pledge", "198.51.100.7", window=HOUR) == 0


@pytest.mark.django_db
def test_spans_that_are_over_are_dropped(machine):
    limits.hit("pledge", "a", limit=1, window=HOUR)
    machine.shift(3600)
    limits.hit("pledge", "a", limit=1, window=HOUR)
    assert limits.prune() == 0
    machine.shift(1)
    assert limits.prune() == 1
    assert Counter.objects.count() == 1


@pytest.mark.django_db
def test_a_database_that_fails_lets_everybody_through_and_is_logged(caplog, monkeypatch):
    monkeypatch.setattr(limits, "COUNT_ONE_MORE", "INSERT INTO no_such_table VALUES (%s, %s) RETURNING 1")
    with transaction.atomic():
        assert limits.hit("pledge", "a", limit=0, window=HOUR)
        assert Counter.objects.count() == 0  # the caller's transaction is still sound
    assert "The limit pledge could not be counted" in caplog.text
    assert "no_such_table" in caplog.text


@pytest.mark.django_db
def test_a_count_that_cannot_be_read_is_nothing(caplog, monkeypatch):
    def fail(*_, **__):
        raise DatabaseError("gone")

    monkeypatch.setattr(Counter.objects, "filter", fail)
    assert limits.count("pledge", "a", window=HOUR) == 0
    assert "The limit pledge could not be read" in caplog.text


def test_a_span_is_a_second_at_least():
    with pytest.raises(ValueError, match="a second"):
        limits.hit("pledge", "a", limit=1, window=dt.timedelta(milliseconds=5))


def test_the_statement_counts_every_asker_on_an_sqlite_file(tmp_path):
    """The suite's own database is in memory, where threads cannot meet as processes do."""
    file, statement, seen = tmp_path / "a.sqlite3", limits.COUNT_ONE_MORE.replace("%s", "?"), []
    with sqlite3.connect(file) as first:
        first.execute("CREATE TABLE foundation_counter (digest text PRIMARY KEY, count integer, ends_at text)")
    first.close()

    def ask():
        own = sqlite3.connect(file, timeout=20, isolation_level=None)
        for _ in range(25):
            seen.append(own.execute(statement, ["d", "2026-06-01"]).fetchone()[0])
        own.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == list(range(1, 101))


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer")
def test_of_many_who_ask_at_once_exactly_the_limit_passes():
    passed = []
    outcomes = at_once(*[lambda: passed.append(limits.hit("pledge", "a", limit=5, window=24 * HOUR))] * 12)
    assert outcomes == [None] * 12
    assert passed.count(True) == 5
    assert limits.count("pledge", "a", window=24 * HOUR) == 12


@pytest.mark.django_db
def test_what_was_given_back_is_free_again_and_never_more_than_that(machine):
    for _ in range(2):
        assert limits.slide("desk", "a", limit=2, window=HOUR)
    limits.give_back("desk", "a", window=HOUR)
    machine.shift(6 * 60)  # the next tenth of the span
    assert [limits.slide("desk", "a", limit=2, window=HOUR) for _ in range(2)] == [True, False]
    for _ in range(5):
        limits.give_back("desk", "a", window=HOUR)
    assert limits.noted("desk", "a", window=HOUR) == 0
    assert [limits.slide("desk", "a", limit=2, window=HOUR) for _ in range(3)] == [True, True, False]
