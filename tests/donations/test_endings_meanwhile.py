"""Who ends or pauses a pledge while a charge of it is not done: “nothing further is charged” has to be so."""

import datetime as dt

import pytest
from django.template.loader import render_to_string

from donations import managing, stripe_gateway, sync
from donations.models import Payment, Pledge
from foundation.models import Letter
from tests.donations.disputing import fall_behind
from tests.donations.stripe_path import Path, figures

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(stand_in):
    return Path(stand_in)


@pytest.fixture
def pledge(path):
    return path.pledge(minor=2500)


def go_on(path) -> None:
    path.go_on(days=20)
    path.settle()


def shown(pledge: Pledge) -> str:
    (standing,) = managing.standings(pledge.backer)
    return render_to_string("donations/_pledge.html", {"standing": standing})


def be_debited(path) -> Pledge:
    """A pledge whose bank is at its second charge."""
    path.pay(path.ask(currency="EUR"), debit=True)
    path.go_on(days=6)
    path.settle()
    pledge = Pledge.objects.get()
    path.go_to(pledge.next_charge_at + dt.timedelta(hours=2))
    path.settle()
    pledge.refresh_from_db()
    assert pledge.invoices.get(status="open").is_processing
    return pledge


def test_a_charge_that_failed_is_not_tried_again_once_its_pledge_is_ended(path, pledge):
    fall_behind(path, pledge)
    managing.end(pledge, "")
    assert [each.status for each in pledge.invoices.all()] == ["paid", "void"]
    assert (figures(2027, 2), figures(2027, 3)) == ((1, {"USD": 2500}, {}), (0, {}, {}))
    go_on(path)
    assert Payment.objects.count() == 1
    assert "Nothing further is charged" in shown(pledge)
    assert "Nothing further is charged" in Letter.objects.get(kind="set-to-end").text


def test_without_that_it_would_be_tried_again(path, pledge, monkeypatch):
    """The control of the test above."""
    monkeypatch.setattr(sync, "stop_charges", lambda pledge: None)
    fall_behind(path, pledge)
    managing.end(pledge, "")
    go_on(path)
    assert Payment.objects.count() == 2


@pytest.mark.parametrize("verb", [lambda pledge: managing.end(pledge, ""), managing.pause])
def test_nor_is_one_charged_that_was_made_within_the_hour(path, pledge, verb):
    path.go_to(pledge.next_charge_at + dt.timedelta(minutes=10))
    path.settle()
    verb(pledge)
    go_on(path)
    assert Payment.objects.count() == 1
    assert figures(2027, 3) == (0, {}, {})


def test_who_keeps_it_after_all_gives_again_with_the_next_quarter(path, pledge):
    fall_behind(path, pledge)
    managing.end(pledge, "")
    managing.keep(pledge)
    assert (figures(2027, 3), figures(2027, 4)) == ((0, {}, {}), (1, {}, {"USD": 2500}))


def test_a_debit_that_a_bank_is_at_is_told_since_nobody_can_stop_it(path):
    pledge = be_debited(path)
    managing.end(pledge, "")
    assert "The payment that your bank is at still comes, and counts" in shown(pledge)
    letter = Letter.objects.get(kind="set-to-end")
    assert "The payment that your bank is at still comes, and counts" in letter.text
    assert "The payment that your bank is at still comes, and counts" in letter.html
    go_on(path)
    assert figures(2027, 3) == (1, {"EUR": 2500}, {})
    assert "your bank is at" not in shown(pledge)


def test_so_does_a_pause(path):
    pledge = be_debited(path)
    managing.pause(pledge)
    assert "The payment that your bank is at still comes, and counts" in shown(pledge)


def test_a_first_charge_that_somebody_is_at_is_left_alone(path, pledge, monkeypatch):
    """Made void, the pledge would be over before it began."""
    asked = []
    monkeypatch.setattr(stripe_gateway, "unpaid_invoices", lambda name: asked.append(name) or [])
    pledge.status = Pledge.Status.INCOMPLETE
    managing.end(pledge, "")
    assert asked == []
    managing.end(Pledge.objects.get(), "")
    assert asked == [pledge.stripe_id]


@pytest.mark.django_db(transaction=True)
def test_the_page_says_beforehand_what_becomes_of_it(reader, stand_in):
    pledge = Pledge.objects.get()
    stand_in.do("faults", next_renewal="card_declined")
    stand_in.do("clock", to=int(pledge.next_charge_at.timestamp()) + 7200)
    sync.sync_subscription(pledge.stripe_id)
    for row in stand_in.see("rows")["invoice"]:
        sync.sync_invoice(row["id"])
    reader.come_in()
    reader.open(f"/support/manage/pledges/{pledge.pk}/end/")
    assert "The payment that did not work is not tried again" in reader.said()
    reader.send()
    reader.open("/support/manage/pledges/")
    assert "Nothing further is charged" in reader.said()
    assert pledge.invoices.filter(status="open").count() == 0
