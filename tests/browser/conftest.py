"""
A real Chromium against a live server. Every page a test opens is watched: an error on the console (a broken content
policy shows up there), an exception in a script, or a request to any other host fails the test that opened it.
"""

import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests import factories
from tests.fakestripe.running import carrying_stand_in  # noqa: F401

HERE = Path(__file__).parent
PASSWORD = "a long password"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--no-first-run",
]
# Milliseconds. No test measures time: a busy machine may take its time to load an editor's thirty modules.
PATIENCE = 20_000
# What Chromium says about a page that answers 404 or 410, as some pages must.
EXPECTED_ON_THE_CONSOLE = "Failed to load resource: the server responded with a status of 4"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, tmp_path_factory):
    """SQLite in memory is one connection, which the live server's threads would have to share: a file is not."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("database") / "site.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def database_before_server(django_db_setup):
    """The live server decides at its making whether to share this thread's connection: it must see the file by then."""


@pytest.fixture(scope="session")
def chromium():
    expect.set_options(timeout=PATIENCE)
    executable = shutil.which("chromium")
    assert executable, "The browser tests need Chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, where Django would refuse to touch the database.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


class Watch:
    """Collects what no page of ours may do."""

    def __init__(self, page: Page, *hosts: str):
        self.hosts = hosts
        self.troubles: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.troubles.append(f"exception: {error}"))
        page.on("request", self._see)

    def _hear(self, message):
        if message.type == "error" and EXPECTED_ON_THE_CONSOLE not in message.text:
            self.troubles.append(f"console: {message.text}")

    def _see(self, request):
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.netloc not in self.hosts:
            self.troubles.append(f"third party: {request.url}")


@pytest.fixture
def other_hosts() -> list[str]:
    """Whom a page may ask beside the site itself: nobody, unless a test says who plays Stripe."""
    return []


@pytest.fixture
def open_browser(chromium, live_server, settings, other_hosts):
    """Gives the first page of a new browser of its own: no cookies, and what Playwright calls context options."""
    settings.SITE_URL = live_server.url
    hosts = [urlsplit(live_server.url).netloc, *other_hosts]
    contexts, watches = [], []

    def open_browser(**options) -> Page:
        contexts.append(chromium.new_context(base_url=live_server.url, **options))
        page = contexts[-1].new_page()
        watches.append(Watch(page, *hosts))
        contexts[-1].on("page", lambda popup: watches.append(Watch(popup, *hosts)))
        return page

    yield open_browser
    for context in contexts:
        context.close()
    assert [trouble for watch in watches for trouble in watch.troubles] == []


@pytest.fixture
def page(open_browser) -> Page:
    return open_browser()


@pytest.fixture
def desk(open_browser) -> Page:
    """The editors' desk, signed in to by an editor through the login form."""
    page = open_browser(viewport={"width": 1280, "height": 900})
    page.goto("/admin/")
    page.fill("[name=username]", factories.editor().email)
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_selector("#logout-form", state="attached")
    return page
