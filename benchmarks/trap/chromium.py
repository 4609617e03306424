"""People at a real Chromium, each behind the trusted proxy. What was sent is kept, to be played again by many more."""

import contextlib
import http.server
import itertools
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from benchmarks.trap import proxy
from benchmarks.trap.people import Links, Visit
from bottrap.paths import TRAP

HIDDEN = f'a[href^="{TRAP}"]'
MOST_TABS = 24
PATIENCE = 30_000  # milliseconds
ELSEWHERE = """<!doctype html><link rel="icon" href="data:,"><title>Elsewhere</title>
{embedded}<iframe src="{second}"></iframe><form id="form" action="{first}"></form><a id="link" href="{second}">x</a>"""


@dataclass
class Crowd:
    """Visits as they were sent, by kind, and which of them ended in front of a closed site."""

    visits: list[Visit] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def reads(page: Page, site: str, links: Links, elsewhere: str) -> None:
    page.goto(f"{site}/")
    page.locator("main a:visible").first.click()
    page.wait_for_load_state()


def walks_by_keyboard(page: Page, site: str, links: Links, elsewhere: str) -> None:
    page.goto(f"{site}/")
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_load_state()


def follows_one_by_mistake(page: Page, site: str, links: Links, elsewhere: str) -> None:
    page.goto(f"{site}/")
    page.locator(HIDDEN).first.evaluate("link => link.click()")
    page.wait_for_url(f"**{TRAP}**")
    page.reload()
    page.go_back()
    page.go_forward()
    page.get_by_role("link", name="home page").click()


def listens(page: Page, site: str, links: Links, elsewhere: str) -> None:
    """Whoever hears the page follows what is told to a screen reader."""
    page.goto(f"{site}/")
    told = page.get_by_role("link").all()
    targets = list(dict.fromkeys(urlsplit(link.evaluate("link => link.href")).path for link in told))
    assert not any(target.startswith(TRAP) for target in targets)
    for target in [target for target in targets if target.startswith("/20")][:3]:
        page.goto(f"{site}{target}")


def opens_every_link(page: Page, site: str, links: Links, elsewhere: str) -> None:
    """An extension that opens all links in tabs, those that nobody sees too."""
    page.goto(f"{site}/")
    for link in [*links.firsts, "/archive/"]:
        tab = page.context.new_page()
        tab.goto(f"{site}{link}")
        tab.close()


def opens_windows(page: Page, site: str, links: Links, elsewhere: str) -> None:
    """The same by a script inside the page."""
    page.goto(f"{site}/")
    for link in links.firsts:
        with page.context.expect_page() as opened:
            page.evaluate("link => void window.open(link)", link)
        opened.value.wait_for_load_state()
        opened.value.close()


def fetches_ahead(page: Page, site: str, links: Links, elsewhere: str) -> None:
    page.goto(f"{site}/")
    page.evaluate(
        """links => Promise.all(links.map(address => new Promise(done => {
            const link = document.createElement("link");
            link.rel = "prefetch"; link.href = address; link.onload = link.onerror = done;
            document.head.append(link);
        })))""",
        links.all,
    )


def speculates(page: Page, site: str, links: Links, elsewhere: str) -> None:
    page.goto(f"{site}/")
    page.evaluate(
        """links => {
            const rules = document.createElement("script");
            rules.type = "speculationrules";
            rules.textContent = JSON.stringify({
                prefetch: [{urls: links, eagerness: "immediate"}], prerender: [{urls: links, eagerness: "immediate"}],
            });
            document.head.append(rules);
        }""",
        links.all,
    )
    page.wait_for_timeout(500)


def scripts_fetch(page: Page, site: str, links: Links, elsewhere: str) -> None:
    """A reading mode or an extension that fetches, in the page's own name."""
    page.goto(f"{site}/")
    page.evaluate(
        "links => Promise.all(links.map(link => fetch(link).then(() => fetch(link, {method: 'HEAD'}))))", links.all
    )


def visits_a_page_elsewhere(page: Page, site: str, links: Links, elsewhere: str) -> None:
    page.goto(elsewhere)
    page.wait_for_load_state("load")


def is_sent_from_elsewhere(page: Page, site: str, links: Links, elsewhere: str) -> None:
    page.goto(elsewhere)
    page.evaluate("document.getElementById('form').submit()")
    page.wait_for_url(f"**{TRAP}**")
    page.goto(elsewhere)
    page.click("#link")
    page.wait_for_url(f"**{TRAP}**")


KINDS = [
    reads, walks_by_keyboard, follows_one_by_mistake, listens, opens_every_link, opens_windows, fetches_ahead,
    speculates, scripts_fetch, visits_a_page_elsewhere, is_sent_from_elsewhere,
]  # fmt: skip


def crowd(site: str, links: Links, count: int) -> Crowd:
    found = Crowd()
    with sync_playwright() as playwright, _elsewhere(site, links) as elsewhere:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for number, does in zip(range(count), itertools.cycle(KINDS), strict=False):
            who = f"93.184.{number // 250}.{number % 250 + 1}"
            with proxy.naming(who) as (way, asked):
                if not _visit(browser, way, does, site, links, elsewhere):
                    found.refused.append(does.__name__)
            kept = [request for request in asked if request.path.startswith(TRAP)]
            found.visits.append(Visit(f"Chromium: {does.__name__.replace('_', ' ')}", kept))
        browser.close()
    return found


def _visit(browser: Browser, way: str, does, site: str, links: Links, elsewhere: str) -> bool:
    context: BrowserContext = browser.new_context(proxy={"server": way, "bypass": "<-loopback>"}, bypass_csp=True)
    with contextlib.closing(context):
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        does(page, site, links, elsewhere)
        with contextlib.suppress(Error):  # a page on its way is left for this one
            page.wait_for_load_state()
        return page.goto(f"{site}/archive/").status == 200


@contextlib.contextmanager
def _elsewhere(site: str, links: Links) -> Iterator[str]:
    """Another name makes it another site: a port alone would not."""
    addresses = [f"{site}{link}" for link in links.all]
    embedded = "".join(
        f'<img src="{link}"><iframe src="{link}"></iframe><link rel="prefetch" href="{link}?">' for link in addresses
    )
    words = ELSEWHERE.format(embedded=embedded, first=addresses[0], second=addresses[-1]).encode()

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(words)

        def log_message(self, *_):
            pass

    with proxy.serving(Page) as port:
        yield f"http://localhost:{port}/"
