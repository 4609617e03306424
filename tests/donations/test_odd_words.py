"""What somebody typed at Stripe may be more than a database keeps. It is left out, and holds no event up."""

import pytest

from donations import people
from donations.models import Backer, Pledge
from donations.stripe_gateway import translate
from foundation.models import Letter
from tests.donations.stripe_facts import utc
from tests.donations.stripe_path import Path

pytestmark = pytest.mark.django_db

LONG = f"{'a' * 243}@example.org"  # 255 characters


@pytest.fixture
def path(stand_in):
    return Path(stand_in)


def test_an_address_that_is_too_long_holds_nothing_up(path):
    path.pledge(email=LONG)
    path.gift(email=LONG)
    assert path.statuses() == {"done": sum(path.statuses().values())}
    assert Backer.objects.get().email == ""
    assert Pledge.objects.get().backer == people.find(LONG, livemode=False)
    assert Letter.objects.count() == 0


@pytest.mark.parametrize("address", [LONG, "ß" * 200 + "@example.org"])
def test_no_letter_goes_to_it_and_nobody_elses_waits(path, address):
    """The second is longer only when it is folded."""
    intent = path.ask("once", currency="EUR")
    path.pay(intent, card="4000000000000002", email=address, debit=True)
    path.settle()
    path.go_on(days=4)
    path.settle()
    assert path.statuses() == {"done": sum(path.statuses().values())}
    assert Letter.objects.count() == 0


def test_one_of_254_characters_is_kept(path):
    path.pledge(email=LONG[1:])
    assert Backer.objects.get().email == LONG[1:]


def test_a_later_address_is_not_cut_either():
    backer = people.find_or_make_by_email(LONG, livemode=False, name="n" * 300, at=utc(2027, 2, 1))
    assert (backer.email, len(backer.name)) == ("", 200)
    people.find_or_make_by_email(LONG, livemode=False, name="", at=utc(2027, 2, 1))
    backer.refresh_from_db()
    assert backer.email == ""


def test_what_no_database_keeps_is_left_out():
    assert translate.words("a\0da@example.org", "Ada \ud83d", None) == ["ada@example.org", "Ada ", ""]
