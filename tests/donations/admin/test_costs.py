"""Lists and exports ask as many questions for many rows as for few."""

import csv
import io

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.donations.admin import pages
from tests.donations.stripe_facts import PledgeStory, charge_of, gift, take_back, utc

pytestmark = pytest.mark.django_db


def fill(first: int, last: int) -> None:
    for number in range(first, last):
        story = PledgeStory(utc(2026, 10, 5), email=f"a{number}@example.org", name=f"p{number}")
        story.tell()
        story.paid(0)
        payment = gift(utc(2026, 11, 1), email=f"b{number}@example.org", name=f"g{number}", minor=1000)
        take_back(charge_of(payment), utc(2026, 11, 2), minor=100)


@pytest.mark.parametrize(
    "address",
    [
        pages.address(model, page)
        for model in ("backer", "pledge", "payment", "adjustment")
        for page in ("changelist", "export")
    ],
)
def test_more_rows_cost_no_more_queries(desk, address):
    fill(0, 2)
    queries(desk, address)  # the first answer of a process also asks what later ones remember
    few = queries(desk, address)
    fill(2, 9)
    assert queries(desk, address) == few


def queries(desk, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as counted:
        assert desk.get(address).status_code == 200
    return len(counted)


def test_an_export_is_of_what_the_list_shows_and_is_logged(desk, treasurer):
    fill(0, 3)
    answer = desk.get(pages.address("payment", "export"), {"kind__exact": "once"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["amount"], row["returned"], row["kind"]) for row in rows] == [
        ("10.00", "1.00", "gift through Stripe")
    ] * 3
    assert rows[0]["in the base currency"] == "10.000000"
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_repr, entry.change_message) == (treasurer, "payments", "Exported as CSV.")


def test_whoever_runs_the_site_reads_who_did_what_and_nobody_changes_it(desk, at_desk, treasurer):
    fill(0, 1)
    desk.get(pages.address("backer", "export"))
    address = "/admin/admin/logentry/"
    entry = LogEntry.objects.get()
    root = at_desk(factories.editor())
    assert "Exported as CSV." in pages.text_of(root.get(address))
    assert root.get(f"{address}{entry.pk}/change/").status_code == 200
    assert root.get(f"{address}{entry.pk}/delete/").status_code == 403
    assert root.get(f"{address}add/").status_code == 403
    assert desk.get(address).status_code == 403
