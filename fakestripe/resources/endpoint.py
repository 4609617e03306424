"""What an endpoint is: a method, an address, the parameters it takes and the function that does it."""

from collections.abc import Callable
from typing import Any

from fakestripe import fields, listing
from fakestripe.fields import Schema
from fakestripe.store import Row
from fakestripe.web import Route


class Endpoint(Route):
    """`function(engine, asked, **parts)`, where `asked` are the parameters as the schema read them."""

    def __init__(self, method: str, path: str, schema: Schema, function: Callable[..., dict[str, Any]]):
        super().__init__(method, path, function)
        self.schema = {"expand": fields.listed(fields.text), **schema}


def retrieving(path: str, kind: str) -> Endpoint:
    return Endpoint("GET", f"{path}/<key>", {}, lambda engine, asked, key: engine.get(kind, key))


def listing_of(path: str, kind: str, *filters: str, **readers: Any) -> Endpoint:
    """A list that can be asked by the values of these fields."""
    readers = {**dict.fromkeys(filters, fields.text), **readers}

    def function(engine, asked: dict[str, Any]) -> dict[str, Any]:
        return listing.page(engine, kind, path, asked, **{name: asked.get(name) for name in readers})

    return Endpoint("GET", path, {**listing.PAGING, **readers}, function)


def living(row: Row) -> bool:
    return not row.get("deleted")
