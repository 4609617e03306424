"""What the operator may see: rows, events, requests, the queue."""

from typing import Any

from fakestripe import events, expansion
from fakestripe.identity import PREFIXES
from fakestripe.web import Answer, Request, Route, json_answer

# Kinds that only exist inside others.
_PARTS = {"item", "subscription_item", "line_item", "request", "event"}
KINDS = [kind for kind in PREFIXES if kind not in _PARTS]


def rows(engine, request: Request) -> Answer:
    """Every object by kind, the oldest first; invoices with their payments, deleted customers with their e-mail."""
    found: dict[str, list[Any]] = {kind: engine.find(kind)[::-1] for kind in KINDS}
    found["invoice"] = [{**row, "payments": expansion.payments(engine, row["id"])} for row in found["invoice"]]
    return json_answer(found)


def all_events(engine, request: Request) -> Answer:
    return json_answer([events.shown(row) for row in engine.find("event")[::-1]])


def requests(engine, request: Request) -> Answer:
    return json_answer(engine.requests)


def waiting(engine, request: Request) -> Answer:
    return json_answer({"waiting": engine.waiting(), **engine.outbox.counts})


def faults(engine, request: Request) -> Answer:
    if request.method == "POST":
        engine.faults.update(request.fields)
    return json_answer(engine.faults.shown())


ROUTES = [
    Route("GET", "/_fake/rows", rows),
    Route("GET", "/_fake/events", all_events),
    Route("GET", "/_fake/requests", requests),
    Route("GET", "/_fake/deliveries", waiting),
    Route("GET", "/_fake/faults", faults),
    Route("POST", "/_fake/faults", faults),
]
