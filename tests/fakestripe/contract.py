"""
The contract oracle: holds what the stand-in answers, and what the site asks of it, to the types of the real SDK.

Every function answers with a list of sentences, one per breach, empty when there is none. What passes has the shape
that the SDK promises; what Stripe's own server would do with it is not shown by any of this.
"""

import functools
import re
import typing
from decimal import Decimal, InvalidOperation

from stripe import ListObject
from stripe._error_object import ErrorObject
from stripe._request_options import RequestOptions
from stripe._stripe_object import StripeObject, UntypedStripeObject
from typing_extensions import is_typeddict

from tests.fakestripe.contract_types import class_of, fields_of, members_of, route_of, settle

API_VERSION = "2026-10-28.endive"
PLAIN = {str: "text", int: "a whole number", bool: "true or false", float: "a number"}
# An event is named for the object it carries; where the first words of its name are others, they stand here.
CARRIED = {
    "customer.subscription": "subscription",
    "charge.dispute": "dispute",
    "charge.refund": "refund",
    "radar.early_fraud_warning": "radar.early_fraud_warning",
    "invoice_payment": "invoice_payment",
    "checkout.session": "checkout.session",
    "billing_portal.session": "billing_portal.session",
    "billing_portal.configuration": "billing_portal.configuration",
}

# Never in an event: these fields are only there when an answer was asked to expand them. The types cannot say so.
ON_DEMAND = {"checkout.session": {"line_items"}, "invoice": {"payments"}, "charge": {"refunds"}}


def faults_of_object(body: dict, where: str = "") -> list[str]:
    """Breaches in a JSON object that names its own kind in `object`."""
    name = body.get("object") if isinstance(body, dict) else None
    owner = class_of(name) if isinstance(name, str) else None
    if owner is None:
        return [f"{where or 'body'}: {name!r} is no object of the SDK"]
    where = where or name
    if owner is ListObject:
        return _of_list(body, StripeObject, where, __name__)
    if body.get("deleted") is True and body.keys() <= {"id", "object", "deleted"}:
        return []  # what is left of a deleted object
    return _of_class(body, owner, where)


def faults_of_event(event: dict) -> list[str]:
    """Breaches in an event, in the object it carries and in what it says about the object's earlier state."""
    faults = faults_of_object(event)
    if event.get("api_version") != API_VERSION:
        faults.append(f"event.api_version: {event.get('api_version')!r} is not {API_VERSION}")
    if event.get("livemode") is not False:
        faults.append("event.livemode: a stand-in is never live")
    data = event.get("data") or {}
    carried = data.get("object") or {}
    kind = event.get("type", "").rpartition(".")[0]
    where = f"event({event.get('type')}).data.object"
    if carried.get("object") != CARRIED.get(kind, kind) and event.get("type") != "charge.refund.updated":
        faults.append(f"{where}: carries {carried.get('object')!r}")
    faults += faults_of_object(carried, where)
    owner = class_of(carried.get("object"))
    known = _fields(owner) if owner else {}
    faults += [
        f"{where}.{key}: only when expanded" for key in ON_DEMAND.get(carried.get("object"), ()) if key in carried
    ]
    earlier = data.get("previous_attributes") or {}
    return faults + [f"{where}: {key!r} before is none of its fields" for key in earlier if key not in known]


def faults_of_error(body: dict) -> list[str]:
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict) or set(body) != {"error"}:
        return ["error: a refusal holds `error` and nothing else"]
    faults = _of_class(error, ErrorObject, "error")
    if error.get("type") not in ("api_error", "card_error", "idempotency_error", "invalid_request_error"):
        faults.append(f"error.type: {error.get('type')!r}")
    return faults


def faults_of_answer(method: str, path: str, status: int, body: dict) -> list[str]:
    """Breaches in an answer: as a refusal, or as the kind of object that the endpoint is documented to give."""
    if status >= 400:
        return faults_of_error(body)
    route = route_of(method, path)
    if route is None:
        return [f"{method} {path}: no endpoint of the SDK"]
    return _of_value(body, settle(route.answers, route.module), f"{method} {route.template}", route.module)


def faults_of_request(method: str, path: str, parameters: dict) -> list[str]:
    """Breaches in the decoded parameters of a request (nested as the form's brackets say; every leaf is text)."""
    route = route_of(method, path)
    if route is None:
        return [f"{method} {path}: no endpoint of the SDK"]
    where = f"{method} {route.template}"
    kinds = [kind for kind in members_of(route.asks, route.module) if kind is not type(None)]
    if not kinds:
        return [f"{where}: takes no parameters"] if parameters else []
    return _of_parameter(parameters, kinds[0], where, route.module)


def _of_class(body: dict, owner: type, where: str) -> list[str]:
    if not isinstance(body, dict):
        return [f"{where}: {body!r} is no object"]
    fields = _fields(owner)
    faults = [f"{where}.{key}: unknown" for key in body if key not in fields]
    for key, kind in fields.items():
        if key in body:
            faults += _of_value(body[key], kind, f"{where}.{key}", owner.__module__)
        elif type(None) not in members_of(kind, owner.__module__):
            faults.append(f"{where}.{key}: missing")
    return faults


@functools.cache
def _fields(owner: type) -> dict[str, object]:
    return fields_of(owner)


