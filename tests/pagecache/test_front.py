"""What readers of the small site get from the front, with pages in files and in Redis."""

import datetime as dt
import json
import re

import pytest
import time_machine
from django.core.handlers.wsgi import WSGIHandler

from foundation import clock
from pagecache import entries, front, purge_gone, purge_stale, register_variant, stores
from tests.pagecache import site
from tests.pagecache.reader import Reader


def stored_bytes(store, settings, redis_server=None) -> bytes:
    """Everything that the store keeps, whatever it is called."""
    if settings.PAGE_CACHE_URL.startswith("file"):
        from pathlib import Path

        folder = Path(settings.PAGE_CACHE_URL.removeprefix("file://")) / "pages"
        return b"".join(file.name.encode() + file.read_bytes() for file in folder.iterdir())
    client = store.pages._client
    found = []
    for key in client.keys("*:e:*"):
        found += [key, client.get(key)]
    return b"".join(found)


def test_a_page_is_made_once_and_then_answered_without_django(reader, other_process, small):
    first = reader.get("/page/")
    assert (first.status, small.made) == (200, 1)
    assert "first" in first.text
    for each in (reader, reader, other_process, other_process):
        assert each.get("/page/").body == first.body
    assert small.made == 1


def test_a_purge_makes_it_anew_in_every_process(reader, other_process, small):
    for _ in range(2):
        reader.get("/page/"), other_process.get("/page/")
    small.text = "second"
    assert "first" in other_process.get("/page/").text  # so that the purge is what does it
    purge_stale("b")
    assert "first" in other_process.get("/page/").text
    purge_stale("a")
    assert "second" in other_process.get("/page/").text
    assert "second" in reader.get("/page/").text
    assert small.made == 2


def test_what_is_gone_leaves_the_store_itself(reader, small, store, settings):
    small.text = "to be forgotten"
    reader.get("/page/"), reader.get("/other/x/")
    assert stored_bytes(store, settings).count(b"to be forgotten") == 2
    purge_gone("a")
    assert b"to be forgotten" not in stored_bytes(store, settings)


def test_a_page_that_becomes_old_while_it_is_made_is_not_served_as_new(reader, other_process, small, store):
    """The making begins, reads, and only then the text changes and is purged; another process, no memory of it."""
    reader.get("/other/x/")  # so that the tag is known

    def change(_):
        small.text = "second"
        purge_stale("a")
        return True

    small.go_on.wait = change
    assert "first" in reader.get("/page/").text
    del small.go_on.wait
    assert "second" in other_process.get("/page/").text
    assert "second" in reader.get("/page/").text


def test_a_page_that_is_gone_when_it_is_ready_is_made_again(reader, small, store, settings):
    def withdraw(_):
        if small.text == "first":
            small.text = "second"
            purge_gone("a")
        return True

    small.go_on.wait = withdraw
    assert "second" in reader.get("/page/").text
    assert b"first" not in stored_bytes(store, settings)


@pytest.mark.parametrize(("path", "status"), [("/page/", 200), ("/moved/", 301), ("/withdrawn/", 410)])
def test_these_are_stored(reader, small, path, status):
    first, second = reader.get(path), reader.get(path)
    assert (first.status, second.status) == (status, status)
    assert first.headers == second.headers
    assert first.headers["vary"] == "Accept-Encoding"
    assert reader.get(path, method="HEAD").headers == first.headers


def test_what_is_not_found_is_never_stored(reader, small, store, settings):
    for _ in range(3):
        assert reader.get("/missing/").status == 404
        assert reader.get("/nowhere/").status == 404
    assert small.made == 3
    assert stored_bytes(store, settings) == b""


def test_what_is_not_found_is_looked_for_once_whatever_its_query(reader, small):
    assert reader.get("/missing/?utm_source=x").status == 404
    assert small.made == 1


