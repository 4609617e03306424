"""
The cookie that spares backers the ask: signed, and saying nothing but a day. Everybody who backs until the same day
carries the same words, so it tells nobody from another. Pages exist in two variants by it, with and without the ask.
"""

import datetime as dt

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from foundation import clock

NAME = "backs"
LONGEST = dt.timedelta(days=400)  # what browsers keep a cookie for at most; a forged clock gains nothing
_SALT = "donations.backing_cookie"


def remember(response: HttpResponse, until: dt.datetime) -> None:
    """Spares this browser the ask through the day of `until`, in the site's zone. A moment that is past forgets it."""
    day = timezone.localtime(until, timezone.get_default_timezone()).date()
    remaining = _end_of(day) - clock.now()
    if remaining <= dt.timedelta():
        forget(response)
        return
    response.set_cookie(
        NAME,
        signing.Signer(salt=_SALT).sign(day.isoformat()),
        max_age=min(remaining, LONGEST),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponse) -> None:
    """Shows the ask again: the pledge ended, or it was somebody else's browser."""
    response.delete_cookie(NAME, samesite="Lax")


def backs_until(request: HttpRequest) -> dt.date | None:
    """The last day on which this browser is spared; None without a cookie, or with one that is over or forged."""
    return _day_in(request.COOKIES.get(NAME, ""))


def word_of(value: str) -> str:
    """By what a stored page tells one who is spared from all others: the same word for every one of them."""
    return "backs" if _day_in(value) else ""


def _day_in(value: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(signing.Signer(salt=_SALT).unsign(value))
        is_over = _end_of(day) <= clock.now()
    except (signing.BadSignature, ValueError, OverflowError):
        return None
    return None if is_over else day


def _end_of(day: dt.date) -> dt.datetime:
    """The first instant after it, in the site's zone."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=timezone.get_default_timezone())
