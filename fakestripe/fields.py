"""
Parameters, told strictly: what an endpoint does not name is refused with `parameter_unknown`, what is of the wrong kind
with Stripe's words. A schema is a dictionary of names and readers; a reader takes the decoded value and its full name.
"""

import re
from collections.abc import Callable
from typing import Any

from fakestripe.errors import Refused, invalid, missing_parameter, unknown_parameter

Reader = Callable[[Any, str], Any]
Schema = dict[str, Any]

_MOST_METADATA = 50


class Required:
    """A reader whose parameter has to be given, and not as an empty text."""

    def __init__(self, reader: Any):
        self.reader = filled(reader)


def read(schema: Schema, given: Any, prefix: str = "") -> dict[str, Any]:
    """The values by name; names that were not given are absent. What can be unset by an empty text is read as None."""
    if not isinstance(given, dict):
        raise invalid(prefix, f"Invalid {prefix}: must be an object.")
    for name in given:
        if name not in schema:
            raise unknown_parameter(_full(prefix, name))
    found = {}
    for name, reader in schema.items():
        full = _full(prefix, name)
        if name in given:
            found[name] = _apply(reader, given[name], full)
        elif isinstance(reader, Required):
            raise missing_parameter(full)
    return found


def text(value: Any, name: str) -> str | None:
    if not isinstance(value, str):
        raise invalid(name, f"Invalid string: {name} must be a string.")
    if len(value) > 5000:
        raise invalid(name, f"Invalid string: {name} must be at most 5000 characters.")
    return value or None


def integer(value: Any, name: str) -> int:
    """An empty text is none; where Stripe lets it unset a number, say `unsettable(integer)`."""
    if not isinstance(value, str) or not re.fullmatch(r"-?\d{1,15}", value):
        raise invalid(name, f"Invalid integer: {value}", code="parameter_invalid_integer")
    return int(value)


def positive(value: Any, name: str) -> int:
    number = integer(value, name)
    if number < 1:
        raise invalid(name, "This value must be greater than or equal to 1.", code="parameter_invalid_integer")
    return number


def boolean(value: Any, name: str) -> bool:
    if value not in ("true", "false"):
        raise invalid(name, f"Invalid boolean: {value}")
    return value == "true"


def email(value: Any, name: str) -> str | None:
    if value and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", str(value)):
        raise invalid(name, f"Invalid email address: {value}", code="email_invalid")
    return text(value, name)


def currency(value: Any, name: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{3}", str(value)):
        raise invalid(name, f"Invalid currency: {value}.")
    return value.lower()


def choice(*values: str) -> Reader:
    def reader(value: Any, name: str) -> str:
        if value not in values:
            allowed = ", ".join(values)
            raise invalid(name, f"Invalid {name}: must be one of {allowed}")
        return value

    return reader


def either(*readers: Any) -> Reader:
    """The first reader that takes the value; the last one's refusal otherwise."""

    def reader(value: Any, name: str) -> Any:
        for one in readers[:-1]:
            try:
                return _apply(one, value, name)
            except Refused:
                continue
        return _apply(readers[-1], value, name)

    return reader


def filled(inner: Any) -> Reader:
    """What cannot be unset."""

    def reader(value: Any, name: str) -> Any:
        found = _apply(inner, value, name)
        if found is None:
            raise invalid(name, f"You passed an empty string for '{name}'.", code="parameter_invalid_empty")
        return found

    return reader


def unsettable(inner: Any) -> Reader:
    return lambda value, name: None if value == "" else _apply(inner, value, name)


def metadata(value: Any, name: str) -> dict[str, str]:
    """Keys with an empty text are to be removed: https://docs.stripe.com/api/metadata"""
    if value == "":
        return {}
    if isinstance(value, list):  # keys that look like numbers
        value = {str(number): one for number, one in enumerate(value)}
    if not isinstance(value, dict) or len(value) > _MOST_METADATA:
        raise invalid(name, "Metadata is up to 50 keys with text.")
    for key, one in value.items():
        if not isinstance(one, str) or len(key) > 40 or len(one) > 500:
            raise invalid(f"{name}[{key}]", "Metadata keys have up to 40, values up to 500 characters of text.")
    return dict(value)


def listed(inner: Any) -> Reader:
    def reader(value: Any, name: str) -> list[Any]:
        if value == "":
            return []
        if not isinstance(value, list):
            raise invalid(name, f"Invalid array: {name} must be an array.")
        return [filled(inner)(one, f"{name}[{number}]") for number, one in enumerate(value)]

    return reader


def merged_metadata(old: dict[str, str] | None, new: dict[str, str]) -> dict[str, str]:
    merged = {**(old or {}), **new}
    return {key: value for key, value in merged.items() if value != ""}


def _apply(reader: Any, value: Any, name: str) -> Any:
    if isinstance(reader, Required):
        reader = reader.reader
    return read(reader, value, name) if isinstance(reader, dict) else reader(value, name)


def _full(prefix: str, name: str) -> str:
    return f"{prefix}[{name}]" if prefix else name
