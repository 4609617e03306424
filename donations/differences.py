"""
Where the ledger and Stripe do not say the same. Read only: each difference tells what is unlike, and brings along the
verb of `donations.sync` that would repair it. Between two of them the caller may repair; what comes later then sees it.
"""

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet

from donations import completion, handlers, inbox, ledger, offline, replacing, stripe_gateway, sync
from donations.facts import AdjustmentFacts, ChargeFacts, ChargeStory, InvoiceFacts, Reference, SubscriptionFacts
from donations.mode import is_live
from donations.models import Adjustment, Invoice, Payment, Pledge, StripeEvent
from donations.money import Money
from donations.stripe_gateway import NoSuchObject, NotPaid, StripeRefused
from foundation import clock

logger = logging.getLogger(__name__)

EVENTS_KEPT_FOR = dt.timedelta(days=30)  # at Stripe
DEBITS_TAKE = dt.timedelta(days=30)  # from a charge's making to its success, and from a refund to its failure
DISPUTES_TAKE = dt.timedelta(days=120)
_OF_PLEDGE = {
    "status": "status",
    "item": "item_id",
    "currency": "currency",
    "amount_minor": "amount_minor",
    "anchor_at": "anchor_at",
    "next_charge_at": "next_charge_at",
    "ends_at": "ends_at",
    "ended_at": "ended_at",
    "is_paused": "is_paused",
}
_OF_INVOICE = {
    name: name
    for name in (
        "status",
        "period_start",
        "currency",
        "amount_minor",
        "next_attempt_at",
        "needs_action_since",
        "is_processing",
    )
}
_OF_ADJUSTMENT = {name: name for name in ("status", "takes_back", "amount_minor")}
PAID_ELSEWHERE = (
    "was paid outside Stripe ({}), which counts for nothing so far: enter it as an offline gift with this number in its"
    " note"
)
_FINAL = ("succeeded", "failed", "canceled", "won", "lost", "warning_closed")


@dataclass(frozen=True)
class Difference:
    """
    One object that is told of otherwise here than at Stripe. Without `repair` only a person can help; with a `refusal`
    the ledger does not take it and says why.
    """

    about: str
    words: str
    repair: Callable[[], object] | None = None
    refusal: str = ""

    def __str__(self) -> str:
        return f"{self.about}: {self.words}" + (f" (refused: {self.refusal})" if self.refusal else "")


