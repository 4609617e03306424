"""
The one writer of CSV files that a person may open in a spreadsheet. Text is quoted, and text that a spreadsheet would
take for a formula is made inert by an apostrophe; numbers stay numbers.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.http import HttpResponse

# In full-width and small forms too: NFKC makes them these.
_BEGINS_A_FORMULA = frozenset("=+-@\t\r\n|%")
_BYTE_ORDER_MARK = "\ufeff"  # spreadsheets take the file for UTF-8 by it

type Cell = str | int | Decimal | None


def inert(text: str) -> str:
    """The same words, and no formula in any spreadsheet, whatever spaces or invisible signs stand before it."""
    text = text.replace("\0", "")
    return f"'{text}" if _may_be_a_formula(text) else text


def _may_be_a_formula(text: str) -> bool:
    if text[:1] in ("\t", "\r", "\n"):
        return True
    for sign in unicodedata.normalize("NFKC", text):
        if sign in _BEGINS_A_FORMULA:
            return True
        if not sign.isspace() and unicodedata.category(sign) not in ("Cf", "Cc"):
            return False
    return False


def write(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Raises TypeError for a cell that is neither text nor a number: whoever knows the zone writes out dates."""
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_NONNUMERIC)
    for row in (header, *rows):
        writer.writerow([_cell(value) for value in row])
    return written.getvalue()


def _cell(value: Cell) -> Cell:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise TypeError(f"A cell holds text or a number, not {type(value).__name__}")
    return inert(value) if isinstance(value, str) else value


def answer(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> HttpResponse:
    """`name` is ours, without the ending."""
    response = HttpResponse(_BYTE_ORDER_MARK + write(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "no-store"
    return response
