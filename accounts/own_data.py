"""
What is known of one reader, for that reader, and its erasure. An app that knows something of a person who signs in
registers both halves once, so that neither can be forgotten for the other.
"""

from collections.abc import Callable

from django.db import transaction

from accounts import letters
from accounts.models import User
from foundation import clock, forgotten
from foundation import letters as foundation_letters
from foundation.letters import fold
from foundation.models import Letter

Collect = Callable[[User], dict]
Erase = Callable[[User], None]

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
            for letter in Letter.objects.filter(folded_to=fold(user.email), kind=letters.KIND).order_by("created_at")
        ],
        **{name: collect(user) for name, (collect, _erase) in _known.items()},
    }


def erase(user: User) -> None:
    """
    Takes the account away with everything that names the person. Raises NotErased for staff: what they did must stay
    signed, and their account is closed at the desk.
    """
    if user.is_staff or user.is_superuser:
        raise NotErased("You work here: what you did stays signed. An administrator closes your account.")
    with transaction.atomic():
        for _collect, erase_there in _known.values():
            erase_there(user)
        foundation_letters.forget(user.email, kinds=[letters.KIND])
        forgotten.note("account", f"{forgotten.digest(fold(user.email))} {int(clock.now().timestamp())}")
        user.delete()