def _of_value(value: object, kind: object, where: str, module: str) -> list[str]:
    members = members_of(kind, module)
    if value is None:
        return [] if any(member in (type(None), typing.Any) for member in members) else [f"{where}: null"]
    members = [member for member in members if member is not type(None)]
    named = [member for member in members if _bears_the_name_of(value, member)]
    attempts = [_of_single(value, member, where, module) for member in named or members]
    return min(attempts, key=len)


def _bears_the_name_of(value: object, member: object) -> bool:
    return isinstance(value, dict) and getattr(member, "OBJECT_NAME", "") == value.get("object")


def _of_single(value: object, kind: object, where: str, module: str) -> list[str]:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind is typing.Any:
        return []
    if origin is typing.Literal:
        is_listed = any(value == word and type(value) is type(word) for word in arguments)
        return [] if is_listed else [f"{where}: {value!r} is none of {', '.join(map(repr, arguments))}"]
    if kind in PLAIN:
        return [] if _is_plain(value, kind) else [f"{where}: {value!r} is not {PLAIN[kind]}"]
    if kind is Decimal:
        return [] if isinstance(value, str) and _is_decimal(value) else [f"{where}: {value!r} is no decimal in text"]
    if origin is list:
        if not isinstance(value, list):
            return [f"{where}: {value!r} is no array"]
        return _of_each(enumerate(value), arguments[0], where, module)
    if origin in (dict, UntypedStripeObject):
        if not isinstance(value, dict):
            return [f"{where}: {value!r} is no object"]
        return _of_each(value.items(), arguments[-1], where, module)
    if origin is ListObject:
        return _of_list(value, arguments[0], where, module)
    if isinstance(kind, type) and issubclass(kind, StripeObject):
        is_deleted = isinstance(value, dict) and value.get("deleted") is True
        return faults_of_object(value, where) if is_deleted else _of_class(value, kind, where)
    raise NotImplementedError(f"{where}: the SDK uses a type that the oracle cannot read: {kind!r}")


def _of_each(pairs: typing.Iterable, kind: object, where: str, module: str) -> list[str]:
    return [fault for key, value in pairs for fault in _of_value(value, kind, f"{where}[{key}]", module)]


def _of_list(value: object, kind: object, where: str, module: str) -> list[str]:
    if not isinstance(value, dict) or value.get("object") != "list":
        return [f"{where}: {value!r} is no list"]
    faults = [f"{where}.{key}: unknown" for key in value if key not in ("object", "data", "has_more", "url")]
    for key, plain in (("data", list), ("has_more", bool), ("url", str)):
        if not isinstance(value.get(key), plain):
            faults.append(f"{where}.{key}: {value.get(key)!r}")
            return faults
    if settle(kind, module) is StripeObject:
        return faults + [fault for index, item in enumerate(value["data"]) for fault in faults_of_object(item)]
    return faults + _of_each(enumerate(value["data"]), kind, f"{where}.data", module)


def _is_plain(value: object, kind: type) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return type(value) is kind


def _is_decimal(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _of_parameter(value: object, kind: object, where: str, module: str) -> list[str]:
    kind = settle(kind, module)
    if typing.get_origin(kind) in (typing.NotRequired, typing.Required):
        return _of_parameter(value, typing.get_args(kind)[0], where, module)
    attempts = [_of_single_parameter(value, member, where, module) for member in members_of(kind, module)]
    return min(attempts, key=len)


def _of_single_parameter(value: object, kind: object, where: str, module: str) -> list[str]:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if is_typeddict(kind):
        return _of_typed_dict(value, kind, where)
    if origin is list:
        items = list(value.values()) if isinstance(value, dict) and all(key.isdigit() for key in value) else value
        if not isinstance(items, list):
            return [f"{where}: {value!r} is no array"]
        return [
            fault
            for index, item in enumerate(items)
            for fault in _of_parameter(item, arguments[0], f"{where}[{index}]", module)
        ]
    if origin in (dict, UntypedStripeObject):
        if not isinstance(value, dict):
            return [f"{where}: {value!r} is no object"]
        return [f for key, item in value.items() for f in _of_parameter(item, arguments[-1], f"{where}[{key}]", module)]
    if origin is typing.Literal:
        words = [str(word).lower() if isinstance(word, bool) else str(word) for word in arguments]
        return [] if value in words else [f"{where}: {value!r} is none of {', '.join(map(repr, words))}"]
    if not isinstance(value, str):
        return [f"{where}: {value!r} is not one value"]
    is_right = {
        str: lambda: True,
        bool: lambda: value in ("true", "false"),
        int: lambda: re.fullmatch(r"-?\d+", value) is not None,
        float: lambda: _is_decimal(value),
        Decimal: lambda: _is_decimal(value),
    }
    if kind not in is_right:
        raise NotImplementedError(f"{where}: the SDK uses a type that the oracle cannot read: {kind!r}")
    return [] if is_right[kind]() else [f"{where}: {value!r} is no {kind.__name__}"]


def _of_typed_dict(value: object, kind: type, where: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{where}: {value!r} is no object"]
    options = set(RequestOptions.__annotations__)
    fields = {name: type_ for name, type_ in kind.__annotations__.items() if name not in options}
    faults = [f"{where}[{key}]: unknown parameter" for key in value if key not in fields]
    faults += [f"{where}[{key}]: missing" for key in kind.__required_keys__ if key in fields and key not in value]
    for key, item in value.items():
        if key in fields:
            faults += _of_parameter(item, fields[key], f"{where}[{key}]", kind.__module__)
    return faults
