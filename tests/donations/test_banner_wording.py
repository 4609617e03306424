"""The sentence whatever the figures: its grammar, its rounding, and what it keeps to itself."""

import datetime as dt
import re

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from donations import chart, wording
from donations.books import State
from donations.figures import Change, PublicQuarter
from donations.money import Money
from donations.quarters import Quarter
from donations.tally import InCurrency, Tally
from donations.wording import Goal

QUARTER = Quarter(2027, 2)
CODES = ("USD", "EUR", "JPY")


@st.composite
def parts(draw, code: str) -> InCurrency:
    people = draw(st.integers(1, 60))
    received, promised = draw(st.integers(0, 10**7)), draw(st.integers(0, 10**7))
    unrated = draw(st.sampled_from([0, 0, received])) if code != "USD" else 0
    return InCurrency(
        code,
        received_minor=received or 1,
        promised_minor=promised,
        received_micro=0 if unrated else received * 10_000,
        promised_micro=promised * 10_000,
        unconverted_minor=unrated,
        backers=people,
        unrated_backers=people if unrated else 0,
    )


@st.composite
def tallies(draw) -> Tally:
    codes = draw(st.sets(st.sampled_from(CODES)))
    held = tuple(draw(parts(code)) for code in sorted(codes))
    most = sum(each.backers for each in held)
    least = max([0, *(each.backers for each in held)])
    goal = draw(st.one_of(st.none(), st.integers(1, 10**9)))
    return Tally(QUARTER, draw(st.integers(least, most)), held, goal_minor=goal, base="USD")


def told(tally: Tally, threshold: int) -> str:
    with override_settings(AMOUNTS_HIDDEN_BELOW=threshold, BASE_CURRENCY="USD"):
        return wording.sentence(tally)


@given(tally=tallies(), threshold=st.integers(0, 8))
def test_it_is_one_sentence_in_good_order(tally, threshold):
    text = told(tally, threshold)
    assert re.fullmatch(r"So far [^.]+(\.\d\d[^.]*)*\.", text)
    assert "  " not in text
    assert "None" not in text
    if tally.backers == 0:
        assert text == "So far nobody is backing the next quarter."
    else:
        verb = "is" if tally.backers == 1 else "are"
        assert text.startswith(f"So far {tally.backers} of you {verb} backing the next quarter")
    assert text.count(" with ") <= 2


@given(tally=tallies())
def test_the_amount_is_the_sum_rounded_down_and_about_where_anything_was_converted(tally):
    text, micro = told(tally, 0), sum(each.received_micro + each.promised_micro for each in tally.currencies)
    if not tally.backers or not micro:
        return
    figure = re.search(r"with (about )?(less than )?\$(\d[\d,]*\d|\d)", text)
    assert (figure[1] is not None) == (tally.is_converted and figure[2] is None)
    units = int(figure[3].replace(",", ""))
    assert units == (1 if figure[2] else micro // 1_000_000)
    assert figure[3] == (f"{units:,}" if units >= 10_000 else str(units))


@given(tally=tallies(), threshold=st.integers(2, 8))
def test_of_few_no_figure_is_told_but_how_many_they_are(tally, threshold):
    if 0 < tally.backers < threshold:
        assert re.findall(r"\d+", told(tally, threshold)) == [str(tally.backers)]


@given(tally=tallies())
def test_money_without_a_rate_is_never_left_out(tally):
    for threshold in (0, 5):
        for each in tally.currencies:
            if each.unconverted_minor and tally.backers:
                text = told(tally, threshold)
                assert wording.amount(each.unconverted) in text or f"an amount in {each.currency}" in text
                assert "no exchange rate yet" in text


@given(tally=tallies())
def test_no_meter_is_ever_below_nothing_or_beyond_its_width(tally):
    with override_settings(AMOUNTS_HIDDEN_BELOW=3, BASE_CURRENCY="USD"):
        goal = Goal.of(tally)
    if goal:
        assert 0 <= goal.filled <= 100
        assert 0 <= goal.mark <= 100
        assert goal.is_beyond == (goal.mark < 100 or (goal.percent or 0) > 100)


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (2500, "USD", "$25"),
        (101800, "USD", "$1018"),
        (999999, "USD", "$9999.99"),
        (1000000, "USD", "$10,000"),
        (-2550, "USD", "−$25.50"),
        (5000, "JPY", "JPY 5000"),
        (101800, "CAD", "CA$1018"),
    ],
)
def test_four_digits_stand_together_and_longer_figures_in_groups(minor, currency, text):
    assert wording.amount(Money(minor, currency)) == text


