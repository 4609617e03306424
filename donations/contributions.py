"""
What each pledge and gift brings to which quarter, derived from the facts and written to Contribution rows. This module
is their only writer, and can rebuild them all. A change that reaches a quarter whose books are closed is noted beside
them as a late entry. Called under the ledger's lock.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from donations import cache_tags, periods, replacing, schedule
from donations.models import Adjustment, Contribution, Invoice, LateEntry, Payment, Pledge, QuarterBook
from donations.quarters import Quarter
from foundation import clock

AUTHENTICATION_WAITS = dt.timedelta(days=14)  # how long an authentication nobody answers still is a promise

_SPEAKS = (Contribution.State.GONE, Contribution.State.PROMISED, Contribution.State.PAID)  # the last above the others
_DERIVED = ("backer_id", "quarter", "state", "currency", "amount_minor", "base_micro", "lapses_at", "payment_id")


@dataclass(frozen=True)
class Cause:
    """Why the facts changed: what a late entry is to say when the change reaches closed books."""

    reason: LateEntry.Reason
    occurred_at: dt.datetime
    payment: Payment | None = None


def derive_pledge(pledge: Pledge, cause: Cause) -> None:
    """
    Writes anew what the pledge's charges bring, and which quarter each of its payments backs. Where one takes another's
    place, each one's promises hang on how the other stands: the older is derived before the younger.
    """
    books = _ClosedBooks.load(pledge.livemode)
    kin = replacing.family(pledge)
    for each in kin or [pledge]:
        _derive_one(each, books, cause, is_kin=bool(kin))


def _derive_one(pledge: Pledge, books: "_ClosedBooks", cause: Cause, *, is_kin: bool) -> None:
    payments = _with_net(pledge.payments.select_related("invoice"))
    after, quarters = _of_pledge(pledge, payments, books, is_kin=is_kin)
    _file_payments(payments, quarters)
    before = list(Contribution.objects.filter(pledge=pledge))
    _rewrite(before, after, key=_charge_and_part, books=books, cause=cause)


def _of_pledge(
    pledge: Pledge, payments: list[Payment], books: "_ClosedBooks", *, is_kin: bool
) -> tuple[list[Contribution], dict[dt.datetime, Quarter]]:
    """
    The rows that follow from the facts, and the quarter of each of its charges. `is_kin` says whether it takes
    another's place, or another takes its. Writes nothing.
    """
    of_invoice = defaultdict(list)
    for payment in sorted(payments, key=lambda each: (each.succeeded_at, each.pk)):
        of_invoice[payment.invoice_id].append(payment)
    invoices = [invoice for invoice in pledge.invoices.all() if invoice.amount_minor > 0 or invoice.pk in of_invoice]
    known = [invoice.period_start for invoice in invoices]
    ahead = schedule.due_dates_ahead(pledge.anchor_at, known, next_at=pledge.next_charge_at)
    charges = [
        schedule.Charge(each.period_start, of_invoice[each.pk][0].succeeded_at if each.pk in of_invoice else None)
        for each in invoices
    ]
    quarters = schedule.quarters_backed(
        [*charges, *(schedule.Charge(due_at) for due_at in ahead)],
        anchor_at=pledge.anchor_at,
        zone=periods.zone(),
        closed=books.closed_at,
    )
    may = _Expected(pledge, is_kin=is_kin)
    rows, owed = {}, {}
    for invoice in invoices:
        quarter = quarters[invoice.period_start]
        paid = [_paid(payment, quarter) for payment in of_invoice.get(invoice.pk, [])]
        # Two invoices for one period: the one that is further speaks for it. Whatever else was paid adds to it.
        for row in paid or [_unpaid(pledge, invoice, quarter, books, may)]:
            row.pledge, row.due_at = pledge, invoice.period_start
            rows[row.due_at] = _joined(rows.get(row.due_at), row)
        if paid:
            _add_what_is_owed(owed, _unpaid(pledge, invoice, quarter, books, may), of_invoice[invoice.pk])
    for due_at in ahead:
        if due_at not in rows and may.be_charged(due_at, quarters[due_at]) and quarters[due_at] not in books.closed_at:
            rows[due_at] = _promise(pledge, due_at, quarters[due_at])
    return [*rows.values(), *owed.values()], quarters


def _add_what_is_owed(owed: dict[dt.datetime, Contribution], row: Contribution, parts: list[Payment]) -> None:
    """Of an invoice that was paid in part, the rest is promised beside it as long as it may still be charged."""
    row.amount_minor -= sum(payment.amount_minor for payment in parts)
    if row.state == Contribution.State.PROMISED and row.amount_minor > 0:
        owed[row.due_at] = row


def derive_gift(payment: Payment, cause: Cause) -> None:
    """The same for one gift. An offline gift that was matched with a payment at Stripe brings nothing of its own."""
    books = _ClosedBooks.load(payment.livemode)
    before = list(Contribution.objects.filter(payment=payment, pledge=None))
    after = _of_gift(_with_net([payment])[0])
    if after:
        _file_payments([payment], {})
    _rewrite(before, after, key=_payment_id, books=books, cause=cause)


def _of_gift(payment: Payment) -> list[Contribution]:
    return [] if payment.matched_id else [_paid(payment, periods.backed_by_gift_at(payment.succeeded_at))]


def unlike_pledges(pledges: QuerySet[Pledge]) -> list[Pledge]:
    """
    Those of which something else is written than follows from the facts. Read in a few queries and without the
    lock, so a writer may have come between: what is found is a suspicion.
    """
    of_payments = Prefetch("payments", Payment.objects.select_related("invoice"))
    pledges = list(pledges.prefetch_related("invoices", of_payments, "contributions"))
    _with_net(payment for pledge in pledges for payment in pledge.payments.all())
    books = {livemode: _ClosedBooks.load(livemode) for livemode in {pledge.livemode for pledge in pledges}}
    kin = replacing.involved(pledges)

    def following(pledge: Pledge) -> list[Contribution]:
        payments = list(pledge.payments.all())
        return _of_pledge(pledge, payments, books[pledge.livemode], is_kin=pledge.pk in kin)[0]

    return [each for each in pledges if _differ(each.contributions.all(), following(each))]


def unlike_gifts(payments: QuerySet[Payment]) -> list[Payment]:
    """The same of gifts."""
    payments = _with_net(payments)
    written = defaultdict(list)
    for row in Contribution.objects.filter(payment__in=payments, pledge=None):
        written[row.payment_id].append(row)
    return [each for each in payments if _by(_payment_id, written[each.pk]) != _by(_payment_id, _of_gift(each))]


def rebuild(*, livemode: bool) -> int:
    """Derives everything anew, as the facts stand. Returns how many pledges and gifts were looked at."""
    cause = Cause(LateEntry.Reason.CORRECTION, clock.now())
    looked_at = 0
    for pledge in Pledge.objects.filter(livemode=livemode).iterator():
        derive_pledge(pledge, cause)
        looked_at += 1
    for payment in Payment.objects.filter(livemode=livemode, pledge=None).iterator():
        derive_gift(payment, cause)
        looked_at += 1
    return looked_at


class _ClosedBooks:
    """When each quarter's books were closed, and the rows to write late entries to."""

    def __init__(self, books: Iterable[QuarterBook]):
        self.by_quarter = {book.quarter: book for book in books}
        self.closed_at: dict[Quarter, dt.datetime] = {
            quarter: book.closed_at for quarter, book in self.by_quarter.items()
        }

    @classmethod
    def load(cls, livemode: bool) -> "_ClosedBooks":
        return cls(QuarterBook.objects.filter(livemode=livemode).exclude(closed_at=None))


