"""What a page says of itself while it is made: that it may be stored, what it shows, and how long that is true."""

import contextlib
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.http import HttpRequest

_PLACE = "_pagecache_declared"


@dataclass
class Declared:
    tags: set[str] = field(default_factory=set)
    until: dt.datetime | None = None
    never: bool = False


def depends_on(request: HttpRequest, *tags: str, until: dt.datetime | None = None) -> None:
    """
    The page may be stored and shows what these tags stand for; after `until`, an instant of `clock.now()`, it is no
    longer true. May be called by everything that has a part in the page: tags add up, the earliest `until` wins. A page
    on which nobody calls it is never stored. To be said before the database is asked, or after: it makes no difference.
    """
    add(request, Declared(set(tags), until))


def never_store(request: HttpRequest) -> None:
    """Something on this page is for one person alone. Wins over everything."""
    of(request).never = True


def of(request: HttpRequest) -> Declared:
    """What was said of this page so far. Kept in `request.META`, which views that wrap a request in another share."""
    return request.META.setdefault(_PLACE, Declared())


def add(request: HttpRequest, said: Declared) -> None:
    declared = of(request)
    declared.tags |= said.tags
    declared.never |= said.never
    if said.until is not None and (declared.until is None or said.until < declared.until):
        declared.until = said.until


@contextlib.contextmanager
def apart(request: HttpRequest, declared: Declared) -> Iterator[None]:
    """What is said meanwhile is of a part of the page alone, which `add` makes the page's as well."""
    outer = of(request)
    request.META[_PLACE] = declared
    try:
        yield
    finally:
        request.META[_PLACE] = outer
