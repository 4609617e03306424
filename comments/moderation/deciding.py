"""What moderators decide about one comment. `by` is who; `said` why, for their colleagues."""

import uuid

from django.db import transaction

from comments.findings import Refused
from comments.models import Act, Comment
from comments.moderation import changing
from comments.moderation.locks import lock_comment, tell_caller

Status, Verb = Comment.Status, Act.Verb
WITHDRAWN = "Its author has withdrawn this comment. It stays withdrawn."
REMOVED = "This comment was removed for legal reasons. Undo the removal first."


def approve(comment: Comment, by, said: str = "", batch: uuid.UUID | None = None) -> Comment:
    """Readers see it, whatever it was taken for before. Reports about it are settled."""
    return _decide(comment, Status.PUBLIC, Verb.APPROVE, by, said, batch)


def reject(comment: Comment, by, said: str = "", batch: uuid.UUID | None = None) -> Comment:
    return _decide(comment, Status.REJECTED, Verb.REJECT, by, said, batch)


def mark_spam(comment: Comment, by, said: str = "", batch: uuid.UUID | None = None) -> Comment:
    return _decide(comment, Status.SPAM, Verb.SPAM, by, said, batch)


def hide(comment: Comment, by, said: str = "", batch: uuid.UUID | None = None) -> Comment:
    return _decide(comment, Status.HIDDEN, Verb.HIDE, by, said, batch)


def keep(comment: Comment, by, said: str = "", batch: uuid.UUID | None = None) -> Comment:
    """The reports so far count no more. What they had hidden is public again."""
    return _decide(comment, Status.PUBLIC, Verb.KEEP, by, said, batch, only_from=(Status.PUBLIC, Status.HELD))


def remove(comment: Comment, by, said: str = "", batch: uuid.UUID | None = None) -> Comment:
    """For courts and notices: nobody but `undo` brings it back. What its author withdrew can be removed as well."""
    return _decide(comment, Status.REMOVED, Verb.REMOVE, by, said, batch)


@transaction.atomic
def _decide(
    comment: Comment,
    status: str,
    verb: str,
    by,
    said: str,
    batch: uuid.UUID | None,
    *,
    only_from: tuple = tuple(Status),
) -> Comment:
    row, discussion = lock_comment(comment)
    if not _stands_already(row, status, verb):
        _refuse_if_out_of_reach(row, verb)
        if row.status not in only_from:
            raise Refused("Readers’ reports are settled for comments that are public, or were until the reports.")
        changing.change(row, discussion, status, verb=verb, by=by, said=said, batch=batch, is_decision=True)
    tell_caller(row, comment)
    return comment


def _stands_already(row: Comment, status: str, verb: str) -> bool:
    """
    Repeating a decision does nothing. Suspected spam that a person calls spam is news, and so is approval of a comment
    that no person has looked at.
    """
    if row.status != status or row.open_reports:
        return False
    looks_again = verb in (Verb.SPAM, Verb.APPROVE) and row.decided_at is None
    return not looks_again


def _refuse_if_out_of_reach(row: Comment, verb: str) -> None:
    if verb != Verb.REMOVE and row.status == Status.WITHDRAWN:
        raise Refused(WITHDRAWN)
    if row.status == Status.REMOVED:
        raise Refused(REMOVED)
