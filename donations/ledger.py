"""
The verbs that write what Stripe told: pledges, their charges, gifts, refunds and disputes. Each takes facts that were
fetched before, opens its own transaction under the ledger's lock, and may be called again, late and in any order: a
money fact is inserted once by its own id, and a row's state is overwritten only by a fetch that began later.
"""

import datetime as dt

from donations import completion, contributions, conversion, ground, people, periods, schedule
from donations.contributions import Cause
from donations.facts import AdjustmentFacts, ChargeFacts, ChargeStory, InvoiceFacts, Reference, SubscriptionFacts
from donations.mode import is_live
from donations.models import Adjustment, Currency, Intent, Invoice, LateEntry, Payment, Pledge
from donations.money import Money
from foundation import clock

Reason = LateEntry.Reason
CLOCKS_DIFFER = dt.timedelta(minutes=5)  # at most, of the machines that write here


class Refused(Exception):
    """Authentic, and not what we asked for; the message says what is wrong. It waits for a person."""


class UnknownIntent(Refused):
    """It carries this site's words, and they name an intent that is not in this database: history from before it."""


class NotOurs(Exception):
    """It carries no words of this site: another product of the same account."""


class PledgeMissing(Exception):
    """The invoice's subscription has to be applied first."""


class PaymentMissing(Exception):
    """The charge has to be recorded first."""


def apply_subscription(facts: SubscriptionFacts, *, adopt: bool = False) -> Pledge:
    """
    Makes or updates the pledge. With `adopt`, one whose intent is not known here is taken in too (history from before
    this database). Raises NotOurs or Refused.
    """
    with ground.held():
        pledge = Pledge.objects.filter(stripe_id=facts.id).first()
        if pledge and holds_later(pledge, facts.fetched_at):
            return pledge
        intent = _intent_of(facts.reference, facts.livemode, known=pledge is not None or adopt)
        _insist_on_terms(facts, intent, known=pledge is not None)
        if pledge is None:
            backer, customer = people.find_or_make(
                facts.person, livemode=facts.livemode, currency=facts.currency, at=facts.started_at
            )
            pledge = Pledge(stripe_id=facts.id, backer=backer, customer=customer, livemode=facts.livemode)
            pledge.intent = intent if intent and not hasattr(intent, "pledge") else None
        _copy(facts, pledge)
        pledge.save()
        _complete(intent, facts.started_at)
        contributions.derive_pledge(pledge, Cause(Reason.CORRECTION, clock.now()))
        completion.follow_pledge(pledge)
        return pledge


def apply_invoice(facts: InvoiceFacts) -> Invoice | None:
    """
    Makes or updates a charge of a pledge, and records what paid it: one payment, or several of a part each. Invoices
    over nothing are passed over. Raises PledgeMissing, or Refused when the currency cannot be of that pledge.
    """
    if facts.amount_minor == 0 and not facts.charges:
        return None
    with ground.held():
        pledge = Pledge.objects.select_related("backer", "customer").filter(stripe_id=facts.subscription).first()
        if pledge is None:
            raise PledgeMissing(facts.subscription)
        if facts.currency != pledge.currency:
            raise Refused(f"invoice {facts.id} is in {facts.currency}, its pledge in {pledge.currency}")
        invoice = Invoice.objects.filter(stripe_id=facts.id).first() or Invoice(stripe_id=facts.id, pledge=pledge)
        if invoice.pk is None or not holds_later(invoice, facts.fetched_at):
            _copy_invoice(facts, invoice, is_forgotten=pledge.backer.forgotten_at is not None)
        causes = []
        for charge in sorted(facts.charges, key=lambda each: (each.succeeded_at, each.id)):
            payment, is_new = _insert_payment(charge, pledge=pledge, invoice=invoice)
            if is_new:
                causes.append(Cause(Reason.CORRECTION, payment.succeeded_at, payment))
                contributions.derive_pledge(pledge, causes[-1])
        if not causes:
            contributions.derive_pledge(pledge, Cause(Reason.CORRECTION, clock.now()))
        completion.follow_pledge(pledge)
        return invoice


def record_gift(story: ChargeStory, *, adopt: bool = False) -> Payment:
    """Records a one-off gift and what was taken back from it. Raises NotOurs or Refused."""
    with ground.held():
        charge = story.charge
        intent = _intent_of(story.reference, charge.livemode, known=adopt or _is_recorded(charge))
        if intent:
            _insist_on_gift(charge, intent)
        _insist_on_currency(charge.currency)
        payment, is_new = _insert_payment(charge, intent=intent)
        _complete(intent, charge.succeeded_at)
        if is_new:
            contributions.derive_gift(payment, Cause(Reason.CORRECTION, payment.succeeded_at, payment))
        _write_adjustments(payment, story)
        return payment


