"""When the database is away: how that is told from other trouble, and what is answered where no good page is kept."""

import sys

from django.db import InterfaceError, InternalError, OperationalError
from django.template.loader import render_to_string

from foundation.headers import standard_headers

DATABASE_AWAY = "pagecache.database_away"
RETRY_AFTER_SECONDS = 30
# What a connection raises that cannot be made, breaks, or goes on after it broke.
UNREACHABLE = (OperationalError, InterfaceError, InternalError)


def note_database_away(sender, request=None, **kwargs) -> None:
    """Receives Django's signal that a request failed; the front reads what is noted here."""
    error = sys.exception()
    while error is not None:
        if isinstance(error, UNREACHABLE):
            if request is not None:
                request.META[DATABASE_AWAY] = True
            return
        error = error.__cause__ or error.__context__


def page() -> tuple[str, list[tuple[str, str]], bytes]:
    body = render_to_string("pagecache/away.html").encode()
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        ("Retry-After", str(RETRY_AFTER_SECONDS)),
        ("X-Robots-Tag", "noindex"),
        *standard_headers(),
    ]
    return "503 Service Unavailable", headers, body
