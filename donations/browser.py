"""
Which browser a pledge is made in, so that finishing one payment page closes the others it has open. It is read off
the cookie that guards forms anyway, and kept as a keyed hash: nothing else is set, nothing follows anybody.
"""

import hashlib
import hmac

from django.conf import settings
from django.http import HttpRequest


def hash_of(request: HttpRequest) -> str:
    """64 hexadecimal digits, or nothing for a browser that has not been given a form yet."""
    secret = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
    if not secret:
        return ""
    return hmac.new(settings.SECRET_KEY.encode(), f"donations.browser\n{secret}".encode(), hashlib.sha256).hexdigest()
