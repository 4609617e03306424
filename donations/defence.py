"""
What keeps stolen cards from being tried here by the hundred. Too many payment pages for one address, one browser or
the whole site, a form sent faster than it can be read, or a trap field filled in: then one slower step stands before
the payment page, a question without puzzles that a person answers by waiting some seconds. Only somebody who goes on
and on past that step is sent away for a while. Nobody else learns of it, and no other company is asked.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass
from enum import Enum

from django.core import signing
from django.http import HttpRequest

from donations import alarms, browser
from donations.models import Alarm
from donations.stamps import Stamp
from foundation import clock, limits, remote_addr

SPAN = dt.timedelta(minutes=10)
PER_NETWORK = 5
PER_BROWSER = 5
PER_INTENT = 20  # times that one form is sent again as it was
SITE_WIDE = 30
CONFIRMED_PER_NETWORK = 10  # beyond those that needed no question
FASTEST = dt.timedelta(seconds=2)  # between the form's making and its sending
WAIT = dt.timedelta(seconds=5)
WAIT_IN_A_BURST = dt.timedelta(seconds=15)
CONFIRMATION_GOOD_FOR = dt.timedelta(hours=1)
REMEMBERED = dt.timedelta(days=1)
BURST = (
    f"More than {SITE_WIDE} payment pages were asked for within ten minutes, so everybody was asked to confirm for a"
    " while. If Stripe shows many declined cards at that time, somebody was trying them out."
)
_SALT = "donations.defence"


class Verdict(Enum):
    GO_ON = "go on"
    ASK = "ask"  # the slower step
    REFUSE = "refuse"


@dataclass(frozen=True)
class Confirmation:
    """The answer to the slower step, before or after its waiting time is over."""

    not_before: dt.datetime

    @property
    def seconds_left(self) -> int:
        return max(0, round((self.not_before - clock.real_now()).total_seconds() + 0.49))


def judge(request: HttpRequest, stamp: Stamp, *, is_trapped: bool, confirmation: Confirmation | None) -> Verdict:
    """
    Counts one payment page that is about to be made, and says whether it may be. Clicks at the same instant count each
    for itself: whoever let the second pass uncounted would let a machine send everything twice.
    """
    network = remote_addr.network(remote_addr.client_address(request))
    if confirmation is not None:
        if confirmation.seconds_left:
            return Verdict.ASK
        allowed = limits.hit("support.confirmed", network, limit=CONFIRMED_PER_NETWORK, window=SPAN)
        return Verdict.GO_ON if allowed else Verdict.REFUSE
    if is_trapped or stamp.age < FASTEST:
        return Verdict.ASK
    return Verdict.GO_ON if _is_within_limits(network, browser.hash_of(request)) else Verdict.ASK


def _is_within_limits(network: str, browser_hash: str) -> bool:
    """One that is over its own limit is not counted for the site, or it could close the door to everybody."""
    if not limits.hit("support.network", network, limit=PER_NETWORK, window=SPAN):
        return False
    if browser_hash and not limits.hit("support.browser", browser_hash, limit=PER_BROWSER, window=SPAN):
        return False
    if limits.hit("support.site", "", limit=SITE_WIDE, window=SPAN):
        return True
    if limits.hit("support.alarm", "", limit=1, window=SPAN):
        alarms.sound(Alarm.Kind.CARDS, BURST)
    return False


def may_repeat(stamp: Stamp) -> bool:
    """The same form once more makes no further payment page, but Stripe is asked for the one that there is."""
    return limits.hit("support.again", stamp.intent_id.hex, limit=PER_INTENT, window=SPAN)


def calm_down() -> None:
    """Ends the alarm a day after its last cause: whoever sits at the desk will have seen it."""
    if not Alarm.objects.filter(kind=Alarm.Kind.CARDS, seen_at__gt=clock.now() - REMEMBERED).exists():
        alarms.quiet(Alarm.Kind.CARDS)


def ask(stamp: Stamp, terms: str) -> str:
    """The signed question: good for this intent and these terms alone, and only after the waiting time."""
    is_burst = limits.count("support.site", "", window=SPAN) > SITE_WIDE
    not_before = clock.real_now() + (WAIT_IN_A_BURST if is_burst else WAIT)
    return signing.dumps([_bound(stamp, terms), int(not_before.timestamp() * 1000)], salt=_SALT)


def read(text: str, stamp: Stamp, terms: str) -> Confirmation | None:
    """None for no answer, and for one that was given to another question."""
    if not text:
        return None
    try:
        bound, milliseconds = signing.loads(text, salt=_SALT, max_age=CONFIRMATION_GOOD_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if bound != _bound(stamp, terms):
        return None
    return Confirmation(dt.datetime.fromtimestamp(milliseconds / 1000, dt.UTC))


def _bound(stamp: Stamp, terms: str) -> str:
    return hashlib.sha256(f"{stamp.intent_id.hex}\n{terms}".encode()).hexdigest()[:32]
