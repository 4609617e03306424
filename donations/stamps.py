"""
The stamp in a pledge form: which intent this rendering is for, and when it was made. Signed, so that an intent's id
cannot be invented and the time cannot be set back. By the machine's own time, as signatures are.
"""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.core import signing

from foundation import clock

GOOD_FOR = dt.timedelta(hours=24)
LONGEST = 300
_SALT = "donations.stamps"
_NAME_SALT = "donations.stamps.name"


class StampUnusable(Exception):
    """Forged, cut short, or of a form that was open for longer than a day: the form has to be shown anew."""


@dataclass(frozen=True)
class Stamp:
    intent_id: uuid.UUID
    made_at: dt.datetime

    @property
    def age(self) -> dt.timedelta:
        return clock.real_now() - self.made_at


def new(intent_id: uuid.UUID | None = None) -> str:
    """A stamp made now: for an intent that does not exist yet, or for one that is to be gone on with."""
    told = [(intent_id or uuid.uuid4()).hex, int(clock.real_now().timestamp() * 1000)]
    return signing.dumps(told, salt=_SALT)


def name(intent_id: uuid.UUID) -> str:
    """The intent's id signed without a time, for the way back from the payment page: always the same text."""
    return signing.Signer(salt=_NAME_SALT).sign(intent_id.hex)


def named(text: str) -> uuid.UUID:
    """Raises StampUnusable."""
    try:
        return uuid.UUID(hex=signing.Signer(salt=_NAME_SALT).unsign(text[:LONGEST]))
    except (signing.BadSignature, ValueError) as refusal:
        raise StampUnusable from refusal


def read(text: str) -> Stamp:
    """Raises StampUnusable."""
    if not text or len(text) > LONGEST:
        raise StampUnusable
    try:
        told, milliseconds = signing.loads(text, salt=_SALT)
        stamp = Stamp(uuid.UUID(hex=told), dt.datetime.fromtimestamp(milliseconds / 1000, dt.UTC))
    except (signing.BadSignature, ValueError, TypeError) as refusal:
        raise StampUnusable from refusal
    if stamp.age > GOOD_FOR:
        raise StampUnusable
    return stamp
