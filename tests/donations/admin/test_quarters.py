"""Quarters at the desk: every sum, the goal, what was closed and what came since."""

import csv
import io

import pytest
import time_machine

from donations import books, tally
from donations.models import QuarterBook
from donations.quarters import Quarter
from tests.donations.admin import pages
from tests.donations.stripe_facts import PledgeStory, charge_of, gift, take_back, utc

pytestmark = pytest.mark.django_db

Q2, Q3 = Quarter(2027, 2), Quarter(2027, 3)
LIST = pages.address("quarterbook", "changelist")


@pytest.fixture(autouse=True)
def clock_of_the_test():
    with time_machine.travel(utc(2027, 3, 20), tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(clock_of_the_test, at_desk, treasurer):
    return at_desk(treasurer)


@pytest.fixture
def story():
    told = PledgeStory(utc(2027, 2, 15))
    told.tell()
    told.paid(0)
    return told


def quarter(number: Quarter) -> str:
    return pages.address("quarterbook", "quarter", number.ordinal)


def test_the_treasurer_sees_amounts_that_the_public_does_not(desk, story, client):
    assert "$25" in pages.text_of(desk.get(LIST))
    assert "$25" not in client.get("/support/figures/").content.decode()


def test_received_and_promised_stand_apart_and_per_currency(desk, story):
    gift(utc(2027, 3, 1), currency="EUR", minor=1000, name="e")
    shown = pages.rows_of(desk.get(quarter(Q2)))
    assert ["EUR", "1", "€10", "€0", "€10"] in shown  # there is no rate: it stands apart
    assert ["USD", "1", "$25", "$0", "—"] in shown
    assert ["reader@example.org", "$25 USD", "paid", "payment of 15 Feb 2027"] in shown


def test_a_goal_is_set_shown_to_readers_and_logged(desk, story, client):
    pages.send(desk, quarter(Q2), goal="1.000,00")
    assert tally.for_quarter(Q2).goal_minor == 100000
    assert "$1000 USD, 2 % reached" in pages.text_of(desk.get(quarter(Q2)))
    assert pages.log_of(QuarterBook.objects.get()) == ["Set the goal of Q2 2027 to $1000 USD."]
    pages.send(desk, quarter(Q2), goal="")
    assert tally.for_quarter(Q2).goal_minor is None


@pytest.mark.parametrize("goal", ["much", "-5", "€5"])
def test_what_is_no_goal_is_told(desk, story, goal):
    assert "errorlist" in pages.send(desk, quarter(Q2), goal=goal).content.decode()
    assert not QuarterBook.objects.exists()


def test_a_closed_quarter_keeps_its_figure_and_shows_what_left_since(story, clock_of_the_test, at_desk, treasurer):
    clock_of_the_test.move_to(utc(2027, 7, 14, 1))
    books.close(Q2, livemode=False)
    clock_of_the_test.move_to(utc(2027, 10, 20))
    take_back(charge_of(story.tell().payments.get()), utc(2027, 10, 20))
    desk = at_desk(treasurer)
    answered = desk.get(quarter(Q2))
    assert "As closed$25 USD, 1 backer" in pages.text_of(answered)
    assert ["20 Oct 2027", "refund", "−$25 USD", "-1", "$25 USD on 15 Feb 2027"] in pages.rows_of(answered)
    assert "must never be" not in pages.text_of(answered)
    assert "−$25" in pages.text_of(desk.get(LIST))


def test_the_goal_of_closed_books_stands(story, clock_of_the_test, at_desk, treasurer, client):
    books.set_goal(Q2, 2000, livemode=False)
    clock_of_the_test.move_to(utc(2027, 7, 14, 1))
    desk = at_desk(treasurer)
    opened = desk.get(quarter(Q2))  # and then left alone while the books are closed
    books.close(Q2, livemode=False)
    answered = pages.again(desk, quarter(Q2), opened, goal="1")
    assert "The books of Q2 2027 are closed, and its goal stands as it stood then." in pages.text_of(answered)
    assert "$20 USD, 125 % reached when the books were closed" in pages.text_of(answered)
    assert 'name="goal"' not in answered.content.decode()
    book = QuarterBook.objects.get()
    assert (book.goal_minor, pages.log_of(book)) == (2000, [])
    take_back(charge_of(story.tell().payments.get()), utc(2027, 10, 20))
    assert "125 % reached" in pages.text_of(desk.get(quarter(Q2)))
    books.set_goal(Q3, 3000, livemode=False)  # of books that are open, it is set
    assert QuarterBook.objects.get(quarter=Q3).goal_minor == 3000


@pytest.mark.parametrize("goal_minor", [1, None])
def test_no_verb_changes_the_goal_of_closed_books(story, clock_of_the_test, goal_minor):
    books.set_goal(Q2, 2000, livemode=False)
    clock_of_the_test.move_to(utc(2027, 7, 14, 1))
    books.close(Q2, livemode=False)
    with pytest.raises(books.AreClosed):
        books.set_goal(Q2, goal_minor, livemode=False)
    assert QuarterBook.objects.get().goal_minor == 2000


def test_books_that_do_not_add_up_are_shouted_about(story, clock_of_the_test, at_desk, treasurer):
    clock_of_the_test.move_to(utc(2027, 7, 14, 1))
    books.close(Q2, livemode=False)
    QuarterBook.objects.update(closed_backers=7)
    assert "This must never be" in pages.text_of(at_desk(treasurer).get(quarter(Q2)))


def test_the_export_holds_a_row_for_each_charge_and_gift(desk, story):
    gift(utc(2027, 3, 1), minor=1000, name="g", email="=cmd@example.org")
    answer = desk.get(pages.address("quarterbook", "export", Q2.ordinal))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["amount"], row["currency"], row["state"]) for row in rows] == [
        ("25.00", "USD", "paid"),
        ("10.00", "USD", "paid"),
    ]
    assert rows[1]["e-mail"] == "'=cmd@example.org"


def test_a_chart_is_drawn_once_there_is_something_to_draw(desk):
    assert '<svg class="chart' not in desk.get(LIST).content.decode()
    gift(utc(2027, 3, 1))
    assert '<svg class="chart' in desk.get(LIST).content.decode()


@pytest.mark.parametrize("ordinal", [0, 99999999])
def test_a_quarter_that_cannot_be_is_not_found(desk, ordinal):
    assert desk.get(f"/admin/donations/quarterbook/{ordinal}/quarter/").status_code == 404


def test_the_list_costs_few_queries_however_many_quarters(desk, story, django_assert_max_num_queries):
    for year in (2024, 2025, 2026):
        for month in (1, 4, 7, 10):
            gift(utc(year, month, 5), name=f"{year}-{month}")
    with django_assert_max_num_queries(22):
        desk.get(LIST)
