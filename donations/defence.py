"""
What keeps stolen cards from being tried here by the hundred. Too many payment pages for one address, one browser or
the whole site, too many declined cards, a form sent faster than it can be read, or a trap field filled in: then a
slower step stands before the payment page (`donations.confirmation`), and the more it is asked for, the slower it is.
Only somebody who goes on and on past that step is sent away for a while. Nobody else learns of it, and no other company
is asked.
"""

import datetime as dt
from enum import Enum

from django.http import HttpRequest

from donations import alarms, browser, confirmation, declines
from donations.confirmation import Confirmation, Subject
from donations.models import Alarm
from donations.stamps import Stamp
from foundation import clock, limits, remote_addr

SPAN = dt.timedelta(minutes=10)
PER_NETWORK = 5
PER_BROWSER = 5
PER_INTENT = 20  # times that one form is sent again as it was
SITE_WIDE = 30
CONFIRMED_PER_NETWORK = 10  # beyond those that needed no question
CONFIRMED_IN_A_STORM = 3
USES = 3  # of one answer: a double click, and once more when Stripe did not answer
FASTEST = dt.timedelta(seconds=2)  # between the form's making and its sending
WAIT = dt.timedelta(seconds=5)
DOUBLINGS = 3  # of the wait, at most: 40 seconds
REMEMBERED = dt.timedelta(days=1)
BURST = (
    f"More than {SITE_WIDE} payment pages were asked for within ten minutes, so everybody was asked to confirm for a"
    " while. If Stripe shows many declined cards at that time, somebody was trying them out."
)


class Verdict(Enum):
    GO_ON = "go on"
    ASK = "ask"  # the slower step
    REFUSE = "refuse"


def judge(
    request: HttpRequest, stamp: Stamp, *, is_trapped: bool, confirmed: Confirmation | None, answer: str = ""
) -> Verdict:
    """
    Counts one payment page that is about to be made, and says whether it may be. Clicks at the same instant count each
    for itself: whoever let the second pass uncounted would let a machine send everything twice.
    """
    network = _network(request)
    if confirmed is not None:
        if confirmed.seconds_left or not confirmed.is_right(answer):
            return Verdict.ASK
        return _judge_confirmed(confirmed, network)
    if is_trapped or stamp.age < FASTEST or declines.is_storm():
        return Verdict.ASK
    return Verdict.GO_ON if _is_within_limits(network, browser.hash_of(request)) else Verdict.ASK


def _judge_confirmed(confirmed: Confirmation, network: str) -> Verdict:
    if not limits.slide("support.answer", confirmed.name, limit=USES, window=confirmation.GOOD_FOR):
        return Verdict.ASK
    limit = CONFIRMED_IN_A_STORM if declines.is_storm() else CONFIRMED_PER_NETWORK
    allowed = limits.slide("support.confirmed", network, limit=limit, window=SPAN)
    return Verdict.GO_ON if allowed else Verdict.REFUSE


def _is_within_limits(network: str, browser_hash: str) -> bool:
    """One that is over its own limit is not counted for the site, or it could close the door to everybody."""
    if not limits.slide("support.network", network, limit=PER_NETWORK, window=SPAN):
        return False
    if browser_hash and not limits.slide("support.browser", browser_hash, limit=PER_BROWSER, window=SPAN):
        return False
    if limits.slide("support.site", "", limit=SITE_WIDE, window=SPAN):
        return True
    if limits.slide("support.alarm", "", limit=1, window=SPAN):
        alarms.sound(Alarm.Kind.CARDS, BURST)
    return False


def may_repeat(stamp: Stamp) -> bool:
    """The same form once more makes no further payment page, but Stripe is asked for the one that there is."""
    return limits.slide("support.again", stamp.intent_id.hex, limit=PER_INTENT, window=SPAN)


def calm_down() -> None:
    """Ends the alarm a day after its last cause: whoever sits at the desk will have seen it."""
    if not Alarm.objects.filter(kind=Alarm.Kind.CARDS, seen_at__gt=clock.now() - REMEMBERED).exists():
        alarms.quiet(Alarm.Kind.CARDS)


def ask(request: HttpRequest, subject: Subject, *, is_twin: bool) -> str:
    """The question for the slower step. To somebody who only gave the same before, it is put without a choice."""
    if is_twin:
        return confirmation.ask(subject, wait=WAIT, has_choice=False)
    return confirmation.ask(subject, wait=WAIT * 2 ** _pressure(request), has_choice=True)


def _pressure(request: HttpRequest) -> int:
    """How often the wait is doubled: for what this network was asked lately, and for what all were."""
    here = limits.note("support.asked", _network(request), window=SPAN) // (PER_NETWORK + 1)
    everywhere = limits.note("support.asked", "everywhere", window=SPAN) // (SITE_WIDE + 1)
    return min(DOUBLINGS, max(here, everywhere, 2 * declines.is_storm()))


def _network(request: HttpRequest) -> str:
    return remote_addr.network(remote_addr.client_address(request))
