"""
What a quarter came to, summed over the stand-in's own rows by somebody who never saw the ledger: it imports nothing of
the site, reads Stripe's JSON only, and walks where the site queries. Books are taken to be open and anchors unmoved.
"""

import datetime as dt
from collections import defaultdict
from fractions import Fraction
from zoneinfo import ZoneInfo

GIVING = {"active", "trialing", "past_due"}
TWO_WEEKS = 14 * 86400


class Summation:
    """
    `rows` are all objects of the stand-in by kind, `now` an epoch; `rate(currency, date)` is what one unit is worth
    in the base currency, a Fraction, by the last day before that date. Quarters are pairs (year, number).
    """

    def __init__(self, rows: dict[str, list[dict]], *, site: str, zone: ZoneInfo, now: int, rate):
        self.rows, self.site, self.zone, self.now, self.rate = rows, site, zone, now, rate
        self.people = defaultdict(set)  # folded e-mails
        self.received = defaultdict(lambda: defaultdict(int))  # minor units per currency
        self.promised = defaultdict(lambda: defaultdict(int))
        self.base = defaultdict(Fraction)  # units of the base currency, of what was received
        self.emails = {customer["id"]: (customer.get("email") or "").strip().lower() for customer in rows["customer"]}
        self.settled = {made["id"]: made["created"] for made in rows["balance_transaction"]}
        self.intents = {intent["id"]: intent for intent in rows["payment_intent"]}
        self.charges = {
            charge["payment_intent"]: charge for charge in rows["charge"] if charge["status"] == "succeeded"
        }
        self.taken = self._taken_back()
        self.invoices = defaultdict(list)
        of_invoices = set()
        for invoice in rows["invoice"]:
            of_invoices.update(payment["payment"]["payment_intent"] for payment in invoice["payments"]["data"])
            if invoice["amount_due"]:
                self.invoices[invoice["parent"]["subscription_details"]["subscription"]].append(invoice)
        for intent, charge in self.charges.items():
            if intent not in of_invoices and self.intents[intent]["metadata"].get("site") == site:
                self._receive(charge, self._after(self._moment(charge)))
        for subscription in rows["subscription"]:
            if subscription["metadata"].get("site") == site:
                self._add(subscription)

    def backers(self, quarter: tuple[int, int]) -> int:
        return len(self.people[quarter])

    def _taken_back(self) -> dict[str, int]:
        taken = defaultdict(int)
        for refund in self.rows["refund"]:
            if refund["status"] not in ("failed", "canceled"):
                taken[refund["charge"]] += refund["amount"]
        for dispute in self.rows["dispute"]:
            if dispute["status"] == "lost":
                taken[dispute["charge"]] += dispute["amount"]
        return taken

    def _moment(self, charge: dict) -> int:
        """When the money was there: for a card at once, for a debit when its balance transaction was made."""
        return self.settled.get(charge["balance_transaction"], charge["created"])

    def _after(self, epoch: int, steps: int = 0) -> tuple[int, int]:
        """The quarter after the one that holds that moment, or so many further on."""
        local = dt.datetime.fromtimestamp(epoch, self.zone)
        count = local.year * 4 + (local.month - 1) // 3 + 1 + steps
        return count // 4, count % 4 + 1

    def _receive(self, charge: dict, quarter: tuple[int, int]) -> None:
        left = charge["amount"] - self.taken[charge["id"]]
        if left <= 0:
            return
        currency = charge["currency"].upper()
        self.people[quarter].add(self.emails[charge["customer"]])
        self.received[quarter][currency] += left
        day = dt.datetime.fromtimestamp(self._moment(charge), dt.UTC).date()
        self.base[quarter] += Fraction(left, 100) * self.rate(currency, day)

    def _add(self, subscription: dict) -> None:
        anchor = subscription["billing_cycle_anchor"]
        invoices = {_months(anchor, _start(invoice)) // 3: invoice for invoice in self.invoices[subscription["id"]]}
        first = invoices.get(0)
        paid = self._charges_of(first) if first else []
        base = min(map(self._moment, paid)) if paid else anchor
        for number, invoice in invoices.items():
            charges = self._charges_of(invoice)
            for charge in charges:
                self._receive(charge, self._after(base, number))
            owed = invoice["amount_due"] - sum(charge["amount"] for charge in charges)
            if owed > 0 and self._still_wanted(subscription, _start(invoice)) and self._may_succeed(invoice):
                self._promise(subscription, owed, self._after(base, number))
        following = max(invoices, default=-1) + 1
        for number in range(following, following + 4):
            if self._still_wanted(subscription, _due(anchor, number)):
                amount = subscription["items"]["data"][0]["price"]["unit_amount"]
                self._promise(subscription, amount, self._after(base, number))

    def _charges_of(self, invoice: dict) -> list[dict]:
        """More than one where it was paid in parts."""
        intents = [payment["payment"]["payment_intent"] for payment in invoice["payments"]["data"]]
        return [self.charges[intent] for intent in intents if intent in self.charges]

    def _still_wanted(self, subscription: dict, due: int) -> bool:
        ends = subscription["cancel_at"]
        if subscription["cancel_at_period_end"] and not ends:
            ends = subscription["items"]["data"][0]["current_period_end"]
        is_giving = subscription["status"] in GIVING and not subscription["pause_collection"]
        return is_giving and (not ends or ends > due)

    def _may_succeed(self, invoice: dict) -> bool:
        if invoice["status"] == "draft" or (invoice["status"] == "open" and invoice["next_payment_attempt"]):
            return True
        intents = [self.intents[payment["payment"]["payment_intent"]] for payment in invoice["payments"]["data"]]
        if invoice["status"] != "open" or not intents:
            return False
        if intents[-1]["status"] == "processing":
            return True
        asked = invoice["status_transitions"]["finalized_at"]
        return intents[-1]["status"] == "requires_action" and self.now < asked + TWO_WEEKS

    def _promise(self, subscription: dict, minor: int, quarter: tuple[int, int]) -> None:
        self.people[quarter].add(self.emails[subscription["customer"]])
        self.promised[quarter][subscription["currency"].upper()] += minor


def _start(invoice: dict) -> int:
    return invoice["lines"]["data"][0]["period"]["start"]


def _months(first: int, second: int) -> int:
    one, two = (dt.datetime.fromtimestamp(epoch, dt.UTC) for epoch in (first, second))
    return 12 * (two.year - one.year) + two.month - one.month


def _due(anchor: int, number: int) -> int:
    """The anchor's day so many quarters on, or the month's last."""
    moment = dt.datetime.fromtimestamp(anchor, dt.UTC)
    count = moment.month - 1 + 3 * number
    for day in range(moment.day, 27, -1):
        try:
            return int(moment.replace(year=moment.year + count // 12, month=count % 12 + 1, day=day).timestamp())
        except ValueError:
            continue
    return int(moment.replace(year=moment.year + count // 12, month=count % 12 + 1).timestamp())
