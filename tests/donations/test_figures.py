"""The figures page and its files: what they tell of open, closing and closed quarters, and what they leave out."""

import csv
import dataclasses
import datetime as dt
import io
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html

from articles.models import FooterLink, Masthead
from donations import books, figures, tally
from donations.admin.quarters import Sums
from donations.models import Contribution, ExchangeRate, LateEntry, QuarterBook
from donations.quarters import Quarter
from tests.donations.stripe_facts import PledgeStory, charge_of, gift, take_back, utc

pytestmark = pytest.mark.django_db

Q1, Q2, Q3, Q4 = (Quarter(2027, number) for number in (1, 2, 3, 4))
NOVEMBER = utc(2027, 11, 3, 12)


def gifts_for(quarter: Quarter, *minors: int, currency: str = "USD", who: str = "r") -> list:
    """One gift each of so many people, backing that quarter."""
    at = dt.datetime(quarter.previous.year, 3 * quarter.previous.number - 1, 20, 12, tzinfo=dt.UTC)
    return [
        gift(at, minor=minor, currency=currency, email=f"{who}{n}@example.org", name=f"{quarter}-{currency}-{who}{n}")
        for n, minor in enumerate(minors)
    ]


def close(quarter: Quarter) -> None:
    with time_machine.travel(books.closes_at(quarter) + dt.timedelta(hours=2), tick=False):
        books.close(quarter, livemode=False)


def refund(payment, at, **changes) -> None:
    with time_machine.travel(at, tick=False):
        take_back(charge_of(payment), at, **changes)


def known_rate(currency: str, figure: str, *, base: str = "USD") -> None:
    for month in range(1, 12):
        for day in (18, 19):
            ExchangeRate.objects.create(
                base=base,
                currency=currency,
                dated_on=dt.date(2027, month, day),
                rate=figure,
                source="ecb",
                recorded_at=NOVEMBER,
            )


@pytest.fixture
def at_november():
    with time_machine.travel(NOVEMBER, tick=False):
        yield


@pytest.fixture
def shown(client):
    """The page, the CSV's rows by quarter, and the JSON's quarters by name, at one moment."""

    def shown(at=NOVEMBER):
        with time_machine.travel(at, tick=False):
            page = client.get("/support/figures/")
            rows = csv.DictReader(io.StringIO(client.get("/support/figures.csv").text))
            document = client.get("/support/figures.json").json()
        assert page.status_code == 200
        main = html.fromstring(page.text.replace("</dt>", " </dt>")).find(".//main")
        text = " ".join(main.text_content().split())
        return text, {row["quarter"]: row for row in rows}, {each["quarter"]: each for each in document["quarters"]}

    return shown


def test_a_site_without_backers_says_so_everywhere(shown):
    text, rows, document = shown()
    assert "Nobody has given or promised anything so far." in text
    assert list(rows) == list(document) == ["Q1 2028"]
    assert (rows["Q1 2028"]["backers"], rows["Q1 2028"]["total"]) == ("0", "0.00")


def test_the_quarters_follow_each_other_from_the_next_back_to_the_first(shown):
    gifts_for(Q1, 1000, 1000, 1000)
    gifts_for(Q4, 2000, 2000, 2000)
    _text, rows, document = shown()
    assert list(rows) == list(document) == ["Q1 2028", "Q4 2027", "Q3 2027", "Q2 2027", "Q1 2027"]
    assert [row["state"] for row in rows.values()] == ["ahead", "open", "closing", "closing", "closing"]
    assert (rows["Q4 2027"]["first_day"], rows["Q4 2027"]["last_day"]) == ("2027-10-01", "2027-12-31")
    assert rows["Q4 2027"]["total"] == document["Q4 2027"]["total"] == "60.00"


def test_received_and_promised_stand_apart(shown):
    gifts_for(Q4.next, 1000, 1000, 1500)
    for number in range(3):
        story = PledgeStory(utc(2027, 8, 20), minor=2500, email=f"p{number}@example.org", name=f"p{number}")
        story.tell()
        story.paid(0)
    text, rows, document = shown()
    ahead = document["Q1 2028"]
    assert (ahead["received"], ahead["promised"], ahead["total"]) == ("35.00", "75.00", "110.00")
    assert rows["Q1 2028"]["promised"] == "75.00"
    assert "6 backers, $110" in text
    assert "promised $75" in text