@pytest.mark.parametrize("name", site.PERSONAL)
def test_nothing_personal_enters_the_store(reader, small, store, settings, name, db):
    for _ in range(2):
        reader.get(f"/personal/{name}/")
    assert stored_bytes(store, settings) == b""


def test_a_page_of_which_nobody_says_what_it_shows_is_never_stored(reader, small, store, settings):
    reader.get("/undeclared/"), reader.get("/unregistered/")
    assert stored_bytes(store, settings) == b""


def test_neither_cookies_nor_headers_nor_parameters_of_one_reader_reach_another(reader, small, store, settings):
    canary = "canary-7d1f"
    names = ["Cookie", "Referer", "User-Agent", "Accept-Language", "X-Forwarded-Host", "X-Forwarded-For", "Forwarded"]
    names += ["X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Prefix", "X-HTTP-Method-Override", "Origin", "Via"]
    names += ["If-None-Match", "If-Modified-Since", "Range", "X-Request-Id", f"X-{canary}"]
    for count, name in enumerate(names):
        answer = reader.get(f"/other/n{count}/?utm_source={canary}&{canary}=1", **{name: canary})
        assert canary not in answer.text
    assert "203.0.113.9" not in answer.text
    assert "canary" not in stored_bytes(store, settings).decode(errors="replace").lower()
    assert stored_bytes(store, settings)
    # Where nothing is taken away the same page does tell of them.
    assert canary in reader.get(f"/unregistered/?q={canary}").text


def test_known_parameters_make_pages_and_others_do_not(reader, small):
    plain = reader.get("/page/?utm_source=x&fbclid=y")
    assert reader.get("/page/").body == plain.body
    assert small.made == 1
    later = reader.get("/page/?page=2&before=3&x=1")
    assert "/page/?before=3&amp;page=2" in later.text or "/page/?before=3&page=2" in later.text
    assert reader.get("/page/?before=3&page=2").body == later.body
    assert small.made == 2
    assert reader.get("/page/?before=4").body != later.body


def test_whoever_has_a_session_or_a_password_is_answered_by_django(reader, small):
    reader.get("/page/")
    assert "HTTP_COOKIE" in reader.get("/page/", cookie="a=b; sessionid=abc").text
    assert "HTTP_AUTHORIZATION" in reader.get("/page/", authorization="Basic x").text
    assert small.made == 3
    assert reader.get("/page/", cookie="theme=dark; csrftoken=abc").status == 200
    assert small.made == 3


def test_another_host_than_the_sites_own_is_never_stored(reader, small, store, settings):
    settings.ALLOWED_HOSTS = ["*"]
    reader.get("/page/", host="evil.example")
    assert stored_bytes(store, settings) == b""


def test_files_are_asked_for_with_what_the_reader_has_already_and_can_unpack(store, small):
    """They are handed out by whoever knows of both; what is kept for all is asked for without."""
    heard = {}

    def application(environ, start_response):
        heard.update({environ["PATH_INFO"]: environ})
        start_response("404 Not Found", [])
        return []

    reader = Reader(front.answer_stored_pages(application))
    for path in ("/static/css/base.css", "/other/x/"):
        reader.get(path, **{"If-None-Match": '"seen"', "If-Modified-Since": "x", "Range": "y", "Accept-Encoding": "br"})
    file, page = heard["/static/css/base.css"], heard["/other/x/"]
    sent = {
        "HTTP_IF_NONE_MATCH": '"seen"',
        "HTTP_IF_MODIFIED_SINCE": "x",
        "HTTP_RANGE": "y",
        "HTTP_ACCEPT_ENCODING": "br",
    }
    assert sent.items() <= file.items()
    assert not sent.keys() & page.keys()


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_other_methods_pass(reader, small, method):
    reader.get("/page/")
    reader.get("/page/", method=method)
    assert reader.get("/page/").status == 200


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", None),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.5, *;q=0", "br"),
        ("identity", None),
        ("*", "br"),
        ("GZIP;q=0.000", None),
    ],
)
def test_each_reader_gets_what_was_compressed_once(reader, small, accepted, encoding):
    plain = reader.get("/page/")
    answer = reader.get("/page/", **({"Accept-Encoding": accepted} if accepted else {}))
    assert answer.headers.get("content-encoding") == encoding
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert answer.text == plain.text
    assert (answer.headers["etag"] == plain.headers["etag"]) is (encoding is None)


