"""Bank debits whose answer comes days later: https://docs.stripe.com/payments/bank-debits"""

from fakestripe import due
from fakestripe.acts import charging, checkout, invoices
from fakestripe.store import Row


@due.act("finish_debit")
def finish(engine, charge_id: str, at: int) -> None:
    charge = engine.get("charge", charge_id)
    if charge["status"] != "pending":
        return
    intent = engine.get("payment_intent", charge["payment_intent"])
    outcome = charging.finish_debit(engine, intent, charge)
    for payment in engine.find("invoice_payment", payment_intent=intent["id"]):
        invoice = engine.get("invoice", payment["invoice"])
        invoices.conclude(engine, invoice, outcome, is_scheduled=True)
    session = _session_that_waits(engine, intent)
    if session:
        checkout.tell_late_answer(engine, session, outcome)


def _session_that_waits(engine, intent: Row) -> Row | None:
    """The session that was completed unpaid with this intent, or with the first invoice that it pays."""
    invoice_ids = {row["invoice"] for row in engine.find("invoice_payment", payment_intent=intent["id"])}
    for session in engine.find("checkout.session", status="complete", payment_status="unpaid"):
        if session["payment_intent"] == intent["id"] or session["invoice"] in invoice_ids:
            return session
    return None
