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
    """A token fit for an address, the same whenever it is made. It expires with the second of `expires_at`."""
    return _signer(purpose).sign_object([value, int(expires_at.timestamp())])


def read(purpose: str, token: str) -> str:
    """The signed value. Raises LinkForged or LinkExpired."""
    try:
        value, expires = _signer(purpose).unsign_object(token)
    except (signing.BadSignature, ValueError) as refusal:
        raise LinkForged from refusal
    if clock.now().timestamp() >= expires:
        raise LinkExpired
    return value


def _signer(purpose: str) -> signing.Signer:
    return signing.Signer(salt=f"foundation.links:{purpose}")
