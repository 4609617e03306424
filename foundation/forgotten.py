"""
Who asked to be forgotten, so that a restored copy of an earlier day can forget them again. A line is a kind and a key
that names nobody: a random number, or a hash under BACKER_HASH_KEY. An app that forgets people says how it lists them
and how it forgets them again; one that deletes them altogether notes it here.
"""

import hashlib
import hmac
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from foundation import clock
from foundation.models import Forgotten

logger = logging.getLogger(__name__)

FILE = "forgotten.txt"
Again = Callable[[list[str]], list[str]]


@dataclass(frozen=True)
class _Kind:
    again: Again
    listed: Callable[[], Iterable[str]]


_kinds: dict[str, _Kind] = {}


def register(kind: str, *, again: Again, listed: Callable[[], Iterable[str]] | None = None) -> None:
    """
    `again` is given the keys of its kind, forgets whom it finds and answers with what it could not do, in words.
    Without `listed` the keys are those that were noted here.
    """
    _kinds[kind] = _Kind(again, listed or (lambda: _noted(kind)))


def note(kind: str, key: str) -> None:
    """In the transaction that forgets."""
    Forgotten.objects.get_or_create(kind=kind, key=key, defaults={"at": clock.now()})


def digest(text: str) -> str:
    told = f"foundation.forgotten\n{text}".encode()
    return hmac.new(settings.BACKER_HASH_KEY.encode(), told, hashlib.sha256).hexdigest()


def lines() -> set[str]:
    return {f"{name} {key}" for name, kind in _kinds.items() for key in kind.listed()}


def again(told: Iterable[str]) -> list[str]:
    """Forgets everybody whom these lines name and this database still knows. Answers with the troubles."""
    keys: dict[str, list[str]] = {}
    for line in sorted(told):
        kind, _, key = line.partition(" ")
        keys.setdefault(kind, []).append(key)
    troubles = [f"Nothing here knows what “{name}” is." for name in keys.keys() - _kinds.keys()]
    for name, kind in _kinds.items():
        if name in keys:
            troubles += kind.again(keys[name])
    _keep_noted(keys)
    return troubles


def read(file: Path) -> set[str]:
    return {line for line in file.read_text().splitlines() if line.strip()} if file.exists() else set()


def keep_list(folder: Path) -> None:
    """The list beside the backups, which outlives the database. It only grows: a copy of yesterday knows less."""
    file = folder / FILE
    known = read(file)
    told = known | lines()
    if told == known and file.exists():
        return
    unfinished = folder / f".{FILE}.part"
    unfinished.write_text("".join(f"{line}\n" for line in sorted(told)))
    unfinished.replace(file)


def _noted(kind: str) -> Iterable[str]:
    return Forgotten.objects.filter(kind=kind).values_list("key", flat=True)


def _keep_noted(keys: dict[str, list[str]]) -> None:
    """A restored copy has to know them too, or its own list would be shorter than the one it came with."""
    for kind, known in keys.items():
        for key in known:
            note(kind, key)
