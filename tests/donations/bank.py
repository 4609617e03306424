"""Files as the European Central Bank writes them, with figures of our own."""

import datetime as dt
from collections.abc import Mapping

from donations import rates

FIGURES = {"USD": "1.0800", "GBP": "0.8600", "CAD": "1.4800", "AUD": "1.6400", "JPY": "171.94", "SEK": "11.3595"}


def file_of(days: Mapping[dt.date | str, Mapping[str, str]]) -> bytes:
    """The newest day first, as the bank lists them."""
    cubes = "".join(
        f"<Cube time='{day}'>{''.join(_value(*pair) for pair in figures.items())}</Cube>"
        for day, figures in reversed(days.items())
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"'
        ' xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">'
        "<gesmes:subject>Reference rates</gesmes:subject>"
        "<gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender>"
        f"<Cube>{cubes}</Cube></gesmes:Envelope>"
    ).encode()


def _value(currency: str, rate: str) -> str:
    return f"<Cube currency='{currency}' rate='{rate}'/>"


def on(day: dt.date, **figures: str) -> bytes:
    """The daily file; figures are those above but for what is told."""
    return file_of({day: {**FIGURES, **figures}})


def until(last: dt.date, days: int, *, leaving_out: tuple[str, ...] = (), **figures: str) -> bytes:
    """A history of so many working days, all with the same figures."""
    said = {code: figure for code, figure in {**FIGURES, **figures}.items() if code not in leaving_out}
    dates = [last]
    while len(dates) < days:
        dates.append(rates.last_publication_before(dates[-1]))
    return file_of(dict.fromkeys(sorted(dates), said))
