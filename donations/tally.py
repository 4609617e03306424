"""
What a quarter came to: who backs it, what was received and what is promised, per currency and in the base currency.
Read only. Nothing is summed up in advance; the sentence is one query, and so are the sums behind it.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.conf import settings
from django.db.models import (
    Aggregate,
    BigIntegerField,
    Count,
    DateTimeField,
    DecimalField,
    Func,
    IntegerField,
    Min,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Sum,
    TextField,
    Value,
)
from django.db.models.functions import Coalesce

from donations import disclosure, money, periods, rates
from donations.mode import is_live
from donations.models import Contribution, Currency, ExchangeRate, LateEntry, QuarterBook
from donations.models.fields import QuarterField
from donations.money import Money
from donations.quarters import Quarter
from foundation import clock

MICRO = 1_000_000


@dataclass(frozen=True)
class InCurrency:
    """
    What a quarter holds in one currency: minor units of it, and millionths of the base currency's unit.
    `unconverted_minor` is the part of both that no rate is known for; it is in no base sum. The people behind each sum
    are counted, since a sum over few of them is not told to the public (`donations.disclosure`).
    """

    currency: str
    received_minor: int = 0
    promised_minor: int = 0
    received_micro: int = 0
    promised_micro: int = 0
    unconverted_minor: int = 0
    backers: int = 0
    received_backers: int = 0
    promised_backers: int = 0
    unrated_backers: int = 0  # at least so many stand behind `unconverted_minor`

    @property
    def received(self) -> Money:
        return Money(self.received_minor, self.currency)

    @property
    def promised(self) -> Money:
        return Money(self.promised_minor, self.currency)

    @property
    def total(self) -> Money:
        return Money(self.received_minor + self.promised_minor, self.currency)

    @property
    def unconverted(self) -> Money:
        return Money(self.unconverted_minor, self.currency)


@dataclass(frozen=True)
class Tally:
    """One quarter. Sums in the base currency are millionths of its unit until they are shown."""

    quarter: Quarter
    backers: int
    currencies: tuple[InCurrency, ...]
    goal_minor: int | None = None
    base: str = field(default_factory=lambda: settings.BASE_CURRENCY)
    received_backers: int = 0
    promised_backers: int = 0

    @property
    def received_micro(self) -> int:
        return sum(each.received_micro for each in self.currencies)

    @property
    def promised_micro(self) -> int:
        return sum(each.promised_micro for each in self.currencies)

    @property
    def received(self) -> Money:
        return whole_units(self.received_micro, self.base)

    @property
    def promised(self) -> Money:
        return whole_units(self.promised_micro, self.base)

    @property
    def total(self) -> Money:
        """Received and promised, in whole units of the base currency, rounded down once."""
        return whole_units(self.received_micro + self.promised_micro, self.base)

    @property
    def is_converted(self) -> bool:
        return any(
            each.currency != self.base and (each.received_micro or each.promised_micro) for each in self.currencies
        )

    @property
    def unconverted(self) -> list[Money]:
        return [Money(each.unconverted_minor, each.currency) for each in self.currencies if each.unconverted_minor]

    @property
    def is_hidden(self) -> bool:
        """With so few people behind the sum in the base currency it would tell what one of them gave."""
        unrated = sum(each.unrated_backers for each in self.currencies)
        rated = disclosure.Crowd(max(0, self.backers - unrated), self.backers)
        return disclosure.is_telling(rated) and (not unrated or self.received_micro + self.promised_micro > 0)

    @property
    def goal(self) -> Money | None:
        return Money(self.goal_minor, self.base) if self.goal_minor else None

    @property
    def percent(self) -> int | None:
        """Of the goal, rounded down, without a ceiling; None without a goal."""
        return self.percent_with(self.received_micro + self.promised_micro)

    def percent_with(self, micro: int) -> int | None:
        if not self.goal_minor:
            return None
        goal_micro = self.goal_minor * MICRO // 10 ** money.exponent(self.base)
        return micro * 100 // goal_micro


def whole_units(micro: int, currency: str) -> Money:
    """Rounded down to whole units (towards zero for a negative sum)."""
    units = abs(micro) // MICRO
    return Money((units if micro >= 0 else -units) * 10 ** money.exponent(currency), currency)


@dataclass(frozen=True)
class Ask:
    """What the head of every page says: the next quarter's tally, and the currencies a pledge may be made in."""

    tally: Tally
    offered: tuple[str, ...]
    lapses_at: dt.datetime | None  # the first promise that ends by time alone

    @property
    def true_until(self) -> dt.datetime:
        """By the quarter that was read, not by the clock after the reading: the quarter may have turned meanwhile."""
        return first_of(periods.start_of(self.tally.quarter), self.lapses_at)


