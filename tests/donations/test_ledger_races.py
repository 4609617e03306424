"""
The ledger written by several at once. Proved on PostgreSQL, since SQLite has one writer; the last test is the negative
control: with the lock off the same race breaks.
"""

import contextlib
import dataclasses
import threading

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from donations import books, contributions, ground
from donations.models import Backer, Contribution, Intent, LateEntry, Payment, Pledge
from donations.quarters import Quarter
from tests.articles.test_races import at_once
from tests.donations.stripe_facts import PledgeStory, charge_of, gift, take_back, utc

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer and no row locks"),
]

Q3 = Quarter(2027, 3)


def test_one_charge_told_sixteen_times_at_once_is_one_payment_of_one_backer():
    outcomes = at_once(*[lambda: gift(utc(2027, 5, 1), name="same")] * 16)
    assert outcomes == [None] * 16
    assert (Payment.objects.count(), Backer.objects.count(), Contribution.objects.count()) == (1, 1, 1)


def test_one_person_arriving_by_many_gifts_at_once_is_one_backer():
    outcomes = at_once(
        *[
            lambda number=number: gift(utc(2027, 5, 1), name=f"gift{number}", email="One@Example.org")
            for number in range(8)
        ]
    )
    assert outcomes == [None] * 8
    assert Backer.objects.count() == 1


def test_charges_of_one_pledge_told_at_once_leave_what_they_would_one_by_one():
    story = PledgeStory(utc(2027, 2, 15))
    story.tell()
    outcomes = at_once(*[lambda number=number: story.paid(number) for number in range(4)] * 2)
    assert outcomes == [None] * 8
    written = set(Contribution.objects.values_list("quarter", "state", "amount_minor"))
    Contribution.objects.all().delete()
    contributions.rebuild(livemode=False)
    assert written == set(Contribution.objects.values_list("quarter", "state", "amount_minor"))


def test_parts_of_one_charge_told_at_once_are_each_inserted_once():
    story = PledgeStory(utc(2027, 2, 15))
    story.tell()
    parts = (story.charge(0, utc(2027, 2, 15)), dataclasses.replace(story.charge(0, utc(2027, 2, 16)), id="ch_more"))
    outcomes = at_once(*[lambda: story.invoice(0, "paid", charges=parts)] * 8)
    assert outcomes == [None] * 8
    assert Payment.objects.count() == 2
    assert Contribution.objects.get(state="paid").amount_minor == 5000


def test_a_pledge_and_its_successor_told_at_once_promise_once():
    old = PledgeStory(utc(2027, 2, 15), name="old")
    old.tell()
    old.paid(0)
    new = PledgeStory(utc(2027, 5, 20), name="new", currency="EUR")
    Intent.objects.filter(pk=new.intent.pk).update(replaces=Pledge.objects.get())
    new.tell()
    with time_machine.travel(utc(2027, 5, 21), tick=True):
        told = [
            old.tell,
            new.tell,
            lambda: new.paid(0),
            lambda: old.invoice(1, "open", next_attempt_at=utc(2027, 5, 28)),
        ]
        outcomes = at_once(*told * 3)
    assert outcomes == [None] * 12
    assert set(Contribution.objects.filter(state="promised").values_list("currency", flat=True)) == {"EUR"}
    assert contributions.unlike_pledges(Pledge.objects.all()) == []


def test_books_closed_while_refunds_come_stay_balanced():
    payments = [gift(utc(2027, 5, 1), name=f"gift{number}", email=f"{number}@example.org") for number in range(6)]
    with time_machine.travel(utc(2027, 10, 14, 1), tick=True):
        outcomes = at_once(
            lambda: books.close(Q3, livemode=False),
            *[lambda given=given: take_back(charge_of(given), utc(2027, 10, 14, 2)) for given in payments],
        )
    assert outcomes == [None] * 7
    assert not books.unbalanced(livemode=False)
    book = books.QuarterBook.objects.get()
    assert book.closed_backers + sum(LateEntry.objects.values_list("backers", flat=True)) == 0


def test_without_the_lock_one_charge_told_twice_at_once_breaks(monkeypatch):
    """The control: both have looked before either writes."""
    gift(utc(2027, 4, 1), name="earlier", customer="cus_same")  # so that nobody waits for a new person's row
    both_have_looked = threading.Barrier(2)
    insert = Payment.save

    @contextlib.contextmanager
    def held_by_nobody():
        with transaction.atomic():
            yield

    def save_once_both_have_looked(self, *arguments, **options):
        both_have_looked.wait(30)
        return insert(self, *arguments, **options)

    monkeypatch.setattr(ground, "held", held_by_nobody)
    monkeypatch.setattr(Payment, "save", save_once_both_have_looked)
    outcomes = at_once(*[lambda: gift(utc(2027, 5, 1), name="same", customer="cus_same")] * 2)
    assert [type(outcome) for outcome in outcomes if outcome] == [IntegrityError]
