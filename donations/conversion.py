"""
The base amount of a payment and of what is taken back from it. A payment's rate is pinned once: the last reference
rate dated before the payment's own date, whenever its event arrived. Called under the ledger's lock.
"""

from donations import rates
from donations.models import Payment


def pin(payment: Payment) -> bool:
    """Gives the payment its rate if it has none and the rate is certain. True if it has one now that it had not."""
    if payment.base_micro is not None:
        return False
    pinned = rates.before(payment.currency, payment.succeeded_at.date())
    if pinned is None:
        return False
    payment.rate, payment.rate_dated_on = pinned.rate, pinned.dated_on
    payment.base_micro = rates.to_base_micro(payment.amount_minor, payment.currency, pinned.rate)
    return True


def share_out(payment: Payment) -> None:
    """
    Writes the base amount of each of the payment's adjustments, in the order in which they occurred: each takes what
    its part of the amount adds, so that together they take exactly the whole, and never more.
    """
    taken = 0
    for adjustment in payment.adjustments.order_by("occurred_at", "fact_key"):
        upto = min(payment.amount_minor, taken + adjustment.amount_minor) if adjustment.takes_back else taken
        share = None if payment.base_micro is None else _part(payment, upto) - _part(payment, taken)
        taken = upto
        if adjustment.base_micro != share:
            adjustment.base_micro = share
            adjustment.save(update_fields=["base_micro"])


def _part(payment: Payment, minor: int) -> int:
    return payment.base_micro * minor // payment.amount_minor
