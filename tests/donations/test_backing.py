"""What other apps may know of somebody's money: yes or no, for the quarter that is and the next."""

import datetime as dt

import pytest

from donations import backing, defence, forgetting
from donations.models import Backer, Contribution
from donations.periods import current_quarter
from foundation import standing
from tests.donations.reader import Reader

pytestmark = pytest.mark.django_db
ADA = "ada@example.org"


@pytest.fixture
def reader(stand_in, monkeypatch):
    monkeypatch.setattr(defence, "FASTEST", dt.timedelta())
    reader = Reader(stand_in)
    reader.give()
    return reader


def test_the_answer_is_registered_once_for_all(reader):
    address = Backer.objects.get().email
    assert standing.is_backer(address)
    assert standing.is_backer(f" {address.upper()} ")
    assert not standing.is_backer("nobody@example.org")
    assert not standing.is_backer("")


def test_money_that_was_taken_back_backs_nothing(reader):
    address = Backer.objects.get().email
    assert backing.is_backer(address)
    Contribution.objects.update(state=Contribution.State.GONE)
    assert not backing.is_backer(address)


def test_a_quarter_that_is_over_backs_nothing_now(reader):
    address = Backer.objects.get().email
    Contribution.objects.update(quarter=current_quarter().previous)
    assert not backing.is_backer(address)


def test_who_was_forgotten_is_nobodys_backer(reader):
    address = Backer.objects.get().email
    forgetting.forget(Backer.objects.get())
    assert not backing.is_backer(address)