class Comparison:
    """Stripe's truth for the span, and everything that is not settled, beside the ledger's."""

    def __init__(self, since: dt.datetime, until: dt.datetime, *, adopt: bool = False):
        self.since, self.until, self.adopt = since, until, adopt
        self._refused: set[str] = set()

    def run(self) -> Iterator[Difference]:
        """In the order in which one thing needs the other."""
        yield from self.pledges()
        yield from self.charges_of_pledges()
        yield from self.replaced()
        yield from self.gifts()
        yield from self.adjustments()
        yield from self.warnings()
        yield from self.events()

    def pledges(self) -> Iterator[Difference]:
        seen = set()
        for listed in (
            stripe_gateway.list_subscriptions(),
            stripe_gateway.list_subscriptions(since=self.since, until=self.until),
        ):
            for facts in listed:
                if facts.id not in seen:
                    seen.add(facts.id)
                    yield from self._pledge(facts)
        here = Pledge.objects.filter(livemode=is_live()).not_ended()
        for stripe_id in _unseen(here, "stripe_id", seen):
            try:
                yield from self._pledge(stripe_gateway.fetch_subscription(stripe_id))
            except NoSuchObject:
                yield Difference(stripe_id, "is a pledge here, and Stripe does not know it")

    def _pledge(self, facts: SubscriptionFacts) -> Iterator[Difference]:
        pledge = Pledge.objects.filter(stripe_id=facts.id).first()
        if pledge is None and not facts.reference.site:
            return
        if pledge is None:
            words = f"is a pledge at Stripe ({facts.status}), and not known here"
        elif ledger.holds_later(pledge, facts.fetched_at):
            return  # it was written since the list was begun
        else:
            words = _unlike(pledge, facts, _OF_PLEDGE)
        if words:
            told = sync.with_beginning(facts)
            refusal = _refusal(lambda: ledger.apply_subscription(told, adopt=self.adopt))
            if refusal:
                self._refused.add(facts.id)
            repair = _later(sync.sync_subscription, facts.id, adopt=self.adopt)
            yield Difference(facts.id, words, repair, refusal)

    def charges_of_pledges(self) -> Iterator[Difference]:
        seen = set()
        for facts in stripe_gateway.list_invoices(self.since, self.until):
            seen.add(facts.id)
            yield from self._charge_of_pledge(facts)
        unsettled = [Invoice.Status.DRAFT, Invoice.Status.OPEN]
        here = Invoice.objects.filter(pledge__livemode=is_live(), status__in=unsettled)
        for stripe_id in _unseen(here, "stripe_id", seen):
            try:
                yield from self._charge_of_pledge(stripe_gateway.fetch_invoice(stripe_id))
            except NoSuchObject:
                yield Difference(stripe_id, "is a charge of a pledge here, and Stripe does not know it")

    def _charge_of_pledge(self, facts: InvoiceFacts) -> Iterator[Difference]:
        if not facts.amount_minor or facts.subscription in self._refused:
            return
        invoice = Invoice.objects.filter(stripe_id=facts.id).first()
        if invoice is None:
            words = self._unknown_charge(facts)
        elif ledger.holds_later(invoice, facts.fetched_at):
            return
        else:
            words = _unlike(invoice, facts, _OF_INVOICE)
            if not words and _lacks_payment(facts):
                words = "is paid at Stripe, and a payment of it is not in the ledger"
        if words:
            yield Difference(facts.id, words, _later(sync.sync_invoice, facts.id, adopt=self.adopt))
        elif facts.paid_elsewhere_minor and invoice and not offline.notes(facts.id):
            yield Difference(facts.id, PAID_ELSEWHERE.format(Money(facts.paid_elsewhere_minor, facts.currency)))

    def _unknown_charge(self, facts: InvoiceFacts) -> str:
        """Drafts are not told of before they are tried. Ours are known by their subscription."""
        is_ours = facts.reference.site or Pledge.objects.filter(stripe_id=facts.subscription).exists()
        if not is_ours or facts.status == Invoice.Status.DRAFT:
            return ""
        return f"is a charge of a pledge at Stripe ({facts.status}), and not known here"

    def replaced(self) -> Iterator[Difference]:
        """Stripe does not know that one was to take the other's place; both would be charged."""
        for intent in replacing.unfinished():
            words = f"goes on, and {intent.pledge.stripe_id} has taken its place"
            yield Difference(intent.replaces.stripe_id, words, _later(completion.end_replaced, intent))

    def gifts(self) -> Iterator[Difference]:
        """All charges, in fact: those of pledges were looked at by their invoices, their fees are here."""
        seen = set()
        for charge, reference in stripe_gateway.list_charges(self.since - DEBITS_TAKE, self.until):
            seen.add(charge.id)
            yield from self._gift(charge, reference)
        here = Payment.objects.filter(
            livemode=is_live(),
            method=Payment.Method.STRIPE,
            succeeded_at__gte=self.since,
            succeeded_at__lte=self.until,
        )
        for charge_id in _unseen(here, "fact_key", seen):
            yield from self._payment_without_charge(charge_id)

    def _gift(self, charge: ChargeFacts, reference: Reference) -> Iterator[Difference]:
        payment = Payment.objects.filter(fact_key=charge.id).first()
        repair = _later(sync.sync_charge, charge.id, adopt=self.adopt)
        if payment is None:
            if reference.site:
                story = ChargeStory(charge, (), reference, fetched_at=clock.real_now())
                refusal = _refusal(lambda: ledger.record_gift(story, adopt=self.adopt))
                yield Difference(charge.id, "is a gift at Stripe, and not in the ledger", repair, refusal)
            return
        if (payment.amount_minor, payment.currency) != (charge.amount_minor, charge.currency):
            words = f"is {payment.amount_minor} {payment.currency} here and {charge.amount_minor} {charge.currency}"
            yield Difference(charge.id, f"{words} at Stripe")
        elif charge.is_dated and payment.succeeded_at != charge.succeeded_at and not payment.invoice_id:
            yield Difference(charge.id, f"succeeded {payment.succeeded_at} here and {charge.succeeded_at} at Stripe")
        elif payment.settled_minor is None and charge.settled_minor is not None:
            yield Difference(charge.id, "has been settled at Stripe, and its fee is not noted here", repair)

    def _payment_without_charge(self, charge_id: str) -> Iterator[Difference]:
        try:
            stripe_gateway.fetch_charge_story(charge_id)
        except NoSuchObject:
            yield Difference(charge_id, "is a payment here, and Stripe does not know it")
        except NotPaid:
            yield Difference(charge_id, "is a payment here, and has not succeeded at Stripe")

    def adjustments(self) -> Iterator[Difference]:
        seen = set()
        for listed in (
            stripe_gateway.list_refunds(self.since - DEBITS_TAKE, self.until),
            stripe_gateway.list_disputes(self.since - DISPUTES_TAKE, self.until),
        ):
            for facts in listed:
                seen.add(facts.id)
                yield from self._adjustment(facts)
        here = Adjustment.objects.filter(payment__livemode=is_live(), payment__method=Payment.Method.STRIPE)
        span = here.filter(occurred_at__gte=self.since, occurred_at__lte=self.until)
        for fact_key in _unseen(here.exclude(status__in=_FINAL) | span, "fact_key", seen):
            yield from self._adjustment_of(here.select_related("payment").get(fact_key=fact_key))

    def _adjustment(self, facts: AdjustmentFacts) -> Iterator[Difference]:
        adjustment = Adjustment.objects.filter(fact_key=facts.id).first()
        if adjustment is None:
            if not Payment.objects.filter(fact_key=facts.charge).exists():
                return
            words = f"is a {facts.kind} at Stripe ({facts.status}), and not in the ledger"
        else:
            words = _unlike(adjustment, facts, _OF_ADJUSTMENT)
        if words:
            yield Difference(facts.id, words, _later(sync.sync_charge, facts.charge, adopt=self.adopt))

    def _adjustment_of(self, adjustment: Adjustment) -> Iterator[Difference]:
        """One that was made before the span and may have changed in it."""
        charge_id = adjustment.payment.fact_key
        try:
            told = {each.id: each for each in stripe_gateway.fetch_charge_story(charge_id).adjustments}
        except (NoSuchObject, NotPaid):
            told = {}
        if adjustment.fact_key in told:
            yield from self._adjustment(told[adjustment.fact_key])
        else:
            yield Difference(adjustment.fact_key, f"is a {adjustment.kind} here, and Stripe does not know it")

    def warnings(self) -> Iterator[Difference]:
        try:
            warned = list(stripe_gateway.list_warned_charges(self.since, self.until))
        except StripeRefused as error:  # a key that may not see them is no reason to compare nothing else
            logger.warning("Early fraud warnings could not be listed: %s", error)
            return
        for charge_id in warned:
            if Payment.objects.filter(fact_key=charge_id, fraud_warned_at=None).exists():
                repair = _later(sync.sync_charge, charge_id, is_warned=True)
                yield Difference(charge_id, "was warned of for fraud, and nobody here was told", repair)

    def events(self) -> Iterator[Difference]:
        """Those that Stripe did not get rid of. They are taken in like any other, and worked on at once."""
        known_types = set(handlers.types())
        oldest = max(self.since, clock.now() - EVENTS_KEPT_FOR)
        for told in stripe_gateway.list_events(oldest):
            if told.type in known_types and not StripeEvent.objects.filter(stripe_id=told.id).exists():
                words = f"({told.type} of {told.object_id}) was not delivered"
                yield Difference(told.id, words, _later(inbox.take_and_work, told))


