"""
Events: what happened, with the object as it was then. https://docs.stripe.com/api/events/object

An event's row keeps its `data` as JSON text: nobody changes it any more, and there are many.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fakestripe import API_VERSION, identity
from fakestripe.store import Row

# What an object holds only in an answer that was asked to expand it.
_ON_DEMAND = {("checkout.session", "line_items")}


def record(engine, kind: str, row: Row, previous: dict[str, Any] | None = None) -> None:
    """Makes the event and hands it to the outbox; it is delivered once the act that it is part of is over."""
    shown = {name: value for name, value in row.items() if (row["object"], name) not in _ON_DEMAND}
    data = {"object": shown} if previous is None else {"object": shown, "previous_attributes": previous}
    event = {
        "id": identity.new("event"),
        "object": "event",
        "account": None,
        "api_version": API_VERSION,
        "context": None,
        "created": engine.now(),
        "data": json.dumps(data),
        "livemode": False,
        "pending_webhooks": 1 if engine.outbox.wants(kind) else 0,
        "request": dict(engine.asked),
        "type": kind,
    }
    engine.store.add("event", event)
    if event["pending_webhooks"]:
        engine.outbox.put(event["id"])


def shown(event: Row) -> dict[str, Any]:
    return {**event, "data": json.loads(event["data"])}


@contextmanager
def recording_change(engine, kind: str, row: Row) -> Iterator[Row]:
    """What is changed in the row meanwhile is told in one event with the former values; nothing, if nothing was."""
    before = json.loads(json.dumps(row))
    yield row
    previous = {name: before.get(name) for name in row if row[name] != before.get(name)}
    if previous:
        engine.store.touch(row["object"], row)
        record(engine, kind, row, previous)
