"""
A year of pledges and gifts, played against the stand-in: people ask on the site, pay at the stand-in, and what happens
later happens there, as in Stripe's own dashboard, so that the year does not depend on what the site has heard of it.
Used by the property tests and by the soak.
"""

import datetime as dt
import urllib.error
import uuid
from collections import Counter
from dataclasses import dataclass

from antiempire.demo.agenda import Agenda
from antiempire.demo.standin import StandIn

PAYS, DECLINED, FAILS_LATER, ASKS = "4242424242424242", "4000000000000002", "4000000000000341", "4000002760003184"
CURRENCIES = ("USD", "EUR", "GBP", "CAD", "AUD")
REFUSALS = (400, 402, 404)


@dataclass(frozen=True)
class Part:
    """One pledge or gift. What happens to it later: days after its beginning, and the name of an act."""

    hour: int  # of the year
    person: int
    currency: str
    minor: int
    kind: str = "quarterly"
    card: str = PAYS
    acts: tuple[tuple[int, str], ...] = ()

    @property
    def email(self) -> str:
        """Every third spells it in another way; the person is the same."""
        plain = f"person{self.person}@example.org"
        return f" {plain.upper()} " if self.hour % 3 == 0 else plain


@dataclass
class Made:
    """What a part has become at the stand-in."""

    customer: str
    subscription: str
    intent: str


class Year:
    def __init__(self, stand_in: StandIn, *, begin: dt.datetime, days: int = 366):
        self.stand_in = stand_in
        self.begin = begin
        self.agenda = Agenda(begin + dt.timedelta(days=days))
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    def play(self, parts, *, between=None) -> None:
        """`between` is called after every move of the clock. The clock ends at the year's end."""
        for part in parts:
            self.agenda.at(self.begin + dt.timedelta(hours=part.hour), self.begin_part, part)

        def move(moment: dt.datetime) -> None:
            self.stand_in.move_clock(moment)
            if between:
                between(moment)

        self.agenda.play(move)
        move(self.agenda.end)

    def begin_part(self, part: Part) -> None:
        session = ask_for(part)
        if part.card == DECLINED:
            self.try_act("declined", lambda: self.pay(session, part, DECLINED))
            self.pay(session, part, PAYS)
        else:
            self.pay(session, part, part.card)
        self.done[part.kind] += 1
        found = self.stand_in.find(f"checkout/sessions/{session}")
        made = Made(found["customer"], found["subscription"] or "", found["payment_intent"] or "")
        for days, name in part.acts:
            moment = self.begin + dt.timedelta(hours=part.hour, days=days)
            self.agenda.at(moment, self.try_act, name, lambda act=ACTS[name]: act(self.stand_in, made))

    def pay(self, session: str, part: Part, card: str) -> None:
        self.stand_in.complete(session, card=card, email=part.email, name=f"Person {part.person}")

    def try_act(self, name: str, act) -> None:
        """Some acts come too late: what was refunded cannot be refunded again, what has ended cannot be paused."""
        try:
            act()
        except urllib.error.HTTPError as error:
            if error.code not in REFUSALS:
                raise
            error.close()
            self.refused[name] += 1
        except NothingToActOn:
            self.refused[name] += 1
        else:
            self.done[name] += 1


class NothingToActOn(Exception):
    """There is no charge, subscription or open invoice for it."""


def ask_for(part: Part) -> str:
    """What the support page does with the form. Returns the Checkout session's id."""
    from donations import checkout
    from donations.models import Intent
    from donations.money import Money

    intent_id = uuid.uuid4()
    checkout.start_pledge(intent_id=intent_id, kind=part.kind, money=Money(part.minor, part.currency))
    return Intent.objects.get(pk=intent_id).session_id


def subscription_of(made: Made) -> str:
    if not made.subscription:
        raise NothingToActOn
    return f"subscriptions/{made.subscription}"


def last_charge(stand_in: StandIn, made: Made) -> dict:
    charges = stand_in.find("charges", customer=made.customer, limit="20")["data"]
    paid = [charge for charge in charges if charge["status"] == "succeeded"]
    if not paid:
        raise NothingToActOn
    return paid[0]


def change_amount(stand_in: StandIn, made: Made) -> None:
    path = subscription_of(made)
    item = stand_in.find(path)["items"]["data"][0]
    price = item["price"]
    stand_in.change(
        path,
        **{
            "items[0][id]": item["id"],
            "items[0][price_data][currency]": price["currency"],
            "items[0][price_data][product]": price["product"],
            "items[0][price_data][unit_amount]": str(price["unit_amount"] + 700),
            "items[0][price_data][recurring][interval]": "month",
            "items[0][price_data][recurring][interval_count]": "3",
            "proration_behavior": "none",
        },
    )


def refund(stand_in: StandIn, made: Made, minor: int | None = None) -> dict:
    charge = last_charge(stand_in, made)
    return stand_in.do(f"charges/{charge['id']}/refund", **({"amount": minor} if minor else {}))


def refund_that_fails(stand_in: StandIn, made: Made) -> None:
    stand_in.do(f"refunds/{refund(stand_in, made)['id']}/fail")


def dispute(stand_in: StandIn, made: Made, outcome: str = "") -> None:
    opened = stand_in.do(f"charges/{last_charge(stand_in, made)['id']}/dispute", reason="fraudulent")
    if outcome:
        stand_in.do(f"disputes/{opened['id']}/close", outcome=outcome)


def pay_part(stand_in: StandIn, made: Made) -> None:
    """The treasurer has four of what is owed charged by hand."""
    if not made.subscription:
        raise NothingToActOn
    waiting = stand_in.find("invoices", subscription=made.subscription, status="open")["data"]
    if not waiting:
        raise NothingToActOn
    stand_in.do(f"invoices/{waiting[0]['id']}/part", amount=400)


def answer(stand_in: StandIn, made: Made, *, ok: bool) -> None:
    """The bank's question about an open charge."""
    if not made.subscription:
        raise NothingToActOn
    waiting = stand_in.find("invoices", subscription=made.subscription, status="open")["data"]
    if not waiting:
        raise NothingToActOn
    stand_in.do(f"invoices/{waiting[0]['id']}/authenticate", ok=ok)


ACTS = {
    "end": lambda desk, made: desk.change(subscription_of(made), cancel_at_period_end="true"),
    "stay": lambda desk, made: desk.change(subscription_of(made), cancel_at_period_end="false"),
    "stop": lambda desk, made: desk.delete(subscription_of(made)),
    "pause": lambda desk, made: desk.change(subscription_of(made), **{"pause_collection[behavior]": "void"}),
    "resume": lambda desk, made: desk.change(subscription_of(made), pause_collection=""),
    "amount": change_amount,
    "card fails": lambda desk, made: desk.do(f"customers/{made.customer}/card", card=FAILS_LATER),
    "card asks": lambda desk, made: desk.do(f"customers/{made.customer}/card", card=ASKS),
    "card pays": lambda desk, made: desk.do(f"customers/{made.customer}/card", card=PAYS),
    "part": pay_part,
    "answer": lambda desk, made: answer(desk, made, ok=True),
    "answer wrongly": lambda desk, made: answer(desk, made, ok=False),
    "refund": refund,
    "refund in part": lambda desk, made: refund(desk, made, 500),
    "refund that fails": refund_that_fails,
    "dispute": dispute,
    "dispute won": lambda desk, made: dispute(desk, made, "won"),
    "dispute lost": lambda desk, made: dispute(desk, made, "lost"),
}
