"""
A name for every request, so that a line of the log, a report of an error and what a reader was shown can be brought
together. The front server gives it and passes it on; who is reached without one gives it here. Every answer carries it.
"""

import itertools
import os
import re
import secrets
from collections.abc import Callable, Iterable
from contextvars import ContextVar

from django.conf import settings

Application = Callable[[dict, Callable], Iterable[bytes]]

HEADER = "X-Request-ID"
_SOUND = re.compile(r"[A-Za-z0-9_-]{8,64}").fullmatch
_current: ContextVar[str] = ContextVar("request_id", default="")


def current() -> str:
    """Of the request that this thread works on; empty outside of one."""
    return _current.get()


class _Names:
    """Of this process: a forked one begins anew, or two would give the same names."""

    def __init__(self):
        self._begin()
        os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        self._process, self._numbers = secrets.token_hex(10), itertools.count(1)

    def __next__(self) -> str:
        return f"{self._process}{next(self._numbers):012x}"


def carry(application: Application) -> Application:
    """
    Stands outermost, so that whatever answers, the answer is named. Its own names are this process's and a number: they
    must differ, and need not be hard to guess.
    """
    believes = bool(settings.TRUSTED_PROXY_COUNT)  # without a front server of ours the visitor would have written it
    names = _Names()

    def named(environ: dict, start_response: Callable) -> Iterable[bytes]:
        name = environ.get("HTTP_X_REQUEST_ID") if believes else None
        if not name or not _SOUND(name):
            name = next(names)
        _current.set(name)
        carried = (HEADER, name)

        def start(status: str, headers: list[tuple[str, str]], *error):
            return start_response(status, [*headers, carried], *error)

        return application(environ, start)

    return named
