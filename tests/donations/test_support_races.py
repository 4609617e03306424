"""
One form sent by several at the same moment. Proved on PostgreSQL, since SQLite in memory has one connection; the last
test is the negative control: with a key of its own for every request there are as many payment pages as clicks.
"""

import dataclasses
import datetime as dt
import threading
import uuid

import pytest
from django.db import connection
from django.test import Client

from donations import checkout, defence, stamps
from donations.models import Intent
from donations.money import Money
from tests.donations.reader import Reader
from tests.foundation.races import at_once

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite in memory has one connection"),
]


@pytest.fixture(autouse=True)
def nobody_is_too_fast(monkeypatch):
    monkeypatch.setattr(defence, "FASTEST", dt.timedelta())


@pytest.fixture
def warm(stand_in):
    """The site's product is there, as on every site that ever took a pledge."""
    Reader(stand_in, address="203.0.113.99").ask(choice="1000")
    return stand_in


def pages_of(stand_in, intent: Intent) -> list[dict]:
    rows = stand_in.see("rows")["checkout.session"]
    return [row for row in rows if row["client_reference_id"] == str(intent.pk)]


def test_five_clicks_at_once_are_one_page(warm):
    reader = Reader(warm)
    reader.open()
    told, leads_to = {**reader.form(), "kind": "quarterly", "choice": "2500"}, []
    outcomes = at_once(*[lambda: leads_to.append(reader.client.post("/support/", told).headers["Location"])] * 5)
    assert outcomes == [None] * 5
    assert len(set(leads_to)) == 1
    intent = Intent.objects.get(amount_minor=2500)
    assert len(pages_of(warm, intent)) == 1


def test_many_forms_at_once_from_one_address_are_as_many_pages_as_the_limit_says(stand_in):
    """Each a form of its own and no cookie, as a machine would that tries out cards."""
    led_on = []

    def send():
        told = {"stamp": stamps.new(uuid.uuid4()), "kind": "once", "choice": "1000"}
        led_on.append(Client(REMOTE_ADDR="203.0.113.98").post("/support/", told).status_code == 303)

    assert at_once(*[send] * 12) == [None] * 12
    assert led_on.count(True) == len(stand_in.see("rows")["checkout.session"]) == defence.PER_NETWORK


def test_two_amounts_at_once_leave_one_page_that_can_be_paid(warm):
    intent_id = uuid.uuid4()

    def ask(minor: int):
        checkout.start_pledge(intent_id=intent_id, kind="once", money=Money(minor, "USD"), browser="b")

    for _ in range(4):
        outcomes = at_once(*[lambda minor=minor: ask(minor) for minor in (2500, 5000, 7500)])
        assert [each for each in outcomes if each and not isinstance(each, checkout.Overtaken)] == []
        intent = Intent.objects.get(pk=intent_id)
        (payable,) = [row for row in pages_of(warm, intent) if row["status"] == "open"]
        assert (payable["id"], payable["amount_total"]) == (intent.session_id, intent.amount_minor)


def test_with_a_key_for_every_click_there_would_be_as_many_pages(warm, monkeypatch):
    ask_plainly, all_are_about_to_ask = checkout._request, threading.Barrier(6)

    def ask_under_a_new_key(intent: Intent):
        all_are_about_to_ask.wait(30)
        return dataclasses.replace(ask_plainly(intent), idempotency_key=uuid.uuid4().hex)

    monkeypatch.setattr(checkout, "_request", ask_under_a_new_key)
    intent_id = uuid.uuid4()
    at_once(
        *[lambda: checkout.start_pledge(intent_id=intent_id, kind="once", money=Money(2500, "USD"), browser="b")] * 6
    )
    assert len(pages_of(warm, Intent.objects.get(pk=intent_id))) == 6
