"""
Browsers in which somebody has signed in before, told by a signed cookie that holds a random number for each person.
One that is not known gets the person a letter, and stands in the common queue of the throttle.
"""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from foundation.letters import fold

SALT = "accounts.staff.devices"
LASTS = 365 * 24 * 60 * 60
MOST = 5  # people who share a browser


def cookie_name() -> str:
    return "__Host-desk" if settings.HTTPS else "desk"


def known(request: HttpRequest, email: str) -> str:
    """The number of this browser for that person; empty when they never signed in here."""
    return _read(request).get(fold(email), "")


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    held = _read(request)
    number = held.pop(fold(user.email), "") or secrets.token_urlsafe(12)
    newest = dict(list(held.items())[-(MOST - 1) :]) | {fold(user.email): number}
    response.set_cookie(
        cookie_name(),
        signing.dumps(newest, salt=SALT, compress=True),
        max_age=LASTS,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Strict",
    )


def _read(request: HttpRequest) -> dict[str, str]:
    try:
        return signing.loads(request.COOKIES.get(cookie_name(), ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return {}
