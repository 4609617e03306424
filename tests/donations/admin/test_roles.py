"""Who may open which page about money: every role against every address that this app adds to the desk."""

import uuid

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from accounts.models import User
from donations import offline
from donations.models import Backer, Currency, Dedication, ExchangeRate, Intent, QuarterBook, StripeEvent
from donations.money import Money
from donations.quarters import Quarter
from foundation import clock
from tests import factories
from tests.donations.stripe_facts import PledgeStory, charge_of, gift, take_back

pytestmark = pytest.mark.django_db

ROLES = ("anonymous", "reader", "Author", "Editor", "Moderator", "Treasurer", "superuser")
HANDLE_MONEY = {"Treasurer", "superuser"}
JUDGE_NAMES = {"Treasurer", "superuser", "Editor", "Moderator"}
NOBODY = set()
# Pages of the admin's own that exist for every model and that the ledger offers to nobody.
CLOSED = {
    *(
        f"{model}_{verb}"
        for model in ("pledge", "adjustment", "publicname", "dedication", "stripeevent")
        for verb in ("add", "delete")
    ),
    *(f"{model}_delete" for model in ("backer", "payment", "currency", "exchangerate", "quarterbook")),
    "backer_add",
    "quarterbook_add",
}
POST_ONLY = {"exchangerate_fetch"}


def names() -> list[str]:
    """Every address of this app at the desk, from the URL configuration itself."""
    patterns, *_ = admin.site.urls
    found = []
    for resolver in patterns:
        for pattern in getattr(resolver, "url_patterns", [resolver]):
            if (pattern.name or "").startswith("donations_"):
                found.append(pattern.name.removeprefix("donations_"))
    return sorted(set(found))


@pytest.fixture
def rows():
    """One of each."""
    story = PledgeStory(clock.now())
    pledge = story.tell()
    payment = gift(clock.now(), name="g")
    take_back(charge_of(payment), clock.now(), minor=100)
    offline_gift = offline.record_offline_gift(
        backer=payment.backer, money=payment.amount, received_on=clock.now().date(), method="cash"
    )
    name = Intent.objects.create(
        id=uuid.uuid4(), livemode=False, kind="once", currency="USD", amount_minor=1, status="completed",
        public_name="Ada", name_status="pending", created_at=clock.now(), completed_at=clock.now(),
    )  # fmt: skip
    event = StripeEvent.objects.create(
        stripe_id="evt_1", type="invoice.paid", livemode=False, created_at=clock.now(), received_at=clock.now()
    )
    rate = ExchangeRate.objects.create(
        base="USD", currency="EUR", dated_on=clock.now().date(), rate=1, source="ecb", recorded_at=clock.now()
    )
    book = QuarterBook.objects.create(livemode=False, quarter=Quarter(2027, 1))
    return {
        "backer": Backer.objects.get(), "pledge": pledge, "payment": payment, "adjustment": payment.adjustments.get(),
        "publicname": name, "stripeevent": event, "exchangerate": rate, "quarterbook": book,
        "currency": Currency.objects.get(pk="USD"), "offline": offline_gift,
        "dedication": Dedication.objects.create(intent=name, name="Ada", email="reader@example.org"),
    }  # fmt: skip


def address_of(name: str, rows: dict) -> str:
    if name == "letters":
        return reverse("admin:donations_letters")
    if name in ("letter", "letter_html"):
        return reverse(f"admin:donations_{name}", args=["gift"])
    model, _, page = name.partition("_")
    if (model, page) in {("quarterbook", "quarter"), ("quarterbook", "export")}:
        return reverse(f"admin:donations_{name}", args=[rows[model].quarter.ordinal])
    if page in ("changelist", "add", "export", "fetch"):
        return reverse(f"admin:donations_{name}")
    row = rows["offline"] if name == "payment_match" else rows[model]
    return reverse(f"admin:donations_{name}", args=[row.pk])


def allowed(name: str) -> set[str]:
    if name in CLOSED:
        return NOBODY
    return JUDGE_NAMES if name.startswith(("publicname_", "dedication_")) else HANDLE_MONEY