def first_of(*moments: dt.datetime | None) -> dt.datetime:
    return min(moment for moment in moments if moment)


def for_ask() -> Ask:
    """Sentence, goal and links to the other currencies: one query, whatever the size of the ledger."""
    now = clock.now()
    quarter = periods.quarter_of(now).next
    rows = list(_by_currency(quarter, now))
    offered = tuple(row.code for row in rows if row.is_offered)
    return Ask(_tally(quarter, rows), offered, rows[0].lapses_at if rows else None)


def for_sentence() -> Tally:
    """The next quarter, which the sentence on every page speaks of."""
    return for_quarter(periods.next_quarter())


def for_quarter(quarter: Quarter) -> Tally:
    """One query, whatever the size of the ledger. A closed quarter is recomputed here like any other."""
    return _tally(quarter, list(_by_currency(quarter, clock.now())))


def _tally(quarter: Quarter, rows: list) -> Tally:
    """Without any currency there is nothing to sum: such a site has not been set up."""
    return Tally(
        quarter=quarter,
        backers=rows[0].backers or 0 if rows else 0,
        goal_minor=rows[0].goal_minor if rows else None,
        currencies=_holding(
            _in_currency(row.code, _out_of_text(row.sums), _rate(row.code, row.latest_rate)) for row in rows
        ),
    )


def _rate(currency: str, latest: Decimal | None) -> Decimal | None:
    return Decimal(1) if currency == settings.BASE_CURRENCY else latest


def _by_currency(quarter: Quarter, now: dt.datetime):
    """A row for each of the site's currencies; the quarter's people and goal stand beside each."""
    livemode = is_live()
    counting = Contribution.objects.in_quarter(quarter, livemode=livemode).counting(now).order_by()
    books = QuarterBook.objects.filter(quarter=quarter, livemode=livemode)
    sums = counting.filter(currency=OuterRef("code")).values("currency").annotate(sums=_in_one_text(_sums()))
    people = counting.values("quarter").annotate(people=Count("backer", distinct=True))
    lapsing = counting.filter(lapses_at__isnull=False).values("quarter").annotate(first=Min("lapses_at"))
    return _with_latest_rate(Currency.objects.all(), now).annotate(
        sums=Subquery(sums.values("sums"), output_field=TextField()),
        backers=Subquery(people.values("people"), output_field=IntegerField()),
        goal_minor=Subquery(books.values("goal_minor"), output_field=BigIntegerField()),
        lapses_at=Subquery(lapsing.values("first"), output_field=DateTimeField()),
    )


class _Format(Func):
    """The arguments after the first, written into the places that it has for them; in SQLite PRINTF."""

    function = "FORMAT"
    output_field = TextField()

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, function="PRINTF", **context)


def _in_one_text(sums: dict[str, Aggregate]) -> _Format:
    """
    A subquery brings one value, and a subquery for each sum would read the quarter as often. Not as JSON: before that
    SQLite is asked, on every new connection and by a transaction that waits for its writers, whether it knows JSON.
    """
    places = Value(" ".join(["%s"] * len(sums)), output_field=TextField())
    return _Format(places, *(Coalesce(figure, 0) for figure in sums.values()))


def _out_of_text(sums: str | None) -> dict[str, str]:
    return dict(zip(_sums(), sums.split(), strict=True)) if sums else {}


def _with_latest_rate(currencies, now: dt.datetime):
    known = ExchangeRate.objects.converting(OuterRef("code"), base=settings.BASE_CURRENCY).known_on(now.date())
    newest = known.order_by("-dated_on").values("rate")[:1]
    return currencies.annotate(
        latest_rate=Subquery(newest, output_field=DecimalField(max_digits=20, decimal_places=10))
    )


def _in_currency(currency: str, sums: dict, rate: Decimal | None) -> InCurrency:
    """Promises at the latest rate; without any they stay apart, like payments without one."""
    sums = {name: int(figure or 0) for name, figure in sums.items()}
    promised_minor = sums.get("promised_minor", 0)
    if rate is None and promised_minor:
        sums["unconverted_minor"] += promised_minor
        sums["unrated_backers"] = max(sums["unrated_backers"], sums["promised_backers"])
    elif promised_minor:
        sums["promised_micro"] = rates.to_base_micro(promised_minor, currency, rate)
    return InCurrency(currency, **sums)


def _holding(currencies: Iterable[InCurrency]) -> tuple[InCurrency, ...]:
    return tuple(each for each in currencies if each.received_minor or each.promised_minor)


