"""
Charging a payment intent once: the bank's verdict, the charge that tells of it, and the intent's new status.
https://docs.stripe.com/payments/paymentintents/lifecycle
"""

from enum import StrEnum

from fakestripe import cards
from fakestripe.acts import balance
from fakestripe.cards import Card
from fakestripe.errors import AuthenticationNeeded, CardRefused
from fakestripe.months import DAY
from fakestripe.shapes import money
from fakestripe.store import Row

# https://docs.stripe.com/payments/sepa-debit: "3 to 5 business days".
DEBIT_TAKES = 3 * DAY
DISPUTED_AFTER = DAY


class Outcome(StrEnum):
    PAID = "paid"
    DECLINED = "declined"
    ASKS = "asks"  # for authentication
    PROCESSING = "processing"


def card_of(engine, method: Row) -> Card:
    return cards.known(engine.store.get("number", method["id"])["number"])


def refusal(card: Card, *, is_present: bool, authenticated: bool | None) -> CardRefused | None:
    """What the bank would say to a card. `is_present` is the shopper, who alone can answer for authentication."""
    if card.asks and not (is_present and authenticated):
        return cards.decline("authentication_failed") if authenticated is False else AuthenticationNeeded()
    reason = card.first if is_present else card.later
    return cards.decline(reason) if reason else None


def charge(engine, intent: Row, method: Row, *, is_present: bool, authenticated: bool | None = None) -> Outcome:
    refused = _verdict(engine, method, is_present=is_present, authenticated=authenticated)
    intent["payment_method"] = method["id"]
    intent["payment_method_types"] = [method["type"]]
    if isinstance(refused, AuthenticationNeeded):
        return _ask(engine, intent)
    made = money.charge(engine.now(), intent=intent, method=method, address=engine.address)
    engine.store.add("charge", made)
    intent["latest_charge"] = made["id"]
    if method["type"] != "card":
        return _begin_debit(engine, intent, made, refused)
    if refused:
        return decline(engine, intent, made, refused)
    if card_of(engine, method).asks:
        made["payment_method_details"]["card"]["three_d_secure"] = dict(_AUTHENTICATED)
    return succeed(engine, intent, made)


def succeed(engine, intent: Row, made: Row) -> Outcome:
    made.update(status="succeeded", paid=True, captured=True, amount_captured=made["amount"], outcome=money.outcome())
    balance.settle(engine, made)
    intent.update(
        status="succeeded",
        amount_received=intent["amount"],
        next_action=None,
        last_payment_error=None,
        processing=None,
    )
    engine.tell("charge.succeeded", made)
    engine.tell("payment_intent.succeeded", intent)
    if card_of(engine, engine.get("payment_method", made["payment_method"])).afterwards == "disputed":
        engine.agenda.add(engine.now() + DISPUTED_AFTER, "dispute", made["id"])
    return Outcome.PAID


def decline(engine, intent: Row, made: Row, refused: CardRefused) -> Outcome:
    method = engine.get("payment_method", made["payment_method"])
    made.update(
        status="failed",
        failure_code=refused.code,
        failure_message=refused.message,
        outcome=money.outcome(refused.decline_code or refused.code, refused.message),
    )
    intent.update(
        status="requires_payment_method",
        payment_method=None,
        next_action=None,
        processing=None,
        last_payment_error={
            "charge": made["id"],
            "code": refused.code,
            "decline_code": refused.decline_code or None,
            "message": refused.message,
            "payment_method": method,
            "type": "card_error",
        },
    )
    engine.tell("charge.failed", made)
    engine.tell("payment_intent.payment_failed", intent)
    return Outcome.DECLINED


def finish_debit(engine, intent: Row, made: Row) -> Outcome:
    """Days later the bank has answered."""
    reason = engine.store.get("debit", made["id"])["reason"]
    if not reason:
        return succeed(engine, intent, made)
    words = "The customer's account has insufficient funds to cover this payment."
    return decline(engine, intent, made, CardRefused(words, code="insufficient_funds"))


def _verdict(engine, method: Row, *, is_present: bool, authenticated: bool | None) -> CardRefused | None:
    forced = "" if is_present else engine.faults.take_next_renewal()
    if forced:
        return AuthenticationNeeded() if forced == "authentication_required" else cards.decline(forced)
    card = card_of(engine, method)
    if method["type"] != "card":
        reason = card.first if is_present else card.later
        return cards.decline(reason) if reason else None
    return refusal(card, is_present=is_present, authenticated=authenticated)


def _ask(engine, intent: Row) -> Outcome:
    intent.update(
        status="requires_action",
        next_action={
            "redirect_to_url": {"return_url": None, "url": f"{engine.address}/authenticate/{intent['id']}"},
            "type": "redirect_to_url",
        },
    )
    engine.tell("payment_intent.requires_action", intent)
    return Outcome.ASKS


def _begin_debit(engine, intent: Row, made: Row, refused: CardRefused | None) -> Outcome:
    engine.store.add("debit", {"reason": refused.decline_code if refused else ""}, made["id"])
    engine.agenda.add(engine.now() + DEBIT_TAKES, "finish_debit", made["id"])
    intent["status"] = "processing"
    engine.tell("charge.pending", made)
    engine.tell("payment_intent.processing", intent)
    return Outcome.PROCESSING


_AUTHENTICATED = {
    "authentication_flow": "challenge",
    "electronic_commerce_indicator": "05",
    "exemption_indicator": None,
    "result": "authenticated",
    "result_reason": None,
    "transaction_id": None,
    "version": "2.2.0",
}
