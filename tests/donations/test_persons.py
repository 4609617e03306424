"""Joining and parting backers: the figures are those of a rebuild, in open books and in closed ones."""

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from donations import books, contributions, people, persons, tally
from donations.models import Backer, BackerKey, Contribution, LateEntry, Payment, QuarterBook
from donations.quarters import Quarter
from foundation import clock
from tests.donations.stripe_facts import PledgeStory, gift, utc
from tests.proof import examples

pytestmark = pytest.mark.django_db

Q2, Q3, Q4 = (Quarter(2027, number) for number in (2, 3, 4))


def rows():
    told = Contribution.objects.values_list("backer", "quarter", "state", "currency", "amount_minor", "base_micro")
    return sorted(told, key=str)


def rebuilt():
    Contribution.objects.all().delete()
    contributions.rebuild(livemode=False)
    return rows()


def two_people():
    """One with a pledge and a gift, one with a gift in another currency; both back the third quarter."""
    story = PledgeStory(utc(2027, 2, 15), email="ada@example.org", name="a")
    story.tell()
    for number in (0, 1):
        story.paid(number)
    gift(utc(2027, 5, 1), email="ada@example.org", name="g1", customer="cus_a")
    gift(utc(2027, 5, 2), email="lovelace@example.org", name="g2", currency="EUR", minor=700)
    return people.find("ada@example.org", livemode=False), people.find("lovelace@example.org", livemode=False)


@pytest.fixture
def in_the_second_quarter():
    with time_machine.travel(utc(2027, 6, 2), tick=False) as traveller:
        yield traveller


@pytest.mark.usefixtures("in_the_second_quarter")
class TestJoining:
    def test_two_rows_of_one_person_count_once(self):
        ada, lovelace = two_people()
        assert tally.for_quarter(Q3).backers == 2
        persons.join(ada, lovelace)
        found = tally.for_quarter(Q3)
        assert found.backers == 1
        assert {each.currency: each.received_minor for each in found.currencies} == {"USD": 7500, "EUR": 700}
        assert rows() == rebuilt()

    def test_both_addresses_and_customers_lead_to_the_one_that_stays(self):
        ada, lovelace = two_people()
        persons.join(ada, lovelace)
        assert people.find("LOVELACE@example.org", livemode=False) == ada
        gift(utc(2027, 6, 1), email="", customer="cus_g2", name="g3")
        assert set(Payment.objects.values_list("backer", flat=True)) == {ada.pk}
        assert not Backer.objects.filter(pk=lovelace.pk).exists()

    def test_nobody_is_joined_with_a_pseudonym_or_with_another_mode(self):
        ada, lovelace = two_people()
        with pytest.raises(persons.CannotJoin, match="two different"):
            persons.join(ada, ada)
        Backer.objects.filter(pk=lovelace.pk).update(forgotten_at=clock.now())
        with pytest.raises(persons.CannotJoin, match="forgotten"):
            persons.join(ada, lovelace)
        Backer.objects.filter(pk=lovelace.pk).update(forgotten_at=None, livemode=True)
        with pytest.raises(persons.CannotJoin, match="test mode"):
            persons.join(ada, lovelace)
        assert tally.for_quarter(Q3).backers == 2


@pytest.mark.usefixtures("in_the_second_quarter")
class TestParting:
    def test_a_customer_takes_its_money_along(self):
        ada, lovelace = two_people()
        joined = persons.join(ada, lovelace)
        moved = joined.customers.filter(stripe_id="cus_g2")
        made = persons.part(joined, customers=moved, gifts=[], email="lovelace@example.org", name="Lovelace")
        assert [str(payment.amount) for payment in made.payments.all()] == ["€7"]
        assert people.find("lovelace@example.org", livemode=False) == made
        assert people.find("ada@example.org", livemode=False) == joined
        assert tally.for_quarter(Q3).backers == 2
        assert rows() == rebuilt()

    def test_something_moves_and_something_stays(self):
        ada, lovelace = two_people()
        with pytest.raises(persons.CannotPart, match="Choose what"):
            persons.part(ada, customers=[], gifts=[])
        with pytest.raises(persons.CannotPart, match="has to stay"):
            persons.part(ada, customers=ada.customers.all(), gifts=[])
        joined = persons.join(ada, lovelace)
        other = Backer.objects.create(livemode=False, email="third@example.org", created_at=clock.now())
        BackerKey.objects.create(backer=other, livemode=False, email_hash=people.email_hash(other.email))
        with pytest.raises(persons.CannotPart, match=f"number {other.pk}"):
            persons.part(joined, customers=joined.customers.all()[:1], gifts=[], email="Third@example.org")
        assert Backer.objects.count() == 2


def test_joined_and_parted_again_after_the_books_were_closed_stays_balanced():
    with time_machine.travel(utc(2027, 6, 2), tick=False):
        ada, lovelace = two_people()
    with time_machine.travel(utc(2027, 10, 14), tick=False):
        books.close(Q3, livemode=False)
    with time_machine.travel(utc(2027, 11, 1), tick=False):
        joined = persons.join(ada, lovelace)
        entry = LateEntry.objects.get()
        assert (entry.reason, entry.backers, entry.amount_minor, entry.base_micro) == ("people", -1, 0, 0)
        assert entry.occurred_at == utc(2027, 11, 1)
        assert books.unbalanced(livemode=False) == []
        persons.part(joined, customers=joined.customers.filter(stripe_id="cus_g2"), gifts=[])
        assert sum(LateEntry.objects.values_list("backers", flat=True)) == 0
        assert books.unbalanced(livemode=False) == []
        assert QuarterBook.objects.get().closed_backers == 2


class TestAnyNumber(TestCase):
    """People with gifts in two quarters, the first of them closed, joined and parted in any way."""

    def setUp(self):
        traveller = time_machine.travel(utc(2027, 7, 20), tick=False)
        traveller.start()
        self.addCleanup(traveller.stop)

    @settings(max_examples=examples(30))
    @given(
        givers=st.lists(st.integers(0, 4), min_size=2, max_size=7),
        deeds=st.lists(st.tuples(st.booleans(), st.integers(0, 6), st.integers(0, 6)), max_size=6),
    )
    def test_figures_equal_a_rebuild_and_closed_books_stay_balanced(self, givers, deeds):
        for number, giver in enumerate(givers):
            at = utc(2027, 2 if number % 2 else 5, 1 + number)
            gift(at, email=f"reader{giver}@example.org", name=str(number), minor=1000 + number)
        books.close(Q2, livemode=False)
        for is_join, first, second in deeds:
            attempt(is_join, first, second)
        assert books.unbalanced(livemode=False) == []
        assert tally.for_quarter(Q3).backers == len(
            {payment.backer_id for payment in Payment.objects.all() if payment.quarter == Q3}
        )
        assert rows() == rebuilt()


def attempt(is_join: bool, first: int, second: int) -> None:
    known = list(Backer.objects.order_by("pk"))
    one, other = known[first % len(known)], known[second % len(known)]
    try:
        if is_join:
            persons.join(one, other)
        else:
            persons.part(one, customers=one.customers.order_by("pk")[: second % 3], gifts=[])
    except (persons.CannotJoin, persons.CannotPart):
        return


def test_the_property_joins_and_parts_indeed():
    """Without this the property could hold because nothing ever moved."""
    with time_machine.travel(utc(2027, 7, 20), tick=False):
        for number in range(3):
            gift(utc(2027, 5, 1 + number), email=f"reader{number}@example.org", name=str(number))
        attempt(True, 0, 1)
        assert Backer.objects.count() == 2
        attempt(False, 0, 1)
        assert Backer.objects.count() == 3
