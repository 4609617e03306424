"""
Every public page as a reader gets it from the store: whatever changes, the page tells it, and what must vanish is in no
copy. Each change is first made without its purges, which shows that the page does come from the store and that nothing
but the purge brings the new one. The same is asked of pages of which nothing but their pieces is stored.
"""

import time

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import DEFAULT_DB_ALIAS, close_old_connections, connections
from django.urls import get_resolver
from django.urls.resolvers import URLResolver

from articles.theme import fingerprint
from pagecache import front, registry, stores
from pagecache.counters import counters
from pagecache.declaring import Declared
from pagecache.pieces_shelf import Desk
from tests.pagecache.anew import Anew
from tests.pagecache.reader import Reader
from tests.site.stored_changes import CHANGES, Change
from tests.site.stored_world import World

pytestmark = pytest.mark.django_db

# Public views whose pages are never stored, and why.
NEVER = {
    "search": "every question is another", "preview": "for those with the link", "play": "made for one click",
    "media": "files", "favicon": "leads on, for now", "security_txt": "says itself how long it holds",
    "comments_root": "leads on, for now", "comment": "leads on, for now", "comment_write": "a form",
    "comment_own_on": "one's own", "comment_reported": "one's own", "comment_own": "one's own",
    "comment_edit": "a form", "comment_withdraw": "a form", "comment_recommend": "a form", "comment_report": "a form",
    "support": "a form", "support_in": "a form", "support_thanks": "one's own", "support_back": "one's own",
    "support_ready": "one's own", "stripe_webhook": "no page", "stop_news": "one's own",
    "decline_dedications": "one's own", "trap": "judges who comes", "stop_trap_letters": "one's own",
    "banned": "one's own", "demo_letters": "letters",
}  # fmt: skip
OWN = ("manage", "account", "comments_mine", "comments_eras", "comment_confirm", "comment_letters")


def names_of_views(patterns=None, before="") -> dict[str, str]:
    found = {}
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            if pattern.app_name != "admin":
                found |= names_of_views(pattern.url_patterns, route)
        elif pattern.name:
            found[pattern.name] = route
    return found


class Stored:
    """The site through its front: each `Stored` is another process, with a memory of its own."""

    def __init__(self, world: World):
        self.world, self.addresses = world, world.pages()
        self.reader = Reader(front.Front(WSGIHandler()))

    def read(self, name: str) -> str:
        answer = self.reader.get(self.addresses[name])
        self.status, self.headers = answer.status, answer.headers
        return f"{answer.headers.get('location', '')} {answer.text}"

    def made_for(self, name: str) -> bool:
        """Whether Django was asked for it."""
        before = counters.misses
        self.read(name)
        return counters.misses != before


class Joined(Stored):
    """The site without its whole pages."""

    def __init__(self, world: World):
        super().__init__(world)
        self.reader = Reader(Anew())

    def stands(self, name: str) -> bool:
        """Whether all of the page comes from pieces, and none of it from a view."""
        self.read(name)
        return stores.current().pages.read(f"but for its gaps: {self.reader.application.making.key}") is not None


@pytest.fixture
def world(db, settings, tmp_path):
    settings.BASE_CURRENCY, settings.AMOUNTS_HIDDEN_BELOW, settings.MEDIA_ROOT = "USD", 0, str(tmp_path / "media")
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRETS = "sk_test_1", ["whsec_1"]
    world = World()
    connections[DEFAULT_DB_ALIAS].run_on_commit.clear()
    # What a test before meant to purge, and rolled back, would be purged with the next commit: too much for this one.
    vars(connections[DEFAULT_DB_ALIAS]).pop("pagecache_waiting", None)
    settings.PAGE_CACHE_URL = f"file://{tmp_path / 'pages'}"
    # As Django's own test client does: a page shares the connection of its test.
    for of_django in (request_started, request_finished):
        of_django.disconnect(close_old_connections)
    yield world
    for of_django in (request_started, request_finished):
        of_django.connect(close_old_connections)
    stores.forget()
    vars(connections[DEFAULT_DB_ALIAS]).pop("pagecache_waiting", None)


@pytest.fixture
def later(monkeypatch):
    """What waits for the next five seconds has come: every clock that the store reads moves on."""

    def move(seconds: float = 5.0):
        real, real_ns = time.time, time.time_ns
        monkeypatch.setattr(time, "time", lambda: real() + seconds)
        monkeypatch.setattr(time, "time_ns", lambda: real_ns() + int(seconds * 1e9))

    return move


