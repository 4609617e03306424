"""Money: integers all the way, shown and typed in every habit."""

import ast
import dataclasses
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import donations
from donations import money
from donations.money import CurrencyMismatch, Money, NotAnAmount, parse

OURS = ["USD", "EUR", "GBP", "CAD", "AUD"]
ALL = [*OURS, "JPY", "KWD", "SEK"]
MOST = 10**12 - 1  # minor units; what may be typed is below 10^12 units

amounts = st.builds(Money, st.integers(0, MOST), st.sampled_from(ALL))
signed = st.builds(Money, st.integers(-MOST, MOST), st.sampled_from(ALL))


def written(amount: Money, *, group: str, point: str) -> str:
    """All decimals of the currency, in a habit of grouping and of marking decimals."""
    text = f"{amount.decimal:,.{money.exponent(amount.currency)}f}"
    return text.replace(",", "\0").replace(".", point).replace("\0", group)


# Round trips


@given(amounts)
def test_what_is_shown_can_be_typed_again(amount):
    if money.exponent(amount.currency) == 3 and amount.minor % 1000 == 0:
        return  # "1,000" of a currency with three decimals is read as one: see below
    assert parse(str(amount), amount.currency) == amount
    assert parse(amount.figure, amount.currency) == amount
    assert parse(amount.with_code, amount.currency) == amount


@given(signed)
def test_minor_units_become_decimals_and_back(amount):
    assert money.to_minor(amount.decimal, amount.currency) == amount.minor
    assert type(amount.decimal) is Decimal


@given(st.integers(-(10**60), 10**60), st.sampled_from(ALL))
def test_no_size_of_amount_is_rounded(minor, currency):
    assert money.to_minor(money.to_decimal(minor, currency), currency) == minor


@pytest.mark.parametrize(
    ("group", "point"),
    [(",", "."), (".", ","), (" ", ","), (" ", "."), ("\u00a0", ","), ("\u202f", ","), ("\u2009", ".")]
    + [("'", "."), ("’", "."), ("", "."), ("", ",")],
)
@given(amount=amounts)
def test_every_habit_of_typing_means_the_same(group, point, amount):
    if money.exponent(amount.currency) == 0 and point == group:
        return
    assert parse(written(amount, group=group, point=point), amount.currency) == amount


@given(
    amount=amounts, habit=st.sampled_from([(",", "."), (".", ",")]), sign=st.sampled_from(["{} {}", "{1} {0}", "{}{}"])
)
def test_the_currency_may_stand_beside_it(amount, habit, sign):
    text = written(amount, group=habit[0], point=habit[1])
    assert parse(sign.format(amount.currency.lower(), text), amount.currency) == amount


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("25", "USD", 2500),
        ("25.", "USD", 2500),
        ("25,5", "EUR", 2550),
        ("$25", "USD", 2500),
        ("25 $", "CAD", 2500),
        ("CA$1,018.20", "CAD", 101820),
        ("A$15", "AUD", 1500),
        ("£ 1.000,50", "GBP", 100050),
        ("1,000.50", "GBP", 100050),
        ("1 000,50 €", "EUR", 100050),
        ("1.000", "EUR", 100000),
        ("1,000", "USD", 100000),
        ("1.000.000", "EUR", 100000000),
        ("0.500", "USD", 50),
        ("25.–", "EUR", 2500),
        ("25,-", "EUR", 2500),
        ("¥1,000", "JPY", 1000),
        ("1.000", "JPY", 1000),
        ("10.00", "JPY", 10),
        ("1.234", "KWD", 1234),
        ("1,000", "KWD", 1000),
        ("1.234,5", "KWD", 1234500),
        ("007", "USD", 700),
    ],
)
def test_amounts_as_people_type_them(text, currency, minor):
    assert parse(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "currency", "words"),
    [
        ("", "USD", "Type an amount"),
        ("   ", "USD", "Type an amount"),
        ("$", "USD", "Type an amount"),
        ("ten", "USD", "not an amount"),
        ("-5", "USD", "not an amount"),
        ("−5", "USD", "not an amount"),
        ("1e3", "USD", "not an amount"),
        (".50", "USD", "not an amount"),
        ("0x10", "USD", "not an amount"),
        ("٢٥", "USD", "not an amount"),
        ("２５", "USD", "not an amount"),
        ("NaN", "USD", "not an amount"),
        ("5 000 0", "USD", "not an amount"),
        ("€25", "USD", "Type the amount in USD"),
        ("$25", "EUR", "Type the amount in EUR"),
        ("CA$25", "USD", "Type the amount in USD"),
        ("25 EUR", "USD", "not an amount"),
        ("1,00,000", "USD", "two ways"),
        ("1,000,50", "USD", "two ways"),
        ("1.000,50.20", "USD", "two ways"),
        ("1000,000.50", "USD", "two ways"),
        ("1.5.2", "USD", "two ways"),
        ("10.505", "KWD", None),
        ("1.0505", "USD", "two decimals"),
        ("0.001", "USD", "two decimals"),
        ("1." + "0" * 40 + "1", "USD", "two decimals"),
        ("10.5", "JPY", "no decimals"),
        ("1.2345", "KWD", "three decimals"),
        ("1000000000000", "USD", "more than anybody"),
        ("9" * 5000, "USD", "more than anybody"),
    ],
)
def test_what_is_no_amount_is_refused_in_words(text, currency, words):
    if words is None:
        assert parse(text, currency).minor == 10505
        return
    with pytest.raises(NotAnAmount, match=words):
        parse(text, currency)


