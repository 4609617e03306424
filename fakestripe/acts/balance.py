"""
What a charge, a refund and a dispute mean for the balance, which is kept in US dollars. The rates are invented and
never move. https://docs.stripe.com/reports/balance-transaction-types
"""

from decimal import ROUND_HALF_UP, Decimal

from fakestripe import due
from fakestripe.shapes import money
from fakestripe.store import Row

# US dollars for one unit of a currency.
RATES = {
    "usd": Decimal(1),
    "eur": Decimal("1.0925"),
    "gbp": Decimal("1.2714"),
    "cad": Decimal("0.7321"),
    "aud": Decimal("0.6588"),
    "jpy": Decimal("0.0067"),
}
ZERO_DECIMAL = frozenset(
    ("bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd", "vuv", "xaf", "xof", "xpf")
)
DISPUTE_FEE = 1500


def settle(engine, charge: Row) -> None:
    """The charge's money is there, unless the fault `late_settlement` says that Stripe does not know its worth yet."""
    wait = engine.faults.late_settlement
    if wait:
        engine.agenda.add(engine.now() + wait, "settle", charge["id"])
    else:
        _book(engine, charge, engine.now())


@due.act("settle")
def settle_late(engine, charge_id: str, at: int) -> None:
    charge = engine.get("charge", charge_id)
    with engine.changing("charge.updated", charge):
        _book(engine, charge, charge["created"])


def _book(engine, charge: Row, when: int) -> None:
    amount, rate = in_dollars(charge["amount"], charge["currency"])
    fee = _rounded(Decimal(amount) * 29 / 1000) + 30
    made = money.balance_transaction(
        when, kind="charge", source=charge["id"], amount=amount, fee=fee, rate=rate, words="Payment"
    )
    charge["balance_transaction"] = engine.add(made)["id"]


def take_back(engine, kind: str, row: Row, *, sign: int = -1, fee: int = 0) -> Row:
    """A refund or a dispute leaves the balance, or with `sign` 1 comes back."""
    amount, rate = in_dollars(row["amount"], row["currency"])
    words = {"refund": "Refund", "payment_failure_refund": "Refund failed", "adjustment": "Dispute"}[kind]
    return engine.add(
        money.balance_transaction(
            engine.now(), kind=kind, source=row["id"], amount=sign * amount, fee=fee, rate=rate, words=words
        )
    )


def in_dollars(amount: int, currency: str) -> tuple[int, float | None]:
    """Cents, and the rate between minor units that Stripe shows; no rate for dollars."""
    if currency == "usd":
        return amount, None
    units = Decimal(amount) if currency in ZERO_DECIMAL else Decimal(amount) / 100
    rate = RATES.get(currency, Decimal(1))
    return _rounded(units * rate * 100), float(rate)


def _rounded(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))
