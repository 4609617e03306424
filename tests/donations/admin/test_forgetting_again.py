"""The list beside the backups, and a copy of the ledger from before somebody was forgotten."""

import datetime as dt

import pytest

from donations import forgetting, forgetting_again
from donations.models import Backer
from foundation import clock

pytestmark = pytest.mark.django_db

EMAIL = "vera@example.org"


def as_before_forgetting(backer: Backer) -> None:
    """As a restored copy has the row."""
    Backer.objects.filter(pk=backer.pk).update(email=EMAIL, name="Vera", forgotten_at=None)


@pytest.fixture
def keys(path) -> list[str]:
    """The list after somebody with a pledge and a gift was forgotten."""
    pledge = path.pledge(email=EMAIL, minor=2500)
    path.gift(email=EMAIL, minor=700)
    path.pledge(email="other@example.org", minor=1000)
    forgetting.forget(pledge.backer)
    listed = list(forgetting_again.listed())
    assert len(listed) == 1
    as_before_forgetting(pledge.backer)
    return listed


def test_who_is_on_the_list_is_forgotten_as_of_that_day(keys):
    assert forgetting_again.again(keys) == []
    backer = Backer.objects.get(email="")
    assert backer.forgotten_at == dt.datetime.fromtimestamp(int(keys[0].split()[-1]), dt.UTC)
    assert Backer.objects.filter(email="other@example.org").exists()
    assert list(forgetting_again.listed()) == keys


def test_who_gave_again_after_that_day_is_left_alone(keys):
    earlier = clock.now() - dt.timedelta(days=400)
    before = [f"{keys[0].rsplit(' ', 1)[0]} {int(earlier.timestamp())}"]
    assert forgetting_again.again(before) == []
    assert Backer.objects.filter(email=EMAIL, forgotten_at=None).exists()


def test_what_stripe_does_not_hear_is_told(keys, monkeypatch):
    def refuse(backer):
        raise forgetting.NotForgotten("Stripe could not be told.")

    monkeypatch.setattr(forgetting, "forget", refuse)
    (trouble,) = forgetting_again.again(keys)
    assert "Stripe could not be told" in trouble