def client_of(role: str, client):
    if role == "anonymous":
        return client
    if role == "reader":
        client.force_login(User.objects.create_user(email="reader@example.org", password="a long password"))
    else:
        client.force_login(factories.editor() if role == "superuser" else factories.member_of(role))
    return client


@pytest.mark.parametrize("role", ROLES)
def test_every_page_opens_to_those_who_may_and_to_nobody_else(role, rows, client):
    client = client_of(role, client)
    wrong = {}
    for name in names():
        address = address_of(name, rows)
        response = client.post(address) if name in POST_ONLY else client.get(address)
        if not is_as_declared(response, role in allowed(name), role, name):
            wrong[name] = (response.status_code, response.headers.get("Location"))
    assert wrong == {}


def is_as_declared(response, may: bool, role: str, name: str) -> bool:
    to_login = response.status_code == 302 and "/admin/login/" in response["Location"]
    if role in ("anonymous", "reader"):
        return to_login
    if not may:
        return response.status_code == 403
    leads_on = name in ("quarterbook_change", "exchangerate_fetch")
    return response.status_code == (302 if leads_on else 200) and not to_login


@pytest.mark.parametrize("role", ["anonymous", "reader", "Author", "Editor", "Moderator"])
def test_nothing_can_be_done_by_posting_either(role, rows, client):
    client = client_of(role, client)
    posted = {
        "backer_forget": {"is_sure": "on"},
        "backer_change": {"email": "other@example.org", "name": "X", "note": ""},
        "payment_refund": {"amount": "1", "key": str(uuid.uuid4()), "_confirm": "1"},
        "payment_add": {"amount": "5", "currency": "USD", "received_on": f"{clock.now():%Y-%m-%d}", "method": "cash",
                        "key": str(uuid.uuid4())},
        "quarterbook_quarter": {"goal": "5"},
        "exchangerate_add": {"currency": "EUR", "dated_on": "2026-11-02", "rate": "1.1"},
        "stripeevent_changelist": {"action": "replay", "_selected_action": [rows["stripeevent"].pk]},
        "exchangerate_changelist": {"action": "accept", "_selected_action": [rows["exchangerate"].pk]},
    }  # fmt: skip
    before = snapshot()
    for name, data in posted.items():
        assert client.post(address_of(name, rows), data).status_code in (302, 403), name
    assert snapshot() == before


def snapshot() -> list:
    return [list(model.objects.order_by("pk").values()) for model in apps.get_app_config("donations").get_models()]


def test_the_declared_table_names_pages_that_exist():
    assert set(names()) >= CLOSED | POST_ONLY
    assert len(names()) > 40


@pytest.mark.parametrize("page", ["change", "data", "forget", "join", "part"])
def test_a_row_of_stripes_other_mode_is_not_reached(desk, rows, page):
    other = Backer.objects.create(livemode=True, email="live@example.org", created_at=clock.now())
    response = desk.get(reverse(f"admin:donations_backer_{page}", args=[other.pk]))
    assert response.status_code in (302, 404)
    assert b"live@example.org" not in response.content


def test_those_who_judge_names_see_no_amount_and_no_address(at_desk, rows):
    editor = at_desk(factories.member_of("Editor"))
    Intent.objects.update(amount_minor=123457)
    lists = [reverse(f"admin:donations_{name}_changelist") for name in ("publicname", "dedication")]
    for address in (*lists, address_of("publicname_change", rows), address_of("dedication_change", rows)):
        page = editor.get(address).content.decode()
        assert "Ada" in page
        assert Money(123457, "USD").figure not in page
        assert "reader@example.org" not in page


def test_an_editors_desk_shows_no_money(at_desk, rows):
    page = at_desk(factories.member_of("Editor")).get("/admin/").content.decode()
    assert "received" not in page
    assert "/admin/donations/backer/" not in page
    assert "Names of backers to be judged" in page


def test_a_treasurers_desk_shows_the_quarters_and_no_article(desk, rows):
    page = desk.get("/admin/").content.decode()
    assert "Quarters" in page
    assert "/admin/articles/article/" not in page
