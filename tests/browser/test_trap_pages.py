"""The trap's own pages and those of its desk: in order for a screen reader, and as wide as a phone."""

import datetime as dt

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache

from bottrap import arming, bans, trap_links
from bottrap.models import Ban, Hit, PublishedRange, TrapSettings
from foundation import clock
from tests import factories
from tests.browser.conftest import PASSWORD

HELD, OVER, VISITOR = "93.184.216.10", "93.184.216.11", "93.184.216.12"
PHONE = {"width": 390, "height": 844}
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
OF_DJANGO = {"include": [["#content"]], "exclude": [["#changelist-filter"], [".xfull"], ["#toolbar"]]}


@pytest.fixture
def site(transactional_db, settings):
    settings.TRUSTED_PROXY_COUNT = 1
    factories.published()
    moment = clock.now()
    kept = TrapSettings.objects.create(pk=1, forbidden_since=moment - dt.timedelta(days=4), tripped_at=moment)
    arming.remember(kept)
    bans.ban(f"{HELD}/32", reason="followed two links of the trap", evidence="Seen by a test")
    bans.ban(f"{OVER}/32", reason="scrapes", source=Ban.Source.HAND)
    bans.lift(f"{OVER}/32", by=Ban.Lifted.STAFF)
    Hit.objects.create(
        network=f"{HELD}/32",
        address=HELD,
        step=3,
        at=clock.real_now(),
        outcome=Hit.Outcome.FIRST,
        agent="a-robot/" * 20,
    )
    PublishedRange.objects.create(feed="google", network="66.249.64.0/19", fetched_at=clock.real_now())
    yield kept
    cache.clear()


def troubles(page, addresses, context: dict | None = None) -> dict:
    found = {}
    for address in addresses:
        page.goto(address)
        page.evaluate("document.body.style.transition = 'none'")
        violations = Axe().run(page, context=context, options=AXE).response["violations"]
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if violations or wide > 0:
            found[address] = wide, [(v["id"], [node["html"][:120] for node in v["nodes"]][:4]) for v in violations]
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_for_visitors(open_browser, site, scheme):
    options = {"viewport": PHONE, "color_scheme": scheme, "bypass_csp": True}
    visitor = open_browser(extra_http_headers={"X-Forwarded-For": VISITOR}, **options)
    assert troubles(visitor, ["/", trap_links.first(), "/banned/"]) == {}
    banned = open_browser(extra_http_headers={"X-Forwarded-For": HELD}, **options)
    assert troubles(banned, ["/banned/"]) == {}
    assert banned.get_by_role("button", name="I am a person").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_the_desk(open_browser, site, scheme):
    page = open_browser(viewport=PHONE, color_scheme=scheme, bypass_csp=True)
    page.goto("/admin/")
    page.fill("[name=username]", factories.editor().email)
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_selector("#logout-form", state="attached")
    ban, hit = Ban.objects.get(network=f"{HELD}/32"), Hit.objects.get()
    addresses = [
        "/admin/bottrap/ban/", "/admin/bottrap/ban/add/", f"/admin/bottrap/ban/{ban.pk}/change/", "/admin/bottrap/hit/",
        f"/admin/bottrap/hit/{hit.pk}/change/", "/admin/bottrap/trapsettings/1/change/", "/admin/bottrap/crawlrule/",
        "/admin/bottrap/crawlrule/add/", "/admin/bottrap/publishedrange/",
    ]  # fmt: skip
    assert troubles(page, addresses, OF_DJANGO) == {}
    page.goto("/admin/bottrap/ban/")
    page.get_by_role("button", name=f"Lift the ban of {HELD}/32").click()
    page.get_by_text(f"{HELD}/32 is not banned any more.").wait_for()
    assert Ban.objects.active().count() == 0
