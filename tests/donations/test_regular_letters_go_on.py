"""One address that no mail could go to keeps nobody else from their letters."""

import pytest
import time_machine

from donations import books, regular_letters
from donations.models import Backer
from donations.quarters import Quarter
from foundation.models import Letter
from tests.donations.stripe_facts import PledgeStory, utc

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_pledges():
    with time_machine.travel(utc(2027, 2, 15), tick=False) as traveller:
        for name in ("a", "b"):
            story = PledgeStory(utc(2027, 2, 15), name=name, email=f"{name}@example.org")
            story.tell()
            story.paid(0)
        Backer.objects.filter(email="a@example.org").update(email="no address")
        yield traveller


def test_of_a_charge_ahead(two_pledges, caplog):
    two_pledges.move_to(utc(2027, 5, 10))
    assert regular_letters.charges_ahead() == 1
    assert Letter.objects.get().to == "b@example.org"
    assert "no address that mail could go to" in caplog.text


def test_of_a_quarter_that_ended(two_pledges):
    two_pledges.move_to(utc(2027, 7, 14))
    books.close(Quarter(2027, 2), livemode=False)
    assert regular_letters.quarters_ended() == 1
    assert Letter.objects.get().to == "b@example.org"
