"""
How fast comments come: from one person, and from one neighbourhood of addresses. A person is counted together with the
neighbourhood, so that nobody silences another by typing that other's address. The limits of a neighbourhood are wide:
a campus or a phone company may stand behind one address, and on an election night all of them write.
"""

import datetime as dt

from comments import networks
from comments.findings import Finding, Refused
from comments.screening.reading import Candidate
from foundation import letters, limits

LAYER = "pace"

QUICK, QUICK_LIMIT = dt.timedelta(minutes=5), 8
LONG, LONG_LIMIT = dt.timedelta(hours=1), 40
AROUND, AROUND_WAITS, AROUND_LIMIT = dt.timedelta(minutes=10), 150, 300
WAIT = (
    "You are sending faster than anybody can read. Please wait a moment, five minutes at most, and send it again; "
    "what you wrote is still here."
)
WAIT_LONGER = "That is very much for one hour. Please wait a while and send it again; what you wrote is still here."
CROWDED = (
    "Very many comments are coming from where you are. Please wait a moment, ten minutes at most, and send it again; "
    "what you wrote is still here."
)


def findings(candidate: Candidate) -> list[Finding]:
    """Counts this one. Raises Refused for a pace that nobody types. Ask outside a transaction."""
    around = networks.neighbourhood(candidate.address)
    who = "\n".join([letters.fold(candidate.email), around])
    kind = "edit" if candidate.is_edit else "post"
    if not limits.hit(f"comments.pace.quick.{kind}", who, limit=QUICK_LIMIT, window=QUICK):
        raise Refused(WAIT)
    if not limits.hit(f"comments.pace.long.{kind}", who, limit=LONG_LIMIT, window=LONG):
        raise Refused(WAIT_LONGER)
    return _from_around(around) if around else []


def _from_around(around: str) -> list[Finding]:
    if not limits.hit("comments.pace.around", around, limit=AROUND_LIMIT, window=AROUND):
        raise Refused(CROWDED)
    count = limits.count("comments.pace.around", around, window=AROUND)
    if count <= AROUND_WAITS:
        return []
    return [Finding(LAYER, f"{count} comments came from the same neighbourhood of addresses within ten minutes")]