def test_what_the_present_quarter_still_waits_for_is_being_collected(shown):
    for number in range(3):
        story = PledgeStory(utc(2027, 5, 20), minor=2500, email=f"p{number}@example.org", name=f"p{number}")
        story.tell(status="past_due")
        story.paid(0)
        story.invoice(1, "open", next_attempt_at=utc(2027, 11, 20))
    text, _rows, document = shown()
    assert (document["Q4 2027"]["received"], document["Q4 2027"]["promised"]) == ("0.00", "75.00")
    assert "still being collected $75" in text


def test_a_goal_stands_beside_its_quarter(shown):
    QuarterBook.objects.create(livemode=False, quarter=Q4, goal_minor=10000)
    gifts_for(Q4, 5000, 5000, 5000)
    text, rows, document = shown()
    assert "150 % of the goal of $100" in text
    assert rows["Q4 2027"]["goal"] == document["Q4 2027"]["goal"] == "100.00"


def test_totals_per_currency_stand_beside_the_total(shown):
    known_rate("EUR", "1.2")
    gifts_for(Q3, 1000, 1000, 1000)
    gifts_for(Q3, 1000, 1000, 2000, currency="EUR", who="e")
    text, rows, document = shown()
    assert document["Q3 2027"]["currencies"] == {"EUR": "40.00", "USD": "30.00"}
    assert (rows["Q3 2027"]["USD"], rows["Q3 2027"]["EUR"], rows["Q3 2027"]["total"]) == ("30.00", "40.00", "78.00")
    assert document["Q3 2027"]["approximate"] is True
    assert "about $78" in text


def test_a_quarter_of_few_shows_how_many_and_not_how_much(shown):
    gifts_for(Q4, 4321, 1234)
    text, rows, document = shown()
    assert document["Q4 2027"]["backers"] == 2
    assert [document["Q4 2027"][name] for name in ("total", "received", "promised")] == [None, None, None]
    assert document["Q4 2027"]["currencies"] == {"USD": None}
    assert (rows["Q4 2027"]["amounts_hidden"], rows["Q4 2027"]["USD"], rows["Q4 2027"]["total"]) == ("yes", "", "")
    for figure in ("55.55", "$55", "43.21", "12.34"):
        assert figure not in text


def test_a_goal_does_not_tell_a_hidden_amount_by_its_percentage(shown):
    QuarterBook.objects.create(livemode=False, quarter=Q4, goal_minor=10000)
    gifts_for(Q4, 4000)
    text, _rows, _document = shown()
    assert "The goal is $100" in text
    assert "40 %" not in text


def test_a_closed_quarter_keeps_its_figure_and_later_changes_are_told_once_enough_people_are_behind_them(shown):
    payments = gifts_for(Q3, *[1000] * 8, 700)
    close(Q3)
    refund(payments[8], utc(2027, 10, 18))
    text, rows, document = shown()
    assert (document["Q3 2027"]["backers"], document["Q3 2027"]["total"]) == (9, "87.00")
    (change,) = document["Q3 2027"]["since_closing"]
    assert (change["total"], change["backers"], change["first_on"]) == (None, -1, "2027-10-18")
    assert "18 Oct: amount not shown, 1 backer fewer (refund)" in text
    assert (rows["Q3 2027"]["backers_since"], rows["Q3 2027"]["total_since"]) == ("-1", "")
    assert "$7 " not in text
    refund(payments[0], utc(2027, 10, 20))
    refund(payments[1], utc(2027, 10, 22))
    text, rows, document = shown()
    (change,) = document["Q3 2027"]["since_closing"]
    assert (change["total"], change["first_on"], change["last_on"]) == ("-27.00", "2027-10-18", "2027-10-22")
    assert "18 Oct to 22 Oct: −$27, 3 backers fewer (refund)" in text
    assert (document["Q3 2027"]["total"], rows["Q3 2027"]["total_since"]) == ("87.00", "-27.00")


def test_what_was_told_together_stays_together_when_more_comes(shown):
    """Or the difference of two visits would tell the fourth one's amount."""
    payments = gifts_for(Q3, *[1000] * 10)
    close(Q3)
    for day, payment in enumerate(payments[:3], start=16):
        refund(payment, utc(2027, 10, day))
    before = shown()[2]["Q3 2027"]["since_closing"]
    refund(payments[3], utc(2027, 10, 15), minor=321)
    after = shown()[2]["Q3 2027"]["since_closing"]
    assert before[0] in after
    assert [change["total"] for change in after if change not in before] == [None]


