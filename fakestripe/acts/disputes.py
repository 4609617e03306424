"""Disputes and early fraud warnings. https://docs.stripe.com/disputes, https://docs.stripe.com/radar/reviews"""

from fakestripe import due
from fakestripe.acts import balance
from fakestripe.errors import Refused
from fakestripe.shapes import trouble
from fakestripe.store import Row


def dispute(engine, charge_id: str, *, reason: str = "fraudulent", amount: int | None = None) -> Row:
    """The bank takes the money back at once; closing decides whether it returns."""
    charge = engine.get("charge", charge_id)
    left = charge["amount"] - charge["amount_refunded"]
    if charge["status"] != "succeeded" or charge["disputed"] or not left:
        raise Refused(f"Charge {charge_id} cannot be disputed: it did not succeed, or has been taken back.")
    if amount is not None and not 0 < amount <= left:
        raise Refused(f"A dispute of {amount} is more than what is left of the charge ({left}).", param="amount")
    made = trouble.dispute(engine.now(), of=charge, amount=amount or left, reason=reason)
    taken = balance.take_back(engine, "adjustment", made, fee=balance.DISPUTE_FEE)
    made["balance_transactions"] = [taken]
    charge["disputed"] = True
    engine.store.touch("charge", charge)
    engine.add(made, "charge.dispute.created")
    engine.tell("charge.dispute.funds_withdrawn", made)
    return made


@due.act("dispute")
def dispute_when_due(engine, charge_id: str, at: int) -> None:
    charge = engine.get("charge", charge_id)
    if not charge["disputed"] and not charge["refunded"]:
        dispute(engine, charge_id)


def close(engine, dispute_id: str, *, outcome: str) -> Row:
    if outcome not in ("won", "lost"):
        raise Refused("A dispute is won or lost.", param="outcome")
    made = engine.get("dispute", dispute_id)
    if made["status"] in ("won", "lost"):
        raise Refused(f"This dispute was {made['status']} already.")
    made["status"] = outcome
    if outcome == "won":
        returned = balance.take_back(engine, "adjustment", made, sign=1)
        made["balance_transactions"] = [*made["balance_transactions"], returned]
        engine.tell("charge.dispute.funds_reinstated", made)
    engine.tell("charge.dispute.closed", made)
    return made


def warn(engine, charge_id: str) -> Row:
    charge = engine.get("charge", charge_id)
    if charge["status"] != "succeeded":
        raise Refused("Only a charge that succeeded is warned of.")
    return engine.add(trouble.warning(engine.now(), of=charge), "radar.early_fraud_warning.created")
