"""What writers may still do with their own comment."""

import datetime as dt

from django.db import transaction

from comments import formatting
from comments.findings import Finding, Refused
from comments.models import Act, Comment, Commenter, CommentSettings, Revision
from comments.moderation import changing
from comments.moderation.locks import lock_comment, tell_caller
from comments.moderation.submitting import findings_of_bans, keep_findings, refuse_writer, status_for
from comments.rules import rules_for
from foundation import clock

Status = Comment.Status
NOT_YOURS = "Only its author can do this."
TOO_LATE = "The time for editing is over: a comment can be edited for {minutes} after it was written."
NEVER = "Comments cannot be edited here."
ANSWERED = "Somebody has answered, so the comment can no longer be edited. You can answer yourself."
UNDER_EYES = "This comment was reported. It can be edited when a moderator has looked at it."
EDITABLE = (Status.PENDING, Status.PUBLIC, Status.SPAM)


@transaction.atomic
def edit(comment: Comment, source: str, *, by_commenter: Commenter, suspicions: list[Finding] = ()) -> Comment:
    """
    The new text is judged as if it were sent now, and nothing that the comment itself has earned speaks for it: what
    is found, or would have waited, waits again. An edit frees nothing that waits. Raises Refused.
    """
    row, discussion = lock_comment(comment, with_writer=True)
    refuse_edit(row, by_commenter=by_commenter)
    rules = rules_for(row.article, discussion)
    refuse_writer(row.commenter, rules, is_proven=row.is_proven, works_here=bool(row.badge))
    source = formatting.checked(source, longest=rules.settings.longest)
    if source != row.source:
        revision = Revision.objects.create(comment=row, source=row.source)
        suspicions = [*suspicions, *findings_of_bans(row.commenter, is_proven=row.is_proven)]
        keep_findings(row, suspicions)
        status = status_for(row, rules, suspicions)
        if row.status != Status.PUBLIC and status != Status.SPAM:
            status = row.status
        _write(row, source)
        changing.change(row, discussion, status, verb=Act.Verb.EDIT, said="its author", revision=revision.pk)
    tell_caller(row, comment)
    return comment


@transaction.atomic
def withdraw(comment: Comment, by_commenter: Commenter) -> Comment:
    """At any time, by somebody banned as well. The words stay for staff until they are erased. Raises Refused."""
    row, discussion = lock_comment(comment)
    if row.commenter_id != by_commenter.pk:
        raise Refused(NOT_YOURS)
    if row.status == Status.REMOVED:
        raise Refused("This comment has been removed already.")
    if row.status != Status.WITHDRAWN:
        changing.change(row, discussion, Status.WITHDRAWN, verb=Act.Verb.WITHDRAW, said="its author")
    tell_caller(row, comment)
    return comment


def refuse_edit(comment: Comment, *, by_commenter: Commenter | None, settings: CommentSettings | None = None) -> None:
    """Whether the writer may edit it now, for a page that offers it and for the verb. Raises Refused."""
    settings = settings or CommentSettings.load()
    if by_commenter is None or comment.commenter_id != by_commenter.pk:
        raise Refused(NOT_YOURS)
    if comment.status == Status.HELD:
        raise Refused(UNDER_EYES)
    if comment.status not in EDITABLE or (comment.status == Status.SPAM and comment.decided_at):
        raise Refused("This comment is no longer there.")
    if not settings.edit_minutes:
        raise Refused(NEVER)
    if clock.now() >= comment.posted_at + dt.timedelta(minutes=settings.edit_minutes):
        minutes = "one minute" if settings.edit_minutes == 1 else f"{settings.edit_minutes} minutes"
        raise Refused(TOO_LATE.format(minutes=minutes))
    if not settings.edit_after_reply and comment.replies.filter(published_at__isnull=False).exists():
        raise Refused(ANSWERED)


def _write(row: Comment, source: str) -> None:
    row.source, row.edited_at = source, clock.now()
    row.body_html, row.fingerprint = formatting.render(source).body_html, formatting.fingerprint(source)
