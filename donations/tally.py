"""
What a quarter came to: who backs it, what was received and what is promised, per currency and in the base currency.
Read only. Nothing is summed up in advance; the sentence is one query, and so are the sums behind it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.conf import settings
from django.db.models import BigIntegerField, Count, DecimalField, IntegerField, OuterRef, Q, Subquery, Sum

from donations import money, periods, rates
from donations.mode import is_live
from donations.models import Contribution, Currency, ExchangeRate, LateEntry, QuarterBook
from donations.money import Money
from donations.quarters import Quarter
from foundation import clock

MICRO = 1_000_000


@dataclass(frozen=True)
class InCurrency:
    """
    What a quarter holds in one currency: minor units of it, and millionths of the base currency's unit.
    `unconverted_minor` is the part of both that no rate is known for; it is in no base sum.
    """

    currency: str
    received_minor: int = 0
    promised_minor: int = 0
    received_micro: int = 0
    promised_micro: int = 0
    unconverted_minor: int = 0

    @property
    def received(self) -> Money:
        return Money(self.received_minor, self.currency)

    @property
    def promised(self) -> Money:
        return Money(self.promised_minor, self.currency)


@dataclass(frozen=True)
class Tally:
    """One quarter. Sums in the base currency are millionths of its unit until they are shown."""

    quarter: Quarter
    backers: int
    currencies: tuple[InCurrency, ...]
    goal_minor: int | None = None
    base: str = field(default_factory=lambda: settings.BASE_CURRENCY)

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
        """With so few backers an amount would tell what one person gave."""
        return 0 < self.backers < settings.AMOUNTS_HIDDEN_BELOW

    @property
    def goal(self) -> Money | None:
        return Money(self.goal_minor, self.base) if self.goal_minor else None

    @property
    def percent(self) -> int | None:
        """Of the goal, rounded down, without a ceiling; None without a goal."""
        if not self.goal_minor:
            return None
        goal_micro = self.goal_minor * MICRO // 10 ** money.exponent(self.base)
        return (self.received_micro + self.promised_micro) * 100 // goal_micro


def whole_units(micro: int, currency: str) -> Money:
    """Rounded down to whole units (towards zero for a negative sum)."""
    units = abs(micro) // MICRO
    return Money((units if micro >= 0 else -units) * 10 ** money.exponent(currency), currency)


def for_sentence() -> Tally:
    """The next quarter, which the sentence on every page speaks of."""
    return for_quarter(periods.next_quarter())


def for_quarter(quarter: Quarter) -> Tally:
    """One query, whatever the size of the ledger. A closed quarter is recomputed here like any other."""
    rows = list(_by_currency(quarter, livemode=is_live()))
    return Tally(
        quarter=quarter,
        backers=rows[0].backers or 0 if rows else 0,
        goal_minor=rows[0].goal_minor if rows else None,
        currencies=tuple(each for each in map(_in_currency, rows) if each.received_minor or each.promised_minor),
    )


def _by_currency(quarter: Quarter, *, livemode: bool):
    """A row for each of the site's currencies; the quarter's people and goal stand beside each."""
    everything = Contribution.objects.in_quarter(quarter, livemode=livemode).order_by()
    ours = everything.filter(currency=OuterRef("code"))
    received, promised = ours.received(), ours.promised(clock.now())
    books = QuarterBook.objects.filter(quarter=quarter, livemode=livemode)
    return Currency.objects.annotate(
        received_minor=_sum(received, "amount_minor"),
        received_micro=_sum(received, "base_micro"),
        unconverted_minor=_sum(received.filter(base_micro=None), "amount_minor"),
        promised_minor=_sum(promised, "amount_minor"),
        latest_rate=Subquery(
            ExchangeRate.objects.converting(OuterRef("code"), base=settings.BASE_CURRENCY)
            .known_on(clock.now().date())
            .order_by("-dated_on")
            .values("rate")[:1],
            output_field=DecimalField(max_digits=20, decimal_places=10),
        ),
        backers=Subquery(
            everything.counting(clock.now())
            .values("quarter")
            .annotate(people=Count("backer", distinct=True))
            .values("people"),
            output_field=IntegerField(),
        ),
        goal_minor=Subquery(books.values("goal_minor"), output_field=BigIntegerField()),
    )


def _sum(rows, field_name: str) -> Subquery:
    return Subquery(
        rows.values("currency").annotate(total=Sum(field_name)).values("total"), output_field=BigIntegerField()
    )


def _in_currency(row) -> InCurrency:
    return _with_promises(
        row.code,
        received_minor=int(row.received_minor or 0),
        received_micro=int(row.received_micro or 0),
        unconverted_minor=int(row.unconverted_minor or 0),
        promised_minor=int(row.promised_minor or 0),
        rate=Decimal(1) if row.code == settings.BASE_CURRENCY else row.latest_rate,
    )


def _with_promises(currency: str, *, promised_minor: int, rate: Decimal | None, unconverted_minor: int, **received):
    """Promises at the latest rate; without any they stay apart, like payments without one."""
    if rate is None:
        return InCurrency(
            currency, promised_minor=promised_minor, unconverted_minor=unconverted_minor + promised_minor, **received
        )
    return InCurrency(
        currency,
        promised_minor=promised_minor,
        promised_micro=rates.to_base_micro(promised_minor, currency, rate) if promised_minor else 0,
        unconverted_minor=unconverted_minor,
        **received,
    )


@dataclass(frozen=True)
class Page:
    """A quarter on the figures page: as it is now, as it was closed, and what came since."""

    tally: Tally
    book: QuarterBook | None
    late_entries: tuple[LateEntry, ...] = ()

    @property
    def is_closed(self) -> bool:
        return bool(self.book and self.book.closed_at)

    @property
    def closed_received(self) -> Money:
        return whole_units(self.book.closed_base_micro, self.tally.base)


def figures(first: Quarter, last: Quarter) -> list[Page]:
    """All quarters from first to last, the last first, in a number of queries that does not grow with them."""
    live, now = is_live(), clock.now()
    span = Contribution.objects.filter(livemode=live, quarter__gte=first, quarter__lte=last).order_by()
    sums = defaultdict(list)
    latest = {code: rates.latest(code) for code in Currency.objects.values_list("code", flat=True)}
    for row in span.values("quarter", "currency").annotate(**_sums(now)):
        rate = latest.get(row["currency"])
        sums[row["quarter"]].append(
            _with_promises(
                row["currency"],
                received_minor=int(row["received_minor"] or 0),
                received_micro=int(row["received_micro"] or 0),
                unconverted_minor=int(row["unconverted_minor"] or 0),
                promised_minor=int(row["promised_minor"] or 0),
                rate=rate.rate if rate else None,
            )
        )
    people = dict(
        span.counting(now)
        .values("quarter")
        .annotate(people=Count("backer", distinct=True))
        .values_list("quarter", "people")
    )
    books = {
        book.quarter: book
        for book in QuarterBook.objects.filter(livemode=live, quarter__gte=first, quarter__lte=last).prefetch_related(
            "late_entries"
        )
    }
    return [
        _page(quarter, sums[quarter], people.get(quarter, 0), books.get(quarter))
        for quarter in (Quarter.from_ordinal(number) for number in range(last.ordinal, first.ordinal - 1, -1))
    ]


def _sums(now) -> dict[str, Sum]:
    received = Q(state=Contribution.State.PAID, amount_minor__gt=0)
    promised = Q(state=Contribution.State.PROMISED) & (Q(lapses_at=None) | Q(lapses_at__gt=now))
    return {
        "received_minor": Sum("amount_minor", filter=received),
        "received_micro": Sum("base_micro", filter=received),
        "unconverted_minor": Sum("amount_minor", filter=received & Q(base_micro=None)),
        "promised_minor": Sum("amount_minor", filter=promised),
    }


def _page(quarter: Quarter, currencies: Iterable[InCurrency], backers: int, book: QuarterBook | None) -> Page:
    holding = tuple(
        sorted(
            (each for each in currencies if each.received_minor or each.promised_minor), key=lambda each: each.currency
        )
    )
    tally = Tally(quarter, backers, holding, goal_minor=book.goal_minor if book else None)
    return Page(tally, book, tuple(book.late_entries.all()) if book else ())