@given(text=st.text(max_size=30), currency=st.sampled_from(ALL))
def test_any_text_is_an_amount_or_is_refused(text, currency):
    try:
        amount = parse(text, currency)
    except NotAnAmount:
        return
    assert type(amount.minor) is int
    assert amount.minor >= 0


@given(text=st.text(alphabet="0123456789.,' $€", max_size=12), currency=st.sampled_from(ALL))
def test_no_arrangement_of_marks_gives_more_than_its_digits(text, currency):
    try:
        amount = parse(text, currency)
    except NotAnAmount:
        return
    digits = "".join(filter(str.isdigit, text))
    assert amount.minor <= int(digits) * 10 ** money.exponent(currency)
    assert str(amount.minor).rstrip("0").lstrip("0") == digits.strip("0")


# Showing


@pytest.mark.parametrize(
    ("minor", "currency", "text", "with_code"),
    [
        (101800, "USD", "$1018", "$1018 USD"),
        (1050, "EUR", "€10.50", "€10.50"),
        (999999, "USD", "$9999.99", "$9999.99 USD"),
        (-1000000, "USD", "−$10,000", "−$10,000 USD"),
        (-2500, "USD", "−$25", "−$25 USD"),
        (-5, "GBP", "−£0.05", "−£0.05"),
        (2500, "CAD", "CA$25", "CA$25"),
        (2500, "AUD", "A$25", "A$25"),
        (1018, "JPY", "JPY 1018", "JPY 1018"),
        (1234, "KWD", "KWD 1.234", "KWD 1.234"),
        (-1234, "KWD", "−KWD 1.234", "−KWD 1.234"),
        (0, "USD", "$0", "$0 USD"),
        (123456789012345678901234567890, "USD", "$1,234,567,890,123,456,789,012,345,678.90", None),
    ],
)
def test_amounts_as_they_are_shown(minor, currency, text, with_code):
    assert str(Money(minor, currency)) == text
    assert with_code in (None, Money(minor, currency).with_code)


@given(amounts=signed)
def test_what_stands_in_a_field_is_read_as_the_same_amount(amounts):
    """Also KWD 12,345, which would be read as twelve and a bit if its mark were left in."""
    amount = Money(abs(amounts.minor) % 10**14, amounts.currency)
    assert money.parse(amount.typed, amount.currency) == amount


# Sums


@given(first=signed, second=signed)
def test_only_one_currency_adds_up(first, second):
    if first.currency == second.currency:
        assert (first + second).minor == first.minor + second.minor
        assert (first - second) + second == first
        assert (first < second, first <= second) == (first.minor < second.minor, first.minor <= second.minor)
        assert (first > second, first >= second) == (first.minor > second.minor, first.minor >= second.minor)
        return
    assert first != second
    for operation in (Money.__add__, Money.__sub__, Money.__lt__, Money.__le__):
        with pytest.raises(CurrencyMismatch):
            operation(first, second)


def test_money_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Money(1, "USD").minor = 2


def test_only_nothing_is_false():
    assert [bool(Money(minor, "USD")) for minor in (-1, 0, 1)] == [True, False, True]


# No float


@pytest.mark.parametrize("minor", [1.0, 0.1, Decimal(1), "1", None, True])
def test_money_counts_whole_units_of_the_smallest_coin_only(minor):
    with pytest.raises(TypeError):
        Money(minor, "USD")


@pytest.mark.parametrize("amount", [Decimal("NaN"), Decimal("Infinity"), Decimal("-Infinity")])
def test_what_is_not_finite_is_no_amount(amount):
    with pytest.raises(NotAnAmount):
        money.to_minor(amount, "USD")


NEAR_MONEY = [
    "money",
    "conversion",
    "ledger",
    "contributions",
    "tally",
    "books",
    "offline",
    "rates",
    "sample_rates",
    "ecb",
]


def floats_in(source: str) -> list[str]:
    nodes = list(ast.walk(ast.parse(source)))
    constants = [repr(node.value) for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, float)]
    names = [node.id for node in nodes if isinstance(node, ast.Name) and node.id == "float"]
    fields = [node.attr for node in nodes if isinstance(node, ast.Attribute) and node.attr == "FloatField"]
    return constants + names + fields


@pytest.mark.parametrize("source", ["x = 1.5", "x = float(y)", "x: float", "models.FloatField()"])
def test_a_float_would_be_found(source):
    assert floats_in(source)


def test_no_module_near_money_knows_floats():
    folder = Path(donations.__file__).parent
    files = [*(folder / f"{name}.py" for name in NEAR_MONEY), *(folder / "models").glob("*.py")]
    assert {file.name: found for file in files if (found := floats_in(file.read_text()))} == {}


def test_integers_near_money_are_divided_without_a_rest_lost_to_floats():
    """`/` between integers would make a float; only Decimals are divided so, in the modules about rates."""
    folder = Path(donations.__file__).parent
    for name in set(NEAR_MONEY) - {"rates", "sample_rates"}:
        tree = ast.parse((folder / f"{name}.py").read_text())
        assert not [
            node.lineno for node in ast.walk(tree) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
        ]
