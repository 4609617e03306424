"""The whole site with many readers at once, each with something that is theirs alone: none of it reaches another."""

import random
import re

import pytest
from django.contrib.auth import get_user_model
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client

from articles.models import Article
from articles.views import lists
from pagecache import asking, front, registry, stores
from pagecache.counters import counters
from tests import factories
from tests.comments import making
from tests.pagecache.reader import Reader

IDENTITIES = 20
REQUESTS = 400
CANARY = re.compile(r"canary\d+x", re.IGNORECASE)
HEADERS = [
    "Referer",
    "User-Agent",
    "Accept-Language",
    "Origin",
    "Forwarded",
    "Via",
    "From",
    "X-Forwarded-Host",
    "X-Forwarded-For",
    "X-Forwarded-Proto",
    "X-Forwarded-Prefix",
    "X-Original-URL",
    "X-Rewrite-URL",
    "X-HTTP-Method-Override",
    "X-Requested-With",
    "X-Request-Id",
    "Range",
    "If-None-Match",
]


@pytest.fixture
def pages_in_files(settings, tmp_path):
    settings.PAGE_CACHE_URL = f"file://{tmp_path / 'pages'}"
    registry._view_name.cache_clear()
    for each in (request_started, request_finished):
        each.disconnect(close_old_connections)
    yield tmp_path / "pages" / "pages"
    for each in (request_started, request_finished):
        each.connect(close_old_connections)
    stores.forget()


@pytest.fixture
def site(db, pages_in_files):
    articles = [factories.published() for _ in range(4)]
    making.waiting(articles[0], source="canary777x is still waiting")
    return Reader(front.answer_stored_pages(WSGIHandler()))


def paths() -> list[str]:
    found = [
        "/",
        "/archive/",
        "/corrections/",
        "/feed/",
        "/atom/",
        "/sitemap.xml",
        "/support/",
        "/search/",
        "/nowhere/",
    ]
    found += ["/support/", "/search/", "/nowhere/", "/account/", "/support/figures/", "/comments/"]
    for article in Article.objects.all():
        address = article.get_absolute_url()
        found += [address, f"{address}updates.json", f"{address}history/", f"/comments/on/{article.uid}/"]
    return found


def identity(number: int) -> dict[str, str]:
    """Every third has signed in; the others carry their canary in whatever a client can send."""
    word = f"canary{number}x"
    if number % 3 == 0:
        user = get_user_model().objects.create(email=f"{word}@example.org", name=word, is_staff=number % 2 == 0)
        client = Client()
        client.force_login(user)
        return {"cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())}
    cookies = f"backs={word}; commenter={word}; theme={word}"
    if number % 5 == 0:
        cookies += f"; messages={word}; csrftoken={word}"  # forged ones are taken back by a cookie that is set
    return {"cookie": cookies, **{HEADERS[number % len(HEADERS)]: word, f"X-{word}": word}}


def canaries(answer) -> set[str]:
    said = answer.text + repr(answer.headers)
    return {found.lower() for found in CANARY.findall(said)}


def walk(site) -> list[tuple[str, int, set[str]]]:
    """What was seen of others, by whom and where."""
    chance = random.Random(33)
    who = [identity(number) for number in range(IDENTITIES)]
    everywhere = paths()
    seen = []
    for _ in range(REQUESTS):
        number = chance.randrange(IDENTITIES)
        if number % 3 == 0 and chance.random() < 0.7:
            continue  # pages of those who have signed in are made for each
        path = chance.choice(everywhere)
        if chance.random() < 0.3:
            path += f"?utm_source=canary{number}x&canary{number}x=1"
        answer = site.get(path, method=chance.choice(["GET", "GET", "GET", "HEAD"]), **who[number])
        others = canaries(answer) - {f"canary{number}x"}
        if others:
            seen.append((path, number, others))
    return seen


@pytest.fixture
def careless(monkeypatch):
    """Lists that write everything they know of their reader into the page."""
    metadata = lists.page_metadata

    def told(request, **said):
        sent = [value for name, value in request.META.items() if name.startswith("HTTP_")]
        return metadata(request, **said | {"title": f"{request.get_full_path()} {request.COOKIES} {sent}"})

    monkeypatch.setattr(lists, "page_metadata", told)


def test_nothing_of_one_reader_reaches_another_or_the_store(site, pages_in_files, careless):
    before = counters.as_dict()
    assert walk(site) == []
    stored = [file.read_bytes() for file in pages_in_files.iterdir()]
    assert len(stored) > 10
    assert not any(CANARY.search(entry.decode(errors="replace")) for entry in stored)
    assert counters.hits - before["hits"] > REQUESTS / 4


def test_a_front_that_leaves_the_request_as_it_is_is_found_out(site, pages_in_files, careless, monkeypatch):
    """So that the test above can fail."""

    def left_in(asked, environ):
        return environ | {"REQUEST_METHOD": "GET"}

    monkeypatch.setattr(asking.Asked, "environ", left_in)
    assert walk(site)


def test_every_page_of_readers_is_stored_and_says_the_same_twice(site):
    """Once made, and once more from the store."""
    counted = {}
    for path in paths():
        first, second = site.get(path), site.get(path)
        hits = counters.hits
        third = site.get(path)
        counted[path] = counters.hits - hits
        assert first.status == second.status == third.status
        if counted[path]:
            assert second.body == third.body
    never = {path for path, hits in counted.items() if not hits and not path.startswith("/comments/")}
    assert never == {"/support/", "/search/", "/nowhere/", "/account/"}
