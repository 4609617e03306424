"""Backers at the desk: found, corrected, joined, parted, given their data."""

import json

import pytest
import time_machine

from donations import books, people, tally
from donations.models import Backer, Payment
from donations.quarters import Quarter
from tests.donations.admin import pages
from tests.donations.stripe_facts import gift, utc

pytestmark = pytest.mark.django_db

Q2 = Quarter(2027, 2)


@pytest.fixture
def two():
    """Two rows of the second quarter of 2027."""
    gift(utc(2027, 2, 1), email="ada@example.org", name="a", minor=1000)
    gift(utc(2027, 2, 2), email="lovelace@example.org", name="b", minor=700)
    return [people.find(address, livemode=False) for address in ("ada@example.org", "lovelace@example.org")]


def change(backer) -> str:
    return pages.address("backer", "change", backer.pk)


def found(desk, words: str) -> str:
    return pages.text_of(desk.get(pages.address("backer", "changelist"), {"q": words}))


class TestFinding:
    @pytest.mark.parametrize("words", ["ADA@Example.org", " ada@example.ORG", "ada@", "cus_a", "ch_a", "Ada"])
    def test_by_any_spelling_name_or_number(self, desk, two, words):
        Backer.objects.filter(pk=two[0].pk).update(name="Ada")
        assert "1 result" in found(desk, words)

    def test_an_earlier_address_still_leads_to_the_person(self, desk, two):
        pages.send(desk, change(two[0]), email="new@example.org")
        two[0].refresh_from_db()
        assert two[0].email == "new@example.org"
        assert "1 result" in found(desk, "ada@example.org")
        assert people.find("NEW@example.org", livemode=False) == two[0]

    def test_the_page_shows_what_they_gave_and_which_letters_they_had(self, desk, path):
        pledge = path.pledge(minor=2500)
        shown = pages.text_of(desk.get(change(pledge.backer)))
        for words in ("$25 USD", "active", "Q2 2027", "charge of a pledge", "cus_", "Thank you: $25 USD for Q2 2027"):
            assert words in shown

    @pytest.mark.parametrize("gives", ["pledge", "once", "forgotten", "nonsense"])
    def test_every_filter_answers(self, desk, two, gives):
        assert desk.get(pages.address("backer", "changelist"), {"gives": gives}).status_code == 200


class TestCorrecting:
    def test_an_address_of_somebody_else_is_not_taken(self, desk, two):
        answered = pages.send(desk, change(two[0]), email="LOVELACE@example.org")
        assert f"belongs to backer {two[1].pk}" in pages.text_of(answered)
        assert people.find("lovelace@example.org", livemode=False) == two[1]

    def test_name_and_note_are_changed_and_logged(self, desk, two):
        pages.send(desk, change(two[0]), name="Ada", note="Wrote a kind letter.")
        two[0].refresh_from_db()
        assert (two[0].name, two[0].note) == ("Ada", "Wrote a kind letter.")
        assert pages.log_of(two[0]) == ["Changed Name and Note."]


class TestJoining:
    def test_asked_twice_then_one_person_counts_once(self, desk, two):
        keep, other = two
        page = pages.address("backer", "join", keep.pk)
        asked = pages.send(desk, page, other=" LOVELACE@example.org", follow=False)
        assert f"Row {other.pk}" in pages.text_of(asked)
        assert tally.for_quarter(Q2).backers == 2
        pages.again(desk, page, asked, button="_confirm")
        assert tally.for_quarter(Q2).backers == 1
        assert pages.log_of(keep) == [f"Joined with row {other.pk}."]

    @pytest.mark.parametrize("other", ["nobody@example.org", "0", "99999999999999999999", "x"])
    def test_somebody_unknown_is_told(self, desk, two, other):
        answered = pages.send(desk, pages.address("backer", "join", two[0].pk), other=other, button="_confirm")
        assert "No backer has that number or address." in pages.text_of(answered)

    def test_nobody_is_joined_with_themselves(self, desk, two):
        page = pages.address("backer", "join", two[0].pk)
        answered = pages.send(desk, page, other=str(two[0].pk), button="_confirm")
        assert "Choose two different backers." in pages.text_of(answered)
        assert Backer.objects.count() == 2

    @time_machine.travel(utc(2027, 7, 20), tick=False)
    def test_closed_books_stay_balanced(self, at_desk, treasurer, two):
        desk = at_desk(treasurer)
        books.close(Q2, livemode=False)
        page = pages.address("backer", "join", two[0].pk)
        pages.send(desk, page, other=str(two[1].pk), button="_confirm")
        assert books.unbalanced(livemode=False) == []
        shown = pages.text_of(desk.get(pages.address("quarterbook", "quarter", Q2.ordinal)))
        assert "backers joined or parted" in shown
        assert "must never be" not in shown


class TestParting:
    def test_what_is_chosen_goes_to_a_row_of_its_own(self, desk, two):
        joined = two[0]
        pages.send(desk, pages.address("backer", "join", joined.pk), other=str(two[1].pk), button="_confirm")
        customer = joined.customers.get(stripe_id="cus_b")
        page = pages.address("backer", "part", joined.pk)
        assert f"cus_b ({customer.currency}): 0 pledges, 1 payment " in f"{pages.text_of(desk.get(page))} "
        pages.send(desk, page, customers=[str(customer.pk)], email="lovelace@example.org", name="Lovelace")
        made = people.find("lovelace@example.org", livemode=False)
        assert made != joined
        assert [str(payment.amount) for payment in made.payments.all()] == ["$7"]
        assert tally.for_quarter(Q2).backers == 2
        assert pages.log_of(made) == [f"Parted from row {joined.pk}."]

    def test_another_persons_customer_cannot_be_chosen(self, desk, two):
        stranger = two[1].customers.get()
        answered = desk.post(pages.address("backer", "part", two[0].pk), {"customers": [stranger.pk]})
        assert "errorlist" in answered.content.decode()
        assert Backer.objects.count() == 2

    def test_nothing_chosen_is_told(self, desk, two):
        answered = pages.send(desk, pages.address("backer", "part", two[0].pk))
        assert "Choose what belongs to the other person." in pages.text_of(answered)


def test_own_data_holds_everything_about_one_person_and_nothing_about_another(desk, path):
    pledge = path.pledge(minor=2500, public_name="Ada L.", message="Go on!")
    path.gift(minor=700, email="other@example.org")
    answer = desk.get(pages.address("backer", "data", pledge.backer_id))
    assert "attachment" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    told = json.loads(answer.content)
    assert told["e-mail"] == "reader@example.org"
    assert [(row["amount"], row["currency"]) for row in told["pledges"]] == [("25.00", "USD")]
    assert (told["pledges"][0]["public name"], told["pledges"][0]["message"]) == ("Ada L.", "Go on!")
    assert [row["number"] for row in told["payments"]] == [Payment.objects.get(pledge=pledge).fact_key]
    assert [letter["subject"] for letter in told["letters"]] == ["Thank you: $25 USD for Q2 2027"]
    assert "other@example.org" not in answer.content.decode()
    assert pages.log_of(pledge.backer) == ["Handed out the data kept about this person."]
