"""
The letter to moderators about what waits: one to each at most every `digest_minutes`, and only when something came
since the last, or has waited for a day. Never one letter per comment. The command that writes them runs on a timer.
"""

import datetime as dt

from django.contrib.auth.backends import ModelBackend
from django.db import transaction
from django.db.models import Max, QuerySet

from accounts.models import User
from comments import judging, mail_links, queue
from comments.models import Comment, CommentSettings, ModeratorMail, Report
from foundation import clock, letter_paper, letters, links
from foundation.models import Letter

KIND = "moderation"
SHOWN = 10
REMINDED_AFTER = dt.timedelta(days=1)
STOP_PURPOSE = "comments: no letters to moderators"
_STOP_LINK_LASTS = dt.timedelta(days=800)
# A letter offers what a moderator decides without looking further; the rest is done at the desk.
LABELS = {"approve": "Approve", "keep": "Keep", "reject": "Reject", "hide": "Hide", "spam": "Spam"}


def write_due() -> int:
    """Safe to repeat, and by any number of processes. Returns how many letters were written."""
    minutes = CommentSettings.load().digest_minutes
    newest = newest_waiting()
    if not minutes or newest is None:
        return 0
    return sum(_write_if_due(user, newest, dt.timedelta(minutes=minutes)) for user in moderators())


def forget_old() -> int:
    """
    Letters hold what people wrote, who may have been erased since. When their links are over they are of no use, and
    go. Returns how many.
    """
    return Letter.objects.filter(kind=KIND, created_at__lt=clock.now() - mail_links.LASTS).delete()[0]


def moderators() -> QuerySet[User]:
    """Everybody who may decide and has an address: superusers too, since the one editor of a small site is one."""
    allowed = ModelBackend().with_perm(mail_links.MODERATES, is_active=True, include_superusers=True)
    return allowed.filter(is_staff=True).exclude(email="").order_by("pk")


def newest_waiting() -> dt.datetime | None:
    """When the newest thing came that somebody must look at; None while nothing waits."""
    waiting = Comment.objects.awaiting_moderation()
    moments = waiting.aggregate(posted=Max("posted_at"), edited=Max("edited_at"))
    reported = Report.objects.filter(settled_at=None, comment__in=waiting).aggregate(at=Max("created_at"))["at"]
    return max(filter(None, (moments["posted"], moments["edited"], reported)), default=None)


def wants(user: User) -> bool:
    row = ModeratorMail.objects.filter(pk=user.pk).first()
    return row is None or row.is_wanted


def want(user: User, *, is_wanted: bool) -> None:
    ModeratorMail.objects.update_or_create(user=user, defaults={"is_wanted": is_wanted})


def _write_if_due(user: User, newest: dt.datetime, pause: dt.timedelta) -> bool:
    ModeratorMail.objects.get_or_create(user=user)
    with transaction.atomic():
        row = ModeratorMail.objects.select_for_update().get(pk=user.pk)
        if not _is_due(row, newest, pause):
            return False
        row.written_at, row.told_until = clock.now(), newest
        row.save(update_fields=["written_at", "told_until"])
        write(user, at=row.written_at)
    return True


def _is_due(row: ModeratorMail, newest: dt.datetime, pause: dt.timedelta) -> bool:
    if not row.is_wanted:
        return False
    if row.written_at is None or row.written_at > clock.now():  # the demo's clock was set back
        return True
    waited = clock.now() - row.written_at
    is_new = row.told_until is None or newest > row.told_until
    return waited >= pause and (is_new or waited >= REMINDED_AFTER)


def write(user: User, *, at: dt.datetime) -> Letter:
    stop_url = stop_address(user)
    words = words_for(user, stop_url=stop_url)
    key = f"{KIND}:{user.pk}:{at:%Y%m%dT%H%M%S%f}"
    return letters.post(key, user.email, *words, about="comments that wait", stop_url=stop_url)


def words_for(user: User, *, stop_url: str) -> letter_paper.Words:
    rows = Comment.objects.awaiting_moderation()
    comments = list(queue.with_context(rows.oldest_first())[:SHOWN])
    number = rows.count()
    entries = [_entry(entry, user) for entry in queue.described(comments)]
    return render(
        name=user.name, entries=entries, number=number, spam=Comment.objects.suspected().count(), stop_url=stop_url
    )


def render(**facts) -> letter_paper.Words:
    """What the template needs beside its entries follows from them; the desk's sample uses this too."""
    return letter_paper.render(
        "comments/letters/waiting",
        more=facts["number"] - len(facts["entries"]),
        queue_url=letter_paper.address("admin:comments_comment_changelist"),
        lasts_days=mail_links.LASTS.days,
        **facts,
    )


def _entry(entry: queue.Entry, user: User) -> dict:
    comment = entry.comment
    return {
        "name": comment.name,
        "headline": comment.article.headline,
        "words": " ".join(comment.source.split()),
        "answers": comment.parent.name if comment.parent else "",
        "posted_at": comment.posted_at,
        "reasons": [suspicion.reason for suspicion in comment.suspicions.all()],
        "reports": [report.get_reason_display() for report in entry.reports],
        "is_known": bool(entry.history.approved),
        "is_public": comment.is_public,
        "acts": [(LABELS[verb], mail_links.address(comment, verb, user)) for verb in judging.offered(comment)],
    }


def stop_address(user: User) -> str:
    expires_at = clock.now() + _STOP_LINK_LASTS
    return letter_paper.address(
        "stop_moderators_letters", links.sign(STOP_PURPOSE, str(user.pk), expires_at=expires_at)
    )


def stop(token: str) -> None:
    """By the letter's own link; to be wanted again they are asked for at the desk. Raises what `links.read` raises."""
    user = User.objects.filter(pk=links.read(STOP_PURPOSE, token)).first()
    if user is not None:
        want(user, is_wanted=False)
