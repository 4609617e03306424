"""
What is known of one reader, for that reader, and its erasure. An app that knows something of a person who signs in
registers both halves once, so that neither can be forgotten for the other.
"""

import datetime as dt
from collections.abc import Callable

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts import letters
from accounts.models import RightsChange, User
from accounts.staff import letters as desk_letters
from foundation import clock, forgotten
from foundation import letters as foundation_letters
from foundation.letters import fold
from foundation.models import Letter

Collect = Callable[[User], dict]
Erase = Callable[[User], None]

_KINDS = [letters.KIND, desk_letters.KIND]
_known: dict[str, tuple[Collect, Erase]] = {}


class NotErased(Exception):
    """Nothing was changed; the message says why, to the person who asked."""


def register(name: str, *, collect: Collect, erase: Erase) -> None:
    """`collect` answers with plain values, ready for JSON; `erase` runs in the transaction that erases the person."""
    _known[name] = collect, erase


def of(user: User) -> dict:
    return {
        "e-mail": user.email,
        "name": user.name,
        "known since": user.date_joined.isoformat(),
        "last signed in": user.last_login.isoformat() if user.last_login else None,
        "letters": [
            {
                "subject": letter.subject,
                "written": letter.created_at.isoformat(),
                "sent": letter.sent_at.isoformat() if letter.sent_at else None,
            }
            for letter in Letter.objects.filter(folded_to=fold(user.email), kind__in=_KINDS).order_by("created_at")
        ],
        "sessions at the desk": [
            {
                "began": session.began_at.isoformat(),
                "last used": session.seen_at.isoformat(),
                "second factor": session.factor,
                "network address": session.address,
                "browser": session.browser,
            }
            for session in user.desk_sessions.order_by("began_at", "pk")
        ],
        "changes of rights": [
            {"at": change.at.isoformat(), "what": change.what} for change in _rights(user).order_by("at", "pk")
        ],
        **{name: collect(user) for name, (collect, _erase) in _known.items()},
    }


def _rights(user: User) -> QuerySet[RightsChange]:
    """What was given to this person and taken. Who did it is a matter of that other person."""
    return RightsChange.objects.filter(Q(person=user) | Q(person=None, whom__iexact=user.email))


def erase(user: User, *, at: dt.datetime | None = None) -> None:
    """
    Takes the account away with everything that names the person, but for the log of rights of somebody who worked
    here. Raises NotErased for staff: what they did must stay signed, and their account is closed at the desk. `at` is
    when it was taken away the first time, in a copy that had it still.
    """
    moment = at or clock.now()
    if user.is_staff or user.is_superuser:
        raise NotErased("You work here: what you did stays signed. An administrator closes your account.")
    with transaction.atomic():
        for _collect, erase_there in _known.values():
            erase_there(user)
        foundation_letters.forget(user.email, kinds=_KINDS)
        forgotten.note("account", f"{forgotten.digest(fold(user.email))} {moment.timestamp():.6f}")
        user.delete()