def _with_net(payments: Iterable[Payment]) -> list[Payment]:
    """The payments, each with `net_minor` and `net_micro`: what was not taken back."""
    payments = list(payments)
    taken = defaultdict(list)
    for adjustment in Adjustment.objects.taking_back().filter(payment__in=payments):
        taken[adjustment.payment_id].append(adjustment)
    for payment in payments:
        back = taken[payment.pk]
        payment.net_minor = max(0, payment.amount_minor - sum(adjustment.amount_minor for adjustment in back))
        payment.net_micro = None
        if payment.base_micro is not None:
            payment.net_micro = payment.base_micro - sum(adjustment.base_micro for adjustment in back)
    return payments


def _paid(payment: Payment, quarter: Quarter) -> Contribution:
    return Contribution(
        livemode=payment.livemode,
        backer_id=payment.backer_id,
        payment=payment,
        quarter=quarter,
        state=Contribution.State.PAID if payment.net_minor else Contribution.State.GONE,
        currency=payment.currency,
        amount_minor=payment.net_minor,
        base_micro=payment.net_micro,
    )


def _unpaid(pledge: Pledge, invoice: Invoice, quarter: Quarter, books: _ClosedBooks, may: "_Expected") -> Contribution:
    row = _promise(pledge, invoice.period_start, quarter)
    row.currency, row.amount_minor = invoice.currency, invoice.amount_minor
    if quarter in books.closed_at or not may.be_charged(invoice.period_start, quarter) or not _may_succeed(invoice):
        row.state, row.amount_minor = Contribution.State.GONE, 0
    elif _waits_for_an_answer(invoice):
        row.lapses_at = invoice.needs_action_since + AUTHENTICATION_WAITS
    return row


def _may_succeed(invoice: Invoice) -> bool:
    if invoice.status == Invoice.Status.OPEN:
        return bool(invoice.is_processing or invoice.next_attempt_at or invoice.needs_action_since)
    return invoice.status == Invoice.Status.DRAFT


def _waits_for_an_answer(invoice: Invoice) -> bool:
    """An authentication was asked for, and nothing else will be tried without it."""
    return bool(invoice.needs_action_since and not invoice.next_attempt_at and not invoice.is_processing)


