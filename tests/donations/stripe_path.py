"""The whole path in small: asked for here, paid at the stand-in, told by signed events, worked on by the inbox."""

import datetime as dt
import uuid

from django.test import Client

from donations import checkout, handlers, inbox, tally
from donations.models import Contribution, Intent, Invoice, Payment, Pledge, StripeEvent
from donations.money import Money
from donations.quarters import Quarter

PAYS, DECLINED, FAILS_LATER, ASKS = "4242424242424242", "4000000000000002", "4000000000000341", "4000002760003184"
REFUND_FAILS = "4000000000005126"
BEGIN = dt.datetime(2027, 2, 15, 12, tzinfo=dt.UTC)
DAY = 86400


class Path:
    """Begins on 15 February 2027, so that pledges are charged in May, August and November."""

    def __init__(self, stand_in, begin: dt.datetime = BEGIN):
        self.stand_in, self.client = stand_in, Client()
        self.go_to(begin)

    def go_to(self, moment: dt.datetime) -> None:
        self.stand_in.do("clock", to=int(moment.timestamp()))

    def go_on(self, *, days: float) -> None:
        self.stand_in.do("clock", advance=int(days * DAY))

    def ask(self, kind: str = "quarterly", minor: int = 2500, currency: str = "USD", **more) -> Intent:
        intent_id = uuid.uuid4()
        checkout.start_pledge(intent_id=intent_id, kind=kind, money=Money(minor, currency), **more)
        return Intent.objects.get(pk=intent_id)

    def pay(self, intent: Intent, card: str = PAYS, email: str = "reader@example.org", **more) -> dict:
        return self.stand_in.do(f"checkout/{intent.session_id}/complete", card=card, email=email, name="Reader", **more)

    def deliver(self) -> None:
        """Takes in what Stripe sends. Nothing may be refused."""
        assert {status for _type, status in self.stand_in.take_deliveries(self.client)} <= {200}

    def work(self) -> None:
        for event in StripeEvent.objects.filter(status="waiting").order_by("pk"):
            inbox.work(event, is_last_attempt=False)

    def settle(self) -> None:
        """Until nothing new comes of it: what we ask of Stripe makes events, too."""
        while True:
            self.deliver()
            if not StripeEvent.objects.filter(status="waiting").exists():
                return
            self.work()

    def pledge(self, card: str = PAYS, email: str = "reader@example.org", **asked) -> Pledge:
        intent = self.ask(**asked)
        session = self.pay(intent, card, email)
        self.settle()
        return Pledge.objects.get(stripe_id=session["subscription"])

    def gift(self, card: str = PAYS, email: str = "reader@example.org", **asked) -> Payment:
        intent = self.ask("once", **asked)
        self.pay(intent, card, email)
        self.settle()
        return Payment.objects.get(intent=intent)

    def rows(self, kind: str) -> list[dict]:
        return self.stand_in.see("rows")[kind]

    def row(self, kind: str, name: str) -> dict:
        return next(row for row in self.rows(kind) if row["id"] == name)

    def statuses(self) -> dict[str, int]:
        counted: dict[str, int] = {}
        for status in StripeEvent.objects.values_list("status", flat=True):
            counted[status] = counted.get(status, 0) + 1
        return counted


def figures(year: int, number: int) -> tuple:
    """(backers, received, promised), both in minor units per currency."""
    found = tally.for_quarter(Quarter(year, number))
    received = {each.currency: each.received_minor for each in found.currencies if each.received_minor}
    promised = {each.currency: each.promised_minor for each in found.currencies if each.promised_minor}
    return found.backers, received, promised


def written() -> dict:
    """Everything that counts, without the ids of rows."""
    return {
        "contributions": sorted(
            Contribution.objects.values_list("quarter", "state", "currency", "amount_minor", "due_at").iterator(),
            key=str,
        ),
        "payments": sorted(Payment.objects.values_list("fact_key", "amount_minor", "quarter", "succeeded_at"), key=str),
        "pledges": sorted(
            Pledge.objects.values_list("stripe_id", "status", "amount_minor", "ends_at", "next_charge_at"), key=str
        ),
        "invoices": sorted(Invoice.objects.values_list("stripe_id", "status", "next_attempt_at"), key=str),
        "intents": sorted(Intent.objects.values_list("status", flat=True)),
    }


def handled(event: dict) -> bool:
    return handlers.handler_of(event["type"]) is not None
