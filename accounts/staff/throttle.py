"""
How often a password and a code may be tried. A stranger who tries on must not keep the owner out: a browser in which
the owner has signed in before is counted by itself (`accounts.staff.devices`), and neither what is refused counts
nor a password that was right.
"""

import datetime as dt

from django.http import HttpRequest

from accounts.models import User
from accounts.staff import devices
from foundation import limits, remote_addr
from foundation.letters import fold

QUARTER, HOUR = dt.timedelta(minutes=15), dt.timedelta(hours=1)
PER_NETWORK = 30  # a quarter of an hour, whoever is named
PER_ACCOUNT_AND_NETWORK = 10  # a quarter of an hour
PER_ACCOUNT = 50  # an hour, from browsers that nobody knows
PER_KNOWN_BROWSER = 20  # a quarter of an hour
OLD_PASSWORDS = 10  # a quarter of an hour, by somebody who is in already
CODES = 10  # a quarter of an hour, after the right password

TOO_MANY = "There were too many attempts. Please wait a quarter of an hour, then try again."


def may_try_password(request: HttpRequest, email: str) -> bool:
    """Counted before the password is looked at, so that many at once cannot get more tries."""
    return all(
        limits.slide(name, whom, limit=limit, window=window) for name, whom, limit, window in _counters(request, email)
    )


def was_right(request: HttpRequest, email: str) -> None:
    """Whoever knows the password does not use up the tries of those who guess."""
    for name, whom, _limit, window in _counters(request, email):
        limits.give_back(name, whom, window=window)


def _counters(request: HttpRequest, email: str) -> list[tuple[str, str, int, dt.timedelta]]:
    who = fold(email)
    if device := devices.known(request, email):
        return [("desk.known", f"{who}:{device}", PER_KNOWN_BROWSER, QUARTER)]
    network = remote_addr.network(remote_addr.client_address(request))
    return [
        ("desk.network", network, PER_NETWORK, QUARTER),
        ("desk.pair", f"{who}:{network}", PER_ACCOUNT_AND_NETWORK, QUARTER),
        ("desk.account", who, PER_ACCOUNT, HOUR),
    ]


def may_try_code(user: User) -> bool:
    return limits.slide("desk.factor", str(user.pk), limit=CODES, window=QUARTER)


def may_try_old_password(user: User) -> bool:
    return limits.slide("desk.old-password", str(user.pk), limit=OLD_PASSWORDS, window=QUARTER)
