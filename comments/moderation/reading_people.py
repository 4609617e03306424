"""What readers say about a comment without writing one: that it is good, or that somebody should look at it."""

import datetime as dt

from django.db import transaction
from django.db.models import F

from comments import cache_tags, readers, stored
from comments.findings import Refused
from comments.models import Act, Comment, CommentSettings, Discussion, Recommendation, Report
from comments.moderation import changing
from comments.moderation.locks import lock, lock_comment, tell_caller
from foundation import clock

SHOWN_EVERY = dt.timedelta(minutes=1)
GONE = "This comment is no longer there."
OWN_RECOMMENDED = "This is your own comment. Others can recommend it."
OWN_REPORTED = "This is your own comment. You can withdraw it."


@transaction.atomic
def recommend(comment: Comment, reader: str) -> bool:
    """Once per reader; False if this one has before. What is shown follows within a minute. Raises Refused."""
    row, discussion = lock_comment(comment, with_writer=True)
    _refuse_gone(row)
    if reader == readers.key_of(row.commenter):
        raise Refused(OWN_RECOMMENDED)
    _made, is_new = Recommendation.objects.get_or_create(comment=row, reader=reader)
    _count(row, discussion, comment, has_changed=is_new)
    return is_new


@transaction.atomic
def unrecommend(comment: Comment, reader: str) -> bool:
    """False if there was nothing to take back."""
    row, discussion = lock_comment(comment)
    deleted, _each = Recommendation.objects.filter(comment=row, reader=reader).delete()
    _count(row, discussion, comment, has_changed=bool(deleted))
    return bool(deleted)


@transaction.atomic
def report(comment: Comment, reader: str, reason: str, words: str = "") -> bool:
    """
    Once per reader; False if this one has before. Enough reports that nobody has looked at hide the comment until a
    moderator does. Raises Refused.
    """
    row, discussion = lock_comment(comment, with_writer=True)
    if Report.objects.filter(comment=row, reader=reader).exists():
        return False
    _refuse_gone(row)
    if reason not in Report.Reason.values:
        raise Refused("Choose what is wrong with it.", field="reason")
    if reader == readers.key_of(row.commenter):
        raise Refused(OWN_REPORTED)
    Report.objects.create(comment=row, reader=reader, reason=reason, words=words.replace("\x00", "").strip()[:1000])
    row.open_reports = row.reports.filter(settled_at=None).count()
    if row.open_reports >= CommentSettings.load().hide_after_reports:
        said = f"{row.open_reports} readers reported it" if row.open_reports > 1 else "A reader reported it"
        changing.change(row, discussion, Comment.Status.HELD, verb=Act.Verb.HOLD, said=said)
    else:
        row.save(update_fields=["open_reports"])
    tell_caller(row, comment)
    return True


def show_recommends() -> int:
    """The counts that no later recommendation has brought to the readers. Returns in how many discussions."""
    behind = Comment.objects.exclude(recommends=F("recommends_shown")).order_by().values("article_id").distinct()
    due = Discussion.objects.filter(pk__in=behind)
    return sum(_show_of(pk) for pk in due.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _show_of(pk: int) -> bool:
    discussion = lock(articles=[pk]).discussions[pk]
    return _show_if_due(discussion)


def _count(row: Comment, discussion: Discussion, known: Comment, *, has_changed: bool) -> None:
    if has_changed:
        row.recommends = row.recommendations.count()
        row.save(update_fields=["recommends"])
        if _show_if_due(discussion):
            row.recommends_shown = row.recommends
    tell_caller(row, known)


def _show_if_due(discussion: Discussion) -> bool:
    """
    All of an article at once, so that its page changes once a minute and not with every click. A comment that somebody
    else holds just now is passed over, for they may be waiting for this discussion; the timer finds it.
    """
    now, last = clock.real_now(), discussion.recommends_shown_at
    if last is not None and last <= now < last + SHOWN_EVERY:
        return False
    behind = Comment.objects.filter(article_id=discussion.pk).exclude(recommends=F("recommends_shown"))
    free = dict(behind.select_for_update(skip_locked=True, of=("self",), no_key=True).values_list("pk", "root_id"))
    Comment.objects.filter(pk__in=free).update(recommends_shown=F("recommends"))
    stored.rewrite(discussion.pk, free.values())
    discussion.recommends_shown_at, discussion.changed_at = now, clock.now()
    discussion.save(update_fields=["recommends_shown_at", "changed_at"])
    if free:
        cache_tags.purge_discussion(discussion.pk)
    return True


def _refuse_gone(row: Comment) -> None:
    if not (row.is_public and row.article.is_live):
        raise Refused(GONE)
