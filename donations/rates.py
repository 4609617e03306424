"""
Exchange rates: what is pinned to a payment, what promises are told in, how the bank's rates are kept, and what a person
may do about those that wait. After a change `ledger.pin_rates()` gives their rate to the payments that lacked one.
"""

import datetime as dt
import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from donations import ecb, money
from donations.models import Currency, ExchangeRate
from foundation import clock, outbound

logger = logging.getLogger(__name__)

MICRO = 1_000_000
# A payment is given no older rate. The bank's longest regular silence, around Easter or Christmas, is five days; a
# currency that it lists no more therefore keeps its last rate for promises, and payments wait for one entered by hand.
OLDEST_PINNED = dt.timedelta(days=7)
# Of the days between two known rates so far apart we know that the bank published nothing: longer holes are ours.
LONGEST_SILENCE = dt.timedelta(days=14)
GAPS_LOOKED_FOR = dt.timedelta(days=90)  # as far back as the bank's smaller history reaches
LARGEST_JUMP = Decimal("0.20")
# A move that looks like the reciprocal of what was: euro per dollar for dollar per euro moves by less than a jump.
LARGEST_FLIP, FLIP_TOLERANCE = Decimal("0.05"), Decimal("0.02")

_STEP = Decimal("1e-10")  # of the column
_XML = ("text/xml", "application/xml")
_DAILY_LIMITS = {"time_limit": 10, "size_limit": 64 * 1024}
_HISTORY_LIMITS = {"time_limit": 60, "size_limit": 24 * 1024 * 1024}


class NotFetched(Exception):
    """The bank's file could not be had or read; nothing was changed. The message says why, for the log."""


class NotEntered(ValueError):
    """What a person asked for cannot be done. The message says why, to that person."""


class Doubtful(NotEntered):
    """The entered rate is far from the one before it: `enter(..., is_sure=True)` takes it all the same."""


@dataclass(frozen=True)
class PinnedRate:
    """What one unit of the currency is worth in the base currency, by the reference rate of that date."""

    rate: Decimal
    dated_on: dt.date


@dataclass(frozen=True)
class Stored:
    """How many rates a fetch brought, and how many of them wait for a person."""

    accepted: int = 0
    waiting: int = 0


@dataclass(frozen=True)
class Gap:
    """A working day of the bank for which no rate of the currency converts anything."""

    currency: str
    dated_on: dt.date
    waiting: ExchangeRate | None


def before(currency: str, date: dt.date) -> PinnedRate | None:
    """
    The last reference rate dated before `date`; None if it is older than a week, or unless it is certain that no later
    one before that date will still come.
    """
    if currency == settings.BASE_CURRENCY:
        return PinnedRate(Decimal(1), date - dt.timedelta(days=1))
    rows = ExchangeRate.objects.of(currency, base=settings.BASE_CURRENCY)
    last = rows.accepted().dated_before(date).order_by("-dated_on").first()
    if last is None or date - last.dated_on > OLDEST_PINNED:
        return None
    if rows.waiting().dated_before(date).filter(dated_on__gt=last.dated_on).exists():
        return None
    if last.dated_on >= last_publication_before(date) or _was_silent_until(date, last.dated_on, rows):
        return PinnedRate(last.rate, last.dated_on)
    return None


def _was_silent_until(date: dt.date, since: dt.date, rows) -> bool:
    """Fetching leaves no short hole before what it stores, so a rate of that date or later is the bank's very next."""
    return (
        rows.exclude(source=ExchangeRate.Source.MANUAL)
        .filter(dated_on__gte=date, dated_on__lte=since + LONGEST_SILENCE)
        .exists()
    )


def latest(currency: str) -> PinnedRate | None:
    """The newest accepted rate, however old, for promises."""
    today = clock.now().date()
    if currency == settings.BASE_CURRENCY:
        return PinnedRate(Decimal(1), today)
    known = ExchangeRate.objects.converting(currency, base=settings.BASE_CURRENCY).known_on(today)
    row = known.order_by("-dated_on").first()
    return PinnedRate(row.rate, row.dated_on) if row else None


