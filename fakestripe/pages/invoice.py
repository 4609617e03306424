"""The hosted invoice: what a letter about a failed renewal leads to. Pay with another card, or answer the bank."""

from fakestripe.acts import invoices
from fakestripe.errors import AuthenticationNeeded, CardRefused, Refused
from fakestripe.pages import words
from fakestripe.pages.bank import ask_the_bank
from fakestripe.pages.cards import FORM, card_buttons, card_field, number_in, unknown
from fakestripe.pages.layout import comes_from_elsewhere, facts, page, told, warning
from fakestripe.pages.markup import Safe, tag
from fakestripe.web import Answer, Request, redirect

SAID = {
    "draft": "This invoice is still being prepared.",
    "paid": "Paid. Nothing is left to do.",
    "void": "This invoice was cancelled. Nothing is owed.",
    "uncollectible": "This invoice was given up. Nothing more is charged.",
}


def show(engine, request: Request, invoice_id: str) -> Answer:
    invoice = _invoice(engine, invoice_id)
    if invoice is None:
        return _unknown(engine)
    if "bank" in request.query and waits_for_the_bank(engine, invoice):
        return ask_the_bank(engine, f"{address(invoice)}/bank", {}, _due(invoice))
    return _view(engine, invoice, request.query)


def pay(engine, request: Request, invoice_id: str) -> Answer:
    invoice = _invoice(engine, invoice_id)
    if invoice is None or comes_from_elsewhere(request):
        return _unknown(engine)
    number = number_in(request.form)
    if "fill" in request.form or invoice["status"] != "open":
        return _view(engine, invoice, {"card": number})
    refusal = unknown(number)
    if refusal is None:
        verdict = {"yes": True, "no": False}.get(request.form.get("bank", ""))
        try:
            invoices.pay(engine, invoice_id, card=number, authenticated=verdict)
        except AuthenticationNeeded:
            return ask_the_bank(engine, f"{address(invoice)}/pay", {"card": number}, _due(invoice))
        except (CardRefused, Refused) as refused:
            refusal = refused.message
    if refusal:
        return _view(engine, engine.get("invoice", invoice_id), {"card": number}, refusal=refusal, status=402)
    return redirect(address(invoice))


def answer_the_bank(engine, request: Request, invoice_id: str) -> Answer:
    invoice = _invoice(engine, invoice_id)
    if invoice is None or comes_from_elsewhere(request):
        return _unknown(engine)
    if waits_for_the_bank(engine, invoice):
        invoices.authenticate(engine, invoice_id, ok=request.form.get("bank") == "yes")
    refused = "" if engine.get("invoice", invoice_id)["status"] == "paid" else "?refused=1"
    return redirect(f"{address(invoice)}{refused}")


def authenticate(engine, request: Request, intent_id: str) -> Answer:
    """Where a payment intent's `next_action` leads: to the invoice that it would pay."""
    made = engine.find("invoice_payment", payment_intent=intent_id)
    if not made:
        return told(engine, "Nothing to answer", "No payment of that name waits for a bank.", status=404)
    return redirect(f"/invoice/{made[0]['invoice']}?bank=1")


def waits_for_the_bank(engine, invoice: dict) -> bool:
    """Whether the invoice's charge stands still until its owner answers the bank."""
    if invoice["status"] != "open":
        return False
    return any(
        engine.get("payment_intent", made["payment"]["payment_intent"])["status"] == "requires_action"
        for made in engine.find("invoice_payment", invoice=invoice["id"])
        if made["payment"].get("payment_intent")
    )


def address(invoice: dict) -> str:
    return f"/invoice/{invoice['id']}"


def _view(engine, invoice: dict, typed: dict[str, str], *, refusal: str | None = None, status: int = 200) -> Answer:
    if "refused" in typed:
        refusal = "The bank refused the payment. Try again, or use another card."
    line = invoice["lines"]["data"][0]
    paid_at = invoice["status_transitions"]["paid_at"]
    summary = tag(
        "section",
        tag("h1", f"Invoice {invoice['number'] or ''}"),
        tag("p", tag("span", _due(invoice), class_="amount__figure"), " ", invoice["status"], class_="amount"),
        tag("p", SAID[invoice["status"]]) if invoice["status"] in SAID else None,
        facts(
            ("For", line["description"]),
            ("Period", f"{words.day(line['period']['start'])} to {words.day(line['period']['end'])}"),
            ("To", invoice["customer_email"]),
            ("Paid", words.moment(paid_at) if paid_at else None),
            ("Tried", f"{invoice['attempt_count']} times" if invoice["attempt_count"] > 1 else None),
            ("Next try", words.moment(invoice["next_payment_attempt"]) if invoice["next_payment_attempt"] else None),
        ),
        class_="summary",
    )
    number = number_in(typed)
    is_open = invoice["status"] == "open"
    columns = tag(
        "div",
        summary,
        [_form(engine, invoice, number, refusal), card_buttons(f"{address(invoice)}/pay", number)] if is_open else None,
        class_="columns",
    )
    return page(engine, "Invoice – stand-in", columns, status=status)


def _form(engine, invoice: dict, number: str, refusal: str | None) -> Safe:
    bank = tag("a", "Answer your bank", href=f"{address(invoice)}?bank=1", class_="button button--wide")
    return tag(
        "form",
        tag("h2", "Pay this invoice"),
        warning(refusal),
        [tag("p", "Your bank asks whether it is you."), bank] if waits_for_the_bank(engine, invoice) else None,
        card_field(number),
        tag("button", f"Pay {_due(invoice)}", type="submit", class_="button button--wide"),
        id=FORM,
        method="post",
        action=f"{address(invoice)}/pay",
        class_="card",
    )


def _due(invoice: dict) -> str:
    return words.money(invoice["amount_due"], invoice["currency"])


def _invoice(engine, invoice_id: str) -> dict | None:
    try:
        return engine.get("invoice", invoice_id)
    except Refused:
        return None


def _unknown(engine) -> Answer:
    return told(engine, "No such invoice", "The address is wrong, or the form came from another site.", status=404)