def record_adjustments(story: ChargeStory) -> Payment:
    """Refunds and disputes of a charge that is in the ledger already. Raises PaymentMissing."""
    with ground.held():
        payment = Payment.objects.filter(fact_key=story.charge.id).first()
        if payment is None:
            raise PaymentMissing(story.charge.id)
        _note_settlement(payment, story.charge)
        _write_adjustments(payment, story)
        return payment


def holds_later(row: Pledge | Invoice | Adjustment, fetched_at: dt.datetime) -> bool:
    """
    Whether the row holds a fetch that began no earlier than that one. What has not come yet was noted by a clock that
    was wrong, and must not stand in the way until then.
    """
    return fetched_at <= row.fetched_at <= clock.real_now() + CLOCKS_DIFFER


def note_fraud_warning(payment: Payment) -> None:
    """The card's network holds it for fraud. The treasurer may want to refund it before it is disputed."""
    Payment.objects.filter(pk=payment.pk, fraud_warned_at=None).update(fraud_warned_at=clock.now())


def pin_rates() -> int:
    """Gives their rate to payments that had none when they came. Returns how many have one now."""
    pinned = 0
    with ground.held():
        for payment in Payment.objects.without_rate().select_related("pledge"):
            if conversion.pin(payment):
                payment.save(update_fields=["rate", "rate_dated_on", "base_micro"])
                conversion.share_out(payment)
                _derive(payment, Cause(Reason.RATE, clock.now(), payment))
                pinned += 1
    return pinned


def _derive(payment: Payment, cause: Cause) -> None:
    if payment.pledge_id:
        contributions.derive_pledge(payment.pledge, cause)
    else:
        contributions.derive_gift(payment, cause)


def _intent_of(reference: Reference, livemode: bool, *, known: bool) -> Intent | None:
    """The intent our metadata names. None is only an answer for what is known already, or is being adopted."""
    if livemode != is_live():
        raise Refused("it belongs to Stripe's other mode (test or live)")
    if not reference.site:
        raise NotOurs
    intent = Intent.objects.filter(pk=reference.intent, livemode=livemode).first() if reference.intent else None
    if intent is None and not known:
        raise UnknownIntent(f"it names the intent “{reference.intent}”, which is not known here")
    return intent


def _insist_on_terms(facts: SubscriptionFacts, intent: Intent | None, *, known: bool) -> None:
    """A new pledge must be what its intent asked for; later its amount may change, its currency never."""
    _insist_on_currency(facts.currency)
    if facts.months != schedule.MONTHS:
        raise Refused(f"it is charged every {facts.months} months, not every {schedule.MONTHS}")
    if intent is None:
        return
    if facts.currency != intent.currency:
        raise Refused(f"it is in {facts.currency}, and {intent.currency} was asked for")
    if facts.begun_minor == 0 or not is_changed_since_asked(facts, intent, known=known):
        return
    begun_minor = facts.amount_minor if facts.begun_minor is None else facts.begun_minor
    if begun_minor != intent.amount_minor:
        told = Money(begun_minor, facts.currency).with_code
        raise Refused(f"it is about {told}, and {intent.amount.with_code} was asked for")


def is_changed_since_asked(facts: SubscriptionFacts, intent: Intent, *, known: bool) -> bool:
    """A new pledge of another amount: what it began with decides whether it was changed since, or never asked for."""
    return not known and intent.status == Intent.Status.OPEN and facts.amount_minor != intent.amount_minor


def _insist_on_gift(charge: ChargeFacts, intent: Intent) -> None:
    if (charge.amount_minor, charge.currency) != (intent.amount_minor, intent.currency):
        _insist_on_currency(charge.currency)
        paid = Money(charge.amount_minor, charge.currency).with_code
        raise Refused(f"{paid} was paid, and {intent.amount.with_code} was asked for")


def _insist_on_currency(currency: str) -> None:
    if not Currency.objects.filter(pk=currency).exists():
        raise Refused(f"{currency} is not among the site's currencies")


def _is_recorded(charge: ChargeFacts) -> bool:
    return Payment.objects.filter(fact_key=charge.id).exists()


def _copy(facts: SubscriptionFacts, pledge: Pledge) -> None:
    pledge.item_id = facts.item
    pledge.currency, pledge.amount_minor = facts.currency, facts.amount_minor
    pledge.status = facts.status
    pledge.anchor_at, pledge.started_at = facts.anchor_at, facts.started_at
    pledge.next_charge_at = facts.next_charge_at
    if pledge.ends_at and not (facts.ends_at or facts.ended_at):
        pledge.kept_at = clock.now()
    pledge.ends_at, pledge.ended_at = facts.ends_at, facts.ended_at
    pledge.is_paused = facts.is_paused
    pledge.fetched_at = facts.fetched_at


