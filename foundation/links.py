"""
Signed links that expire. The signature covers purpose, value and expiry, so a link made for one thing opens nothing
else. Whether a link may be used twice or was revoked is the business of the row it names.
"""

import datetime as dt

from django.core import signing

from foundation import clock


class LinkForged(Exception):
    """The token was not made here, was cut short, or was made for another purpose."""


class LinkExpired(Exception):
    """The token was good and its time is over."""


def sign(purpose: str, value: str, *, expires_at: dt.datetime) -> str:
    """A token fit for an address. It expires with the second of `expires_at`."""
    return signing.dumps([value, int(expires_at.timestamp())], salt=_salt(purpose), compress=False)


def read(purpose: str, token: str) -> str:
    """The signed value. Raises LinkForged or LinkExpired."""
    try:
        value, expires = signing.loads(token, salt=_salt(purpose))
    except (signing.BadSignature, ValueError) as refusal:
        raise LinkForged from refusal
    if clock.now().timestamp() >= expires:
        raise LinkExpired
    return value


def _salt(purpose: str) -> str:
    return f"foundation.links:{purpose}"
