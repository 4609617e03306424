"""A pledge whose payment is disputed at the bank: nothing further is charged until that is decided."""

import datetime as dt

import pytest
from django.template.loader import render_to_string

from donations import managing, sync
from donations.models import Payment, Pledge
from foundation.models import Letter
from tests.donations.disputing import close, dispute, fall_behind, is_paused
from tests.donations.stripe_path import PAYS, Path, figures

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(stand_in):
    return Path(stand_in)


@pytest.fixture
def pledge(path):
    return path.pledge(minor=2500)


def test_nothing_further_is_charged_while_a_dispute_is_open(path, pledge):
    dispute(path)
    assert is_paused(path, pledge)
    assert figures(2027, 2) == (1, {"USD": 2500}, {})
    assert figures(2027, 3) == (0, {}, {})
    path.go_on(days=93)
    path.settle()
    assert Payment.objects.count() == 1


def test_without_the_hold_it_would_be_charged_again(path, pledge, monkeypatch):
    """The control of the test above."""
    monkeypatch.setattr(sync, "_heed_disputes", lambda pledge: None)
    dispute(path)
    path.go_on(days=93)
    path.settle()
    assert Payment.objects.count() == 2


def test_the_backer_reads_why_it_is_paused_and_may_resume_it(path, pledge):
    dispute(path)
    pledge.refresh_from_db()
    standing = managing.standings(pledge.backer)[0]
    shown = render_to_string("donations/_pledge.html", {"standing": standing})
    assert "disputed at your bank" in shown
    assert f"/{pledge.pk}/resume/" in shown


def test_a_pause_of_ones_own_is_not_told_as_one_for_a_dispute(path, pledge):
    managing.pause(pledge)
    shown = render_to_string("donations/_pledge.html", {"standing": managing.standings(pledge.backer)[0]})
    assert "disputed" not in shown


def test_the_treasurer_reads_that_it_is_paused(path, pledge, admin_client):
    dispute(path)
    assert "The pledge is paused until it is decided." in admin_client.get("/admin/").text


def test_a_pledge_goes_on_when_its_dispute_is_won(path, pledge):
    close(path, dispute(path), "won")
    assert not is_paused(path, pledge)
    assert figures(2027, 3) == (1, {}, {"USD": 2500})
    path.go_on(days=93)
    path.settle()
    assert Payment.objects.count() == 2


def test_a_pledge_that_its_backer_paused_stays_so_when_a_dispute_is_won(path, pledge):
    managing.pause(pledge)
    close(path, dispute(path), "won")
    assert is_paused(path, pledge)


def test_a_pause_of_ones_own_outlives_the_one_for_a_dispute(path, pledge):
    disputed = dispute(path)
    managing.resume(pledge)
    managing.pause(pledge)
    close(path, disputed, "won")
    assert is_paused(path, pledge)


def test_who_resumes_it_meanwhile_is_not_paused_again_by_further_news(path, pledge):
    disputed = dispute(path)
    managing.resume(pledge)
    sync.sync_charge(disputed.payment.fact_key)
    assert not is_paused(path, pledge)


def test_it_goes_on_only_when_the_last_of_several_disputes_is_won(path, pledge):
    path.go_on(days=93)
    path.settle()
    second, first = Payment.objects.order_by("-succeeded_at")
    disputes = [dispute(path, first), dispute(path, second)]
    close(path, disputes[0], "won")
    assert is_paused(path, pledge)
    close(path, disputes[1], "won")
    assert not is_paused(path, pledge)


def test_a_pledge_that_ends_anyway_is_left_alone(path, pledge):
    managing.end(pledge, "")
    dispute(path)
    assert not is_paused(path, pledge)


def test_the_dispute_of_a_gift_touches_no_pledge(path, pledge):
    dispute(path, path.gift(minor=5000))
    assert not is_paused(path, pledge)


def test_a_lost_dispute_ends_the_pledge_that_was_paused_for_it(path, pledge):
    close(path, dispute(path), "lost")
    pledge.refresh_from_db()
    assert pledge.status == "canceled"


def test_the_backer_is_told_that_nothing_is_charged_meanwhile_and_when_it_goes_on(path, pledge):
    disputed = dispute(path)
    told = Letter.objects.get(kind="dispute")
    assert "nothing further is charged" in told.text
    assert "nothing further is charged" in told.html
    close(path, disputed, "won")
    told = Letter.objects.get(kind="dispute-won")
    assert "next payment is on 15 May 2027" in told.text
    assert "next payment is on 15 May 2027" in told.html


def test_a_giver_is_told_of_no_pledge(path):
    close(path, dispute(path, path.gift()), "won")
    for told in Letter.objects.filter(kind__startswith="dispute"):
        assert "further" not in told.text
        assert "pledge goes on" not in told.text


