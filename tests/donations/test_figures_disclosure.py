"""
No figure that is published, and no difference of published figures, may tell what fewer people gave than the threshold.
Tried against an adversary who knows exactly who stands behind each sum and adds and subtracts all of them.
"""

import itertools
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from donations import books, disclosure
from donations.disclosure import Crowd
from donations.figures import PublicQuarter, _as_it_stands
from donations.quarters import Quarter
from donations.tally import InCurrency, Tally

THRESHOLD = 3
QUARTER = Quarter(2027, 2)
RATES = {"USD": 1_000_000, "EUR": 1_100_000, "GBP": 1_300_000, "CAD": 700_000}

# A gift: who, in which currency, whether it is paid or promised.
gifts = st.sets(
    st.tuples(st.integers(0, 11), st.sampled_from(sorted(RATES)), st.sampled_from(["paid", "promised"])), max_size=24
)


@pytest.fixture(autouse=True)
def _three(monkeypatch):
    monkeypatch.setattr(disclosure, "threshold", lambda: THRESHOLD)
    monkeypatch.setattr("donations.figures.threshold", lambda: THRESHOLD)


def amount(who: int) -> int:
    """In minor units; everybody gives something else, so that a sum cannot come out right by chance."""
    return 1000 * 3**who


def people(cells) -> int:
    return len({who for who, _currency, _state in cells})


def in_currency(code: str, cells: set) -> InCurrency:
    paid, promised = ([cell for cell in cells if cell[2] == state] for state in ("paid", "promised"))
    received_minor, promised_minor = (sum(amount(cell[0]) for cell in part) for part in (paid, promised))
    return InCurrency(
        code,
        received_minor=received_minor,
        promised_minor=promised_minor,
        received_micro=received_minor * RATES[code] // 100,
        promised_micro=promised_minor * RATES[code] // 100,
        backers=people(cells),
        received_backers=people(paid),
        promised_backers=people(promised),
    )


def tally_of(cells: set) -> Tally:
    by_currency = defaultdict(set)
    for cell in cells:
        by_currency[cell[1]].add(cell)
    return Tally(
        QUARTER,
        people(cells),
        tuple(in_currency(code, found) for code, found in sorted(by_currency.items())),
        base="USD",
        received_backers=people(cell for cell in cells if cell[2] == "paid"),
        promised_backers=people(cell for cell in cells if cell[2] == "promised"),
    )


def published(cells: set) -> tuple[PublicQuarter, list[set]]:
    """What is shown, and of each sum that is shown the gifts in it."""
    shown = _as_it_stands(tally_of(cells), books.State.AHEAD)
    sums = []
    if shown.total is not None:
        sums.append(cells)
    if shown.received is not None:
        sums += [{cell for cell in cells if cell[2] == state} for state in ("paid", "promised")]
    sums += [{cell for cell in cells if cell[1] == part.currency} for part in shown.currencies if part.money]
    return shown, [found for found in sums if found]


def telling(sums: list[set]) -> list[set]:
    """Every way to add and subtract the sums that leaves the gifts of too few people."""
    found = []
    for signs in itertools.product((-1, 0, 1), repeat=len(sums)):
        weights = defaultdict(int)
        for sign, cells in zip(signs, sums, strict=True):
            for cell in cells:
                weights[cell] += sign
        left = {cell for cell, weight in weights.items() if weight}
        if left and people(left) < THRESHOLD:
            found.append(left)
    return found


@settings(max_examples=300)
@given(cells=gifts)
def test_no_sum_and_no_difference_of_sums_tells_of_too_few(cells):
    shown, sums = published(cells)
    assert telling(sums) == []
    if 0 < people(cells) < THRESHOLD:
        assert sums == []
        assert shown.is_hidden


def test_the_adversary_finds_what_a_careless_page_would_tell():
    careless = [{(n, "USD", "paid") for n in range(5)} | {(9, "EUR", "paid")}, {(n, "USD", "paid") for n in range(5)}]
    assert {(9, "EUR", "paid")} in telling(careless)


def test_much_is_shown_where_many_stand_behind_it():
    """A rule that hid everything would pass the test above."""
    cells = {(n, code, "paid") for n, code in itertools.product(range(6), RATES)}
    cells |= {(n, code, "promised") for n, code in itertools.product(range(6, 12), RATES)}
    shown, sums = published(cells)
    assert len(sums) == 3 + len(RATES)
    assert shown.received.minor > 0
    assert shown.promised.minor > 0


def test_a_currency_with_few_takes_the_next_smallest_with_it():
    cells = {(n, "USD", "paid") for n in range(8)} | {(n, "EUR", "paid") for n in range(4)} | {(0, "GBP", "paid")}
    shown, _sums = published(cells)
    assert [part.currency for part in shown.currencies if part.money] == ["USD"]


def test_received_and_promised_are_told_together_while_few_promise():
    cells = {(n, "USD", "paid") for n in range(8)} | {(8, "USD", "promised")}
    shown, _sums = published(cells)
    assert (shown.received, shown.promised) == (None, None)
    assert shown.total is not None


@given(parts=st.dictionaries(st.text("ABC", min_size=1), st.integers(0, 9)), more=st.integers(0, 9))
def test_parts_are_shown_only_where_the_rest_is_a_crowd_too(parts, more):
    whole = max([0, *parts.values()]) + more
    shown = disclosure.showable({name: {"all": Crowd.of(count)} for name, count in parts.items()}, {"all": whole})
    assert all(parts[name] == 0 or parts[name] >= THRESHOLD for name in shown)
    assert shown <= parts.keys()