def test_closed_figure_and_what_is_beside_it_are_the_recomputation_where_nothing_is_hidden(shown, settings):
    settings.AMOUNTS_HIDDEN_BELOW = 0
    known_rate("EUR", "1.2")
    payments = gifts_for(Q3, 1000, 2500) + gifts_for(Q3, 3333, currency="EUR", who="e")
    close(Q3)
    refund(payments[1], utc(2027, 10, 20), minor=1250)
    refund(payments[2], utc(2027, 10, 21))
    with time_machine.travel(NOVEMBER, tick=False):
        (public,) = [each for each in figures.public_quarters() if each.quarter == Q3]
        standing = books.recompute(Q3, livemode=False)
    book = QuarterBook.objects.get(quarter=Q3)
    assert book.closed_base_micro + public.changed_micro == standing.base_micro
    assert [str(change.money) for change in public.changes] == ["−$12.50", "−$40"]
    assert public.backers + sum(change.backers for change in public.changes) == standing.backers == 2
    text, _rows, document = shown()
    assert "20 Oct: −$12.50 (refund)" in text
    assert "21 Oct: about −$40, 1 backer fewer (refund)" in text
    assert document["Q3 2027"]["total"] == "74.00"


def test_a_fact_found_late_is_dated_when_it_was_found(shown, settings):
    settings.AMOUNTS_HIDDEN_BELOW = 0
    gifts_for(Q3, 1000)
    close(Q3)
    with time_machine.travel(utc(2027, 10, 25), tick=False):
        gifts_for(Q3, 2500, who="late")
    text, _rows, document = shown()
    assert document["Q3 2027"]["total"] == "10.00"
    assert "25 Oct: $25, 1 backer more (found late)" in text


def test_money_without_a_rate_stands_apart_from_every_total(shown, settings):
    gifts_for(Q4, 1000, 1000, 1000, 1000)
    gifts_for(Q4, 500, 500, 500, currency="GBP", who="g")
    text, rows, document = shown()
    assert (document["Q4 2027"]["total"], document["Q4 2027"]["without_a_rate"]) == ("40.00", ["£15"])
    assert rows["Q4 2027"]["without_a_rate"] == "£15"
    assert "Q4 2027: £15" in text


def test_money_without_a_rate_of_few_is_mentioned_only(shown):
    gifts_for(Q4, *[1000] * 6)
    gifts_for(Q4, 777, currency="GBP", who="g")
    text, _rows, document = shown()
    assert document["Q4 2027"]["without_a_rate"] == ["an amount in GBP"]
    assert "7.77" not in text


def test_money_without_a_rate_at_the_closing_stays_apart_in_the_closed_figure(shown, settings):
    gifts_for(Q3, *[1000] * 6)
    gifts_for(Q3, 500, 500, 500, currency="GBP", who="g")
    close(Q3)
    _text, _rows, document = shown()
    assert (document["Q3 2027"]["total"], document["Q3 2027"]["without_a_rate"]) == ("60.00", ["£15"])


def test_no_file_holds_a_row_per_gift(shown):
    gifts_for(Q4, *range(1001, 1041))
    _text, rows, document = shown()
    assert len(rows) == len(document) == 2
    assert not re.search(r"10[0-4]\d\.\d\d|10\.\d\d", str(document) + str(rows))


def test_the_files_are_revalidated_and_change_with_the_figure(client, at_november):
    gifts_for(Q4, 1000, 1000, 1000)
    for address in ("/support/figures.csv", "/support/figures.json"):
        first = client.get(address)
        assert (first["Cache-Control"], first["X-Robots-Tag"]) == ("no-cache", "noindex")
        assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304
    gifts_for(Q4, 1000, who="x")
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_nobody_sees_other_modes_figures(shown, settings):
    gifts_for(Q4, 1000, 1000, 1000)
    settings.STRIPE_SECRET_KEY = "sk_live_1"
    assert shown()[2]["Q1 2028"]["backers"] == 0
    assert "Q4 2027" not in shown()[2]


def test_forty_quarters_cost_fewer_than_ten_queries(client, settings, at_november):
    """And as many as one quarter does. What stands around the figures is counted with them."""
    masthead = Masthead.load()
    masthead.save()
    FooterLink.objects.create(masthead=masthead, label="About", address="/about/")
    counts = []
    for quarters in (1, 40):
        for number in range(quarters):
            payments = gifts_for(Q4.plus(-number), 1000, 2000, 3000, currency="USD", who=f"q{quarters}")
            gifts_for(Q4.plus(-number), 1000, currency="EUR", who=f"q{quarters}")
            if number > 1:
                close(Q4.plus(-number))
                refund(payments[0], books.closes_at(Q4.plus(-number)) + dt.timedelta(days=1))
        with CaptureQueriesContext(connection) as queries:
            response = client.get("/support/figures/")
        counts.append(len(queries))
        assert response.status_code == 200
    assert len(html.fromstring(response.text).xpath("//tbody/tr[count(td) > 3]")) >= 40
    assert LateEntry.objects.count() >= 38
    assert counts[1] < 10
    assert counts[1] <= counts[0] + 1  # the late entries of the closed ones


