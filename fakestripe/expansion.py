"""
Ids that are asked for as whole objects: https://docs.stripe.com/expand. Fields that are only there when they are asked
for are left out of everything else, events included.
"""

import copy
from typing import Any

from fakestripe import identity
from fakestripe.acts import people
from fakestripe.errors import Refused
from fakestripe.shapes import a_list
from fakestripe.store import Row

DEEPEST = 4  # the `data` of a list is one of them
# Names that hold an id and yet are never expanded.
_FIXED = {
    ("charge", "payment_method"),
    ("subscription_item", "subscription"),
    ("line_item", "invoice"),
    ("billing_portal.session", "customer"),
    ("price_details", "product"),
}


def plain(row: Row) -> Row:
    """As it is answered without any expansion."""
    if row["object"] == "checkout.session":
        return {name: value for name, value in row.items() if name != "line_items"}
    if row["object"] == "customer" and row.get("deleted"):
        return people.stub(row)
    return row


def expanded(engine, answer: dict[str, Any], paths: list[str]) -> dict[str, Any]:
    """A copy with the named fields filled in. `answer` is an object, or a list of objects."""
    if answer["object"] == "list":
        shown = {**answer, "data": [plain(row) for row in answer["data"]]}
    else:
        shown = {**plain(answer), **_session_lines(answer, paths)}
    if not paths:
        return shown
    shown = copy.deepcopy(shown)
    for path in paths:
        parts = path.split(".")
        if len(parts) > DEEPEST:
            raise Refused(f"You cannot expand more than {DEEPEST} levels of a property: {path}.", param="expand")
        _expand(engine, shown, parts, path)
    return shown


def _session_lines(answer: dict[str, Any], paths: list[str]) -> dict[str, Any]:
    is_asked = answer["object"] == "checkout.session" and any(path.split(".")[0] == "line_items" for path in paths)
    return {"line_items": answer["line_items"]} if is_asked else {}


def _expand(engine, place: Any, parts: list[str], path: str) -> None:
    if isinstance(place, list):
        for one in place:
            _expand(engine, one, parts, path)
        return
    name, rest = parts[0], parts[1:]
    if not isinstance(place, dict):
        raise _cannot(path)
    if name not in place:
        place[name] = _on_demand(engine, place, name, path)
    elif isinstance(place[name], str):
        place[name] = _fetched(engine, place, name, path)
    elif not isinstance(place[name], (dict, list)) and place[name] is not None:
        raise _cannot(path)
    if rest and place[name] is not None:
        _expand(engine, place[name], rest, path)


def _fetched(engine, place: dict[str, Any], name: str, path: str) -> Row:
    kind = identity.kind_of(place[name]) or ("product" if name == "product" else None)
    owner = place.get("object") or ("price_details" if "price" in place and "product" in place else "")
    if kind is None or name == "id" or (owner, name) in _FIXED:
        raise _cannot(path)
    return copy.deepcopy(plain(engine.get(kind, place[name])))


def _on_demand(engine, place: dict[str, Any], name: str, path: str) -> dict[str, Any]:
    kind, key = place.get("object"), place.get("id", "")
    if (kind, name) == ("invoice", "payments"):
        return payments(engine, key)
    if (kind, name) == ("charge", "refunds"):
        return a_list(f"/v1/charges/{key}/refunds", copy.deepcopy(engine.find("refund", charge=key)))
    if (kind, name) == ("checkout.session", "line_items"):
        return copy.deepcopy(engine.get(kind, key)["line_items"])
    if (kind, name) == ("customer", "subscriptions"):
        living = [row for row in engine.find("subscription", customer=key) if not row["ended_at"]]
        return a_list(f"/v1/customers/{key}/subscriptions", copy.deepcopy(living))
    raise _cannot(path)


def payments(engine, invoice_id: str) -> dict[str, Any]:
    """What was tried to pay an invoice, the first one first."""
    made = copy.deepcopy(engine.find("invoice_payment", invoice=invoice_id))
    return a_list("/v1/invoice_payments", made[::-1])


def _cannot(path: str) -> Refused:
    return Refused(f"This property cannot be expanded ({path}).", param="expand", executed=False)
