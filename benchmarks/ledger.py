"""
A ledger of a given size, and what its readings cost: the sentence on every page, the figures, and their page. Runs in
the visitor's process. Rows are written as `donations.ledger` leaves them, without its thousands of transactions.
"""

import contextlib
import datetime as dt
import itertools
import time

QUARTERS = 40
WRONG_ROWS = 10
GIFTS_PER_BACKER = 8
LATE_ENTRIES_PER_BOOK = 3
AMOUNTS = (1000, 2500, 5000, 10000)


def fill_ledger(client, *, payments: int) -> int:
    """So many payments over 40 quarters in five currencies, the last being the next; half as many promises in that."""
    from django.db import transaction

    from donations import periods

    last = periods.next_quarter()
    quarters = [last.plus(-back) for back in range(QUARTERS)]
    with transaction.atomic():
        backers = _backers(max(10, payments // GIFTS_PER_BACKER))
        _gifts(payments, quarters, backers)
        _promises(payments // QUARTERS // 2, last, backers)
        _books(quarters[2:])
    return payments


def _backers(count: int) -> list:
    from donations.models import Backer
    from foundation import clock

    rows = [Backer(livemode=False, email=f"{number}@example.org", created_at=clock.now()) for number in range(count)]
    return Backer.objects.bulk_create(rows, batch_size=500)


def _gifts(count: int, quarters: list, backers: list) -> None:
    from donations import periods, rates
    from donations.models import Contribution, Currency, Payment
    from foundation import clock

    now = clock.now()
    pinned = {code: rates.latest(code) for code in Currency.objects.values_list("code", flat=True)}
    said = itertools.cycle(itertools.product(AMOUNTS, pinned))
    payments = []
    for number, (minor, currency) in zip(range(count), said, strict=False):
        # Steps of primes, so that a backer's gifts lie in different quarters and currencies.
        quarter = quarters[number * 7 % len(quarters)]
        payments.append(
            Payment(
                fact_key=f"ch_{number}",
                livemode=False,
                kind="once",
                backer=backers[number * 11 % len(backers)],
                amount_minor=minor,
                currency=currency,
                succeeded_at=min(periods.start_of(quarter.previous) + dt.timedelta(minutes=number % 100_000), now),
                quarter=quarter,
                rate=pinned[currency].rate,
                rate_dated_on=pinned[currency].dated_on,
                base_micro=rates.to_base_micro(minor, currency, pinned[currency].rate),
                recorded_at=now,
            )
        )
    Payment.objects.bulk_create(payments, batch_size=500)
    Contribution.objects.bulk_create(
        (
            Contribution(
                livemode=False,
                backer_id=payment.backer_id,
                payment=payment,
                quarter=payment.quarter,
                state="paid",
                currency=payment.currency,
                amount_minor=payment.amount_minor,
                base_micro=payment.base_micro,
            )
            for payment in payments
        ),
        batch_size=500,
    )


def _promises(count: int, quarter, backers: list) -> None:
    from donations import schedule
    from donations.models import Contribution, Customer, Pledge
    from foundation import clock

    now = clock.now()
    customers = Customer.objects.bulk_create(
        (
            Customer(stripe_id=f"cus_{number}", backer=backers[number % len(backers)], livemode=False, created_at=now)
            for number in range(count)
        ),
        batch_size=500,
    )
    pledges = Pledge.objects.bulk_create(
        (
            Pledge(
                stripe_id=f"sub_{number}",
                livemode=False,
                backer_id=customer.backer_id,
                customer=customer,
                currency="EUR" if number % 2 else "USD",
                amount_minor=AMOUNTS[number % len(AMOUNTS)],
                status="active",
                anchor_at=now,
                started_at=now,
                fetched_at=now,
            )
            for number, customer in enumerate(customers)
        ),
        batch_size=500,
    )
    Contribution.objects.bulk_create(
        (
            Contribution(
                livemode=False,
                backer_id=pledge.backer_id,
                pledge=pledge,
                due_at=due_at,
                quarter=quarter.plus(number),
                state="promised",
                currency=pledge.currency,
                amount_minor=pledge.amount_minor,
            )
            for pledge in pledges
            for number, due_at in enumerate(schedule.due_dates_ahead(now, []))
        ),
        batch_size=500,
    )


def _books(quarters: list) -> None:
    from donations import tally
    from donations.models import LateEntry, QuarterBook
    from foundation import clock

    now = clock.now()
    for page in tally.figures(min(quarters), max(quarters)):
        book = QuarterBook.objects.create(
            livemode=False,
            quarter=page.tally.quarter,
            closed_at=now,
            closed_backers=page.tally.backers,
            closed_base_micro=page.tally.received_micro,
            closed_totals={each.currency: each.received_minor for each in page.tally.currencies},
        )
        LateEntry.objects.bulk_create(
            LateEntry(book=book, reason="refund", occurred_at=now, recorded_at=now, currency="USD", amount_minor=-1000)
            for _ in range(LATE_ENTRIES_PER_BOOK)
        )


def sentence(client) -> str:
    from donations import tally

    found = tally.for_sentence()
    return f"{found.backers} {found.total} {found.is_converted}"


def figures(client) -> str:
    """What the page of figures asks the ledger for: of quarters whose books are closed, the books."""
    from donations import figures

    quarters = figures.read().quarters
    if len(quarters) != QUARTERS:
        raise SystemExit(f"{len(quarters)} quarters are told and not {QUARTERS}")
    return "\n".join(f"{quarter}" for quarter in quarters)


def recomputed(client) -> str:
    """The same quarters from all contributions, the closed ones too: what checks the books, and is shown nowhere."""
    from donations import periods, tally

    last = periods.next_quarter()
    lines = []
    for page in tally.figures(last.plus(1 - QUARTERS), last):
        totals = [f"{each.received} {each.promised}" for each in page.tally.currencies]
        entries = [f"{entry.occurred_at} {entry.amount_minor}" for entry in page.late_entries]
        closed = page.closed_received if page.is_closed else ""
        lines.append(f"{page.tally.quarter} {page.tally.backers} {page.tally.total} {closed} {totals} {entries}")
    return "\n".join(lines)


def page(client) -> str:
    """The same as readers get it, with the sentence, the chart and everything else that a page has."""
    response = client.get("/support/figures/")
    if response.status_code != 200:
        raise SystemExit(f"/support/figures/ answered {response.status_code}")
    return response.content.decode()


SENTENCE, FIGURES, PAGE = "sentence", f"figures of {QUARTERS} quarters", "page of figures"
RECOMPUTED = "every quarter recomputed"
READINGS = {SENTENCE: sentence, FIGURES: figures, PAGE: page, RECOMPUTED: recomputed}


def reading_queries(client, *, name: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    READINGS[name](client)
    with CaptureQueriesContext(connection) as captured:
        READINGS[name](client)
    return len(captured)


def reading_milliseconds(client, *, name: str, times: int) -> float:
    """CPU time of one reading, PostgreSQL's own included."""
    from benchmarks.visitor import cpu_seconds

    before = cpu_seconds()
    for _ in range(times):
        READINGS[name](client)
    return (cpu_seconds() - before) / times * 1000


def comparison(client) -> dict[str, float]:
    """
    The daily comparison of the ledger with itself, wall time: of one that is right, and of one with some rows that
    are not, with the longest time that it held the ledger's lock for one of them.
    """
    from donations import drift
    from donations.models import Contribution

    begun = time.perf_counter()
    if drift.of_contributions():
        raise SystemExit(f"The ledger was not written as it should be: {drift.of_contributions()}")
    right = time.perf_counter() - begun
    numbers = Contribution.objects.values_list("pk", flat=True)
    gifts, promises = numbers.order_by("pk")[:WRONG_ROWS], numbers.order_by("-pk")[:WRONG_ROWS]
    Contribution.objects.filter(pk__in=[*gifts, *promises]).update(amount_minor=1)
    with _stopwatch() as holds:
        if not drift.of_contributions():
            raise SystemExit("Rows that are wrong were not found.")
    return {"seconds": right, "holds": len(holds), "longest_hold": max(holds)}


@contextlib.contextmanager
def _stopwatch():
    """Tells how long each hold of the ledger's lock lasted, its transaction's ending included."""
    from donations import ground

    seconds, held = [], ground.held

    @contextlib.contextmanager
    def watched():
        begun = time.perf_counter()
        with held():
            yield
        seconds.append(time.perf_counter() - begun)

    ground.held = watched
    try:
        yield seconds
    finally:
        ground.held = held


ORDERS = {
    "comparison": comparison,
    "fill_ledger": fill_ledger,
    "reading_queries": reading_queries,
    "reading_milliseconds": reading_milliseconds,
}
