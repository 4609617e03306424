"""The one place that writes a comment's status, and with it the Act, the count and what is told to others."""

import datetime as dt
import uuid

from comments import cache_tags, counting, signals, stored
from comments.models import Act, Comment, Discussion, Report
from foundation import clock

PUBLIC = Comment.Status.PUBLIC


def change(
    comment: Comment,
    discussion: Discussion,
    status: str,
    *,
    verb: str,
    by=None,
    said: str = "",
    batch: uuid.UUID | None = None,
    is_decision: bool = False,
    **remembered,
) -> Act:
    """
    Both rows are locked. `is_decision`: somebody of the staff has looked, which settles the reports. `remembered`
    joins what `undo` will need. Saves every field of the comment that the caller has set.
    """
    before = {**state_of(comment), **remembered, "became": status}
    if is_decision:
        before["settled"] = settle_reports(comment)
        comment.decided_at, comment.decided_by = clock.now(), by
    act = Act.objects.create(
        verb=verb,
        comment=comment,
        commenter_id=comment.commenter_id,
        by=by,
        said=said[:300],
        before=before,
        batch=batch,
    )
    become(comment, discussion, status)
    if is_decision:
        signals.tell(signals.decided, comment, verb=verb)
    return act


def become(comment: Comment, discussion: Discussion, status: str) -> None:
    """Saves the comment in its new status, counts, and tells."""
    was_public, is_first = comment.status == PUBLIC, comment.published_at is None
    comment.status = status
    is_public = status == PUBLIC
    if is_public and is_first:
        comment.published_at = clock.now()
    comment.save()
    if was_public or is_public:
        counting.note_change(discussion)
    if comment.published_at is not None:  # it stands in its thread, be it as a stub
        stored.rewrite(discussion.pk, [comment.root_id])
        cache_tags.purge_discussion(discussion.pk)
    if was_public and not is_public:
        cache_tags.take_away(discussion.pk)
    if is_public and not was_public:
        signals.tell(signals.became_public, comment, first=is_first)
    elif was_public and not is_public:
        signals.tell(signals.no_longer_public, comment)


def state_of(comment: Comment) -> dict:
    return {
        "status": comment.status,
        "decided_at": comment.decided_at.isoformat() if comment.decided_at else None,
        "decided_by": comment.decided_by_id,
    }


def restore_state(comment: Comment, before: dict) -> None:
    """All but the status, which `become` writes."""
    comment.decided_at = dt.datetime.fromisoformat(before["decided_at"]) if before["decided_at"] else None
    comment.decided_by_id = before["decided_by"]


def settle_reports(comment: Comment) -> list[int]:
    """Only reports that come after this count again. Returns those it settled."""
    settled = list(comment.reports.filter(settled_at=None).values_list("pk", flat=True))
    if settled:
        Report.objects.filter(pk__in=settled).update(settled_at=clock.now())
    comment.open_reports = 0
    return settled
