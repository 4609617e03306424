"""How the pages say sums, rhythms, moments and states."""

import datetime as dt
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

SIGNS = {"usd": "US$", "eur": "€", "gbp": "£", "cad": "CA$", "aud": "A$"}
WITHOUT_CENTS = frozenset(
    {"bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd", "vuv", "xaf", "xof", "xpf"}
)
EVERY = {("month", 1): "every month", ("month", 3): "every 3 months", ("year", 1): "every year"}


def money(minor: int, currency: str) -> str:
    """2500, "eur" -> "€25.00"; a currency without a sign of its own is named."""
    places = 0 if currency in WITHOUT_CENTS else 2
    figure = f"{abs(minor) / 10**places:,.{places}f}"
    sign = SIGNS.get(currency)
    return ("-" if minor < 0 else "") + (f"{sign}{figure}" if sign else f"{currency.upper()} {figure}")


def rhythm(recurring: dict | None) -> str:
    if not recurring:
        return "once"
    count, interval = recurring["interval_count"], recurring["interval"]
    return EVERY.get((interval, count), f"every {count} {interval}s")


def day(epoch: int) -> str:
    at = _at(epoch)
    return f"{at.day} {at:%B %Y}"


def moment(epoch: int) -> str:
    at = _at(epoch)
    return f"{at:%a} {at.day} {at:%b %Y, %H:%M} UTC"


def card_name(method: dict | None) -> str:
    """What the shopper calls it: "Visa ending in 4242"."""
    if not method:
        return "no card"
    if method["type"] == "card":
        return f"{method['card']['brand'].capitalize()} ending in {method['card']['last4']}"
    details = method.get(method["type"]) or {}
    return f"bank account ending in {details.get('last4') or '????'}"


def grouped(number: str) -> str:
    """4242424242424242 -> 4242 4242 4242 4242"""
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def web_address(address: str | None) -> str | None:
    """The address when it is one that a link or a redirect may carry; `javascript:` and its kin are none."""
    is_fit = address and address.isprintable() and urlsplit(address).scheme in ("http", "https")
    return address if is_fit else None


def _at(epoch: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(epoch, dt.UTC)


def minor_units(text: str, currency: str) -> int | None:
    """What an operator typed as a sum, in the currency's smallest unit; None when it is none."""
    try:
        figure = Decimal(text.replace(",", ".")) * (1 if currency in WITHOUT_CENTS else 100)
    except InvalidOperation:
        return None
    return int(figure) if figure.is_finite() and figure == int(figure) and 0 < figure < 10**12 else None


def iso_day(epoch: int) -> str:
    return _at(epoch).date().isoformat()
