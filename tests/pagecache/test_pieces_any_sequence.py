"""
Whatever happens in whatever order to pages that are joined from pieces: they are begun, made, interrupted by writers in
the middle, finished, purged, and asked for again, by processes that remember pieces and by those that do not. A model
keeps what was written when, and says what may be shown.
"""

import time

import pytest
from django.http import HttpRequest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from pagecache import declaring, pieces_shelf
from pagecache.declaring import Declared
from pagecache.entries import Entry
from pagecache.hot import Hot
from pagecache.keeping import EVERYTHING, MAKING, Making, machine_time
from pagecache.stamps import SECOND, Purge, State
from tests.pagecache import pieced
from tests.pagecache.pieced import SOURCES, shown
from tests.pagecache.sequences import StoreSequence, run
from tests.pagecache.test_pieces import everything_in

EVERY = 5
PAGES = ("/pieced/1/", "/plain/1/")
PARTS = {"/pieced/1/": {"frame": 1, "twice": 2, "outer": 1, "inner": 1}, "/plain/1/": {"outer": 1, "inner": 1}}
kinds = st.sampled_from(["stale", "gone", "by and by", "died"])
sources = st.sampled_from(SOURCES)
# What somebody writes while a page is made: at which step of the making, what and how.
interruptions = st.none() | st.tuples(st.integers(0, 9), sources, kinds)


