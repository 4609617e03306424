"""
An invoice that is paid in parts, as "Charge customer" in the dashboard offers it, or outside Stripe altogether.
https://docs.stripe.com/invoicing/partial-payments
"""

from fakestripe.acts import charging, invoices, wallet
from fakestripe.acts.charging import Outcome
from fakestripe.errors import Refused
from fakestripe.shapes import billing, money
from fakestripe.store import Row


def pay_part(engine, invoice_id: str, amount: int) -> Row:
    """The customer's card is charged for less than is due; the default payment keeps to what remains."""
    invoice = _open(engine, invoice_id)
    if type(amount) is not int or not 0 < amount < invoice["amount_remaining"]:
        raise Refused("A part is more than nothing and less than what remains.", param="amount")
    intent = money.payment_intent(
        engine.now(), amount=amount, currency=invoice["currency"], customer_id=invoice["customer"]
    )
    engine.add(intent, "payment_intent.created")
    payment = billing.invoice_payment(engine.now(), of=invoice, intent_id=intent["id"])
    payment.update(is_default=False, amount_requested=amount)
    engine.add(payment)
    method = wallet.chosen(engine, invoices.subscription_of(engine, invoice))
    if method is None or charging.charge(engine, intent, method, is_present=True) != Outcome.PAID:
        raise Refused("That part could not be charged.")
    payment.update(status="paid", amount_paid=amount)
    payment["status_transitions"]["paid_at"] = engine.now()
    invoice["amount_paid"] += amount
    invoice["amount_remaining"] -= amount
    default = invoices.payment_of(engine, invoice)
    default["amount_requested"] = invoice["amount_remaining"]
    invoices.intent_of(engine, invoice)["amount"] = invoice["amount_remaining"]
    engine.store.touch("invoice_payment", default)
    engine.tell("invoice_payment.paid", payment)
    engine.tell("invoice.updated", invoice)
    return invoice


def pay_elsewhere(engine, invoice_id: str) -> Row:
    """By a transfer that Stripe is only told of: https://docs.stripe.com/api/invoices/pay, `paid_out_of_band`."""
    invoice = _open(engine, invoice_id)
    left = invoice["amount_remaining"]
    invoices.call_off(engine, invoices.payment_of(engine, invoice))
    invoices.settle(engine, invoice)
    invoice["amount_paid_off_stripe"] = left
    return invoice


def _open(engine, invoice_id: str) -> Row:
    invoice = engine.get("invoice", invoice_id)
    if invoice["status"] != "open":
        raise Refused("Only an open invoice can be paid.")
    return invoice
