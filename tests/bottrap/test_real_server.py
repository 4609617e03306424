"""What stands in front of Django, asked over HTTP at the real server with two processes."""

import pytest

from tests.bottrap.crawling import ask, crawl
from tests.bottrap.rude import Crawl
from tests.bottrap.serving import running

NAIVE, NAIVE_IPV6, POLITE, READER, PERSON = "93.184.1.1", "2606:2800:1:2::3", "93.184.1.2", "93.184.1.3", "93.184.1.4"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running(tmp_path_factory.mktemp("trap")) as site:
        yield site


def refused(site, address: str, path: str = "/", **marks) -> bool:
    """The same from both processes, whichever answers."""
    answers = {ask(f"{site.address}{path}", address, **marks)[0] == 403 for _ in range(6)}
    assert len(answers) == 1
    return answers.pop()


@pytest.mark.parametrize(("address", "newest_first"), [(NAIVE, True), (NAIVE_IPV6, False)])
def test_a_crawler_that_ignores_robots_is_banned_within_twenty_requests(site, address, newest_first):
    count, was_refused = crawl(site.address, address, polite=False, newest_first=newest_first)
    assert was_refused
    assert count <= 20
    assert refused(site, address)


@pytest.mark.parametrize("connections", [4, 16])
@pytest.mark.parametrize("order", ["breadth-first", "depth-first"])
def test_so_is_one_that_asks_for_many_pages_at_once(site, order, connections):
    met = Crawl(site.address, f"93.184.{len(order)}.{connections}", order, connections).run_in_step()
    assert met.is_refused
    assert met.given <= 20


def test_only_that_address_is_banned(site):
    crawl(site.address, "93.184.2.4", polite=False, newest_first=True)
    assert refused(site, "93.184.2.4")
    for neighbour in ("93.184.2.45", "93.184.2.5", "3.184.2.4"):
        assert not refused(site, neighbour)


def test_a_whole_64_is_banned_and_not_its_neighbour(site):
    crawl(site.address, "2606:2800:9:1::1", polite=False, newest_first=True)
    assert refused(site, "2606:2800:9:1:ffff::2")
    assert not refused(site, "2606:2800:9:2::1")


def test_a_polite_crawler_reads_everything_else_and_is_not_banned(site):
    count, was_refused = crawl(site.address, POLITE, polite=True, newest_first=True, most=200)
    assert count > 10
    assert not was_refused
    assert not refused(site, POLITE)


def test_a_feed_reader_is_not_banned(site):
    for _ in range(3):
        for feed in ("/feed/", "/atom/", "/updates/feed/"):
            assert ask(f"{site.address}{feed}", READER)[0] == 200
    assert not refused(site, READER)


def test_what_a_refusal_is_made_of(site):
    address = "93.184.3.1"
    crawl(site.address, address, polite=False, newest_first=True)
    status, headers, body = ask(f"{site.address}/archive/?page=2", address)
    assert status == 403
    assert headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["X-Robots-Tag"] == "noindex"
    assert "Set-Cookie" not in headers
    assert b"If you are a person" in body
    assert b'action="/banned/"' in body
    assert int(headers["Content-Length"]) == len(body)
    status, headers, body = ask(f"{site.address}/", address, method="HEAD")
    assert (status, body) == (403, b"")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/robots.txt", 200),
        ("/feed/", 200),
        ("/atom/", 200),
        ("/admin/login/", 200),
        ("/support/", 200),
        ("/support/stripe/webhook/", 405),
        ("/banned/", 200),
        ("/.well-known/anything", 404),
        ("/static/css/base.css", 404),
    ],
)
def test_what_is_open_to_whoever_is_banned(site, path, status):
    address = "93.184.4.1"
    if not refused(site, address):
        crawl(site.address, address, polite=False, newest_first=True)
    assert refused(site, address)
    assert ask(f"{site.address}{path}", address)[0] == status


@pytest.mark.parametrize(
    "path", ["//admin/", "/Admin/", "/x/admin/login/", "/feedx", "/?a=/admin/", "/search/?q=/feed/"]
)
def test_no_detour_leads_past_a_ban(site, path):
    address = "93.184.4.1"
    if not refused(site, address):
        crawl(site.address, address, polite=False, newest_first=True)
    assert refused(site, address, path)


def test_one_press_of_the_button_opens_the_site_again(site):
    crawl(site.address, PERSON, polite=False, newest_first=True)
    assert refused(site, PERSON)
    assert ask(f"{site.address}/banned/", PERSON)[0] == 200
    assert refused(site, PERSON)  # looking lifts nothing
    status, headers, _body = ask(f"{site.address}/banned/", PERSON, method="POST", data=b"")
    assert (status, headers["Location"]) == (303, "/")
    assert not refused(site, PERSON)


def test_an_invented_chain_neither_hides_a_visitor_nor_bans_another(site):
    address, victim = "93.184.5.1", "93.184.5.2"
    crawl(site.address, f"{victim}, 127.0.0.1, nonsense, {address}", polite=False, newest_first=True)
    assert refused(site, f"{victim}, {address}")
    assert refused(site, address)
    assert not refused(site, victim)
    assert not refused(site, f"{address}, {victim}")


def test_a_page_elsewhere_that_embeds_the_trap_bans_nobody(site):
    victim = "93.184.6.1"
    links = site.shell("from bottrap import trap_links as t; print(t.first(), t.second())").split()
    marks = [
        {"Sec-Fetch-Dest": "image", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "cross-site", "Referer": "https://elsewhere.example/"},
        {"Referer": "https://elsewhere.example/"},
        {"Sec-Purpose": "prefetch"},
    ]
    for mark in marks:
        for link in links:
            assert ask(f"{site.address}{link}", victim, **mark)[0] == 200
    assert not refused(site, victim)
    for link in links:  # the same address without a mark, so that the test can fail
        ask(f"{site.address}{link}", victim)
    assert refused(site, victim)


def test_a_lost_cache_lifts_no_ban(site):
    address = "93.184.7.1"
    crawl(site.address, address, polite=False, newest_first=True)
    assert refused(site, address)
    site.shell("from django.core.cache import cache; cache.clear()")
    assert refused(site, address)
    site.manage("arm_trap")  # pages learn of the trap again


RENAME = """
from django.db import connection
from bottrap import roll
connection.cursor().execute("ALTER TABLE {} RENAME TO {}")
roll.changed()
"""


def test_a_trap_without_its_table_lets_everybody_through_and_says_so(site):
    site.shell(RENAME.format("bottrap_ban", "away"))
    try:
        assert ask(f"{site.address}/archive/", "93.184.8.1")[0] == 200
    finally:
        site.shell(RENAME.format("away", "bottrap_ban"))
    assert "Bans cannot be read" in site.log.read_text()
