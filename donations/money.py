"""
Money as integers of a currency's minor unit. Two functions cross to decimal figures and back; nothing here is a
binary float, and nothing here converts between currencies. Pure: it asks neither settings nor the database.
"""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

# ISO 4217 gives every other currency two decimals.
_EXPONENTS = {
    **dict.fromkeys(
        ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"], 0
    ),  # https://docs.stripe.com/currencies#zero-decimal
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
}
# Minor units that an amount for Stripe is a multiple of, https://docs.stripe.com/currencies#special-cases: some
# currencies are charged or paid out in whole units though they have two decimals, and of three the last must be 0.
_CHARGE_STEPS = {
    **dict.fromkeys(["HUF", "ISK", "TWD", "UGX"], 100),
    **dict.fromkeys([code for code, decimals in _EXPONENTS.items() if decimals == 3], 10),
}
_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "CAD": "CA$", "AUD": "A$"}
# What people type for a currency at home, where we write something longer.
_HOME_SIGNS = {**dict.fromkeys(["CAD", "AUD", "NZD", "HKD", "SGD"], "$"), "JPY": "¥", "CNY": "¥"}
_GROUPED = re.compile(r"\d{1,3}(?:[.,' \u00a0\u2009\u202f]\d{3})+")
_SPACES = " \u00a0\u2009\u202f'’"
GROUPED_FROM = 10_000  # the first number that is written with marks between its thousands


class NotAnAmount(ValueError):
    """What was typed cannot be read as an amount of that currency; the message says why, to the person who typed."""


class CurrencyMismatch(ValueError):
    """Two currencies were about to be added or compared."""


def exponent(currency: str) -> int:
    """How many decimals the currency's minor unit stands for: 2 for USD, 0 for JPY."""
    return _EXPONENTS.get(currency.upper(), 2)


def symbol(currency: str) -> str:
    """The sign an amount begins with; a currency without a sign of its own begins with its code."""
    return _SYMBOLS.get(currency.upper(), f"{currency.upper()} ")


def to_decimal(minor: int, currency: str) -> Decimal:
    return Decimal(f"{minor}E-{exponent(currency)}")


def to_minor(amount: Decimal, currency: str) -> int:
    """Raises NotAnAmount when the amount has more decimals than the currency."""
    if not amount.is_finite():
        raise NotAnAmount("Type an amount, for example 25.")
    numerator, denominator = amount.as_integer_ratio()
    minor, rest = divmod(numerator * 10 ** exponent(currency), denominator)
    if rest:
        raise NotAnAmount(f"{currency.upper()} has {_decimals_in_words(currency)}.")
    return minor


@dataclass(frozen=True)
class Money:
    """An amount in minor units with its ISO 4217 code. Adding another currency raises CurrencyMismatch."""

    minor: int
    currency: str

    def __post_init__(self):
        if type(self.minor) is not int:
            raise TypeError(f"Money counts whole minor units, not {self.minor!r}")

    @property
    def decimal(self) -> Decimal:
        return to_decimal(self.minor, self.currency)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other).minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other).minor

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other).minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        """With the sign and without empty decimals: $1018, €10.50, −$25, $10,180."""
        return f"{'−' if self.minor < 0 else ''}{symbol(self.currency)}{self.figure.lstrip('-')}"

    @property
    def figure(self) -> str:
        """The digits alone: 1018, 10.50 or 10,180. Four digits stand together, as in running text."""
        whole = self.decimal == self.decimal.to_integral_value()
        text = f"{self.decimal:,.0f}" if whole else f"{self.decimal:,.{exponent(self.currency)}f}"
        return text if abs(self.decimal) >= GROUPED_FROM else text.replace(",", "")

    @property
    def typed(self) -> str:
        """As it stands in a field: `parse` reads it as the same amount, whatever the currency's decimals."""
        return self.figure.replace(",", "")

    @property
    def with_code(self) -> str:
        """For places where a sign alone could be mistaken: $10.50 USD. A sign that tells its currency stands alone."""
        return f"{self} {self.currency}" if symbol(self.currency) in _HOME_SIGNS.values() else str(self)

    def _same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")
        return other


def parse(text: str, currency: str) -> Money:
    """
    What a person typed, in either habit: "1.000,50" and "1,000.50" are the same. A single mark followed by exactly
    three digits groups thousands, unless the currency has three decimals. Raises NotAnAmount with words to show.
    """
    cleaned = _without_signs(text, currency)
    if not cleaned:
        raise NotAnAmount("Type an amount, for example 25.")
    if re.search(r"[$€£¥]", cleaned):
        raise NotAnAmount(f"This is about {currency.upper()}. Type the amount in {currency.upper()}, for example 25.")
    if not re.fullmatch(r"[0-9][0-9.,]*", cleaned):
        raise NotAnAmount(f"“{text.strip()[:40]}” is not an amount. Type digits only, for example 25 or 10.50.")
    try:
        amount = Decimal(_with_point(cleaned, currency))
    except InvalidOperation as error:
        raise NotAnAmount(f"“{text.strip()[:40]}” can be read in two ways. Type it without thousands marks.") from error
    if amount >= Decimal(10) ** 12:
        raise NotAnAmount("That is more than anybody can pledge.")
    return Money(to_minor(amount, currency), currency.upper())


def insist_on_chargeable(money: Money) -> Money:
    """The same amount. Raises NotAnAmount where Stripe could not charge it or pay it out."""
    step = _CHARGE_STEPS.get(money.currency, 1)
    if money.minor % step == 0:
        return money
    how = "without decimals" if step == 100 else "with two decimals at most"
    raise NotAnAmount(f"Type an amount in {money.currency} {how}.")


def _without_signs(text: str, currency: str) -> str:
    cleaned = text.strip().upper()
    for sign in (currency.upper(), symbol(currency).strip(), _HOME_SIGNS.get(currency.upper(), "")):
        cleaned = cleaned.removeprefix(sign).removesuffix(sign).strip()
    for space in _SPACES:
        cleaned = re.sub(rf"(?<=\d){re.escape(space)}(?=\d{{3}}(?!\d))", "", cleaned)
    return cleaned.removesuffix(".–").removesuffix(",–").removesuffix(".-").removesuffix(",-")


def _with_point(digits: str, currency: str) -> str:
    """The same number with a point for its decimals and no other mark; unreadable arrangements stay unreadable."""
    marks = re.findall(r"[.,]", digits)
    if not marks:
        return digits
    last = marks[-1]
    head, tail = digits.rsplit(last, 1)
    groups_only = len(tail) == 3 and exponent(currency) != 3 and head.strip("0") != ""
    if len(set(marks)) == 1 and (len(marks) > 1 or groups_only):
        return re.sub(r"[.,]", "", digits) if _GROUPED.fullmatch(digits) else "unreadable"
    if re.search(r"[.,]", head) and not (_GROUPED.fullmatch(head) and last not in head):
        return "unreadable"
    return f"{re.sub(r'[.,]', '', head)}.{tail or '0'}"


def _decimals_in_words(currency: str) -> str:
    return {0: "no decimals", 2: "two decimals", 3: "three decimals"}[exponent(currency)]
