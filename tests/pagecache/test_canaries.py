"""
Twenty readers with something of their own, who ask in any order while pages are purged, and names of headers and
parameters that somebody else's cache has been poisoned by. A few here, all of them in `make proof`.
"""

import sys

import pytest
from django.urls import reverse

from articles.models import Article
from pagecache import asking
from pagecache.counters import counters
from tests import proof
from tests.pagecache import canaries
from tests.pagecache.test_whole_site import careless, pages_in_files, paths, site

__all__ = ["careless", "pages_in_files", "site"]  # fixtures

REQUESTS = proof.examples(300)
NAMES, ADDRESSES = (3000, 20) if proof.IS_LONG else (120, 3)
AT_ONCE = 40
IDENTITIES = 20


@pytest.fixture
def who(site):
    return canaries.identities(IDENTITIES, Article.objects.first())


def test_nothing_of_one_of_twenty_readers_reaches_another_or_the_store(site, who, pages_in_files, careless):
    before = counters.as_dict()
    assert canaries.walk(site, who, pages_in_files, requests=REQUESTS) == ([], [])
    done = {name: value - before[name] for name, value in counters.as_dict().items()}
    assert done["hits"] > REQUESTS / 10
    assert done["stored"] > REQUESTS / 10
    sys.stdout.write(f"\n{REQUESTS} requests of {IDENTITIES} readers: {done}")


def test_a_front_that_leaves_the_request_as_it_is_is_found_out(site, who, pages_in_files, careless, monkeypatch):
    monkeypatch.setattr(asking.Asked, "environ", lambda asked, environ: environ | {"REQUEST_METHOD": "GET"})
    seen, kept = [], []
    for seed in range(20):  # few of these pages are careless, and few of these readers are the first to ask
        found = canaries.walk(site, who, pages_in_files, requests=100, seed=seed)
        seen, kept = seen + found[0], kept + found[1]
        if seen and kept:
            return
    pytest.fail("Nothing was found where nothing is taken away")


def test_no_header_and_no_parameter_poisons_a_page(site, careless):
    addresses, names = addresses_of(ADDRESSES), canaries.invented_names(NAMES)
    assert (len(addresses), len(names)) == (ADDRESSES, NAMES)
    before = counters.stored
    assert canaries.poisoned(site, addresses, names, at_once=AT_ONCE) == []
    stored = counters.stored - before
    assert stored >= ADDRESSES * NAMES / AT_ONCE
    sys.stdout.write(
        f"\n{len(names)} headers and as many parameters at {len(addresses)} addresses: {stored} pages stored"
    )


def test_one_that_does_is_found_out(site, careless, monkeypatch):
    monkeypatch.setattr(asking.Asked, "environ", lambda asked, environ: environ | {"REQUEST_METHOD": "GET"})
    assert canaries.poisoned(site, addresses_of(1), canaries.invented_names(40), at_once=40)


def addresses_of(count: int) -> list[str]:
    """Those that are stored, with the lists first."""
    never = ("/support/", "/search/", "/nowhere/", "/account/", "/comments/")
    every = [*paths(), *map(reverse, ("comments_feed", "how", "backers", "robots", "updates_feed"))]
    return [path for path in dict.fromkeys(every) if path not in never and "/comments/on/" not in path][:count]
