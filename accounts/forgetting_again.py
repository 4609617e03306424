"""
Accounts that their owners took away, for the list beside the backups; and taking them away once more in a restored
copy. Nothing of such an account stays in the database but a keyed hash of its address and the day, so that whoever
signs up anew later is left alone.
"""

import datetime as dt

from accounts import own_data
from accounts.models import User
from foundation import forgotten
from foundation.letters import fold


def again(keys: list[str]) -> list[str]:
    went: dict[str, dt.datetime] = {}
    for key in keys:
        digest, _, seconds = key.partition(" ")
        moment = _moment(seconds)
        went[digest] = max(moment, went.get(digest, moment))
    troubles = []
    for user in User.objects.filter(is_staff=False, is_superuser=False).iterator():
        moment = went.get(forgotten.digest(fold(user.email)))
        if moment and user.date_joined <= moment:
            try:
                own_data.erase(user, at=moment)
            except own_data.NotErased as trouble:
                troubles.append(f"Account {user.pk}: {trouble}")
    return troubles


def _moment(seconds: str) -> dt.datetime:
    """To the microsecond, as accounts are dated. Older lists hold whole seconds: then anywhen within that one."""
    whole, _, part = seconds.partition(".")
    return dt.datetime.fromtimestamp(int(whole), dt.UTC) + dt.timedelta(microseconds=int(part or 999_999))
