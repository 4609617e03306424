"""A full Redis evicts whatever it likes: pages, stamps, what it remembers of instants. Nothing old comes back."""

import random

import pytest

from pagecache import redis_pages
from pagecache.stamps import Purge, Stamp, State
from tests.pagecache.test_any_sequence import entry

PAGE = "/1/"
TAGS = ("banner", "listings", "article:1")
SEQUENCES, STEPS = 25, 60


@pytest.fixture
def pages(redis_url, settings, tmp_path):
    pages = redis_pages.RedisPages(redis_url)
    yield pages
    pages.close()


class Played:
    """Pages as processes hold them in memory, with what was purged since each was begun."""

    def __init__(self, pages, seed: int):
        self.pages, self.chance = pages, random.Random(seed)
        self.begun: list[tuple] = []  # entries with their kinds of purge since
        self.making: list[tuple] = []
        self.shown = self.evicted = 0

    def play(self) -> list[str]:
        wrong = []
        for _ in range(STEPS):
            self.chance.choice([self.begin, self.end, self.end, self.purge, self.evict, self.evict])()
            wrong += [self.judged(*each) for each in self.begun]
        return [words for words in wrong if words]

    def begin(self):
        number = self.chance.randrange(1000)
        made = entry(PAGE, self.pages.instant(), number)
        made.key, made.tags = f"/{number}/", sorted(self.chance.sample(TAGS, 2))
        self.making.append((made, set()))

    def end(self):
        if self.making:
            made, purged = self.making.pop(self.chance.randrange(len(self.making)))
            if self.pages.write(made):
                self.begun.append((made, purged))
                assert "gone" not in purged

    def purge(self):
        tag, is_gone = self.chance.choice(TAGS), self.chance.random() < 0.3
        self.pages.purge([Purge(tag, is_gone)])
        for made, purged in [*self.begun, *self.making]:
            if tag in made.tags:
                purged.add("gone" if is_gone else "stale")

    def evict(self):
        client = self.pages._client
        if keys := sorted(client.keys("pages:*")):
            self.evicted += client.delete(self.chance.choice(keys))

    def judged(self, made, purged) -> str:
        state = self.pages.judge(made).state
        self.shown += state is State.FRESH
        if state is State.FRESH and purged or state is State.STALE and "gone" in purged:
            return f"{made.key} is {state} after {purged}"
        return ""


def test_whatever_is_evicted_nothing_that_was_purged_is_shown(pages):
    shown = evicted = 0
    for seed in range(SEQUENCES):
        pages._client.flushall()
        played = Played(pages, seed)
        assert (seed, played.play()) == (seed, [])
        shown, evicted = shown + played.shown, evicted + played.evicted
    assert shown > 10 * SEQUENCES
    assert evicted > 10 * SEQUENCES


def test_a_reader_who_takes_a_missing_stamp_for_none_is_found_out(pages, monkeypatch):
    def trusting(made, stamps, now):
        return redis_pages.judge(made.began, [stamps.get(tag, Stamp()) for tag in made.tags], now)

    monkeypatch.setattr(redis_pages, "_judged", trusting)
    assert any(Played(pages, seed).play() for seed in range(SEQUENCES))
