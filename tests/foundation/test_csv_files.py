"""What is exported opens in a spreadsheet as words and numbers, and never as a formula."""

import csv
import io
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation import csv_files

BEGINNINGS = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "﹣", "﹢", "﹦", "﹫", "|", "%"]


def read(header, rows):
    return list(csv.reader(io.StringIO(csv_files.write(header, rows), newline="")))


@pytest.mark.parametrize("beginning", BEGINNINGS)
@pytest.mark.parametrize("before", ["", " ", "\u00a0", "\ufeff", "\u200b", "\u2009 "])
def test_no_text_begins_a_formula(beginning, before):
    ((cell,),) = read([f"{before}{beginning}cmd|' /C calc'!A0"], [])
    assert cell.startswith("'")


@pytest.mark.parametrize(
    "text", ["Ada", "a=b", "O'Neill", "50-60", "ada+news@example.org", "", "  indented", "–", "éa"]
)
def test_harmless_words_stay_as_they_are(text):
    assert read([text], []) == [[text]]


def test_numbers_stay_numbers_also_below_zero():
    written = csv_files.write(["amount", "count"], [[Decimal("-25.00"), -3], [Decimal("0.00000001"), 10**20]])
    assert written.splitlines()[1:] == ["-25.00,-3", "1E-8,100000000000000000000"]


def test_text_is_quoted_so_that_another_separator_splits_nothing():
    assert csv_files.write(["a;=1+1", 'x",=2'], []).strip() == '"a;=1+1","x"",=2"'


@pytest.mark.parametrize("value", [1.5, True, object(), b"x"])
def test_other_things_are_refused(value):
    with pytest.raises(TypeError):
        csv_files.write(["a"], [[value]])


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_every_cell_comes_back_inert_and_otherwise_whole(texts):
    (cells,) = read(texts, [])
    for text, cell in zip(texts, cells, strict=True):
        assert cell.removeprefix("'") == text.replace("\0", "").removeprefix("'") or cell == text
        first = unicodedata.normalize("NFKC", cell.strip())[:1]
        assert first not in set("=+-@")


def test_an_answer_is_a_file_that_no_cache_keeps():
    answer = csv_files.answer("payments", ["name"], [["Zoë"]])
    assert answer["Content-Disposition"] == 'attachment; filename="payments.csv"'
    assert answer["Cache-Control"] == "no-store"
    assert answer.content.decode("utf-8-sig") == '"name"\r\n"Zoë"\r\n'
