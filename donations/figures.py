"""
The figures as the public may see them: quarters with their sums, in the form in which page, chart, CSV and JSON all
show them. What would tell what one person gave is left out here, once for all four (`donations.disclosure`).
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings

from donations import books, money, periods, tally, wording
from donations.disclosure import Crowd, is_telling, showable, threshold
from donations.models import Currency, LateEntry
from donations.money import Money
from donations.quarters import Quarter
from donations.wording import Goal
from foundation import clock


@dataclass(frozen=True)
class Change:
    """
    What changed after the books were closed: one entry, or so many together that their sum tells of nobody alone.
    `money` is None while too few have come together.
    """

    first_at: dt.datetime
    last_at: dt.datetime
    reasons: tuple[str, ...]
    backers: int
    micro: int
    money: Money | None
    is_about: bool = False
    apart: tuple[str, ...] = ()  # amounts without a rate

    @property
    def backers_in_words(self) -> str:
        more = "fewer" if self.backers < 0 else "more"
        return f"{wording.people(abs(self.backers))} {more}" if self.backers else ""


@dataclass(frozen=True)
class InCurrency:
    """`money` is None where the sum of that currency would tell what few people gave."""

    currency: str
    money: Money | None


@dataclass(frozen=True)
class PublicQuarter:
    """Sums are None where they are not told. Received and promised are told apart or, both None, together only."""

    quarter: Quarter
    state: books.State
    backers: int
    total: Money | None
    received: Money | None
    promised: Money | None
    is_about: bool
    currencies: tuple[InCurrency, ...] = ()
    apart: tuple[str, ...] = ()
    goal: Goal | None = None
    closed_at: dt.datetime | None = None
    changes: tuple[Change, ...] = field(default_factory=tuple)

    @property
    def months(self) -> str:
        return wording.months(self.quarter)

    @property
    def is_ahead(self) -> bool:
        return self.state == books.State.AHEAD

    @property
    def is_hidden(self) -> bool:
        return self.backers > 0 and self.total is None

    @property
    def changed_micro(self) -> int:
        """The part of the changes that is told."""
        return sum(change.micro for change in self.changes if change.money)


@dataclass(frozen=True)
class Reading:
    """The next quarter first, then back to the first that holds anything: read at one moment, true for a while."""

    pages: list[tally.Page]
    true_until: dt.datetime

    @property
    def quarters(self) -> list[PublicQuarter]:
        return [_public(page) for page in self.pages]

    def ask(self) -> tally.Ask:
        """Of the same reading: a page that shows both never shows two figures."""
        offered = tuple(Currency.objects.offered().values_list("code", flat=True))
        return tally.Ask(self.pages[0].tally, offered, self.pages[0].lapses_at)


def read() -> Reading:
    """Few queries, however many quarters."""
    now = clock.now()
    pages = tally.figures(None, periods.quarter_of(now).next, with_closed=False, now=now)
    turn = periods.end_of(periods.quarter_of(now))
    return Reading(pages, tally.first_of(turn, *(page.lapses_at for page in pages)))


def public_quarters() -> list[PublicQuarter]:
    return read().quarters


def all_currencies(quarters: Iterable[PublicQuarter]) -> list[str]:
    """Those of any of the quarters, the base currency first."""
    found = {each.currency for quarter in quarters for each in quarter.currencies}
    return sorted(found, key=lambda code: (code != settings.BASE_CURRENCY, code))


def _public(page: tally.Page) -> PublicQuarter:
    return _as_closed(page) if page.is_closed else _as_it_stands(page.tally, books.state(page.tally.quarter, page.book))


def _as_it_stands(now: tally.Tally, state: books.State) -> PublicQuarter:
    is_split = _may_be_split(now)
    shown = wording.showable_currencies(now, is_split=is_split)
    return PublicQuarter(
        quarter=now.quarter,
        state=state,
        backers=now.backers,
        total=None if now.is_hidden else now.total,
        received=now.received if is_split else None,
        promised=now.promised if is_split else None,
        is_about=now.is_converted,
        currencies=tuple(
            InCurrency(each.currency, each.total if each.currency in shown else None) for each in now.currencies
        ),
        apart=tuple(wording.apart_from_the_total(now, shown)),
        goal=Goal.of(now),
    )


def _may_be_split(now: tally.Tally) -> bool:
    """Received and promised may be told apart when enough people stand behind each."""
    if now.is_hidden or (now.unconverted and threshold()):
        return False
    return not any(is_telling(Crowd.of(people)) for people in (now.received_backers, now.promised_backers))


def _as_closed(page: tally.Page) -> PublicQuarter:
    """The figure as it was closed, and what changed since. What few had given then stays untold whoever came later."""
    book, base = page.book, page.tally.base
    parts = {code: _crowds_at_closing(book, code) for code in book.closed_totals}
    unrated = sum(unrated for _everybody, unrated in book.closed_people.values())
    rated = Crowd(max(0, book.closed_backers - unrated), book.closed_backers)
    is_hidden = is_telling(rated) and (not unrated or book.closed_base_micro > 0)
    can_tell = book.closed_backers and (not is_hidden or book.closed_unconverted)
    shown = showable(parts, {"everybody": book.closed_backers}) if can_tell else set()
    total = None if is_hidden else page.closed_received
    return PublicQuarter(
        quarter=page.tally.quarter,
        state=books.State.CLOSED,
        backers=book.closed_backers,
        total=total,
        received=total,
        promised=None if is_hidden else Money(0, base),
        is_about=any(code != base and minor > book.closed_unconverted.get(code, 0) for code, minor in _sums(book)),
        currencies=tuple(
            InCurrency(code, Money(minor, code) if code in shown else None) for code, minor in _sums(book)
        ),
        apart=tuple(
            wording.amount(Money(minor, code)) if code in shown else f"an amount in {code}"
            for code, minor in sorted(book.closed_unconverted.items())
        ),
        goal=_goal_at_closing(page, is_hidden),
        closed_at=book.closed_at,
        changes=tuple(_changes(page.late_entries, base)),
    )


def _sums(book) -> list[tuple[str, int]]:
    return sorted(book.closed_totals.items())


def _goal_at_closing(page: tally.Page, is_hidden: bool) -> Goal | None:
    goal = page.tally.goal
    return None if goal is None else Goal(goal, None if is_hidden else page.closed_percent)


def _crowds_at_closing(book, code: str) -> dict[str, Crowd]:
    """Nothing is known of people in books that were closed before they were counted: then nothing is told."""
    everybody, unrated = book.closed_people.get(code, (0, 0))
    crowds = {"everybody": Crowd(everybody, everybody or book.closed_backers)}
    unconverted = book.closed_unconverted.get(code, 0)
    if unconverted:
        crowds["unrated"] = Crowd(unrated, everybody)
    if 0 < unconverted < book.closed_totals[code]:
        crowds["rated"] = Crowd(max(0, everybody - unrated), everybody)
    return crowds


def _changes(entries: Iterable[LateEntry], base: str) -> list[Change]:
    """Put together in the order in which they were recorded, so that what was told once together stays together."""
    changes, waiting = [], []
    for entry in sorted(entries, key=lambda entry: entry.pk):
        waiting.append(entry)
        if threshold() == 0 or len(_people_behind(waiting)) >= threshold():
            changes.append(_change(waiting, base, is_told=True))
            waiting = []
    changes += [_change([entry], base, is_told=False) for entry in waiting]
    return sorted(changes, key=lambda change: change.first_at)


def _people_behind(entries: Iterable[LateEntry]) -> set[int]:
    return {entry.payment.backer_id for entry in entries if entry.payment and entry.base_micro}


def _change(entries: list[LateEntry], base: str, *, is_told: bool) -> Change:
    micro = sum(entry.base_micro for entry in entries)
    unconverted = Counter()
    for entry in entries:
        unconverted[entry.currency] += entry.unconverted_minor
    moments = [entry.occurred_at for entry in entries]
    return Change(
        first_at=min(moments),
        last_at=max(moments),
        reasons=tuple(dict.fromkeys(entry.get_reason_display() for entry in entries)),
        backers=sum(entry.backers for entry in entries),
        micro=micro,
        money=to_the_cent(micro, base) if is_told else None,
        is_about=any(entry.currency != base and entry.base_micro for entry in entries),
        apart=tuple(
            wording.amount(Money(minor, code)) if threshold() == 0 else f"an amount in {code}"
            for code, minor in sorted(unconverted.items())
            if minor
        ),
    )


def to_the_cent(micro: int, currency: str) -> Money:
    """Rounded half up: a change is told more exactly than a total."""
    unit = tally.MICRO // 10 ** money.exponent(currency)
    minor = (abs(micro) + unit // 2) // unit
    return Money(minor if micro >= 0 else -minor, currency)
