"""
Stripe's way of writing nested values into a form, `items[0][price]=…`: https://docs.stripe.com/api. Decoded into
dictionaries and lists; all leaves are text.
"""

import re
from typing import Any
from urllib.parse import parse_qsl

from fakestripe.errors import Refused, invalid

_PARTS = re.compile(r"\[([^\]]*)\]")


def pairs_of(text: str) -> list[tuple[str, str]]:
    return parse_qsl(text, keep_blank_values=True)


def decode(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for name, value in pairs:
        head, _, rest = name.partition("[")
        path = [head, *_PARTS.findall("[" + rest)] if rest else [head]
        _put(tree, path, value, name)
    return {key: _with_lists(value) for key, value in tree.items()}


def _put(tree: dict[str, Any], path: list[str], value: str, name: str) -> None:
    for part in path[:-1]:
        tree = tree.setdefault(_place(tree, part), {})
        if not isinstance(tree, dict):
            raise _is_both(name)
    place = _place(tree, path[-1])
    if isinstance(tree.get(place), dict):
        raise _is_both(name)
    tree[place] = value


def _is_both(name: str) -> Refused:
    return invalid(name, "Invalid parameters: a name is used both for a value and for a group.")


def _place(tree: dict[str, Any], part: str) -> str:
    """`name[]` means the next one of a list."""
    return part or str(len(tree))


def _with_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(key.isdecimal() for key in value):
        return [_with_lists(value[key]) for key in sorted(value, key=int)]
    return {key: _with_lists(inner) for key, inner in value.items()}