def lifetimes(answer) -> tuple[int, int]:
    parts = dict(part.strip().partition("=")[::2] for part in answer.headers["cache-control"].split(","))
    assert {"public", "must-revalidate"} <= set(parts)
    assert parts["max-age"] == "0"
    return int(parts["s-maxage"]), int(parts.get("stale-while-revalidate", 0))


def test_caches_on_the_way_keep_it_five_seconds_and_never_beyond_its_end(reader, small):
    assert sum(lifetimes(reader.get("/page/"))) == 5
    small.until = clock.now() + dt.timedelta(seconds=3.5)
    assert sum(lifetimes(reader.get("/other/soon/"))) <= 3
    small.until = clock.now() - dt.timedelta(seconds=1)
    assert sum(lifetimes(reader.get("/other/over/"))) == 0


@pytest.mark.parametrize("store", ["files"], indirect=True)
def test_a_page_is_made_anew_when_what_it_shows_is_over(reader, small):
    start = dt.datetime.now(dt.UTC)
    small.until = start + dt.timedelta(seconds=60)
    reader.get("/page/")
    small.until = None
    reader.get("/other/x/")
    for seconds, made in ((55, 2), (61, 3), (299, 3), (301, 4), (362, 5)):
        with time_machine.travel(start + dt.timedelta(seconds=seconds), tick=False):
            # Nothing in its memory yet, which goes by a clock that cannot be set.
            fresh = Reader(front.Front(WSGIHandler()))
            fresh.get("/page/"), fresh.get("/other/x/")
        assert small.made == made, seconds


def test_moving_the_demos_clock_makes_pages_anew(store, small, settings, tmp_path):
    file = tmp_path / "clock.json"
    settings.DEMO_CLOCK_FILE = str(file)
    reader = Reader(front.answer_stored_pages(WSGIHandler()))
    for _ in range(2):
        reader.get("/page/")
    assert small.made == 1
    file.write_text(json.dumps(86400))
    for _ in range(2):
        reader.get("/page/")
    assert small.made == 2


def test_a_variant_is_another_page_that_caches_on_the_way_do_not_keep(reader, small):
    register_variant("backs", lambda value: "yes" if value.startswith("good") else "")
    plain = reader.get("/page/")
    backer = reader.get("/page/", cookie="a=b; backs=good1")
    assert "HTTP_COOKIE" in backer.text
    assert backer.headers["cache-control"] == "private, no-cache"
    assert reader.get("/page/", cookie="backs=good2").body == backer.body
    assert reader.get("/page/", cookie="backs=forged").body == plain.body
    assert reader.get("/page/", cookie="xbacks=good1").body == plain.body
    assert small.made == 2


def test_the_last_good_page_is_shown_and_marked_while_the_database_is_away(reader, small, store, settings):
    good = reader.get("/page/")
    assert "x-last-good" not in good.headers
    purge_stale("a")
    small.is_away = True
    kept = stored_bytes(store, settings)
    for accepted in ("identity", "br", "gzip", "br"):
        answer = reader.get("/page/", **{"Accept-Encoding": accepted})
        assert answer.status == 200
        assert "x-last-good" in answer.headers
        assert 0 <= int(answer.headers["age"]) < 60
        assert "Our database does not answer. This page is as it was at" in answer.text
        assert re.sub("<aside.*</aside>", "", answer.text) == good.text
        assert answer.headers["etag"] != good.headers["etag"]
    assert b"does not answer" not in stored_bytes(store, settings)
    assert kept == stored_bytes(store, settings)


