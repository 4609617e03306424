"""The mark of stored threads moves with whatever a reader would see otherwise, and with nothing else."""

import sys

import pytest

from articles import dates
from comments import markup, reading, specimen, stored, threads
from comments.models import Thread
from tests import factories
from tests.comments import making

WRITERS = [
    markup._Writer.comment,
    markup._Writer.thread,
    markup._Writer.answered,
    markup.time_html,
    reading.Row.stub_words.fget,
]


@pytest.fixture(autouse=True)
def no_mark_is_remembered():
    specimen._mark.cache_clear()
    yield
    specimen._mark.cache_clear()


def test_the_mark_is_the_same_in_every_process_and_at_any_time():
    assert specimen.digest() == specimen.digest()
    assert len(specimen.mark()) < 100


@pytest.mark.parametrize("status", ["hidden", "withdrawn", "removed", "held", "pending", "spam", "rejected"])
def test_it_moves_with_the_words_of_every_gap(monkeypatch, status):
    before = specimen.digest()
    monkeypatch.setitem(reading.STUBS, status, "Other words")
    assert specimen.digest() != before


def test_it_moves_with_badges_dates_layout_and_code(monkeypatch, settings):
    seen = [specimen.digest()]
    with monkeypatch.context() as patched:
        patched.setitem(markup.BADGES, "author", "Writer")
        seen.append(specimen.digest())
    with monkeypatch.context() as patched:
        patched.setattr(markup, "BACKER", "Friend")
        seen.append(specimen.digest())
    with monkeypatch.context() as patched:
        patched.setattr(dates, "zone_name", lambda moment: "the zone")
        seen.append(specimen.digest())
    with monkeypatch.context() as patched:
        patched.setattr(threads.build, "__defaults__", (threads.DEEPEST - 1,))
        seen.append(specimen.digest())
    with monkeypatch.context() as patched:
        patched.setattr(specimen, "_SOURCES", b"a line of code")
        seen.append(specimen.digest())
    assert len(set(seen)) == len(seen)
    assert specimen.digest() == seen[0]
    before = specimen.mark()
    settings.TIME_ZONE = "Asia/Tokyo"
    assert specimen.mark() != before


def test_every_line_that_writes_a_thread_is_walked_by_the_specimen():
    """So that a new kind of comment cannot be left out of it."""
    codes = {writer.__code__ for writer in WRITERS}
    walked = set()

    def trace(frame, event, _told):
        if frame.f_code not in codes:
            return None
        if event == "line":
            walked.add((frame.f_code, frame.f_lineno))
        return trace

    earlier = sys.gettrace()
    sys.settrace(trace)
    try:
        specimen.digest()
    finally:
        sys.settrace(earlier)
    lines = {(code, line) for code in codes for _start, _end, line in code.co_lines() if line}
    missed = {(code.co_name, line) for code, line in lines - walked if line > code.co_firstlineno}
    assert not missed


@pytest.mark.django_db
def test_threads_written_in_other_words_are_not_read_and_are_caught_up(monkeypatch):
    article = factories.published()
    comment = making.public(article)
    making.public(article, parent=comment)
    assert reading.discussion_page(article, stored=True).entries[0].stored
    old = Thread.objects.get().made_by
    monkeypatch.setitem(reading.STUBS, "withdrawn", "Taken back")
    specimen._mark.cache_clear()
    assert reading.discussion_page(article, stored=True).entries[0].stored is None
    assert stored.catch_up() == 1
    assert Thread.objects.get().made_by not in ("", old)
    assert reading.discussion_page(article, stored=True).entries[0].stored
    assert stored.catch_up() == 0
