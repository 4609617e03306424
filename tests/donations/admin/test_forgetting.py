"""Forgetting a person: nothing here or at Stripe tells who it was, and what comes later attaches to the pseudonym."""

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.core.management import call_command

from donations import forgetting, people, reconcile, sync
from donations.models import Backer, Customer, Intent, Payment, Pledge, StripeEvent
from foundation.models import Letter
from tests.donations.admin import pages
from tests.donations.stripe_path import figures

pytestmark = pytest.mark.django_db

EMAIL, NAME, WORDS = "Vera.Secret@example.org", "Vera Secretname", "Words of Vera"


@pytest.fixture
def pledge(path, desk):
    """Somebody with a pledge, a gift, letters, a note, a name to be shown and an entry in the log of the admin."""
    pledge = path.pledge(email=EMAIL, minor=2500, public_name=NAME, message=WORDS)
    path.gift(email=EMAIL, minor=700, public_name=NAME)
    Backer.objects.update(name=NAME)
    pages.send(desk, pages.address("backer", "change", pledge.backer_id), note=WORDS)
    return pledge


def forget(desk, backer, **typed):
    return pages.send(desk, pages.address("backer", "forget", backer.pk), **{"is_sure": "on", **typed})


def everything_written() -> str:
    """Every row of every table, as text."""
    return "\n".join(
        str(list(model.objects.values())) for model in apps.get_models() if model._meta.app_label != "sessions"
    )


def named(text: str) -> list[str]:
    return [word for word in (EMAIL, EMAIL.casefold(), NAME, WORDS, "Secret") if word in text]


def test_nothing_that_is_kept_tells_who_it_was(desk, path, pledge):
    assert set(named(everything_written())) >= {EMAIL, NAME, WORDS}
    answered = forget(desk, pledge.backer)
    assert "Forgotten." in pages.text_of(answered)
    assert named(everything_written()) == []


def test_money_and_figures_stay_and_the_promise_goes(desk, path, pledge):
    assert figures(2027, 3) == (1, {}, {"USD": 2500})
    forget(desk, pledge.backer)
    assert figures(2027, 2) == (1, {"USD": 3200}, {})
    assert figures(2027, 3) == (0, {}, {})
    pledge.refresh_from_db()
    assert pledge.status == "canceled"


def test_the_pledge_ends_and_the_person_goes_at_stripe(desk, path, pledge):
    forget(desk, pledge.backer)
    assert path.row("subscription", pledge.stripe_id)["status"] == "canceled"
    left = {row["id"] for row in path.rows("customer") if not row.get("deleted")}
    assert left.isdisjoint(set(Customer.objects.values_list("stripe_id", flat=True)))


def test_events_letters_and_reconciliation_afterwards_attach_to_the_pseudonym(desk, path, pledge):
    backer = pledge.backer
    forget(desk, backer)
    letters = Letter.objects.count()
    path.settle()
    sync.sync_subscription(pledge.stripe_id)
    for payment in Payment.objects.all():
        sync.sync_charge(payment.fact_key)
    call_command("reconcile_stripe", apply=True, verbosity=0)
    call_command("prune_donations", verbosity=0)
    assert Backer.objects.get() == backer
    assert named(everything_written()) == []
    assert Letter.objects.count() == letters
    assert people.find(EMAIL.upper(), livemode=False) == backer
    assert figures(2027, 2) == (1, {"USD": 3200}, {})


def test_history_brought_in_again_finds_the_same_pseudonym(desk, path, pledge):
    """As after a loss of the payments' table: Stripe tells of the gift once more, the hash finds the row."""
    backer = pledge.backer
    gift = Payment.objects.get(kind="once")
    forget(desk, backer)
    gift.contribution.delete()
    gift.delete()
    sync.sync_charge(gift.fact_key, adopt=True)
    assert Payment.objects.get(fact_key=gift.fact_key).backer == backer
    assert named(everything_written()) == []


def test_without_the_tick_nothing_is_forgotten(desk, path, pledge):
    answered = pages.send(desk, pages.address("backer", "forget", pledge.backer_id))
    assert 'class="errorlist"' in answered.content.decode()
    assert Backer.objects.get().email == EMAIL
    assert path.row("subscription", pledge.stripe_id)["status"] == "active"


def test_while_stripe_is_down_nothing_is_forgotten_here_and_it_can_be_repeated(desk, path, pledge):
    path.stand_in.do("faults", status=500)
    answered = forget(desk, pledge.backer)
    assert "Nothing was forgotten here. Try again." in pages.text_of(answered)
    assert Backer.objects.get().email == EMAIL
    path.stand_in.do("faults", status=0)
    forget(desk, pledge.backer)
    assert named(everything_written()) == []


