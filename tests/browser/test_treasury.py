"""The treasurer's pages in a browser: they fit, break no policy, can be read and named, in both themes."""

import uuid

import pytest
from axe_playwright_python.sync_playwright import Axe

from donations import alarms, letters, offline, periods
from donations.models import Alarm, Backer, Intent, Payment, QuarterBook, StripeEvent
from donations.money import Money
from foundation import clock
from tests import factories
from tests.browser.conftest import PASSWORD
from tests.browser.test_desk import AXE, OF_DJANGO
from tests.donations.stripe_facts import PledgeStory, charge_of, gift, take_back

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = [
    "/admin/",
    "/admin/donations/quarterbook/",
    "/admin/donations/quarterbook/{quarter}/quarter/",
    "/admin/donations/backer/",
    "/admin/donations/backer/{backer}/change/",
    "/admin/donations/backer/{backer}/join/",
    "/admin/donations/backer/{backer}/part/",
    "/admin/donations/backer/{backer}/forget/",
    "/admin/donations/backer/letters/",
    "/admin/donations/backer/letters/quarter-end/",
    "/admin/donations/pledge/",
    "/admin/donations/pledge/{pledge}/change/",
    "/admin/donations/payment/",
    "/admin/donations/payment/add/",
    "/admin/donations/payment/{payment}/change/",
    "/admin/donations/payment/{payment}/refund/",
    "/admin/donations/payment/{offline}/match/",
    "/admin/donations/adjustment/",
    "/admin/donations/exchangerate/",
    "/admin/donations/exchangerate/add/",
    "/admin/donations/currency/USD/change/",
    "/admin/donations/stripeevent/",
    "/admin/donations/stripeevent/{event}/change/",
    "/admin/donations/publicname/",
]


@pytest.fixture
def numbers() -> dict:
    """A little of everything, with long words where people write them."""
    story = PledgeStory(clock.now(), email="a-very-long-address-of-a-backer@subdomain.of.a.long.example.org")
    pledge = story.tell()
    story.paid(0)
    Backer.objects.update(name="Ludwig Wittgenstein-von und zu Hohenlohe-Langenburg")
    payment = gift(clock.now(), name="g", email="reader@example.org", currency="EUR")
    take_back(charge_of(payment), clock.now(), minor=100, kind="dispute", status="needs_response")
    Payment.objects.filter(pk=payment.pk).update(fraud_warned_at=clock.now())
    given = offline.record_offline_gift(
        backer=payment.backer, money=Money(5000, "EUR"), received_on=clock.now().date(), method="cash", note="n " * 200
    )
    letters.payment_recorded(Payment.objects.get(pledge=pledge))
    alarms.sound(Alarm.Kind.SILENCE, "No event came. " * 20)
    event = StripeEvent.objects.create(
        stripe_id="evt_" + "x" * 60, type="customer.subscription.updated", livemode=False, status="failed",
        created_at=clock.now(), received_at=clock.now(), reason="Traceback\n" + "x" * 300, body="{" + "y" * 4000 + "}",
    )  # fmt: skip
    Intent.objects.create(
        id=uuid.uuid4(), livemode=False, kind="once", currency="USD", amount_minor=1, status="completed",
        public_name="N" * 80, message="m" * 900, name_status="pending", created_at=clock.now(),
        completed_at=clock.now(),
    )  # fmt: skip
    quarter = periods.next_quarter()
    QuarterBook.objects.create(livemode=False, quarter=quarter, goal_minor=100000)
    return {
        "backer": pledge.backer_id, "pledge": pledge.pk, "payment": payment.pk, "offline": given.pk, "event": event.pk,
        "quarter": quarter.ordinal,
    }  # fmt: skip


@pytest.fixture
def treasury(open_browser):
    """Signed in by a treasurer through the login form. Axe needs to run its own script."""
    page = open_browser(viewport={"width": 1280, "height": 900})
    page.goto("/admin/")
    page.fill("[name=username]", factories.member_of("Treasurer").email)
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_selector("#logout-form", state="attached")
    return page


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")])
def test_every_page_fits_can_be_read_and_breaks_no_policy(treasury, numbers, width, scheme):
    treasury.set_viewport_size({"width": width, "height": 900})
    treasury.emulate_media(color_scheme=scheme)
    found = {}
    for path in PAGES:
        assert treasury.goto(path.format(**numbers)).status == 200, path
        treasury.wait_for_load_state("networkidle")
        if treasury.evaluate("document.documentElement.scrollWidth") > width:
            found[path] = ["wider than its window"]
        violations = Axe().run(treasury, context=OF_DJANGO, options=AXE).response["violations"]
        if violations:
            found[path] = [(v["id"], [node["html"][:120] for node in v["nodes"]][:4]) for v in violations]
    assert found == {}


def test_what_is_left_of_somebody_forgotten_stands_beside_its_name(treasury, numbers):
    """Also where the form has words of help, which stand below."""
    Backer.objects.filter(pk=numbers["backer"]).update(email="", name="", forgotten_at=clock.now())
    treasury.goto(f"/admin/donations/backer/{numbers['backer']}/change/")
    for field in ("email", "name", "note"):
        row = treasury.locator(f".form-row.field-{field}")
        label, value, told = (row.locator(part).bounding_box() for part in ("label", ".readonly", ".help"))
        assert row.locator(".readonly").inner_text() == "—"
        assert abs(label["y"] - value["y"]) < label["height"]
        assert value["x"] >= label["x"] + label["width"]
        assert told["y"] >= value["y"] + value["height"]
