"""What the pages are written with: nothing unescaped, sums and moments in words, the clock's steps."""

import datetime as dt

import pytest

from fakestripe.console import moving
from fakestripe.errors import Refused
from fakestripe.pages import words
from fakestripe.pages.markup import document, join, tag

WICKED = "<script>alert('x')</script>\"&"


def epoch(text):
    return int(dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC).timestamp())


def test_text_is_escaped_and_elements_are_not():
    assert tag("p", WICKED, tag("b", "x")) == (
        "<p>&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;&quot;&amp;<b>x</b></p>"
    )


def test_an_attribute_is_escaped():
    assert tag("a", "x", href='"><script>') == '<a href="&quot;&gt;&lt;script&gt;">x</a>'


def test_text_in_a_list_is_escaped_too():
    assert "<script" not in join([WICKED, [WICKED]])


def test_a_title_is_escaped():
    assert "<script" not in document(WICKED, WICKED, styles=[WICKED])


def test_what_is_nothing_leaves_nothing():
    assert tag("p", None, [None], hidden=None, disabled=True, checked=False) == "<p disabled></p>"


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (2500, "eur", "€25.00"),
        (123456789, "usd", "US$1,234,567.89"),
        (3000, "jpy", "JPY 3,000"),
        (2500, "chf", "CHF 25.00"),
        (-5, "gbp", "-£0.05"),
    ],
)
def test_a_sum_is_told_with_its_currency(minor, currency, text):
    assert words.money(minor, currency) == text


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("5", "eur", 500),
        ("5,50", "eur", 550),
        ("5.505", "eur", None),
        ("300", "jpy", 300),
        ("0", "eur", None),
        ("-1", "eur", None),
        ("NaN", "eur", None),
        ("1e99999", "eur", None),
        ("", "eur", None),
    ],
)
def test_a_typed_sum_is_read_exactly_or_not_at_all(text, currency, minor):
    assert words.minor_units(text, currency) == minor


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "", None, "http://a\r\nb"]
)
def test_an_address_that_no_link_may_carry_is_none(address):
    assert words.web_address(address) is None


@pytest.mark.parametrize(
    ("now", "step", "then"),
    [
        ("2026-11-25 17:55", "day", "2026-11-26 17:55"),
        ("2026-11-25 17:55", "week", "2026-12-02 17:55"),
        ("2027-01-31 08:00", "month", "2027-02-28 08:00"),
        ("2026-11-25 17:55", "quarter", "2027-01-01 12:00"),
        ("2027-01-01 12:00", "quarter", "2027-04-01 12:00"),
        ("2026-12-31 23:59", "quarter", "2027-01-01 12:00"),
    ],
)
def test_the_clock_is_moved_by_calendar_steps(now, step, then):
    assert moving.target(epoch(now), step) == epoch(then)


def test_the_clock_is_moved_to_noon_of_a_date():
    assert moving.target(epoch("2026-11-25 17:55"), "date", "2027-02-03") == epoch("2027-02-03 12:00")


@pytest.mark.parametrize("date", ["2026-11-24", "tomorrow", "", "2027-02-30"])
def test_a_date_that_is_past_or_none_is_refused(date):
    with pytest.raises(Refused):
        moving.target(epoch("2026-11-25 17:55"), "date", date)
