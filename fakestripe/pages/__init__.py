"""
The hosted pages a person clicks: Checkout, portal, invoice, receipt. They read the engine and call the verbs of `acts`;
they change nothing themselves.
"""

import pathlib

from fakestripe.pages import checkout, invoice, portal, receipt
from fakestripe.pages.layout import STYLES
from fakestripe.web import Answer, Request, Route, file


def style(engine, request: Request) -> Answer:
    name = request.path.removeprefix("/")
    return file(pathlib.Path(__file__).with_name(name).read_bytes(), "text/css; charset=utf-8")


ROUTES = [
    *[Route("GET", path, style) for path in STYLES],
    Route("GET", "/pay/<session_id>", checkout.show),
    Route("POST", "/pay/<session_id>", checkout.submit),
    Route("GET", "/portal/<portal_id>", portal.show),
    Route("POST", "/portal/<portal_id>/card", portal.change_card),
    Route("POST", "/portal/<portal_id>/address", portal.change_address),
    Route("GET", "/invoice/<invoice_id>", invoice.show),
    Route("POST", "/invoice/<invoice_id>/pay", invoice.pay),
    Route("POST", "/invoice/<invoice_id>/bank", invoice.answer_the_bank),
    Route("GET", "/invoice/<invoice_id>/pdf", invoice.show),
    Route("GET", "/authenticate/<intent_id>", invoice.authenticate),
    Route("GET", "/receipt/<charge_id>", receipt.show),
]