def to_base_micro(minor: int, currency: str, rate: Decimal) -> int:
    """Millionths of the base currency's unit, rounded once, half to even."""
    with localcontext(prec=60):
        return int((money.to_decimal(minor, currency) * rate * MICRO).to_integral_value(rounding=ROUND_HALF_EVEN))


def last_publication_before(date: dt.date) -> dt.date:
    """The last day before `date` on which the European Central Bank publishes."""
    day = date - dt.timedelta(days=1)
    while not is_working_day(day):
        day -= dt.timedelta(days=1)
    return day


def is_working_day(day: dt.date) -> bool:
    """By the closing days of the bank's payment system, TARGET, which the reference rates follow since 2002."""
    closed = (day.month, day.day) in {(1, 1), (5, 1), (12, 25), (12, 26)}
    return day.weekday() < 5 and not closed and not _is_easter(day)


def _is_easter(day: dt.date) -> bool:
    """Good Friday or Easter Monday, by the anonymous Gregorian computus."""
    a, b, c = day.year % 19, day.year // 100, day.year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    sunday = dt.date(day.year, f // 31, f % 31 + 1)
    return day in (sunday - dt.timedelta(days=2), sunday + dt.timedelta(days=1))


def fetch_daily() -> Stored:
    """
    The bank's newest day, and its last 90 days with it when days before are missing or something waits that the bank
    may have corrected: so no rate is ever stored ahead of one that is older. Raises NotFetched.
    """
    days = _ask(settings.ECB_DAILY_URL, "ECB_DAILY_URL", _DAILY_LIMITS)
    if _history_is_wanted(days[-1]):
        return _keep([*_ask(settings.ECB_HISTORY_URL, "ECB_HISTORY_URL", _HISTORY_LIMITS), *days])
    return _keep(days)


def fetch_history() -> Stored:
    """All that the history file holds. Raises NotFetched."""
    return _keep(_ask(settings.ECB_HISTORY_URL, "ECB_HISTORY_URL", _HISTORY_LIMITS))


def _ask(url: str, setting: str, limits: dict) -> list[ecb.Day]:
    if not url:
        raise NotFetched(f"{setting} is empty")
    if ExchangeRate.objects.invented().exists():
        raise NotFetched("invented rates are in the way; `manage.py load_sample_rates --remove` takes them out")
    parts = urlsplit(url)
    is_on_this_machine = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")
    try:
        answer = outbound.get(
            url,
            hosts={parts.hostname or ""},
            content_types=_XML,
            local_origin=f"{parts.scheme}://{parts.netloc}" if is_on_this_machine else None,
            **limits,
        )
        days = ecb.read(answer.body)
    except (outbound.OutboundError, ecb.Unreadable) as error:
        raise NotFetched(f"{setting} gave nothing that can be used: {error}") from error
    # What the bank publishes follows the real date, also while the demo's clock is ahead.
    if days[-1].dated_on > clock.real_now().date() + dt.timedelta(days=1):
        raise NotFetched(f"{setting} tells of {days[-1].dated_on}, which has not come yet")
    return days


def wanted() -> list[str]:
    """The codes of the currencies that need a rate."""
    return list(Currency.objects.exclude(code=settings.BASE_CURRENCY).order_by("code").values_list("code", flat=True))


def _history_is_wanted(newest: ecb.Day) -> bool:
    listed = {code for code in wanted() if newest.says_of(code) is not None}
    rows = ExchangeRate.objects.filter(base=settings.BASE_CURRENCY, currency__in=listed)
    there = rows.filter(dated_on=last_publication_before(newest.dated_on)).values_list("currency", flat=True)
    doubtful = rows.from_the_bank().exclude(status=ExchangeRate.Status.ACCEPTED)
    return bool(listed - set(there)) or doubtful.filter(dated_on__gte=newest.dated_on - GAPS_LOOKED_FOR).exists()


def _keep(days: Iterable[ecb.Day]) -> Stored:
    """
    Adds what is new. A rate that was accepted never changes; one that waits or was refused gives way to another that
    the bank wrote for the same day since.
    """
    by_date = {day.dated_on: day for day in days}
    if not any(day.says_of(settings.BASE_CURRENCY) for day in by_date.values()):
        raise NotFetched(f"the bank has no rates of the base currency, {settings.BASE_CURRENCY}")
    fresh: list[ExchangeRate] = []
    with transaction.atomic():
        for currency in wanted():
            fresh += _keep_currency(currency, by_date)
    waiting = [row for row in fresh if row.status == ExchangeRate.Status.WAITING]
    for row in waiting:
        logger.error("A rate waits for a person: %s (the bank wrote: %s)", row, row.written)
    return Stored(accepted=len(fresh) - len(waiting), waiting=len(waiting))