def _copy_invoice(facts: InvoiceFacts, invoice: Invoice, *, is_forgotten: bool) -> None:
    invoice.status = facts.status
    invoice.period_start = facts.period_start
    invoice.amount_minor, invoice.currency = facts.amount_minor, facts.currency
    invoice.next_attempt_at = facts.next_attempt_at
    invoice.needs_action_since = facts.needs_action_since
    invoice.is_processing = facts.is_processing
    invoice.hosted_url = "" if is_forgotten else facts.hosted_url  # that page tells who pays
    invoice.created_at = facts.created_at
    invoice.fetched_at = facts.fetched_at
    invoice.save()


def _complete(intent: Intent | None, at: dt.datetime) -> None:
    if intent and intent.status != Intent.Status.COMPLETED:
        intent.status, intent.completed_at = Intent.Status.COMPLETED, at
        intent.save(update_fields=["status", "completed_at"])
        completion.follow(intent)


def _insert_payment(
    charge: ChargeFacts,
    *,
    pledge: Pledge | None = None,
    invoice: Invoice | None = None,
    intent: Intent | None = None,
) -> tuple[Payment, bool]:
    """The charge's payment, and whether it is new. One that is known stays as it is, but for what Stripe adds later."""
    payment = Payment.objects.filter(fact_key=charge.id).first()
    if payment:
        _note_settlement(payment, charge)
        return payment, False
    if pledge:
        backer, customer = pledge.backer, pledge.customer
    else:
        backer, customer = _giver(charge)
    payment = Payment(
        fact_key=charge.id,
        livemode=charge.livemode,
        kind=Payment.Kind.PLEDGE if pledge else Payment.Kind.ONCE,
        backer=backer,
        customer=customer,
        pledge=pledge,
        invoice=invoice,
        intent=intent or (pledge.intent if pledge else None),
        amount_minor=charge.amount_minor,
        currency=charge.currency,
        succeeded_at=charge.succeeded_at,
        quarter=periods.backed_by_gift_at(charge.succeeded_at),
        payment_intent=charge.payment_intent,
        settled_minor=charge.settled_minor,
        settled_currency=charge.settled_currency,
        fee_minor=charge.fee_minor,
        recorded_at=clock.now(),
    )
    conversion.pin(payment)
    payment.save()
    return payment, True


def _giver(charge: ChargeFacts):
    if not charge.person.customer:
        backer = people.find_or_make_by_email(
            charge.person.email, livemode=charge.livemode, name=charge.person.name, at=charge.given_at
        )
        return backer, None
    return people.find_or_make(charge.person, livemode=charge.livemode, currency=charge.currency, at=charge.given_at)


def _note_settlement(payment: Payment, charge: ChargeFacts) -> None:
    """With asynchronous capture Stripe knows the fee only later."""
    if payment.settled_minor is None and charge.settled_minor is not None:
        payment.settled_minor, payment.settled_currency = charge.settled_minor, charge.settled_currency
        payment.fee_minor = charge.fee_minor
        payment.save(update_fields=["settled_minor", "settled_currency", "fee_minor"])


def _write_adjustments(payment: Payment, story: ChargeStory) -> None:
    """One derivation for each change, so that each one that reaches closed books is dated by itself."""
    for facts in sorted(story.adjustments, key=lambda facts: (facts.occurred_at, facts.id)):
        cause = _write_adjustment(payment, facts, story.fetched_at)
        if cause:
            conversion.share_out(payment)
            _derive(payment, cause)


def _write_adjustment(payment: Payment, facts: AdjustmentFacts, fetched_at: dt.datetime) -> Cause | None:
    """
    What changed in the sums by it, if anything did. Stripe dates a dispute by its opening and a refund by its making,
    and neither by its end: one that was known before and takes back another sum does so since now, as far as anybody
    can tell.
    """
    known = Adjustment.objects.filter(fact_key=facts.id).first()
    if known and holds_later(known, fetched_at):
        return None
    took = known.amount_minor if known and known.takes_back else 0
    adjustment = known or Adjustment(fact_key=facts.id, payment=payment, kind=facts.kind, recorded_at=clock.now())
    adjustment.status, adjustment.takes_back = facts.status, facts.takes_back
    adjustment.amount_minor, adjustment.reason = facts.amount_minor, facts.reason[:100]
    adjustment.fee_minor, adjustment.fee_currency = facts.fee_minor, facts.fee_currency
    adjustment.occurred_at, adjustment.fetched_at = facts.occurred_at, fetched_at
    adjustment.save()
    if took == (facts.amount_minor if facts.takes_back else 0):
        return None
    return Cause(_reason(facts), clock.now() if known else facts.occurred_at, payment)


def _reason(facts: AdjustmentFacts) -> LateEntry.Reason:
    if not facts.takes_back:
        return Reason.REVERSAL
    return Reason.REFUND if facts.kind == Adjustment.Kind.REFUND else Reason.DISPUTE