def _promise(pledge: Pledge, due_at: dt.datetime, quarter: Quarter) -> Contribution:
    return Contribution(
        livemode=pledge.livemode,
        backer_id=pledge.backer_id,
        pledge=pledge,
        due_at=due_at,
        quarter=quarter,
        state=Contribution.State.PROMISED,
        currency=pledge.currency,
        amount_minor=pledge.amount_minor,
    )


class _Expected:
    """Which charges of a pledge may still come, as far as its own state tells and that of the pledges it is kin to."""

    def __init__(self, pledge: Pledge, *, is_kin: bool):
        self.ends_at = pledge.ends_at
        self.goes_on = pledge.is_giving and not (is_kin and replacing.has_successor(pledge))
        self.spoken_for = replacing.spoken_for(pledge) if is_kin and self.goes_on else set()

    def be_charged(self, due_at: dt.datetime, quarter: Quarter) -> bool:
        if not self.goes_on or quarter in self.spoken_for:
            return False
        return self.ends_at is None or self.ends_at > due_at


def _joined(first: Contribution | None, second: Contribution) -> Contribution:
    if first is None:
        return second
    if first.state == second.state == Contribution.State.PAID:
        first.amount_minor += second.amount_minor
        both = first.base_micro is not None and second.base_micro is not None
        first.base_micro = first.base_micro + second.base_micro if both else None
        return first
    return max(second, first, key=lambda row: _SPEAKS.index(row.state))


def _file_payments(payments: Iterable[Payment], quarters: dict[dt.datetime, Quarter]) -> None:
    """The quarter on the payment itself is a copy for lists and exports."""
    for payment in payments:
        due_at = payment.invoice.period_start if payment.invoice_id else None
        quarter = quarters[due_at] if due_at else periods.backed_by_gift_at(payment.succeeded_at)
        if payment.quarter != quarter:
            payment.quarter = quarter
            Payment.objects.filter(pk=payment.pk).update(quarter=quarter)


def _rewrite(before: list, after: list, *, key, books: _ClosedBooks, cause: Cause) -> None:
    """Writes what differs, and what that means for closed books."""
    if _by(key, before) == _by(key, after):
        return
    old, new = {key(row): row for row in before}, {key(row): row for row in after}
    touched = {row.quarter for row in (*before, *after)} & set(books.closed_at)
    people = {row.backer_id for row in (*before, *after)}
    stood = {quarter: _backing(quarter, people) for quarter in touched}
    gone = [row.pk for at, row in old.items() if at not in new or _said(row) != _said(new[at])]
    Contribution.objects.filter(pk__in=gone).delete()
    Contribution.objects.bulk_create(row for at, row in new.items() if at not in old or _said(row) != _said(old[at]))
    cache_tags.money_changed()
    for quarter in touched:
        _enter_late(books.by_quarter[quarter], before, after, _backing(quarter, people) - stood[quarter], cause)


def _by(key: Callable[[Contribution], object], rows: Iterable[Contribution]) -> dict[object, tuple]:
    return {key(row): _said(row) for row in rows}


def _differ(written: Iterable[Contribution], following: Iterable[Contribution]) -> bool:
    return _by(_charge_and_part, written) != _by(_charge_and_part, following)


def _charge_and_part(row: Contribution) -> tuple[dt.datetime | None, bool]:
    """A charge has one row, or two where a part is paid and the rest promised."""
    return row.due_at, row.state == Contribution.State.PROMISED


def _payment_id(row: Contribution) -> int | None:
    return row.payment_id


def _said(row: Contribution) -> tuple:
    return tuple(getattr(row, field) for field in _DERIVED)


def _backing(quarter: Quarter, people: set[int]) -> int:
    """How many of these people have money in the quarter."""
    rows = Contribution.objects.filter(quarter=quarter, backer__in=people).received()
    return rows.values("backer").distinct().count()


def _enter_late(book: QuarterBook, before: list, after: list, backers: int, cause: Cause) -> None:
    """One entry per currency that changed; the first of them carries the change in people."""
    sums = defaultdict(lambda: [0, 0, 0])
    for sign, rows in ((-1, before), (1, after)):
        for row in rows:
            if row.quarter == book.quarter and row.state == Contribution.State.PAID:
                entry = sums[row.currency]
                entry[0] += sign * row.amount_minor
                entry[1] += sign * (row.base_micro or 0)
                entry[2] += sign * (row.amount_minor if row.base_micro is None else 0)
    changed = {currency: entry for currency, entry in sums.items() if any(entry)}
    if not changed and backers:
        changed = {(before or after)[0].currency: [0, 0, 0]}
    is_late = cause.occurred_at < book.closed_at
    for currency, (minor, micro, unconverted) in sorted(changed.items()):
        LateEntry.objects.create(
            book=book,
            reason=LateEntry.Reason.FOUND_LATE if is_late else cause.reason,
            occurred_at=clock.now() if is_late else cause.occurred_at,
            recorded_at=clock.now(),
            currency=currency,
            amount_minor=minor,
            base_micro=micro,
            unconverted_minor=unconverted,
            backers=backers,
            payment=cause.payment,
        )
        backers = 0
