"""What the operator may do. Fields come as JSON and are handed to the verb; the answer is the object it speaks of."""

import base64
from collections.abc import Callable
from typing import Any

from fakestripe.acts import checkout, disputes, invoices, parts, refunds, subscriptions, time, wallet
from fakestripe.errors import Refused, unknown_parameter
from fakestripe.web import Answer, Request, Route, json_answer


def clock(engine, request: Request) -> Answer:
    """`to` an epoch, by `advance` seconds, or to an offset of `seconds` from the machine's time."""
    if request.method == "GET":
        return json_answer(time.state(engine))
    moves = {"to": time.move_to, "advance": time.advance, "seconds": time.set_offset}
    if len(request.fields) != 1 or next(iter(request.fields)) not in moves:
        raise Refused("Move the clock by one of to, advance and seconds.")
    ((name, value),) = request.fields.items()
    if type(value) is not int:
        raise Refused("The clock moves by whole seconds.", param=name)
    return json_answer(moves[name](engine, value))


def deliver(engine, request: Request, key: str) -> Answer:
    """Once more, or after it was dropped."""
    engine.get("event", key)
    engine.outbox.send(key)
    return json_answer({"waiting": engine.waiting()})


def take(engine, request: Request) -> Answer:
    """
    For a test that plays the carrier itself: up to `limit` signed requests that are ready, out of the queue until each
    is reported.
    """
    parcels = []
    while len(parcels) < request.fields.get("limit", 100) and (parcel := engine.outbox.take()):
        parcels.append(
            {
                "number": parcel.number,
                "event": parcel.event,
                "body": base64.b64encode(parcel.body).decode(),
                "signature": parcel.signature,
            }
        )
    return json_answer(parcels)


def report(engine, request: Request) -> Answer:
    """What the site answered: {number: status}."""
    for number, status in request.fields.items():
        engine.outbox.report(int(number), status)
    return json_answer({"waiting": engine.waiting()})


def _act(path: str, verb: Callable[..., dict[str, Any]], *names: str) -> Route:
    def function(engine, request: Request, **parts: str) -> Answer:
        for name in request.fields:
            if name not in names:
                raise unknown_parameter(name)
        return json_answer(verb(engine, *parts.values(), **request.fields))

    return Route("POST", f"/_fake/{path}", function)


ROUTES = [
    Route("GET", "/_fake/clock", clock),
    Route("POST", "/_fake/clock", clock),
    Route("POST", "/_fake/events/<key>/deliver", deliver),
    Route("POST", "/_fake/deliveries/take", take),
    Route("POST", "/_fake/deliveries/report", report),
    _act("checkout/<key>/complete", checkout.complete, "card", "email", "name", "debit", "authenticated"),
    _act("checkout/<key>/expire", checkout.expire),
    _act("customers/<key>/card", wallet.replace_card, "card"),
    _act("charges/<key>/refund", refunds.refund, "amount", "reason", "metadata"),
    _act("refunds/<key>/fail", refunds.fail),
    _act("charges/<key>/dispute", disputes.dispute, "reason", "amount"),
    _act("disputes/<key>/close", disputes.close, "outcome"),
    _act("charges/<key>/warn", disputes.warn),
    _act("invoices/<key>/authenticate", invoices.authenticate, "ok"),
    _act("invoices/<key>/pay", invoices.pay, "card", "authenticated"),
    _act("invoices/<key>/part", parts.pay_part, "amount"),
    _act("invoices/<key>/elsewhere", parts.pay_elsewhere),
    _act("subscriptions/<key>/cancel", subscriptions.cancel),
]