def stored_bytes() -> bytes:
    folder = stores.current().board._path.parent
    return b"".join(file.read_bytes() for file in (folder / "pages").rglob("*") if file.is_file())


def filled(words: str, world: World) -> str:
    return words.replace("{portrait}", world.portrait.key).replace("{theme}", fingerprint("#9b2226"))


def words_of(change: Change, world: World) -> tuple[dict[str, str], dict[str, str]]:
    shows, hides = (
        {page: filled(words, world) for page, words in each.items()} for each in (change.shows, change.hides)
    )
    return shows, hides


def asked_pages(change: Change) -> list[str]:
    return list(dict.fromkeys([*change.shows, *change.hides, *change.answers, *change.spares]))


@pytest.mark.parametrize("name", CHANGES)
def test_what_changes_is_told_by_every_page_that_shows_it(name, world, later, django_capture_on_commit_callbacks):
    make_and_look(CHANGES[name], world, later, django_capture_on_commit_callbacks)


LOST = {
    "thread:": "a comment is published",
    "article:": "an update is edited",
    "card:": "a comment is hidden",
    "section:": "an article is published",
    "banner": "money arrives",
    "masthead": "the site is renamed",
}


@pytest.mark.parametrize("tag", LOST)
def test_a_piece_that_forgets_what_it_shows_is_found_out(
    tag, world, later, django_capture_on_commit_callbacks, monkeypatch
):
    """So that the one above can fail for pieces alone: whole pages are purged, and made anew from what stands."""
    original = Desk.keep

    def keep(desk, key, parts, declared, *told):
        tags = {each for each in declared.tags if not each.startswith(tag)}
        original(desk, key, parts, Declared(tags, declared.until), *told)

    monkeypatch.setattr(Desk, "keep", keep)
    with pytest.raises(AssertionError) as found:
        make_and_look(CHANGES[LOST[tag]], world, later, django_capture_on_commit_callbacks)
    assert "after[page]" in str(found.traceback[-1].statement)


def make_and_look(change: Change, world: World, later, capture_on_commit_callbacks) -> None:
    shows, hides = words_of(change, world)
    site, joined = Stored(world), Joined(world)
    before = {page: site.read(page) for page in asked_pages(change)}
    status = {page: (site.read(page), site.status)[1] for page in asked_pages(change)}
    standing = [page for page in before if joined.stands(page)]
    assert [page for page in before if site.made_for(page)] == []
    assert [page for page in shows if shows[page] in before[page]] == []
    assert [page for page in hides if hides[page] not in before[page]] == []
    assert [page for page in before if joined.read(page) != before[page]] == []
    with capture_on_commit_callbacks() as purges:
        change.make(world)
    # Nobody has said anything yet: these pages are stored, and nothing but a purge makes them new.
    assert [page for page in before if site.read(page) != before[page]] == []
    assert [page for page in standing if joined.read(page) != before[page]] == []
    assert {page: (site.read(page), site.status)[1] for page in before} == status
    with capture_on_commit_callbacks(execute=True):
        for purge in purges:
            purge()
    if change.is_gone:
        assert [words for words in set(hides.values()) if words.encode() in stored_bytes()] == []
    later()
    other = Stored(world)
    other.addresses = site.addresses
    assert [page for page in change.spares if other.made_for(page)] == []
    for each in (other, joined):
        after = {page: each.read(page) for page in before}
        assert [page for page in shows if shows[page] not in after[page]] == []
        assert [page for page in hides if hides[page] in after[page]] == []
        for page, expected in change.answers.items():
            each.read(page)
            assert (page, each.status) == (page, expected)


def test_every_public_view_is_stored_and_crawled_or_has_a_reason_not_to_be(world):
    routes = names_of_views()
    stored = set(registry.registered_views())
    own = {
        name for name in routes if name.startswith(OWN) or routes[name].startswith(("comments/moderate/", "account/"))
    }
    assert stored <= routes.keys()
    assert stored <= world.pages().keys()
    assert sorted(stored & NEVER.keys()) == []
    assert sorted(routes.keys() - stored - own - NEVER.keys()) == []
    told = {page for change in CHANGES.values() for page in (*change.shows, *change.hides, *change.answers)}
    assert sorted(stored - told) == []
