"""The bank's files, whole and spoilt. Figures are our own, the form is the bank's."""

import datetime as dt
import time
import tracemalloc
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations import ecb
from tests.donations import bank

TUESDAY = dt.date(2026, 11, 24)
MONDAY = dt.date(2026, 11, 23)

BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE Envelope [
 <!ENTITY a "rate rate rate rate rate rate rate rate rate rate">
 <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
 <!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;">
 <!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;"><!ENTITY g "&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;">
]>
<Envelope>&g;</Envelope>"""


def test_the_daily_file_holds_one_day():
    [day] = ecb.read(bank.on(TUESDAY))
    assert day.dated_on == TUESDAY
    assert day.written == bank.FIGURES


def test_the_history_comes_oldest_first():
    days = ecb.read(bank.until(TUESDAY, 60))
    assert len(days) == 60
    assert days[-2:] == [ecb.Day(MONDAY, bank.FIGURES), ecb.Day(TUESDAY, bank.FIGURES)]


def test_the_whole_history_since_1999_is_read_within_seconds():
    began = time.perf_counter()
    days = ecb.read(bank.until(TUESDAY, 7000, **{f"X{letter}X": "1.5" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}))
    assert len(days) == 7000
    assert time.perf_counter() - began < 10


def test_a_euro_is_a_euro():
    [day] = ecb.read(bank.on(TUESDAY))
    assert day.says_of("EUR") == "1"


def test_a_currency_that_is_not_listed_is_not_known():
    [day] = ecb.read(bank.on(TUESDAY))
    assert day.says_of("RUB") is None


def test_a_currency_that_became_the_euro_has_its_fixed_rate_from_that_day_on():
    before, after = ecb.Day(dt.date(2025, 12, 31), {"BGN": "1.9558"}), ecb.Day(dt.date(2026, 1, 2), {})
    assert before.says_of("BGN") == "1.9558"
    assert after.says_of("BGN") == "1.95583"
    assert ecb.Day(dt.date(2022, 12, 30), {}).says_of("HRK") is None


@pytest.mark.parametrize(
    "written",
    ["0", "0.0", "0.0000", "-1.08", "+1.08", "NaN", "nan", "Infinity", "-inf", "1e3", "1,08", "", " ", "N/A", "1.", "."]
    + ["1_000", "١.٠٨", "１．０８", "0x1", "1.0 8", "9" * 13, "1." + "0" * 13],
)
def test_what_is_not_a_number_above_zero_is_no_number(written):
    assert ecb.number(written) is None


@given(st.decimals("0.000001", "999999999999", places=6))
def test_every_plain_decimal_above_zero_is_read_exactly(value):
    assert ecb.number(f"{value:f}") == value


def test_odd_values_come_through_as_they_were_written():
    [day] = ecb.read(bank.on(TUESDAY, GBP="NaN", USD="-1"))
    assert (day.says_of("GBP"), day.says_of("USD")) == ("NaN", "-1")


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"not xml",
        b"<html><body>Service unavailable</body></html>",
        b"\x00\x01\x02",
        b"<?xml version='1.0' encoding='klingon'?><Cube/>",
        bank.file_of({}),
        bank.file_of({TUESDAY: {}}),
        bank.file_of({TUESDAY: bank.FIGURES, MONDAY: {}}),
        bank.file_of({"2026-02-30": bank.FIGURES}),
        bank.file_of({"24.11.2026": bank.FIGURES}),
        bank.file_of({"": bank.FIGURES}),
        bank.file_of({TUESDAY: {"usd": "1"}}),
        bank.file_of({TUESDAY: {"USDT": "1"}}),
        bank.on(TUESDAY).replace(b"<Cube currency='USD'", b"<Cube currency='GBP'"),  # twice
        bank.until(TUESDAY, 2).replace(b"2026-11-23", b"2026-11-24"),  # twice
        bank.on(TUESDAY).replace(b"<Cube time='2026-11-24'>", b"<Cube>"),  # rates of no day
        bank.on(TUESDAY).replace(b"<Cube currency='USD'", b"<Cube time='2026-11-23'/><Cube currency='USD'"),
        b"<Cube>" * 50 + b"</Cube>" * 50,
        bank.on(TUESDAY).replace(b"Reference rates", b"&undeclared;"),
        bank.on(TUESDAY) + b"<more/>",
    ],
)
def test_a_spoilt_file_is_no_file(document):
    with pytest.raises(ecb.Unreadable):
        ecb.read(document)


@given(st.integers(0, len(bank.until(TUESDAY, 3)) - 1))
def test_a_truncated_file_is_no_file_wherever_it_is_cut(length):
    with pytest.raises(ecb.Unreadable):
        ecb.read(bank.until(TUESDAY, 3)[:length])


@given(st.binary(max_size=300))
def test_rubbish_is_refused_by_its_name(rubbish):
    with pytest.raises(ecb.Unreadable):
        ecb.read(rubbish)


def test_an_entity_bomb_is_refused_before_it_grows():
    tracemalloc.start()
    began = time.perf_counter()
    with pytest.raises(ecb.Unreadable, match="document type"):
        ecb.read(BOMB)
    assert time.perf_counter() - began < 1
    assert tracemalloc.get_traced_memory()[1] < 1024 * 1024
    tracemalloc.stop()


def test_entities_that_name_files_are_refused():
    document = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + bank.on(TUESDAY).partition(b"\n")[2]
    with pytest.raises(ecb.Unreadable, match="document type"):
        ecb.read(document.replace(b"Reference rates", b"&x;"))


def test_more_days_than_there_can_be_are_refused():
    start = dt.date(1999, 1, 4)
    days = {start + dt.timedelta(days=number): {"USD": "1"} for number in range(ecb.MOST_DAYS + 1)}
    with pytest.raises(ecb.Unreadable, match="too many days"):
        ecb.read(bank.file_of(days))


def test_the_fixed_rates_are_those_of_the_council():
    assert {code: units for code, (_, units) in ecb.FIXED.items()} == {
        "LVL": Decimal("0.702804"),
        "LTL": Decimal("3.4528"),
        "HRK": Decimal("7.5345"),
        "BGN": Decimal("1.95583"),
    }
