"""Facts as the gateway would bring them, for tests of the ledger alone. One pledge's story told by its dates."""

import datetime as dt
import itertools

from donations import ledger
from donations.facts import (
    AdjustmentFacts,
    ChargeFacts,
    ChargeStory,
    InvoiceFacts,
    Person,
    Reference,
    SubscriptionFacts,
)
from donations.models import Intent
from donations.quarters import add_months
from foundation import clock

_ticks = itertools.count()


def utc(*args: int) -> dt.datetime:
    return dt.datetime(*args, tzinfo=dt.UTC)


def fetched() -> dt.datetime:
    """Each fetch begins later than the one before, by the real clock's measure."""
    return dt.datetime(2020, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=next(_ticks))


def intent(kind: str = "quarterly", currency: str = "USD", minor: int = 2500) -> Intent:
    return Intent.objects.create(
        livemode=False, kind=kind, currency=currency, amount_minor=minor, created_at=clock.now()
    )


class PledgeStory:
    """What Stripe would tell of one subscription, and telling it to the ledger."""

    def __init__(self, subscribed_at, *, currency="USD", minor=2500, email="reader@example.org", name="one"):
        self.intent = intent("quarterly", currency, minor)
        self.name, self.currency, self.minor = name, currency, minor
        self.anchor_at = self.started_at = subscribed_at
        self.person = Person(f"cus_{name}", email)
        self.said = {"status": "active", "ends_at": None, "ended_at": None, "is_paused": False}

    def tell(self, **changes):
        """The subscription's present state."""
        self.said.update(changes)
        return ledger.apply_subscription(
            SubscriptionFacts(
                id=f"sub_{self.name}",
                livemode=False,
                reference=Reference("testserver", str(self.intent.pk)),
                person=self.person,
                item=f"si_{self.name}",
                currency=self.currency,
                amount_minor=self.minor,
                months=3,
                anchor_at=self.anchor_at,
                started_at=self.started_at,
                next_charge_at=None,
                fetched_at=fetched(),
                **self.said,
            )
        )

    def invoice(self, number: int, status: str, *, paid_at=None, period_start=None, **changes):
        """The charge so many quarters after the anchor."""
        facts = {
            "charges": (self.charge(number, paid_at),) if paid_at else (),
            "next_attempt_at": None,
            "needs_action_since": None,
            "is_processing": False,
            **changes,
        }
        return ledger.apply_invoice(
            InvoiceFacts(
                id=f"in_{self.name}_{number}",
                subscription=f"sub_{self.name}",
                status=status,
                period_start=period_start or add_months(self.anchor_at, 3 * number),
                amount_minor=self.minor,
                currency=self.currency,
                hosted_url="",
                created_at=add_months(self.anchor_at, 3 * number),
                fetched_at=fetched(),
                **facts,
            )
        )

    def paid(self, number: int, at=None):
        return self.invoice(number, "paid", paid_at=at or add_months(self.anchor_at, 3 * number))

    def charge(self, number: int, at) -> ChargeFacts:
        return ChargeFacts(
            id=f"ch_{self.name}_{number}",
            livemode=False,
            amount_minor=self.minor,
            currency=self.currency,
            succeeded_at=at,
            payment_intent=f"pi_{self.name}_{number}",
            person=self.person,
        )

    def refund(self, number: int, at, *, refund="1", **changes):
        """A refund of that charge, of the whole unless told."""
        return take_back(self.charge(number, at), at, name=refund, **changes)


def gift(at, *, currency="USD", minor=5000, email="reader@example.org", name="gift", adjustments=(), customer=None):
    """A one-off gift, told to the ledger."""
    asked = intent("once", currency, minor)
    charge = ChargeFacts(
        id=f"ch_{name}",
        livemode=False,
        amount_minor=minor,
        currency=currency,
        succeeded_at=at,
        payment_intent=f"pi_{name}",
        person=Person(customer or f"cus_{name}", email),
    )
    return ledger.record_gift(
        ChargeStory(charge, tuple(adjustments), Reference("testserver", str(asked.pk)), fetched_at=fetched())
    )


def charge_of(payment) -> ChargeFacts:
    """The charge behind a payment that is in the ledger."""
    return ChargeFacts(
        id=payment.fact_key,
        livemode=payment.livemode,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        succeeded_at=payment.succeeded_at,
        payment_intent=payment.payment_intent,
        person=Person("", ""),
    )


def take_back(charge: ChargeFacts, at, *, minor=None, status="succeeded", kind="refund", name="1"):
    """A refund, or a dispute, of that charge; of the whole unless told."""
    adjustment = AdjustmentFacts(
        id=f"{kind}_{charge.id}_{name}",
        kind=kind,
        status=status,
        takes_back=status == "lost" if kind == "dispute" else status not in ("failed", "canceled"),
        amount_minor=minor or charge.amount_minor,
        occurred_at=at,
    )
    return ledger.record_adjustments(ChargeStory(charge, (adjustment,), Reference(), fetched_at=fetched()))
