"""What moderators decide about a person. Bans end by the clock; what was done and why stays in the acts."""

import datetime as dt
import uuid

from django.db import transaction

from comments import mailboxes
from comments.findings import Refused
from comments.models import Act, Commenter
from comments.moderation.locks import lock, tell_caller
from foundation import clock

Verb = Act.Verb
BAN_FIELDS = ("banned_at", "banned_until", "ban_reason")


@transaction.atomic
def ban_person(
    commenter: Commenter,
    by,
    *,
    until: dt.datetime | None = None,
    reason: str,
    batch: uuid.UUID | None = None,
) -> Commenter:
    """Banned anew, the new end and reason hold. What the person wrote stays as it is."""
    reason, row = reason.strip()[:300], _lock(commenter)
    if not reason:
        raise Refused("Say why, for your colleagues and for later.", field="reason")
    if until is not None and until <= clock.now():
        raise Refused("The ban would end before it begins. Choose a later day.", field="until")
    if row.user and row.user.is_staff:
        raise Refused("This person works here. Take their login away instead.")
    if not (row.is_banned and (row.banned_until, row.ban_reason) == (until, reason)):
        _note(row, Verb.BAN, by, reason, batch, BAN_FIELDS)
        row.banned_at, row.banned_until, row.ban_reason = clock.now(), until, reason
        row.banned_mailbox = mailboxes.digest(row.email) if row.email else row.banned_mailbox
        row.save(update_fields=[*BAN_FIELDS, "banned_mailbox"])
    tell_caller(row, commenter)
    return commenter


@transaction.atomic
def unban(commenter: Commenter, by, said: str = "", batch: uuid.UUID | None = None) -> Commenter:
    row = _lock(commenter)
    if row.banned_at is not None:
        _note(row, Verb.UNBAN, by, said, batch, BAN_FIELDS)
        row.banned_at, row.banned_until, row.ban_reason = None, None, ""
        row.save(update_fields=BAN_FIELDS)
    tell_caller(row, commenter)
    return commenter


def wait_always(commenter: Commenter, by, said: str = "", batch: uuid.UUID | None = None) -> Commenter:
    return _set_waiting(commenter, True, Verb.WAIT_ALWAYS, by, said, batch)


def wait_no_more(commenter: Commenter, by, said: str = "", batch: uuid.UUID | None = None) -> Commenter:
    return _set_waiting(commenter, False, Verb.WAIT_NO_MORE, by, said, batch)


@transaction.atomic
def _set_waiting(commenter: Commenter, always: bool, verb: str, by, said: str, batch: uuid.UUID | None) -> Commenter:
    row = _lock(commenter)
    if row.always_waits != always:
        _note(row, verb, by, said, batch, ("always_waits",))
        row.always_waits = always
        row.save(update_fields=["always_waits"])
    tell_caller(row, commenter)
    return commenter


def _lock(commenter: Commenter) -> Commenter:
    row = lock(commenters=[commenter.pk]).commenters.get(commenter.pk)
    if row is None:
        raise Commenter.DoesNotExist(f"Commenter {commenter.pk} is gone.")
    return row


def _note(row: Commenter, verb: str, by, said: str, batch: uuid.UUID | None, fields: tuple[str, ...]) -> None:
    before = {name: getattr(row, name) for name in fields}
    written = {name: value.isoformat() if isinstance(value, dt.datetime) else value for name, value in before.items()}
    Act.objects.create(verb=verb, commenter=row, by=by, said=said[:300], before=written, batch=batch)
