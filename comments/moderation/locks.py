"""
Rows are locked in one order everywhere: comments by key, discussions by key, people by key. So two verbs may wait for
each other, but never both at once. Keys do not change: a lock leaves new rows free to point at what is locked.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import models, transaction

from comments import counting
from comments.models import Comment, Commenter, Discussion

# A verb asks an article whether it is live, not what it says.
UNREAD = [f"article__{name}" for name in ("body", "body_html", "lead_note", "lead_note_html", "standfirst")]


class Locked(NamedTuple):
    comments: dict[int, Comment]
    discussions: dict[int, Discussion]
    commenters: dict[int, Commenter]


def lock(
    *, comments: Iterable[int] = (), articles: Iterable[int] = (), commenters: Iterable[int] = (), writers: bool = False
) -> Locked:
    """The comments and their discussions, further discussions, and people; with `writers` those of the comments too."""
    found = _by_key(Comment.objects.select_related("article").defer(*UNREAD), comments)
    article_ids = {*articles, *(comment.article_id for comment in found.values())}
    people = {*commenters, *((comment.commenter_id for comment in found.values()) if writers else ())}
    discussions = _by_key(Discussion.objects, article_ids)
    if len(discussions) < len(article_ids):
        counting.ensure(sorted(article_ids - discussions.keys()))
        discussions = _by_key(Discussion.objects, article_ids)
    return Locked(found, discussions, _by_key(Commenter.objects, people))


def lock_all(comments: models.QuerySet, *, commenters: Iterable[int] = ()) -> Locked:
    """
    All of a set that grows until the people are locked: what was written while we waited for them is found too. The
    order of locks leaves nothing but to let all go and begin again.
    """
    people = list(commenters)
    while True:
        before = transaction.savepoint_create()
        locked = lock(comments=comments.order_by().values_list("pk", flat=True), commenters=people)
        if set(comments.order_by().values_list("pk", flat=True)) <= locked.comments.keys():
            transaction.savepoint_commit(before)
            return locked
        transaction.savepoint_rollback(before)


def lock_comment(comment: Comment, *, with_writer: bool = False) -> tuple[Comment, Discussion]:
    """As it is now, which may not be as the caller knows it."""
    locked = lock(comments=[comment.pk], writers=with_writer)
    row = locked.comments.get(comment.pk)
    if row is None:
        raise Comment.DoesNotExist(f"Comment {comment.pk} is gone.")
    if with_writer:
        row.commenter = locked.commenters[row.commenter_id]
    return row, locked.discussions[row.article_id]


def tell_caller(row: models.Model, known: models.Model) -> None:
    """The caller's own copy of a row says what the locked one says."""
    for field in row._meta.concrete_fields:
        setattr(known, field.attname, getattr(row, field.attname))


def _by_key(rows: models.QuerySet, keys: Iterable[int]) -> dict:
    wanted = set(keys)
    if not wanted:
        return {}
    locked = rows.filter(pk__in=wanted).order_by("pk").select_for_update(of=("self",), no_key=True)
    return {row.pk: row for row in locked}
