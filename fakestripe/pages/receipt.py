"""The receipt of one charge, where `receipt_url` leads."""

from fakestripe.errors import Refused
from fakestripe.pages import words
from fakestripe.pages.layout import facts, page, told
from fakestripe.pages.markup import tag
from fakestripe.web import Answer, Request


def show(engine, request: Request, charge_id: str) -> Answer:
    try:
        charge = engine.get("charge", charge_id)
    except Refused:
        return told(engine, "No such receipt", "The address is wrong.", status=404)
    if charge["status"] != "succeeded":
        return told(engine, "No receipt", "Nothing was paid with this charge.", status=404)
    amount, currency = charge["amount"], charge["currency"]
    back = words.money(charge["amount_refunded"], currency) if charge["amount_refunded"] else None
    receipt = tag(
        "section",
        tag("h1", "Receipt"),
        tag("p", tag("span", words.money(amount, currency), class_="amount__figure"), " paid", class_="amount"),
        facts(
            ("On", words.moment(charge["created"])),
            ("For", charge["description"]),
            ("To", charge["billing_details"]["email"]),
            ("Given back", back),
            ("Number", charge["id"]),
        ),
        class_="card",
    )
    return page(engine, "Receipt – stand-in", receipt)
