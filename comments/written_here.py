"""
Which comments were written in this browser, so that whoever typed one sees that it waits, and can edit or withdraw it,
without an account. A signed cookie names the last few; it proves nothing about an address and opens nothing else.
"""

import datetime as dt
import re
import uuid

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

COOKIE = "comments_written"
KEPT = 12
GOOD_FOR = dt.timedelta(days=30)
_SALT = "comments.written_here"
_HEX = re.compile(r"[0-9a-f]{32}\Z", re.ASCII)


def remember(request: HttpRequest, response: HttpResponse, uid: uuid.UUID) -> None:
    known = [each for each in uids(request) if each != uid]
    value = ".".join(each.hex for each in [uid, *known][:KEPT])
    response.set_cookie(
        COOKIE,
        signing.TimestampSigner(salt=_SALT).sign(value),
        max_age=GOOD_FOR,
        path=reverse("comments_root"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def uids(request: HttpRequest) -> list[uuid.UUID]:
    """The newest first; none for a cookie that is missing, too old or not ours."""
    try:
        value = signing.TimestampSigner(salt=_SALT).unsign(request.COOKIES.get(COOKIE, ""), max_age=GOOD_FOR)
    except signing.BadSignature:
        return []
    return [uuid.UUID(each) for each in value.split(".") if _HEX.match(each)]


def holds(request: HttpRequest, uid: uuid.UUID) -> bool:
    return uid in uids(request)