def test_what_the_bank_takes_for_a_dispute_is_noted(path, pledge):
    disputed = dispute(path)
    assert (disputed.fee_minor, disputed.fee_currency) == (1500, "USD")
    close(path, disputed, "won")
    disputed.refresh_from_db()
    assert (disputed.fee_minor, disputed.fee_currency) == (1500, "USD")


def test_a_charge_that_failed_is_not_tried_again_while_a_dispute_is_open(path, pledge):
    fall_behind(path, pledge)
    assert figures(2027, 3) == (1, {}, {"USD": 2500})
    dispute(path)
    assert is_paused(path, pledge)
    assert [each.status for each in pledge.invoices.all()] == ["paid", "void"]
    assert figures(2027, 2) == (1, {"USD": 2500}, {})
    assert figures(2027, 3) == (0, {}, {})
    path.go_on(days=20)
    path.settle()
    assert Payment.objects.count() == 1


def test_without_the_stop_it_would_be_tried_again(path, pledge, monkeypatch):
    """The control of the test above: a pause alone leaves what was asked for before it."""
    monkeypatch.setattr(sync, "stop_charges", lambda pledge: None)
    fall_behind(path, pledge)
    dispute(path)
    path.go_on(days=20)
    path.settle()
    assert Payment.objects.count() == 2


def test_a_charge_that_was_made_and_not_tried_yet_is_stopped_as_well(path, pledge):
    path.go_to(pledge.next_charge_at + dt.timedelta(minutes=10))
    dispute(path)
    path.go_on(days=1)
    path.settle()
    assert Payment.objects.count() == 1
    assert figures(2027, 3) == (0, {}, {})
    assert sorted(row["status"] for row in path.rows("invoice")) == ["paid", "void"]


def test_the_charge_that_failed_is_stopped_too_of_a_pledge_that_ends_anyway(path, pledge):
    fall_behind(path, pledge)
    managing.end(pledge, "")
    dispute(path)
    assert not is_paused(path, pledge)
    path.go_on(days=20)
    path.settle()
    assert Payment.objects.count() == 1


def test_a_pledge_that_had_failed_goes_on_with_its_next_quarter_when_the_dispute_is_won(path, pledge):
    fall_behind(path, pledge)
    close(path, dispute(path), "won")
    assert not is_paused(path, pledge)
    pledge.refresh_from_db()
    assert pledge.status == "active"
    assert (figures(2027, 3), figures(2027, 4)) == ((0, {}, {}), (1, {}, {"USD": 2500}))
    path.go_on(days=93)
    path.settle()
    assert figures(2027, 4) == (1, {"USD": 2500}, {})
    assert Payment.objects.count() == 2


def test_a_pledge_that_had_failed_ends_when_the_dispute_is_lost_and_is_not_told_to_be_unpaid(path, pledge):
    fall_behind(path, pledge)
    close(path, dispute(path), "lost")
    pledge.refresh_from_db()
    assert pledge.status == "canceled"
    assert figures(2027, 3) == (0, {}, {})
    assert "could not be charged" not in Letter.objects.get(kind="ended").text


def test_who_resumes_it_is_tried_for_the_next_charge_and_believed_when_that_fails(path, pledge):
    disputed = dispute(path)
    managing.resume(pledge)
    fall_behind(path, pledge)
    sync.sync_charge(disputed.payment.fact_key)
    assert not is_paused(path, pledge)
    assert pledge.invoices.get(status="open").next_attempt_at


def test_what_a_bank_is_at_cannot_be_stopped_and_counts_when_it_comes(path):
    intent = path.ask(currency="EUR")
    path.pay(intent, debit=True)
    path.go_on(days=6)
    path.settle()
    pledge = Pledge.objects.get()
    path.go_to(pledge.next_charge_at + dt.timedelta(hours=2))
    dispute(path)
    assert is_paused(path, pledge)
    assert pledge.invoices.get(status="open").is_processing
    path.go_on(days=6)
    path.settle()
    assert Payment.objects.count() == 2
    assert figures(2027, 3) == (1, {"EUR": 2500}, {})


def test_a_charge_that_was_paid_in_part_stays_with_whoever_charged_the_part(path, pledge):
    fall_behind(path, pledge)
    unpaid = pledge.invoices.get(status="open")
    path.stand_in.do(f"customers/{pledge.customer.stripe_id}/card", card=PAYS)
    path.stand_in.do(f"invoices/{unpaid.stripe_id}/part", amount=1000)
    path.settle()
    dispute(path, Payment.objects.earliest("succeeded_at"))
    unpaid.refresh_from_db()
    assert unpaid.status == "open"
    assert figures(2027, 3) == (1, {"USD": 1000}, {})


def test_who_resumed_it_is_not_paused_again_by_news_of_an_older_dispute(path, pledge):
    path.go_on(days=93)
    path.settle()
    second, first = Payment.objects.order_by("-succeeded_at")
    for each in (first, second):
        dispute(path, each)
    managing.resume(pledge)
    managing.pause(pledge)
    managing.resume(pledge)
    sync.sync_charge(first.fact_key)
    assert not is_paused(path, pledge)
