"""
What commenters are sent: that their waiting comment appeared, and that somebody answered. Only to addresses whose owner
wrote the comment, only while the comment is public, once each, and never to somebody about their own words.
"""

import datetime as dt
import logging

from django.db.models import Q

from comments import confirming, signals, stopping
from comments.models import Act, Comment, Commenter, Mute
from foundation import clock, letter_paper, letters
from foundation.models import Letter
from foundation.tasks import WHEN_QUIET, retried_task

logger = logging.getLogger(__name__)

REPLY, APPROVED, ERASE = "comment-reply", "comment-approved", "comment-erase"
KINDS = (REPLY, APPROVED, ERASE, confirming.KIND)
LONGEST_EXCERPT = 1500
# News that a repair or an import brings out late is no news to anybody.
TOLD_WITHIN = dt.timedelta(days=30)
TOLD_AFTER, MISSED_FOR = dt.timedelta(minutes=5), dt.timedelta(hours=1)


def connect() -> None:
    """Called once, when the apps are ready."""
    signals.submitted.connect(_submitted, dispatch_uid="comments.letters")
    signals.became_public.connect(_became_public, dispatch_uid="comments.letters")
    signals.no_longer_public.connect(_no_longer_public, dispatch_uid="comments.letters")


def _submitted(sender, comment: Comment, **kwargs) -> None:
    if not comment.is_proven:
        confirming.send_confirmation(comment)


def _became_public(sender, comment: Comment, **kwargs) -> None:
    tell.enqueue(comment.pk)


def _no_longer_public(sender, comment: Comment, **kwargs) -> None:
    """A letter that has not left yet does not leave; should the comment come back, it is written anew."""
    letters.take_back(f"public comment {comment.uid}")


@retried_task(priority=WHEN_QUIET)
def tell(comment_id: int) -> None:
    """Writes the letters about a comment that is public, as it stands by now. Safe to repeat: the keys are known."""
    found = Comment.objects.public().select_related("article", "commenter", "parent__commenter", "root")
    comment = found.filter(pk=comment_id).first()
    if comment is None or not comment.article.is_live or comment.published_at < clock.now() - TOLD_WITHIN:
        return
    tell_author(comment)
    tell_answered(comment)


def tell_again() -> int:
    """
    What appeared within the last hour and had time to be told. A process that dies between a commit and the queue
    would leave it untold. Returns how many letters that brought.
    """
    now = clock.now()
    lately = Comment.objects.public().filter(published_at__gt=now - MISSED_FOR, published_at__lt=now - TOLD_AFTER)
    before = Letter.objects.filter(kind__in=(REPLY, APPROVED)).count()
    for pk in lately.filter(Q(wants_replies=True) | Q(parent__wants_replies=True)).values_list("pk", flat=True):
        tell.call(pk)
    return Letter.objects.filter(kind__in=(REPLY, APPROVED)).count() - before


def tell_author(comment: Comment) -> Letter | None:
    """To whoever asked for mail and had to wait."""
    waited = comment.acts.filter(verb=Act.Verb.APPROVE, undone_at=None).exists()
    if not (waited and comment.wants_replies and comment.is_proven and may_be_written_to(comment.commenter)):
        return None
    return _post(APPROVED, comment, comment.commenter, comment)


def tell_answered(comment: Comment) -> Letter | None:
    parent = comment.parent
    if parent is None or not (parent.wants_replies and parent.is_proven and parent.is_public):
        return None
    person = parent.commenter
    if person.pk == comment.commenter_id or not may_be_written_to(person):
        return None
    if Mute.objects.filter(commenter=person, root=comment.root).exists():
        return None
    return _post(REPLY, comment, person, parent)


def may_be_written_to(person: Commenter) -> bool:
    return bool(person.email and person.confirmed_at and not person.mails_stopped_at and not person.is_banned)


def _post(kind: str, comment: Comment, person: Commenter, own: Comment) -> Letter | None:
    """About a public comment, to one person. None, and a line in the log, for an address that no mail could go to."""
    stop_url = stopping.address(person, comment.root)
    text = comment.source
    words = letter_paper.render(
        f"comments/letters/{kind.removeprefix('comment-')}",
        name=own.name,
        headline=comment.article.headline,
        by=comment.name,
        text=text if len(text) <= LONGEST_EXCERPT else f"{text[:LONGEST_EXCERPT].rstrip()} …",
        url=letter_paper.address("comment", comment.uid),
        stop_url=stop_url,
        mine_url=letter_paper.address("comments_mine"),
    )
    about = f"public comment {comment.uid}"
    try:
        return letters.post(f"{kind}:{comment.uid}", person.email, *words, about=about, stop_url=stop_url)
    except ValueError:
        logger.warning("Comment %s: no mail can go to person %s", comment.pk, person.pk)
        return None
