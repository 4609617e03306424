"""What becomes of a comment that waited only until the spam service had answered."""

import datetime as dt

from django.db import transaction

from comments.findings import Finding
from comments.models import Act, Comment, Suspicion
from comments.moderation import changing
from comments.moderation.locks import lock_comment, tell_caller
from comments.moderation.submitting import keep_findings, status_for
from comments.rules import rules_for

Status = Comment.Status


@transaction.atomic
def settle_question(comment: Comment, found: Finding | None, *, layer: str, edited_at: dt.datetime | None) -> Comment:
    """
    Without a finding the rules decide as they would have. Whatever a moderator has decided stays, and so does what
    was written anew (`edited_at` is no longer the comment's), which is asked about by itself.
    """
    row, discussion = lock_comment(comment, with_writer=True)
    if row.edited_at == edited_at:
        row.suspicions.filter(layer=layer).delete()
        keep_findings(row, [found] if found else [])
        is_undecided = row.status == Status.PENDING and row.decided_at is None
        if is_undecided and found:
            changing.change(row, discussion, Status.SPAM, verb=Act.Verb.SPAM, said="the spam service")
        elif is_undecided and _is_free(row):
            rules = rules_for(row.article, discussion)
            if rules.is_open:
                changing.become(row, discussion, status_for(row, rules, []))
    tell_caller(row, comment)
    return comment


def _is_free(row: Comment) -> bool:
    """Nothing else was found, nobody of the staff had it in hand, and its writer may still write."""
    is_suspected = Suspicion.objects.filter(comment=row).exists()
    return not (is_suspected or row.commenter.is_banned or row.acts.filter(by__isnull=False).exists())
