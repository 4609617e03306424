"""
The sentence and its parts, as plain text: the same on every page, in letters and in feeds. Sums over few people are
left out here (`donations.disclosure`).
"""

from dataclasses import dataclass

from django.conf import settings
from django.utils.formats import date_format
from django.utils.text import get_text_list

from donations.disclosure import Crowd, showable
from donations.money import GROUPED_FROM, Money, symbol
from donations.quarters import Quarter
from donations.tally import InCurrency, Tally


def sentence(tally: Tally) -> str:
    """So far 39 of you are backing the next quarter with $1018."""
    if tally.backers == 0:
        return "So far nobody is backing the next quarter."
    verb = "is" if tally.backers == 1 else "are"
    who = f"So far {count(tally.backers)} of you {verb} backing the next quarter"
    return f"{who}{_with(tally)}."


def _with(tally: Tally) -> str:
    total = "" if tally.is_hidden else _total(tally)
    apart = get_text_list(apart_from_the_total(tally), "and")
    if not apart:
        return f" with {total}" if total else ""
    unrated = f" with {apart} for which there is no exchange rate yet"
    return f" with {total}, and{unrated}" if total else unrated


def _total(tally: Tally) -> str:
    micro = tally.received_micro + tally.promised_micro
    if micro <= 0:
        return ""
    if tally.total.minor == 0:
        return f"less than {symbol(tally.base)}1"
    return about(amount(tally.total), is_converted=tally.is_converted)


def apart_from_the_total(tally: Tally, shown: set[str] | None = None) -> list[str]:
    """What no rate is known for, in its own currency; where few gave it, that there is something."""
    shown = showable_currencies(tally) if shown is None else shown
    return [
        amount(each.unconverted) if each.currency in shown else f"an amount in {each.currency}"
        for each in tally.currencies
        if each.unconverted_minor
    ]


def showable_currencies(tally: Tally, *, is_split: bool = False) -> set[str]:
    """
    The currencies whose sums may stand beside the total; with `is_split` beside received and promised apart. A sum
    without a rate is no part of that total.
    """
    if tally.backers == 0 or (tally.is_hidden and not tally.unconverted):
        return set()
    parts = {each.currency: _crowds(each, is_split) for each in tally.currencies}
    whole = {"everybody": tally.backers}
    if is_split:
        whole |= {"received": tally.received_backers, "promised": tally.promised_backers}
    return showable(parts, whole)


def _crowds(each: InCurrency, is_split: bool) -> dict[str, Crowd]:
    crowds = {"everybody": Crowd.of(each.backers)}
    if is_split:
        crowds |= {"received": Crowd.of(each.received_backers), "promised": Crowd.of(each.promised_backers)}
    if each.unconverted_minor:
        crowds["unrated"] = Crowd(each.unrated_backers, each.backers)
    if 0 < each.unconverted_minor < each.total.minor:
        crowds["rated"] = Crowd(max(0, each.backers - each.unrated_backers), each.backers)
    return crowds


def about(text: str, *, is_converted: bool) -> str:
    return f"about {text}" if is_converted else text


def amount(money: Money) -> str:
    """$25, $1018, $10,180: as everywhere (`donations.money`)."""
    return str(money)


def count(number: int) -> str:
    return f"{number:,}" if number >= GROUPED_FROM else str(number)


def people(number: int) -> str:
    """1 backer, 39 backers"""
    return f"{count(number)} backer{'' if number == 1 else 's'}"


def months(quarter: Quarter) -> str:
    """January to March 2027"""
    last = quarter.last_day()
    first = last.replace(month=last.month - 2, day=1)
    return f"{date_format(first, 'F')} to {date_format(last, 'F Y')}"


@dataclass(frozen=True)
class Goal:
    """A goal and how far it is reached, with what a thin meter needs to be drawn: all in hundredths of its width."""

    money: Money
    percent: int | None  # None where the sum is not shown

    @classmethod
    def of(cls, tally: Tally) -> "Goal | None":
        return cls(tally.goal, None if tally.is_hidden else tally.percent) if tally.goal else None

    @property
    def words(self) -> str:
        if self.percent is None:
            return f"the goal is {amount(self.money)}"
        return f"{count(self.percent)} % of the goal of {amount(self.money)}"

    @property
    def is_beyond(self) -> bool:
        return self.percent is not None and self.percent > 100

    @property
    def filled(self) -> int:
        """Of the meter's width; never below nothing, never beyond the whole."""
        return max(0, min(100, self.percent or 0))

    @property
    def mark(self) -> int:
        """Where the goal stands in a meter that went beyond it."""
        return 100 * 100 // self.percent if self.is_beyond else 100


def other_currencies(offered: tuple[str, ...]) -> list[str]:
    return [code for code in offered if code != settings.BASE_CURRENCY]
