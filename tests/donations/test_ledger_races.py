"""
The ledger written by several at once. Proved on PostgreSQL, since SQLite has one writer; the last test is the negative
control: with the lock off the same race breaks.
"""

import contextlib
import threading

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from donations import books, contributions, ground
from donations.models import Backer, Contribution, LateEntry, Payment
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