def _keep_currency(currency: str, by_date: dict[dt.date, ecb.Day]) -> list[ExchangeRate]:
    """What was added or replaced, judged from the oldest on: each against the last accepted one before it."""
    rows = ExchangeRate.objects.of(currency, base=settings.BASE_CURRENCY)
    first = min(by_date)
    known = {row.dated_on: row for row in rows.filter(dated_on__gte=first)}
    last = rows.accepted().dated_before(first).order_by("-dated_on").values_list("rate", flat=True).first()
    new, changed = [], []
    for date in sorted({*by_date, *known}):
        row = known.get(date)
        said = _cross(currency, by_date[date]) if date in by_date else None
        if said and row is None:
            row = ExchangeRate(base=settings.BASE_CURRENCY, currency=currency, dated_on=date)
            new.append(_judged(row, said, last))
        elif said and row.status != ExchangeRate.Status.ACCEPTED and row.written != said[1]:
            changed.append(_judged(row, said, last))
        if row and row.status == ExchangeRate.Status.ACCEPTED:
            last = row.rate
    ExchangeRate.objects.bulk_create(new, batch_size=500)
    _money_changed()
    for row in changed:
        row.save()
    return new + changed


def _money_changed() -> None:
    from donations import cache_tags  # knows the tally, which converts by what stands here

    cache_tags.money_changed()


def _cross(currency: str, day: ecb.Day) -> tuple[Decimal | None, str] | None:
    """
    The rate to the base currency and the words it was read from; no rate if one of the two is odd, and nothing at all
    for a day on which the bank lists one of them not.
    """
    ours, base = day.says_of(currency), day.says_of(settings.BASE_CURRENCY)
    if ours is None or base is None:
        return None
    written = f"{ours} {currency} and {base} {settings.BASE_CURRENCY} for 1 EUR"
    per_euro, base_per_euro = ecb.number(ours), ecb.number(base)
    if per_euro is None or base_per_euro is None:
        return None, written
    return _in_range(base_per_euro, per_euro), written


def _in_range(dividend: Decimal, divisor: Decimal) -> Decimal | None:
    with localcontext(prec=60):
        rate = (dividend / divisor).quantize(_STEP, rounding=ROUND_HALF_EVEN)
    return rate if 0 < rate < 10**10 else None


def _judged(row: ExchangeRate, said: tuple[Decimal | None, str], last: Decimal | None) -> ExchangeRate:
    row.rate, row.written = said
    row.source, row.recorded_at, row.recorded_by = ExchangeRate.Source.ECB, clock.now(), None
    odd = row.rate is None or _is_far(row.rate, last)
    row.status = ExchangeRate.Status.WAITING if odd else ExchangeRate.Status.ACCEPTED
    return row


def _is_far(rate: Decimal, last: Decimal | None) -> bool:
    """A jump over 20 % up or down, or a rate that reads like the reciprocal of the last one."""
    if last is None:
        return False
    with localcontext(prec=60):
        moved = abs(rate / last - 1)
        return moved > LARGEST_JUMP or (moved > LARGEST_FLIP and abs(rate * last - 1) < FLIP_TOLERANCE)


def accept(row: ExchangeRate, *, by) -> None:
    """A person says that a waiting rate is right. Those after it are judged again by it. Raises NotEntered."""
    with transaction.atomic():
        row = _waiting(row)
        if row.rate is None:
            raise NotEntered("The bank wrote no figure for that day. Enter the rate by hand.")
        _decide(row, ExchangeRate.Status.ACCEPTED, by)
        _judge_again(row)


def refuse(row: ExchangeRate, *, by) -> None:
    """A person says that a waiting rate is wrong: it converts nothing. Raises NotEntered."""
    with transaction.atomic():
        _decide(_waiting(row), ExchangeRate.Status.REFUSED, by)


