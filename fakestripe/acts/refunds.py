"""
Refunds: https://docs.stripe.com/refunds. They succeed at once, unless the card that was charged is one whose refunds
wait, or fail days after they had succeeded.
"""

from typing import Any

from fakestripe import due
from fakestripe.acts import balance, charging
from fakestripe.errors import Refused
from fakestripe.months import DAY
from fakestripe.shapes import money
from fakestripe.store import Row

DECIDED_AFTER = 3 * DAY


def refund(
    engine,
    charge_id: str,
    *,
    amount: int | None = None,
    reason: str | None = None,
    metadata: dict[str, Any] | None = None,
) -> Row:
    """Of the whole rest when no amount is given."""
    charge = engine.get("charge", charge_id)
    left = charge["amount"] - charge["amount_refunded"]
    _refuse_nonsense(charge, left, amount)
    made = money.refund(engine.now(), of=charge, amount=amount or left, reason=reason, metadata=metadata or {})
    card = charging.card_of(engine, engine.get("payment_method", charge["payment_method"]))
    if card.afterwards in ("refund fails", "refund waits"):
        engine.agenda.add(engine.now() + DECIDED_AFTER, card.afterwards, made["id"])
    if card.afterwards == "refund waits":
        made.update(status="pending", pending_reason="processing")
    made["balance_transaction"] = balance.take_back(engine, "refund", made)["id"]
    engine.add(made, "refund.created")
    _set_refunded(engine, charge, charge["amount_refunded"] + made["amount"])
    engine.tell("charge.refunded", charge)
    return made


def fail(engine, refund_id: str) -> Row:
    """The bank sent the money back: https://docs.stripe.com/refunds#failed-refunds"""
    made = engine.get("refund", refund_id)
    if made["status"] not in ("succeeded", "pending"):
        raise Refused(f"A refund that is {made['status']} cannot fail.")
    with engine.changing("refund.updated", made):
        made.pop("pending_reason", None)
        made.update(
            status="failed",
            failure_reason="unknown",
            failure_balance_transaction=balance.take_back(engine, "payment_failure_refund", made, sign=1)["id"],
        )
    engine.tell("refund.failed", made)
    charge = engine.get("charge", made["charge"])
    with engine.changing("charge.updated", charge):
        _set_refunded(engine, charge, charge["amount_refunded"] - made["amount"])
    return made


@due.act("refund fails")
def fail_when_due(engine, refund_id: str, at: int) -> None:
    if engine.get("refund", refund_id)["status"] == "succeeded":
        fail(engine, refund_id)


@due.act("refund waits")
def succeed_when_due(engine, refund_id: str, at: int) -> None:
    made = engine.get("refund", refund_id)
    if made["status"] == "pending":
        with engine.changing("refund.updated", made):
            made.pop("pending_reason", None)
            made["status"] = "succeeded"


def _set_refunded(engine, charge: Row, amount: int) -> None:
    charge.update(amount_refunded=amount, refunded=amount == charge["amount"])
    engine.store.touch("charge", charge)


def _refuse_nonsense(charge: Row, left: int, amount: int | None) -> None:
    if charge["status"] != "succeeded":
        raise Refused(f"Charge {charge['id']} is {charge['status']} and cannot be refunded.")
    if charge["disputed"]:
        raise Refused(f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed")
    if not left:
        raise Refused(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if amount is not None and not 0 < amount <= left:
        raise Refused(f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left}).", param="amount")
