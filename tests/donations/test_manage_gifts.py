"""What was given so far: history, receipts, the shown name, and everything that is known, for keeping."""

import datetime as dt
import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from donations import defence, letter_words, offline, public_names, sync
from donations.models import Backer, Intent, Payment, Pledge
from donations.money import Money
from foundation import clock
from tests.donations.reader import Reader

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nobody_is_too_fast(monkeypatch):
    monkeypatch.setattr(defence, "FASTEST", dt.timedelta())


@pytest.fixture
def reader(stand_in):
    """Ada, with a pledge in dollars, a gift in euros, and cash; and inside."""
    reader = Reader(stand_in)
    reader.give()
    reader.give("/support/eur/", kind="once", choice="5000", public_name="Ada A.", show_name="on", message="Go on")
    offline.record_offline_gift(
        backer=Backer.objects.get(), money=Money(700, "GBP"), received_on=clock.now().date(), method="cash"
    )
    reader.come_in()
    return reader


@pytest.fixture
def gift(reader):
    return Payment.objects.get(kind="once")


def test_the_history_tells_every_payment_whatever_its_way(reader):
    reader.open("/support/manage/history/")
    for words in ("$25 USD", "payment of your pledge", "€50", "given once", "£7", "cash"):
        assert words in reader.said()


def test_what_was_given_back_is_told_beside_its_payment(reader, gift, stand_in):
    stand_in.do(f"charges/{gift.fact_key}/refund", amount=2000)
    sync.sync_charge(gift.fact_key)
    reader.open("/support/manage/history/")
    assert "€20 given back on" in reader.said()
    reader.open(f"/support/manage/history/{gift.pk}/receipt/")
    assert "Given back€20" in reader.said().replace("Given back €", "Given back€")


@pytest.mark.parametrize(("outcome", "told"), [("won", "settled: the payment stands"), ("lost", "€50, taken back")])
def test_a_dispute_is_told_with_its_outcome(reader, gift, stand_in, outcome, told):
    dispute = stand_in.do(f"charges/{gift.fact_key}/dispute", reason="fraudulent")
    sync.sync_charge(gift.fact_key)
    reader.open("/support/manage/history/")
    assert "Disputed at the bank on" in reader.said()
    assert told not in reader.said()
    stand_in.do(f"disputes/{dispute['id']}/close", outcome=outcome)
    sync.sync_charge(gift.fact_key)
    reader.open("/support/manage/history/")
    assert told in reader.said()


def test_a_refund_that_failed_is_not_told_as_given_back(reader, gift, stand_in):
    refund = stand_in.do(f"charges/{gift.fact_key}/refund", amount=2000)
    stand_in.do(f"refunds/{refund['id']}/fail")
    sync.sync_charge(gift.fact_key)
    assert "given back" not in (reader.open("/support/manage/history/") and reader.said())


def test_a_receipt_tells_who_gave_what_and_when(reader, gift):
    reader.open(f"/support/manage/history/{gift.pk}/receipt/")
    for words in ("€50", "Ada Abbot", "ada@example.org", gift.fact_key, "Gift, once", str(gift.quarter)):
        assert words in reader.said()


def test_a_receipt_bears_the_number_and_the_words_on_tax_of_its_letter(reader, gift, settings):
    settings.RECEIPT_TAX_WORDING = "Keep this for the tax office."
    letter = letter_words.of_payment(gift).text
    number = re.search(r"Number: (\S+)", letter)[1]
    reader.open(f"/support/manage/history/{gift.pk}/receipt/")
    assert f"Number {number}" in re.sub(r"Number\s*", "Number ", reader.said())
    for told in (letter, reader.said()):
        assert "Keep this for the tax office." in told


def test_the_history_asks_the_same_of_the_database_however_long(reader):
    numbers = []
    for n in range(2):
        with CaptureQueriesContext(connection) as queries:
            reader.open("/support/manage/history/")
        numbers.append(len(queries))
        for _ in range(5 * (1 - n)):
            offline.record_offline_gift(
                backer=Backer.objects.get(), money=Money(700, "GBP"), received_on=clock.now().date(), method="bank"
            )
    assert numbers[0] == numbers[1]
    assert numbers[0] <= 10


def approve(gift) -> None:
    Intent.objects.filter(pk=gift.intent_id).update(name_status="approved")


def test_a_name_can_be_taken_off_at_once(reader, gift):
    approve(gift)
    assert public_names.names() == ["Ada A."]
    reader.open(f"/support/manage/names/{gift.intent_id}/")
    assert reader.form()["show_name"] == "on"
    reader.send(show_name=None)
    assert public_names.names() == []


@pytest.mark.parametrize("change", [{"public_name": "Someone Else"}, {"message": "Buy cheap pills"}])
def test_a_name_or_message_that_is_changed_waits_for_an_editor_again(reader, gift, change):
    approve(gift)
    reader.open(f"/support/manage/names/{gift.intent_id}/")
    reader.send(**change)
    assert Intent.objects.get(pk=gift.intent_id).name_status == "pending"
    assert public_names.names() == []


def test_saving_without_a_change_keeps_what_the_editor_said(reader, gift):
    for status in ("approved", "rejected"):
        Intent.objects.filter(pk=gift.intent_id).update(name_status=status)
        reader.open(f"/support/manage/names/{gift.intent_id}/")
        reader.send(show_name="on")
        assert Intent.objects.get(pk=gift.intent_id).name_status == status


def test_a_name_can_be_added_later_for_each_gift_by_itself(reader, gift):
    pledge = Pledge.objects.get()
    reader.open(f"/support/manage/names/{pledge.intent_id}/")
    reader.send(show_name="on", public_name="Ada \u202e Two")
    told = {intent.pk: (intent.public_name, intent.name_status) for intent in Intent.objects.all()}
    assert told == {pledge.intent_id: ("Ada Two", "pending"), gift.intent_id: ("Ada A.", "pending")}


@pytest.mark.parametrize(
    "told", [{"show_name": "on", "public_name": ""}, {"public_name": "x" * 81}, {"message": "a\x00"}]
)
def test_a_name_that_cannot_be_is_refused_in_words(reader, gift, told):
    reader.open(f"/support/manage/names/{gift.intent_id}/")
    assert reader.send(**told).status_code == 422
    assert Intent.objects.get(pk=gift.intent_id).public_name == "Ada A."


def test_everything_known_can_be_taken_along(reader):
    page = reader.open("/support/manage/export.json")
    assert page.headers["Content-Disposition"].startswith('attachment; filename="your-pledges-')
    assert "no-store" in page.headers["Cache-Control"]
    told = json.loads(page.content)
    assert told["e-mail"] == "ada@example.org"
    assert len(told["pledges"]) == 1
    assert [each["currency"] for each in told["payments"]] != []
    assert len(told["payments"]) == 3
