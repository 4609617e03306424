"""
A dispute about a payment of a pledge that another has taken the place of since, by a change of currency: the same
person asks the bank, so the one that goes on is held as the disputed one would be.
"""

import pytest
from django.template.loader import render_to_string

from donations import completion, holding, managing, reconcile, sync
from donations.models import Intent, Payment, Pledge
from foundation.models import Letter
from tests.donations.disputing import close, dispute, fall_behind, is_paused
from tests.donations.stripe_path import Path, figures

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(stand_in):
    return Path(stand_in)


@pytest.fixture
def old(path):
    return path.pledge(minor=2500)


def ask_for_change(path, pledge: Pledge, currency: str) -> Intent:
    due_at = managing.first_charge_of_successor(pledge)
    return path.ask(minor=3000, currency=currency, replaces=pledge, trial_end=due_at)


def change(path, pledge: Pledge, currency: str = "EUR") -> Pledge:
    intent = ask_for_change(path, pledge, currency)
    path.pay(intent)
    path.settle()
    completion.finish.call(str(intent.pk))
    path.settle()
    pledge.refresh_from_db()
    assert pledge.status == "canceled"
    return Pledge.objects.get(intent=intent)


@pytest.fixture
def new(path, old):
    return change(path, old)


def test_the_one_that_goes_on_is_paused_and_promises_nothing(path, old, new):
    assert figures(2027, 3) == (1, {}, {"EUR": 3000})
    dispute(path)
    assert is_paused(path, new)
    assert (figures(2027, 2), figures(2027, 3)) == ((1, {"USD": 2500}, {}), (0, {}, {}))
    path.go_on(days=93)
    path.settle()
    assert Payment.objects.count() == 1


def test_without_that_it_would_be_charged(path, old, new, monkeypatch):
    """The control of the test above."""
    monkeypatch.setattr(holding, "disputes_over", lambda pledge: [])
    dispute(path)
    path.go_on(days=93)
    path.settle()
    assert Payment.objects.count() == 2


def test_it_goes_on_when_the_dispute_is_won(path, old, new):
    close(path, dispute(path), "won")
    assert not is_paused(path, new)
    assert figures(2027, 3) == (1, {}, {"EUR": 3000})
    path.go_on(days=93)
    path.settle()
    assert figures(2027, 3) == (1, {"EUR": 3000}, {})


def test_it_ends_when_the_dispute_is_lost_and_its_name_goes(path, old, new):
    Intent.objects.filter(pk=new.intent_id).update(public_name="Ada", name_status="approved")
    close(path, dispute(path), "lost")
    new.refresh_from_db()
    assert new.status == "canceled"
    assert Intent.objects.get(pk=new.intent_id).name_status == "hidden"
    assert (figures(2027, 2), figures(2027, 3)) == ((0, {}, {}), (0, {}, {}))


def test_a_charge_of_it_that_failed_is_not_tried_again(path, old, new):
    fall_behind(path, new)
    dispute(path)
    assert is_paused(path, new)
    assert [each.status for each in new.invoices.all()] == ["void"]
    path.go_on(days=20)
    path.settle()
    assert Payment.objects.count() == 1


def test_the_last_of_several_changes_is_held(path, old, new):
    newest = change(path, new, "GBP")
    disputed = dispute(path)
    assert is_paused(path, newest)
    close(path, disputed, "won")
    assert not is_paused(path, newest)


def test_it_is_held_whichever_is_heard_of_first(path, old):
    """The dispute's event overtakes those of the change that was paid before it."""
    intent = ask_for_change(path, old, "EUR")
    path.pay(intent)
    payment = Payment.objects.get()
    path.stand_in.do(f"charges/{payment.fact_key}/dispute", reason="fraudulent")
    sync.sync_charge(payment.fact_key)
    assert not Pledge.objects.filter(intent=intent).exists()
    path.settle()
    assert is_paused(path, Pledge.objects.get(intent=intent))


def test_it_ends_too_when_it_is_heard_of_only_after_the_dispute_was_lost(path, old):
    intent = ask_for_change(path, old, "EUR")
    path.pay(intent)
    payment = Payment.objects.get()
    made = path.stand_in.do(f"charges/{payment.fact_key}/dispute", reason="fraudulent")
    path.stand_in.do(f"disputes/{made['id']}/close", outcome="lost")
    sync.sync_charge(payment.fact_key)
    path.settle()
    assert Pledge.objects.get(intent=intent).status == "canceled"
    assert figures(2027, 3) == (0, {}, {})


def test_who_changes_it_while_the_dispute_is_open_is_believed(path, old):
    """Whoever begins anew at the payment page, knowing of the dispute, wants to give."""
    disputed = dispute(path)
    path.go_on(days=1)
    old.refresh_from_db()
    new = change(path, old)
    assert not is_paused(path, new)
    sync.sync_charge(disputed.payment.fact_key)
    close(path, disputed, "lost")
    new.refresh_from_db()
    assert new.status == "trialing"


def test_who_resumes_it_meanwhile_is_not_paused_again_by_further_news(path, old, new):
    disputed = dispute(path)
    new.refresh_from_db()
    managing.resume(new)
    sync.sync_charge(disputed.payment.fact_key)
    sync.sync_subscription(new.stripe_id)
    assert not is_paused(path, new)


def test_it_goes_on_only_when_its_own_dispute_is_won_as_well(path, old, new):
    path.go_on(days=93)
    path.settle()
    second, first = Payment.objects.order_by("-succeeded_at")
    disputes = [dispute(path, first), dispute(path, second)]
    close(path, disputes[1], "won")
    assert is_paused(path, new)
    close(path, disputes[0], "won")
    assert not is_paused(path, new)


def test_a_dispute_of_the_new_one_does_not_touch_what_it_replaced(path, old, new):
    path.go_on(days=93)
    path.settle()
    dispute(path)
    assert is_paused(path, new)
    old.refresh_from_db()
    assert (old.status, old.is_paused) == ("canceled", False)


def test_another_pledge_of_the_same_person_goes_on(path, old, new):
    other = path.pledge(minor=1000, currency="GBP")
    dispute(path, old.payments.get())
    assert is_paused(path, new)
    assert not is_paused(path, other)


def test_backer_and_treasurer_read_why_it_is_paused(path, old, new, admin_client):
    disputed = dispute(path)
    new.refresh_from_db()
    standing = next(each for each in managing.standings(new.backer) if each.pledge == new)
    assert "disputed at your bank" in render_to_string("donations/_pledge.html", {"standing": standing})
    assert "The pledge is paused until it is decided." in admin_client.get("/admin/").text
    told = Letter.objects.get(kind="dispute")
    assert "your pledge is paused" in told.text
    assert "your pledge is paused" in told.html
    close(path, disputed, "won")
    assert "Your pledge goes on: the next payment is on 15 May 2027" in Letter.objects.get(kind="dispute-won").text


def test_reconciling_finds_nothing_left(path, old, new):
    dispute(path)
    assert reconcile.run().found == []