def test_every_column_and_label_of_forty_quarters_is_in_the_drawing(client, at_november):
    for number in range(40):
        gifts_for(Q4.plus(-number), 1000 + 100 * number, 1000, 1000)
    page = html.fromstring(client.get("/support/figures/").text)
    columns = page.find_class("chart__received")
    assert len([column for column in columns if column.get("x")]) == 40
    years = [label.text for label in page.find_class("chart__label")]
    assert years == [str(year) for year in range(2018, 2029)][-len(years) :]


@pytest.mark.parametrize(
    ("first", "years"),
    [(-8, ["2026", "2027", "2028"]), (-7, ["2026", "2027", "2028"]), (-9, ["2025", "2026", "2027", "2028"]),
     (0, ["2027", "2028"])],
)  # fmt: skip
def test_no_two_years_stand_so_near_that_they_touch_on_a_phone(client, at_november, first, years):
    gifts_for(Q4.plus(first), 1000, 1000, 1000)
    page = html.fromstring(client.get("/support/figures/").text)
    assert [each.text for each in page.find_class("chart__label") if each.text.isdigit()] == years


def test_the_chart_has_a_name_and_says_where_its_figures_are(client, at_november):
    gifts_for(Q4, 1000, 1000, 1000)
    page = html.fromstring(client.get("/support/figures/").text)
    (drawing,) = page.xpath("//*[@role='img']")
    named = drawing.get("aria-labelledby").split()
    texts = [page.xpath("//*[@id=$id]", id=name)[0].text for name in named]
    assert texts[0] == "Money per quarter, in USD"
    assert "from Q4 2027 to Q1 2028" in texts[1]
    (title,) = [node.text for node in drawing.iter("title") if node.text.startswith("Q4")]
    assert title == "Q4 2027: 3 backers, $30"


def test_a_hidden_quarter_has_no_height_in_the_chart(client, at_november):
    gifts_for(Q4, 9000)
    gifts_for(Q3, 1000, 1000, 1000)
    page = html.fromstring(client.get("/support/figures/").text)
    drawn = [node for node in page.find_class("chart__received") if node.get("x")]
    hidden = [node for node in page.find_class("chart__hidden") if node.get("height") == "24"]
    assert (len(drawn), len(hidden)) == (1, 1)


def test_sums_of_the_files_are_those_of_the_ledger(shown, settings):
    settings.AMOUNTS_HIDDEN_BELOW = 0
    gifts_for(Q4, 1001, 2002, 3003)
    _text, rows, _document = shown()
    assert rows["Q4 2027"]["USD"] == "60.06"
    assert sum(Contribution.objects.values_list("amount_minor", flat=True)) == 6006
    assert rows["Q4 2027"]["total"] == "60.00"


def test_closed_books_with_what_came_since_are_what_summing_up_anew_finds(at_november, settings):
    """So neither the public page nor the desk's list has to read what closed quarters hold."""
    known_rate("EUR", "1.1")
    of_q2 = [*gifts_for(Q2, 2500, 1000, 700), *gifts_for(Q2, 4000, 999, currency="EUR", who="e")]
    gifts_for(Q2, 500, currency="GBP", who="g")  # without a rate
    of_q3 = gifts_for(Q3, 2500, 1000)
    gifts_for(Q4, 300)
    close(Q2), close(Q3)
    refund(of_q2[0], utc(2027, 9, 1))
    refund(of_q2[3], utc(2027, 9, 2), minor=1500)
    refund(of_q3[1], utc(2027, 10, 29), minor=1)
    gifts_for(Q2, 800, who="late")  # found after the closing
    told, anew = entered(), summed_up_anew()
    assert told == anew
    assert len(told) == 4
    Contribution.objects.filter(quarter=Q2).update(amount_minor=1, base_micro=1)  # past every verb: the control
    assert entered() == told != summed_up_anew()


def entered() -> list[Sums]:
    return [Sums.of(page) for page in tally.figures(None, Quarter(2028, 1), with_closed=False)]


def summed_up_anew() -> list[Sums]:
    """As the ledger's rows add up, closed or not."""
    pages = tally.figures(None, Quarter(2028, 1))
    assert [page.is_closed and bool(page.late_entries) for page in pages] == [False, False, True, True]
    return [Sums.of(dataclasses.replace(page, book=None)) for page in pages]
