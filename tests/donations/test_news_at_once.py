"""The thanks page, several workers and a reconciliation bring the same news at the same moment."""

import contextlib

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from donations import inbox, sync
from donations.models import Backer, Intent, Payment, Pledge, StripeEvent
from foundation.models import Letter
from tests.articles.test_races import at_once
from tests.donations.stripe_path import Path, figures

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer"),
]


def reconcile() -> None:
    """There may be something to repair, or nothing any more."""
    with contextlib.suppress(CommandError):
        call_command("reconcile_stripe", "--apply", verbosity=0)


def test_one_pledge_told_by_all_of_them_is_one(stand_in):
    path = Path(stand_in)
    intent = path.ask()
    path.pay(intent)
    path.deliver()
    waiting = list(StripeEvent.objects.filter(status="waiting"))
    outcomes = at_once(
        *[lambda: sync.sync_session(intent.session_id)] * 3,
        *[lambda event=event: inbox.work(event) for event in waiting],
        reconcile,
        reconcile,
    )
    assert outcomes == [None] * len(outcomes)
    assert (Payment.objects.count(), Pledge.objects.count(), Backer.objects.count()) == (1, 1, 1)
    assert figures(2027, 2) == (1, {"USD": 2500}, {})
    assert Intent.objects.get().status == "completed"
    assert list(Letter.objects.values_list("kind", flat=True)) == ["thanks"]


def test_one_gift_told_by_all_of_them_is_one(stand_in):
    path = Path(stand_in)
    intent = path.ask("once")
    session = path.pay(intent)
    charge = path.row("payment_intent", session["payment_intent"])["latest_charge"]
    path.stand_in.do(f"charges/{charge}/refund", amount=500)
    path.deliver()
    waiting = list(StripeEvent.objects.filter(status="waiting"))
    outcomes = at_once(
        *[lambda: sync.sync_charge(charge)] * 4,
        *[lambda event=event: inbox.work(event) for event in waiting],
        reconcile,
    )
    assert outcomes == [None] * len(outcomes)
    assert (Payment.objects.count(), Backer.objects.count()) == (1, 1)
    assert figures(2027, 2) == (1, {"USD": 2000}, {})
    assert sorted(Letter.objects.values_list("kind", flat=True)) == ["refund", "thanks"]