def _unseen(rows: QuerySet, key: str, seen: set[str]) -> list[str]:
    """The keys of rows that no list brought up."""
    return [value for value in rows.values_list(key, flat=True) if value not in seen]


def _unlike(row: object, facts: object, fields: dict[str, str]) -> str:
    unlike = []
    for theirs, ours in fields.items():
        here, there = getattr(row, ours), getattr(facts, theirs)
        if here != there:
            unlike.append(f"{ours} is {_say(here)} here and {_say(there)} at Stripe")
    return "; ".join(unlike)


def _say(value: object) -> str:
    if value is None or value == "":
        return "nothing"
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, dt.datetime) else str(value)


def _lacks_payment(facts: InvoiceFacts) -> bool:
    """One payment intent may have paid several invoices: its charge stands by the first of them."""
    return any(
        not Payment.objects.filter(Q(payment_intent=number) | Q(fact_key=number)).exists() for number in facts.paid_by
    )


def _refusal(apply: Callable[[], object]) -> str:
    """What the ledger would say, tried in a transaction that is taken back. An unknown intent may be adopted."""
    with transaction.atomic():
        try:
            apply()
        except (ledger.UnknownIntent, ledger.NotOurs):
            return ""
        except ledger.Refused as error:
            return str(error)
        finally:
            transaction.set_rollback(True)
    return ""


def _later(verb: Callable, *args: object, **options: object) -> Callable[[], object]:
    return lambda: verb(*args, **options)