def enter(currency: str, dated_on: dt.date, rate: Decimal, *, by, is_sure: bool = False) -> ExchangeRate:
    """
    A rate found elsewhere: what one unit of the currency was worth in the base currency. It replaces one that waits or
    was refused; one that is accepted stays, since payments rest on it. Raises NotEntered, Doubtful.
    """
    figure = _typed(currency, dated_on, rate)
    with transaction.atomic():
        rows = ExchangeRate.objects.of(currency, base=settings.BASE_CURRENCY).select_for_update()
        row = rows.filter(dated_on=dated_on).first()
        if row and row.status == ExchangeRate.Status.ACCEPTED:
            raise NotEntered(f"There is a rate of that day already: {row}. It is not replaced, payments rest on it.")
        last = rows.accepted().dated_before(dated_on).order_by("-dated_on").first()
        if last and not is_sure and _is_far(figure, last.rate):
            raise Doubtful(f"That is far from the rate before it ({last}). Check it, and say that you are sure.")
        row = row or ExchangeRate(base=settings.BASE_CURRENCY, currency=currency, dated_on=dated_on)
        row.rate, row.source = figure, ExchangeRate.Source.MANUAL
        _decide(row, ExchangeRate.Status.ACCEPTED, by)
        _judge_again(row)
    return row


def _typed(currency: str, dated_on: dt.date, rate: Decimal) -> Decimal:
    if currency == settings.BASE_CURRENCY:
        raise NotEntered(f"{currency} is the base currency: its rate is always 1.")
    if dated_on > clock.now().date():
        raise NotEntered("That day has not come yet.")
    figure = _in_range(rate, Decimal(1)) if isinstance(rate, Decimal) and rate.is_finite() and rate < 10**10 else None
    if figure is None:
        raise NotEntered("A rate is a number above zero, for example 1.0821.")
    return figure


def _waiting(row: ExchangeRate) -> ExchangeRate:
    fresh = ExchangeRate.objects.select_for_update().waiting().filter(pk=row.pk).first()
    if fresh is None:
        raise NotEntered("That rate does not wait any more.")
    return fresh


def _decide(row: ExchangeRate, status: str, by) -> None:
    row.status, row.recorded_by, row.recorded_at = status, by, clock.now()
    row.save()
    logger.info("Rate %s: %s by user %s", row, status, getattr(by, "pk", None))


def _judge_again(row: ExchangeRate) -> None:
    """The waiting rates after one that a person let in, up to the first that is accepted or far from it."""
    last = row.rate
    for later in (
        ExchangeRate.objects.of(row.currency, base=row.base).filter(dated_on__gt=row.dated_on).order_by("dated_on")
    ):
        if later.status == ExchangeRate.Status.ACCEPTED:
            return
        if later.status == ExchangeRate.Status.WAITING and later.rate is not None and not _is_far(later.rate, last):
            later.status, last = ExchangeRate.Status.ACCEPTED, later.rate
            later.save(update_fields=["status"])


def gaps(currencies: Collection[str] | None = None) -> list[Gap]:
    """Working days of the bank within the last 90, without an accepted rate, the newest first."""
    today = clock.now().date()
    days = [today - dt.timedelta(days=back) for back in range(1, GAPS_LOOKED_FOR.days + 1)]
    return [gap for currency in currencies or wanted() for gap in _gaps_of(currency, filter(is_working_day, days))]


def _gaps_of(currency: str, days: Iterable[dt.date]) -> list[Gap]:
    """A currency's gaps begin with its first rate; without any the last working day alone is one."""
    days = list(days)
    rows = ExchangeRate.objects.of(currency, base=settings.BASE_CURRENCY)
    first = rows.order_by("dated_on").values_list("dated_on", flat=True).first()
    if first is None:
        return [Gap(currency, days[0], None)]
    by_date = {row.dated_on: row for row in rows.filter(dated_on__gte=days[-1])}
    return [gap for day in days if day >= first and (gap := _gap(currency, day, by_date.get(day)))]


def _gap(currency: str, day: dt.date, row: ExchangeRate | None) -> Gap | None:
    if row and row.status == ExchangeRate.Status.ACCEPTED:
        return None
    return Gap(currency, day, row if row and row.status == ExchangeRate.Status.WAITING else None)