@dataclass(frozen=True)
class Page:
    """A quarter on the figures page: as it is now, as it was closed, and what came since."""

    tally: Tally
    book: QuarterBook | None
    late_entries: tuple[LateEntry, ...] = ()
    lapses_at: dt.datetime | None = None  # the first of its promises that ends by time alone

    @property
    def is_closed(self) -> bool:
        return bool(self.book and self.book.closed_at)

    @property
    def closed_received(self) -> Money:
        return whole_units(self.book.closed_base_micro, self.tally.base)

    @property
    def closed_percent(self) -> int | None:
        """How far the goal was reached when the books were closed, which is what readers are told of it for good."""
        return self.tally.percent_with(self.book.closed_base_micro)


def figures(
    first: Quarter | None, last: Quarter, *, with_closed: bool = True, now: dt.datetime | None = None
) -> list[Page]:
    """
    All quarters from first to last, the last first, in a number of queries that does not grow with them. Without a
    first they begin with the first that holds anything. Without the closed ones those are not read at all, which is
    most of the work: of them only the book is told.
    """
    now = now or clock.now()
    reach = {"livemode": is_live(), "quarter__lte": last} | ({"quarter__gte": first} if first else {})
    books = {book.quarter: book for book in _books(**reach)}
    closed = [quarter for quarter, book in books.items() if book.closed_at]
    if closed and not with_closed:
        begin = first or books[closed[0]].first_held or last
        reach = {"livemode": is_live(), "quarter__in": _open_ones(begin, last, closed)}
    span = Contribution.objects.filter(**reach).counting(now).order_by()
    lapsing = Min("lapses_at", filter=Q(state=Contribution.State.PROMISED))
    people = {row.pop("quarter"): row for row in span.values("quarter").annotate(**_people(), lapses_at=lapsing)}
    first = first or min([last, *people, *closed])
    sums = _sums_by_quarter(span, now)
    return [
        _page(quarter, sums[quarter], people.get(quarter, {}), books.get(quarter))
        for quarter in (Quarter.from_ordinal(number) for number in range(last.ordinal, first.ordinal - 1, -1))
    ]


def _open_ones(first: Quarter, last: Quarter, closed: list[Quarter]) -> list[Quarter]:
    """By name, so that the index leads to each: "all but the closed ones" would read all to leave them out."""
    span = map(Quarter.from_ordinal, range(first.ordinal, last.ordinal + 1))
    return sorted(set(span) - set(closed))


def _sums_by_quarter(span, now: dt.datetime) -> dict[Quarter, list[InCurrency]]:
    sums = defaultdict(list)
    known = dict(_with_latest_rate(Currency.objects.all(), now).values_list("code", "latest_rate"))
    for row in span.values("quarter", "currency").annotate(**_sums()):
        quarter, currency = row.pop("quarter"), row.pop("currency")
        sums[quarter].append(_in_currency(currency, row, _rate(currency, known.get(currency))))
    return sums


def _books(**reach):
    """Each with the first quarter of all that holds anything, for who does not want to ask for that by itself."""
    late = LateEntry.objects.select_related("payment")
    held = Contribution.objects.filter(livemode=reach["livemode"]).order_by("quarter").values("quarter")[:1]
    books = QuarterBook.objects.filter(**reach).annotate(first_held=Subquery(held, output_field=QuarterField()))
    return books.prefetch_related(Prefetch("late_entries", queryset=late))


def _sums() -> dict[str, Aggregate]:
    """Over contributions that count: sums, and how many people stand behind each."""
    paid, promised = Q(state=Contribution.State.PAID), Q(state=Contribution.State.PROMISED)
    unrated = paid & Q(base_micro=None)
    return {
        "received_minor": Sum("amount_minor", filter=paid),
        "received_micro": Sum("base_micro", filter=paid),
        "unconverted_minor": Sum("amount_minor", filter=unrated),
        "promised_minor": Sum("amount_minor", filter=promised),
        "unrated_backers": Count("backer", distinct=True, filter=unrated),
        **_people(),
    }


def _people() -> dict[str, Aggregate]:
    return {
        "backers": Count("backer", distinct=True),
        "received_backers": Count("backer", distinct=True, filter=Q(state=Contribution.State.PAID)),
        "promised_backers": Count("backer", distinct=True, filter=Q(state=Contribution.State.PROMISED)),
    }


def _page(quarter: Quarter, currencies: list[InCurrency], people: dict, book: QuarterBook | None) -> Page:
    holding = tuple(sorted(_holding(currencies), key=lambda each: each.currency))
    tally = Tally(
        quarter,
        people.get("backers", 0),
        holding,
        goal_minor=book.goal_minor if book else None,
        received_backers=people.get("received_backers", 0),
        promised_backers=people.get("promised_backers", 0),
    )
    return Page(tally, book, tuple(book.late_entries.all()) if book else (), people.get("lapses_at"))