class Sequence(StoreSequence):
    def __init__(self):
        super().__init__()
        pieced.world.__init__()
        self.least = dict.fromkeys(SOURCES, 0)  # what a fresh page must show at least
        self.least_at_all = dict(self.least)  # what an old one must
        self.later: list[tuple[int, str, int]] = []  # when a fresh page must show it
        self.begun: list[Making] = []
        self.made: list[tuple[Making, str, Declared]] = []

    def set_clock(self):
        """Just after a full multiple of the rhythm, so that what happens follows from the steps alone."""
        self.clock = pytest.MonkeyPatch()
        self.now_ns = time.time_ns() // (EVERY * 10**9) * EVERY * 10**9 + 10**8
        if not self.url:  # Redis has a clock of its own, which nobody moves
            self.clock.setattr(time, "time_ns", lambda: self.now_ns)
            self.clock.setattr(time, "time", lambda: self.now_ns / 1e9)

    def teardown(self):
        self.clock.undo()
        super().teardown()

    @rule(page=st.sampled_from(PAGES))
    def begin(self, page):
        with self.store.asked() as pages:
            self.begun.append(Making(f"testserver###?\n{page}", "", pages.instant()))

    @rule(place=st.integers(0, 5), interruption=interruptions)
    def make(self, place, interruption):
        if not self.begun:
            return
        making = self.begun.pop(place % len(self.begun))
        steps = iter(range(1000))

        def happens(where):
            if interruption and next(steps) == interruption[0]:
                self.write(*interruption[1:])

        pieced.world.happens = happens
        request = HttpRequest()
        request.META[MAKING] = making
        request.path = making.key.partition("\n")[2]
        response = pieced.VIEWS[request.path.split("/")[1]](request)
        pieced.world.happens = lambda where: None
        self.made.append((making, response.content.decode(), declaring.of(request)))

    @rule(place=st.integers(0, 5))
    def finish(self, place):
        if not self.made:
            return
        making, text, declared = self.made.pop(place % len(self.made))
        now = time.time()
        until = min(now + 300, machine_time(declared.until))
        told = {"identity": text.encode()}, "x", sorted(declared.tags | {EVERYTHING}), making.began, now, until
        self.store.pages.write(Entry(making.key, 200, "OK", [], *told))

    @rule(page=st.sampled_from(PAGES), interruption=interruptions)
    def make_at_once(self, page, interruption):
        self.begin(page)
        self.begun.insert(0, self.begun.pop())
        self.make(0, interruption)
        self.made.insert(0, self.made.pop())
        self.finish(0)

    @rule(source=sources, kind=kinds)
    def write(self, source, kind):
        self.version += 1
        pieced.world.numbers[source] = self.version
        if kind == "died":  # after its commit and before its purge: another process finds the note
            self.store.intents.write([Purge(source)], is_due=True)
            self.store._looked_at = 0.0
        else:
            every = EVERY if kind == "by and by" else 0
            self.store.carry_out([Purge(source, is_gone=kind == "gone", every=every)])
        if kind == "by and by":
            step = EVERY * SECOND
            self.later.append((-(-time.time_ns() // 1000 // step) * step, source, self.version))
        else:
            self.least[source] = self.version
        if kind == "gone":
            self.least_at_all[source] = self.version

    @rule(seconds=st.sampled_from([1.7, 3.1, 301.3]))
    def wait(self, seconds):
        self.now_ns += int(seconds * 1e9)

    @rule()
    def go_on_in_another_process(self):
        self.store.pieces, self.store.companies = Hot(), {}

    @rule()
    def lose_the_board(self):
        self.now_ns += 10**6  # a clock that stands still gives no instant after those given out
        self._begin_with_another_board()
        self.begun, self.made = [], []

    @invariant()
    def nothing_older_than_promised_is_shown(self):
        self.store._looked_at = 0.0  # a second later
        now = time.time()
        for due, source, version in self.later:
            if due / SECOND <= now:
                self.least[source] = max(self.least[source], version)
        for page in PAGES:
            with self.store.asked() as kept:
                found = kept.read(f"testserver###?\n{page}")
                verdict = kept.judge(found) if found else None
            if found is None or verdict.state is State.GONE:
                continue
            numbers = shown(found.bodies["identity"].decode())
            assert {name: len(each) for name, each in numbers.items()} == PARTS[page]
            assert all(len(set(each)) == 1 for each in numbers.values())
            is_fresh = verdict.state is State.FRESH and now < found.fresh_until
            for name, each in numbers.items():
                assert each[0] >= self.least_at_all[name]
                assert not is_fresh or each[0] >= self.least[name], (name, each, self.least)

    @invariant()
    def nothing_that_is_gone_is_in_the_store(self):
        for name, numbers in shown(everything_in(self.store).decode(errors="replace")).items():
            assert min(numbers) >= self.least_at_all[name]


class InFiles(Sequence):
    pass


def test_no_sequence_shows_an_old_piece_from_files():
    run(InFiles)


@pytest.mark.usefixtures("redis_url")
def test_no_sequence_shows_an_old_piece_from_redis(redis_server):
    run(type("InRedis", (Sequence,), {"url": redis_server.url}))


def across_a_purge(steps):
    steps.make_at_once("/pieced/1/", None)
    steps.write("frame", "stale")
    steps.make_at_once("/pieced/1/", None)


def across_a_purge_of_what_was_joined(steps):
    steps.make_at_once("/pieced/1/", None)
    steps.make_at_once("/pieced/1/", None)
    steps.write("twice", "stale")


def across_a_purge_in_the_middle(steps):
    """Of what was read for a piece that is not kept yet."""
    steps.make_at_once("/pieced/1/", (3, "frame", "stale"))
    steps.make_at_once("/pieced/1/", None)


def across_a_purge_to_come(steps):
    """A piece that stands is joined between a purge that waits and the instant at which it counts."""
    steps.make_at_once("/pieced/1/", None)
    steps.write("twice", "by and by")
    steps.make_at_once("/pieced/1/", None)
    steps.nothing_older_than_promised_is_shown()
    steps.wait(3.1)
    steps.wait(3.1)


def believe_without_a_question(monkeypatch):
    def believed(pages, pieces):
        return {piece.entry.key: pieces_shelf.Standing(piece.entry, piece.parts, 1e10) for piece in pieces}

    monkeypatch.setattr(pieces_shelf, "_standing", believed)


def bear_no_tags(monkeypatch):
    original = pieced.pieces._declared_by
    monkeypatch.setattr(pieced.pieces, "_declared_by", lambda standing: Declared(set(), original(standing).until))


def count_as_begun_when_ready(monkeypatch):
    original = pieces_shelf.Desk.keep

    def kept(desk, *told):
        began, desk._making.began = desk._making.began, desk._store.pages.instant()
        original(desk, *told)
        desk._making.began = began

    monkeypatch.setattr(pieces_shelf.Desk, "keep", kept)


def outlive_a_purge_to_come(monkeypatch):
    original = pieces_shelf._true_until
    monkeypatch.setattr(
        pieces_shelf, "_true_until", lambda entry, verdict: original(entry, verdict) and entry.fresh_until
    )


SEQUENCES = {
    across_a_purge: believe_without_a_question,
    across_a_purge_of_what_was_joined: bear_no_tags,
    across_a_purge_in_the_middle: count_as_begun_when_ready,
    across_a_purge_to_come: outlive_a_purge_to_come,
}


@pytest.mark.parametrize("sequence", SEQUENCES)
def test_each_rule_of_pieces_holds_and_is_needed(sequence, monkeypatch):
    """The same steps with the rule broken show something old, and the model finds it."""
    going_through(sequence)
    SEQUENCES[sequence](monkeypatch)
    with pytest.raises(AssertionError):
        going_through(sequence)


def going_through(sequence):
    steps = InFiles()
    try:
        sequence(steps)
        steps.nothing_older_than_promised_is_shown()
    finally:
        steps.teardown()
