"""
Whether an event is Stripe's: a signature over the raw bytes, by one of our secrets, not older and not newer than five
minutes by the machine's own clock. Of the body only what names the object is read.
"""

import datetime as dt
import json
import re

import stripe
from django.conf import settings

from donations.facts import EventEnvelope
from donations.stripe_gateway import translate
from donations.stripe_gateway.errors import EventUnreadable, SignatureInvalid
from foundation import clock

TOLERANCE = dt.timedelta(seconds=300)
_NAME = re.compile(r"[A-Za-z0-9_.]{1,100}")
_ID = re.compile(r"[A-Za-z0-9_]{1,255}")
_STAMP = re.compile(r"(?:^|,)t=(\d{1,12})(?:,|$)")
_LAST_SECOND = 253402300799  # of the calendar


def verify_event(body: bytes, header: str) -> EventEnvelope:
    """Raises SignatureInvalid, or EventUnreadable for bytes that are signed and no event."""
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise SignatureInvalid("The body is not UTF-8.") from error
    _insist_on_stamp(header)
    if not any(_is_signed(text, header, secret) for secret in settings.STRIPE_WEBHOOK_SECRETS):
        raise SignatureInvalid("No signature by one of our secrets.")
    return envelope(text)


def _insist_on_stamp(header: str) -> None:
    """The SDK refuses stamps that are too old only; one from the future would stay valid for as long."""
    stamps = _STAMP.findall(header)
    if len(stamps) != 1 or not header.isascii():
        raise SignatureInvalid("The header does not tell when it was signed.")
    off_by = abs(clock.real_now().timestamp() - int(stamps[0]))
    if off_by > TOLERANCE.total_seconds():
        raise SignatureInvalid(f"It was signed {off_by:.0f} seconds from now.")


def _is_signed(text: str, header: str, secret: str) -> bool:
    try:
        return bool(secret.strip()) and stripe.WebhookSignature.verify_header(text, header, secret)
    except stripe.SignatureVerificationError:
        return False


def envelope(text: str) -> EventEnvelope:
    """Raises EventUnreadable."""
    try:
        told = json.loads(text)
        about = told["data"]["object"]
        made = EventEnvelope(
            id=_word(_ID, told["id"]),
            type=_word(_NAME, told["type"]),
            object_id=_word(_ID, about["id"]) if about.get("id") else "",
            livemode=_flag(told["livemode"]),
            account=_word(_ID, told["account"]) if told.get("account") else "",
            api_version=str(told.get("api_version") or "")[:50],
            created_at=translate.instant(_epoch(told["created"])),
            reference=translate.reference(about.get("metadata")),
            body=text,
        )
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise EventUnreadable("The body is not an event.") from error
    if told.get("object") != "event":
        raise EventUnreadable("The body is not an event.")
    return made


def _word(pattern: re.Pattern, value: object) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _epoch(value: object) -> int:
    if type(value) is not int or not 0 <= value <= _LAST_SECOND:
        raise ValueError
    return value
