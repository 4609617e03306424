"""
A person at a real browser and the trap: whoever walks by keyboard, prefetches, and opens every link that can be seen is
never banned, and neither is whoever is sent there by another site. The last test shows that the same browser could be.
"""

import datetime as dt
import http.server
import threading
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache

from bottrap import arming, trap_links
from bottrap.models import Ban, Hit, TrapSettings
from foundation import clock
from tests import factories

VISITOR = "93.184.216.10"
TABS = 60


@pytest.fixture
def site(transactional_db, settings):
    """Armed, with pages to read, behind one proxy: this machine's own address is never banned."""
    settings.TRUSTED_PROXY_COUNT = 1
    for _ in range(3):
        factories.published(body='<p>Words with <a href="/archive/">a link</a></p>')
    kept = TrapSettings.objects.create(pk=1, forbidden_since=clock.now() - dt.timedelta(days=4))
    arming.remember(kept)
    yield kept
    cache.clear()


@pytest.fixture
def visitor(open_browser, site):
    return open_browser(extra_http_headers={"X-Forwarded-For": VISITOR})


def visits(outcome: str) -> int:
    return Hit.objects.filter(outcome=outcome).count()


def test_the_link_is_on_the_page_and_nobody_meets_it(visitor):
    visitor.goto("/")
    links = visitor.locator('a[href^="/do-not-follow/"]')
    assert links.count() == 4
    assert not any(link.is_visible() for link in links.all())
    assert "Do NOT follow" not in visitor.locator("body").inner_text()
    visitor.emulate_media(media="print")
    assert not any(link.is_visible() for link in links.all())


@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False}])
def test_walking_by_keyboard_never_leads_there(open_browser, site, options):
    page = open_browser(extra_http_headers={"X-Forwarded-For": VISITOR}, **options)
    page.goto("/")
    for _ in range(TABS):
        page.keyboard.press("Tab")
        if not options:
            assert "do-not-follow" not in page.evaluate("document.activeElement?.href ?? ''")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    assert Hit.objects.count() == 0


def test_screen_readers_are_not_told_of_it(visitor):
    visitor.goto("/")
    assert "Do NOT follow" not in visitor.locator("body").aria_snapshot()


def test_opening_every_link_that_can_be_seen_bans_nobody(visitor, live_server):
    waiting, seen = ["/"], set()
    while waiting and len(seen) < 25:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        answer = visitor.goto(path)
        assert answer.status != 403
        for link in visitor.locator("a:visible").all():
            target = urlsplit(link.evaluate("link => link.href"))
            is_page = target.netloc == urlsplit(live_server.url).netloc and not target.path.endswith(
                ("feed/", "atom/", ".csv", ".json")
            )
            if is_page and target.path not in seen:
                waiting.append(target.path)
    assert len(seen) > 8
    assert not any("do-not-follow" in path for path in seen)
    assert Hit.objects.count() == 0


def test_an_extension_that_opens_every_link_whether_seen_or_not_bans_nobody(visitor):
    """In tabs of the same browser, and on two pages."""
    for path in ("/", "/archive/"):
        visitor.goto(path)
        addresses = visitor.evaluate("[...document.links].map(link => link.href)")
        hidden = [address for address in addresses if "/do-not-follow/" in address]
        assert len(hidden) == 4
        for address in hidden:
            tab = visitor.context.new_page()
            tab.set_extra_http_headers({"X-Forwarded-For": VISITOR})
            assert tab.goto(address).status == 200
            tab.close()
    assert (visits(Hit.Outcome.FIRST), Ban.objects.count()) == (8, 0)


def test_the_page_that_warns_shows_no_link_into_the_trap_either(visitor):
    visitor.goto(trap_links.first())
    assert "Nothing has happened" in visitor.locator("main").inner_text()
    visible = [link.get_attribute("href") for link in visitor.locator("a:visible").all()]
    assert visible == ["/"]
    visitor.get_by_role("link", name="home page").click()
    assert (visits(Hit.Outcome.FIRST), Ban.objects.count()) == (1, 0)


def test_a_browser_that_fetches_every_link_ahead_is_not_counted(visitor):
    visitor.goto("/")
    for link in (trap_links.first(), trap_links.second()) * 2:
        visitor.evaluate(
            """address => new Promise(done => {
                const link = document.createElement("link");
                link.rel = "prefetch"; link.href = address; link.onload = link.onerror = done;
                document.head.append(link);
            })""",
            link,
        )
    assert visits(Hit.Outcome.IGNORED) > 0
    assert (visits(Hit.Outcome.FIRST), Ban.objects.count()) == (0, 0)


ELSEWHERE = """<!doctype html><link rel="icon" href="data:,"><title>Elsewhere</title>
<link rel="prefetch" href="{first}"><link rel="prefetch" href="{second}">
<img src="{first}"><img src="{second}"><iframe src="{first}"></iframe><iframe src="{second}"></iframe>
<form id="one" action="{first}"></form><a id="two" href="{second}">x</a>"""


@pytest.fixture
def elsewhere(live_server):
    """Another site, which knows both links of the day. Another name makes it foreign: a port alone would not."""
    page = ELSEWHERE.format(first=live_server.url + trap_links.first(), second=live_server.url + trap_links.second())

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host = "127.0.0.1" if urlsplit(live_server.url).hostname == "localhost" else "localhost"
    yield f"http://{host}:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_a_page_elsewhere_gets_nobody_banned(chromium, live_server, site, elsewhere):
    context = chromium.new_context(extra_http_headers={"X-Forwarded-For": VISITOR})
    page = context.new_page()
    page.goto(elsewhere, wait_until="load")
    page.evaluate("document.getElementById('one').submit()")
    page.wait_for_url("**/do-not-follow/**")
    page.goto(elsewhere)
    page.click("#two")
    page.wait_for_url("**/do-not-follow/**")
    context.close()
    assert visits(Hit.Outcome.IGNORED) >= 4
    assert (visits(Hit.Outcome.FIRST), Ban.objects.count()) == (0, 0)


def test_a_browser_that_a_program_leads_through_both_links_is_banned(visitor):
    visitor.goto("/")
    visitor.locator('a[href^="/do-not-follow/"]').last.evaluate("link => link.click()")
    visitor.wait_for_url("**/do-not-follow/**")
    visitor.locator('a[href^="/do-not-follow/"]').evaluate("link => link.click()")
    visitor.get_by_role("heading", name="We took you for a robot").wait_for()
    assert Ban.objects.get().network == f"{VISITOR}/32"
    visitor.get_by_role("button", name="I am a person").click()
    visitor.wait_for_url(lambda address: urlsplit(address).path == "/")
    assert Ban.objects.get().lifted == Ban.Lifted.PERSON