@pytest.mark.parametrize(
    ("quarter", "text"),
    [(Quarter(2027, 1), "January to March 2027"), (Quarter(2027, 4), "October to December 2027")],
)
def test_a_quarter_is_named_by_its_months(quarter, text):
    assert wording.months(quarter) == text


@st.composite
def quarters(draw) -> list[PublicQuarter]:
    """A run of neighbours, the newest first, with anything that may stand in them."""
    run = []
    for number in range(draw(st.integers(1, 41))):
        total = draw(st.one_of(st.none(), st.integers(0, 10**9)))
        promised = draw(st.integers(0, total)) if total else 0
        change = draw(st.one_of(st.none(), st.integers(-(10**13), 10**13)))
        goal = draw(st.one_of(st.none(), st.integers(1, 10**10)))
        moment = QUARTER.start(dt.UTC)
        run.append(
            PublicQuarter(
                quarter=QUARTER.plus(-number),
                state=State.CLOSED,
                backers=1 if total is None else min(1, total),
                total=None if total is None else Money(total, "USD"),
                received=None if total is None else Money(total - promised, "USD"),
                promised=None if total is None else Money(promised, "USD"),
                is_about=False,
                goal=Goal(Money(goal, "USD"), 0) if goal else None,
                changes=(Change(moment, moment, ("refund",), 0, change, Money(0, "USD")),)
                if change is not None and total
                else (),
            )
        )
    return run


@given(run=quarters())
def test_nothing_is_drawn_outside_the_chart(run):
    drawn = chart.draw(run, "USD")
    if drawn is None:
        assert not any(quarter.backers for quarter in run)
        return
    assert 2 <= len(drawn.lines) <= 5
    assert len(drawn.columns) == len(run)
    for column, quarter in zip(drawn.columns, reversed(run), strict=True):
        assert 0 <= float(column.x) < float(column.x) + float(column.width) <= 100
        for top, height in (("received_y", "received_height"), ("promised_y", "promised_height")):
            if getattr(column, top):
                assert chart.HEAD - 0.1 <= float(getattr(column, top)) <= chart.GROUND
                assert float(getattr(column, top)) + float(getattr(column, height)) <= chart.GROUND + 0.1
        if column.goal_y:
            assert 0 <= float(column.goal_y) <= chart.GROUND
        if column.changed_y:
            assert float(column.changed_y) >= -3
            assert float(column.changed_y) + float(column.changed_height) <= chart.GROUND + 3
        assert bool(column.received_y or column.promised_y) == bool(quarter.total and quarter.total.minor)


def test_what_is_only_promised_is_drawn_once_and_from_the_ground():
    run = [PublicQuarter(QUARTER, State.OPEN, 9, Money(400, "USD"), Money(0, "USD"), Money(400, "USD"), is_about=False)]
    (column,) = chart.draw(run, "USD").columns
    assert column.received_height == ""
    assert float(column.promised_y) + float(column.promised_height) == chart.GROUND


@pytest.mark.parametrize(
    ("total", "labels"),
    [(100, ["$1", "$2", "$3", "$4"]), (5_000, ["$20", "$40", "$60"]), (101_800, ["$500", "$1000", "$1500"])]
    + [(2_000_000, ["$5000", "$10,000", "$15,000", "$20,000"])],
)
def test_the_lines_of_the_chart_stand_at_round_figures(total, labels):
    run = [PublicQuarter(QUARTER, State.OPEN, 9, *[Money(total, "USD")] * 2, Money(0, "USD"), is_about=False)]
    assert [line.label for line in chart.draw(run, "USD").lines] == labels
