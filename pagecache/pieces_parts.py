"""
A piece is text with gaps in it. While it is made, marks that nobody else can write stand where the gaps will be; then
it is cut there, encoded once, and from then on only joined.
"""

import json
import re
import secrets
import struct
from collections.abc import Iterable
from typing import NamedTuple

_LENGTH = struct.Struct(">I")
# Letters and digits, so that no escaping changes it. It never leaves this process.
_SECRET = secrets.token_hex(16)
_MARK = re.compile(rf"gap{_SECRET}n(\d+)e")
_MARK_IN_BYTES = re.compile(_MARK.pattern.encode())


class Gap(NamedTuple):
    """Where something stands that has a life of its own: who fills it, and what that one is told."""

    name: str
    told: tuple[str | int, ...] = ()


Parts = list[bytes | memoryview | Gap]


class Marks:
    """The gaps of one text that is being made."""

    def __init__(self):
        self._gaps: list[Gap] = []

    def mark(self, gap: Gap) -> str:
        self._gaps.append(gap)
        return f"gap{_SECRET}n{len(self._gaps) - 1}e"

    def cut(self, made: str | bytes | Iterable[str | Gap]) -> Parts:
        """What was made, whole or in parts, with its gaps in their places."""
        if isinstance(made, bytes):
            return self._cut(_MARK_IN_BYTES.split(made))
        found: Parts = []
        for each in [made] if isinstance(made, str) else made:
            if isinstance(each, Gap):
                found.append(each)
            else:
                found += self._cut(_MARK.split(each))
        return found

    def _cut(self, split: list) -> Parts:
        """Between any two marks there is a text, maybe an empty one."""
        found: Parts = []
        for place, each in enumerate(split):
            if place % 2:
                found.append(self._gaps[int(each)])
            elif each:
                found.append(each.encode() if isinstance(each, str) else each)
        return found


def pack(parts: Parts) -> bytes:
    """For a store: how long each text is and what each gap is told, then the texts."""
    head = json.dumps([[part.name, *part.told] if isinstance(part, Gap) else len(part) for part in parts]).encode()
    return b"".join([_LENGTH.pack(len(head)), head, *(part for part in parts if not isinstance(part, Gap))])


def unpack(data: bytes) -> Parts:
    """The texts are looked at where they lie. Raises ValueError for what `pack` has not made."""
    try:
        place = _LENGTH.size + _LENGTH.unpack_from(data)[0]
        told = json.loads(data[_LENGTH.size : place])
        lying, parts = memoryview(data), []
        for each in told:
            if isinstance(each, int):
                parts.append(lying[place : place + each])
                place += each
            else:
                parts.append(Gap(each[0], tuple(each[1:])))
    except (struct.error, TypeError, IndexError) as error:
        raise ValueError("No piece") from error
    if place != len(data):
        raise ValueError("No piece, or not all of it")
    return parts


def text_of(parts: Parts) -> str:
    """Of what has no gaps, or none any more."""
    return b"".join(parts).decode()