def test_forgetting_twice_changes_nothing_more(desk, path, pledge):
    forget(desk, pledge.backer)
    first = Backer.objects.get().forgotten_at
    forgetting.forget(Backer.objects.get())
    assert Backer.objects.get().forgotten_at == first


def test_others_are_not_touched(desk, path, pledge):
    other = path.pledge(email="other@example.org", minor=1000)
    forget(desk, pledge.backer)
    assert Pledge.objects.get(pk=other.pk).status == "active"
    assert Backer.objects.get(pk=other.backer_id).email == "other@example.org"
    assert Letter.objects.filter(to="other@example.org").count() == 1
    assert StripeEvent.objects.filter(body__contains=other.stripe_id).exists()


def test_who_gives_again_afterwards_is_known_again_and_written_to(desk, path, pledge):
    forget(desk, pledge.backer)
    path.go_on(days=1)
    again = path.pledge(email=EMAIL, minor=900)
    backer = Backer.objects.get()
    assert again.backer == backer
    assert (backer.email, backer.forgotten_at) == (EMAIL, None)
    assert Letter.objects.filter(to=EMAIL, kind="thanks").count() == 1


@pytest.mark.parametrize("kind", ["once", "quarterly"])
def test_a_debit_that_settles_afterwards_attaches_to_the_pseudonym(desk, path, pledge, kind):
    """It was begun before: nobody gave anew."""
    intent = path.ask(kind, 3300, "EUR", public_name=NAME, message=WORDS, browser="some browser")
    path.pay(intent, email=EMAIL, debit=True)
    path.settle()
    forget(desk, pledge.backer)
    path.go_on(days=4)
    path.settle()
    backer = Backer.objects.get()
    assert backer.forgotten_at
    assert (backer.email, backer.name) == ("", "")
    assert Payment.objects.get(currency="EUR").backer == backer
    assert figures(2027, 2) == (1, {"USD": 3200, "EUR": 3300}, {})
    call_command("reconcile_stripe", apply=True, verbosity=0)
    call_command("prune_donations", verbosity=0)
    assert named(everything_written()) == []
    assert {row["id"] for row in path.rows("customer") if not row.get("deleted")} == set()
    assert not Letter.objects.filter(to__icontains="secret").exists()


def test_a_pledge_that_nobody_had_heard_of_ends_when_it_is_heard_of(desk, path, pledge):
    other = path.ask(minor=4400, currency="EUR")
    path.pay(other, email=EMAIL)
    path.stand_in.do("deliveries/take", limit=100)  # and all of it is lost
    forget(desk, pledge.backer)
    path.go_on(days=1)
    reconcile.run(apply=True)
    assert {row["status"] for row in path.rows("subscription")} == {"canceled"}
    assert figures(2027, 2) == (1, {"USD": 3200, "EUR": 4400}, {})
    assert figures(2027, 3) == (0, {}, {})
    assert Backer.objects.get().forgotten_at
    call_command("prune_donations", verbosity=0)
    assert named(everything_written()) == []


def test_the_log_keeps_who_did_it_and_not_the_name(desk, treasurer, path, pledge):
    forget(desk, pledge.backer)
    entry = LogEntry.objects.first()
    assert (entry.user, entry.get_change_message()) == (treasurer, "Forgot this person.")
    assert {row.object_repr for row in LogEntry.objects.all()} == {f"Forgotten backer {pledge.backer_id}"}


def test_the_log_of_who_judged_a_name_keeps_it_no_longer_than_the_person(desk, path, pledge):
    Intent.objects.filter(pledge=pledge).update(public_name=NAME, name_status=Intent.NameStatus.PENDING)
    pages.run_action(desk, "publicname", "approve", pledge.intent)
    assert LogEntry.objects.filter(object_repr=NAME).exists()
    forget(desk, pledge.backer)
    assert not LogEntry.objects.filter(object_repr__contains=NAME).exists()
    assert LogEntry.objects.filter(object_repr="A forgotten name").exists()


def test_what_was_typed_in_the_same_browser_and_never_paid_goes_too(path, db):
    pledge = path.pledge(email=EMAIL, minor=2500, browser="a" * 64)
    path.ask(minor=5000, browser="a" * 64, public_name=NAME, message=WORDS)
    path.ask(minor=700, browser="b" * 64, message="Of somebody else")
    forgetting.forget(pledge.backer)
    assert named(everything_written()) == []
    assert Intent.objects.get(amount_minor=700).message == "Of somebody else"
