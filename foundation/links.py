"""
Signed links that expire. The signature covers purpose, value and expiry, so a link made for one thing opens nothing
else. A link that may be used once is spent here; whether one was revoked is the business of the row it names.
"""

import datetime as dt
import hashlib

from django.core import signing
from django.db import IntegrityError, transaction

from foundation import clock
from foundation.models import SpentLink

# Servers' clocks differ a little: what one has pruned, no other may still take for unexpired.
KEPT_AFTER_EXPIRY = dt.timedelta(days=1)


class LinkForged(Exception):
    """The token was not made here, was cut short, or was made for another purpose."""


class LinkExpired(Exception):
    """The token was good and its time is over."""


class LinkSpent(Exception):
    """The token was good and somebody has used it."""


def sign(purpose: str, value: str, *, expires_at: dt.datetime) -> str:
    """A token fit for an address, the same whenever it is made. It expires with the second of `expires_at`."""
    return _signer(purpose).sign_object([value, int(expires_at.timestamp())])


def read(purpose: str, token: str) -> str:
    """The signed value, as often as it is asked for. Raises LinkForged or LinkExpired."""
    return _open(purpose, token)[0]


def spend(purpose: str, token: str) -> str:
    """
    The signed value, to one caller only, however many ask at once. Raises LinkForged, LinkExpired or LinkSpent. Call it
    for a POST alone: mail programs and scanners follow links before people do. Within a transaction the link is spent
    with its commit; two links for one value and one expiry are one link, so sign something that differs.
    """
    value, expires = _open(purpose, token)
    try:
        with transaction.atomic():
            SpentLink.objects.create(
                digest=_digest(purpose, token),
                spent_at=clock.now(),
                expires_at=dt.datetime.fromtimestamp(expires, dt.UTC),
            )
    except IntegrityError as taken:
        raise LinkSpent from taken
    return value


def is_spent(purpose: str, token: str) -> bool:
    """Whether the page behind a link should still offer its button."""
    return SpentLink.objects.filter(digest=_digest(purpose, token)).exists()


def prune() -> int:
    """Drops what has expired and is refused for that reason already. Returns how many rows."""
    return SpentLink.objects.filter(expires_at__lt=clock.now() - KEPT_AFTER_EXPIRY).delete()[0]


def _open(purpose: str, token: str) -> tuple[str, int]:
    try:
        value, expires = _signer(purpose).unsign_object(token)
    except (signing.BadSignature, ValueError) as refusal:
        raise LinkForged from refusal
    if clock.now().timestamp() >= expires:
        raise LinkExpired
    return value, expires


def _digest(purpose: str, token: str) -> str:
    return hashlib.sha256(f"{purpose}\n{token}".encode()).hexdigest()


def _signer(purpose: str) -> signing.Signer:
    return signing.Signer(salt=f"foundation.links:{purpose}")
