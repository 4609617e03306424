"""
What Stripe says, in our words: the dataclasses in which `donations.stripe_gateway` answers and which
`donations.ledger` takes. Amounts are integers of the currency's minor unit, currencies upper-case ISO 4217 codes,
instants aware and in UTC. `fetched_at` is the real time at which the request that brought the facts began.
Pure: nothing here asks Stripe, the database or the settings.
"""

import datetime as dt
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Reference:
    """Our own words in an object's metadata. An object without them, or with another site's, is not ours."""

    site: str = ""
    intent: str = ""  # the Intent's id as text; empty for objects that were not made by the support page


@dataclass(frozen=True)
class Person:
    """Who paid, as the payment page was told."""

    customer: str  # cus_…
    email: str
    name: str = ""


@dataclass(frozen=True)
class SubscriptionFacts:
    id: str
    livemode: bool
    reference: Reference
    person: Person
    item: str  # si_…
    currency: str
    amount_minor: int  # of the next charge
    months: int  # between two charges; ours is 3
    status: str
    anchor_at: dt.datetime
    started_at: dt.datetime
    next_charge_at: dt.datetime | None
    ends_at: dt.datetime | None  # cancel_at, or the period's end when it is set to end then
    ended_at: dt.datetime | None
    is_paused: bool
    fetched_at: dt.datetime
    canceled_at: dt.datetime | None = None  # when its end was decided, whenever that end is
    is_held: bool = False  # paused by us, while a payment is disputed; not by a backer's own wish
    held_for: tuple[str, ...] = ()  # the disputes that it was paused for, or heard of while it was
    begun_minor: int | None = None  # of its first invoice, where that was looked up; 0 when it began without a charge


@dataclass(frozen=True)
class ChargeFacts:
    """A charge that succeeded. `succeeded_at` of a bank debit is when it settled, days after it was begun."""

    id: str
    livemode: bool
    amount_minor: int
    currency: str
    succeeded_at: dt.datetime
    payment_intent: str
    person: Person
    settled_minor: int | None = None  # gross, in the settlement currency; None while Stripe does not know it yet
    settled_currency: str = ""
    fee_minor: int | None = None
    begun_at: dt.datetime | None = None  # when somebody paid; None where that was when it succeeded
    is_dated: bool = True  # or nobody looked up when a bank's debit succeeded, and `succeeded_at` is a guess

    @property
    def given_at(self) -> dt.datetime:
        """The moment of somebody's own act."""
        return self.begun_at or self.succeeded_at


@dataclass(frozen=True)
class InvoiceFacts:
    """
    `charges` are the successful ones: more than one where it was paid in parts. Invoices over nothing have
    `amount_minor` 0.
    """

    id: str
    subscription: str
    status: str
    period_start: dt.datetime  # of the subscription's line
    amount_minor: int
    currency: str
    next_attempt_at: dt.datetime | None
    needs_action_since: dt.datetime | None  # an authentication nobody has answered: when it was last asked for
    is_processing: bool
    hosted_url: str
    created_at: dt.datetime
    fetched_at: dt.datetime
    charges: tuple[ChargeFacts, ...] = ()
    attempts: int = 0  # how often a charge was tried
    failed_at: dt.datetime | None = None  # when the latest attempt failed, if it did
    reference: Reference = Reference()  # of its subscription, as it was when the invoice was made
    paid_by: tuple[str, ...] = ()  # what paid it through Stripe, wholly or in part: pi_…, or ch_… without one
    paid_elsewhere_minor: int = 0  # of a paid one: what Stripe was only told of, such as a bank transfer


@dataclass(frozen=True)
class AdjustmentFacts:
    """A refund, or a dispute. `takes_back` is False for a refund that failed and for a dispute that is not lost."""

    id: str
    kind: str  # "refund" or "dispute"
    status: str
    takes_back: bool
    amount_minor: int
    occurred_at: dt.datetime
    reason: str = ""
    charge: str = ""
    fee_minor: int | None = None  # what a dispute costs us, in the settlement currency
    fee_currency: str = ""


@dataclass(frozen=True)
class ChargeStory:
    """A charge with everything that was taken back from it and where it came from: one of `gift` and `invoice`."""

    charge: ChargeFacts
    adjustments: tuple[AdjustmentFacts, ...]
    reference: Reference  # of the payment intent, for a gift
    invoice: str = ""  # in_…, for a charge of a pledge
    fetched_at: dt.datetime = field(kw_only=True)


@dataclass(frozen=True)
class SessionFacts:
    """A Checkout session. For a gift `payment_intent` is set once there is one; for a pledge `subscription`."""

    id: str
    livemode: bool
    url: str
    status: str  # open, complete, expired
    is_paid: bool  # payment_status paid (or nothing to pay, as with a later first charge)
    reference: Reference
    mode: str  # payment, subscription
    amount_minor: int
    currency: str
    subscription: str
    payment_intent: str
    charge: str
    fetched_at: dt.datetime
    invoice: str = ""  # of a pledge's first charge
    is_processing: bool = False  # complete, and a bank is at it: neither paid nor failed
    has_bounced: bool = False  # complete, and a bank refused a gift afterwards
    person: Person | None = None  # who filled it in, once it is complete


@dataclass(frozen=True)
class EventEnvelope:
    """
    An authentic event: only what says which object to fetch, and what tells whether it is ours at all. The `body` is
    kept for people to read; nothing in it is believed.
    """

    id: str
    type: str
    object_id: str
    livemode: bool
    account: str
    api_version: str
    created_at: dt.datetime
    reference: Reference
    body: str = field(default="", repr=False)