def test_what_is_gone_does_not_come_back_while_the_database_is_away(reader, small, client):
    reader.get("/page/"), reader.get("/page/")
    purge_gone("a")
    small.is_away = True
    answer = reader.get("/page/")
    assert answer.status >= 500
    assert "first" not in answer.text


def test_pages_are_made_anew_once_the_database_is_back(reader, small, monkeypatch):
    monkeypatch.setattr(front, "DATABASE_REST_SECONDS", 0.0)
    reader.get("/page/")
    purge_stale("a")
    small.is_away = True
    assert "first" in reader.get("/page/").text
    small.is_away, small.text = False, "second"
    answer = reader.get("/page/")
    assert "second" in answer.text
    assert "x-last-good" not in answer.headers


def test_whatever_goes_wrong_in_front_django_answers(reader, small, monkeypatch):
    reader.get("/page/")
    monkeypatch.setattr(front.Front, "_look", lambda *args: 1 / 0)
    assert reader.get("/other/x/").status == 200


def test_without_a_store_nothing_stands_in_front_and_nothing_is_purged(settings):
    settings.PAGE_CACHE_URL = ""
    application = WSGIHandler()
    assert front.answer_stored_pages(application) is application
    purge_stale("a"), purge_gone("a")


def test_a_store_of_an_earlier_release_holds_other_pages(reader, small, monkeypatch):
    reader.get("/page/")
    newer = Reader(front.Front(WSGIHandler()))
    newer.application._reader._release = "another"
    newer.application._reader._plain = newer.application._reader._key("")
    newer.get("/page/")
    assert small.made == 2


def test_damaged_entries_are_as_good_as_none(reader, other_process, small, store, settings):
    reader.get("/page/")
    if settings.PAGE_CACHE_URL.startswith("file"):
        from pathlib import Path

        for file in (Path(settings.PAGE_CACHE_URL.removeprefix("file://")) / "pages").iterdir():
            file.write_bytes(b"\0\0\0\5abc")
    else:
        for key in store.pages._client.keys("*:e:*"):
            store.pages._client.set(key, b"\0\0\0\5abc")
    assert other_process.get("/page/").status == 200
    assert small.made == 2


def test_nothing_of_another_version_is_read_as_an_entry():
    from pagecache.entries import Entry, Unreadable

    for data in (b"", b"x" * 15, b"\0" * 16, b"\0\0\0\2\0\0\0\0\0\0\0\0\0\0\0\0{}"):
        with pytest.raises(Unreadable):
            Entry.from_bytes(data)


def test_the_store_is_opened_once(store):
    assert stores.current() is store


def test_each_encoding_is_compressed_once_for_all_processes(reader, other_process, small, monkeypatch):
    packed = []
    for encoding, pack in dict(entries._PACK).items():
        monkeypatch.setitem(
            entries._PACK, encoding, lambda body, as_=encoding, pack=pack: packed.append(as_) or pack(body)
        )
    reader.get("/page/")
    assert packed == []
    for each in (reader, other_process, reader, other_process):
        for accepted in ("gzip", "br", "gzip, br"):
            assert "content-encoding" in each.get("/page/", **{"Accept-Encoding": accepted}).headers
    assert sorted(packed) == ["br", "gzip"]


def test_what_gains_nothing_by_it_is_not_compressed(reader, small):
    for _ in range(2):
        assert "content-encoding" not in reader.get("/withdrawn/", **{"Accept-Encoding": "br"}).headers


def test_who_is_to_be_led_to_https_is_not_answered_from_the_store(store, small, settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.MIDDLEWARE = ["pagecache.middleware.keep_pages", "django.middleware.security.SecurityMiddleware"]
    reader = Reader(front.answer_stored_pages(WSGIHandler()))
    for _ in range(2):
        assert reader.get("/page/", **{"X-Forwarded-Proto": "https"}).status == 200
        led = reader.get("/page/")
        assert (led.status, led.headers["location"]) == (301, "https://testserver/page/")
    assert small.made == 1
