"""
Links in moderators' letters. Each is for one moderator, one verb and one comment as it stood, works for a week, once,
and acts by POST alone: mail programs and scanners follow links before people do.
"""

import datetime as dt
import json
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from comments import judging
from comments.models import Comment
from foundation import clock, links

PURPOSE = "comments: decide by letter"
LASTS = dt.timedelta(days=7)
MODERATES = "comments.moderate_comment"


class LeadsNowhere(Exception):
    """Forged, or its moderator may no longer moderate."""


class NoLongerWorks(Exception):
    """It was good once. The text says what ended it, for its moderator."""


@dataclass(frozen=True)
class Opened:
    verb: str
    by: User
    comment: Comment
    seen: str


def address(comment: Comment, verb: str, user: User) -> str:
    value = json.dumps([user.pk, verb, comment.pk, judging.seen(comment)], separators=(",", ":"))
    token = links.sign(PURPOSE, value, expires_at=clock.now() + LASTS)
    return settings.SITE_URL + reverse("moderate_by_letter", args=[token])


def open_link(token: str) -> Opened:
    """What the link would do, if it may still be done. Raises LeadsNowhere or NoLongerWorks."""
    opened = _read(token)
    if not judging.is_as_seen(opened.comment, opened.seen, opened.verb):
        raise NoLongerWorks(judging.what_happened(opened.comment))
    if links.is_spent(PURPOSE, token):
        raise NoLongerWorks("You have used this link.")
    return opened


def follow(token: str) -> Opened:
    """
    Does it, to one of all who press at once. Raises LeadsNowhere, NoLongerWorks, and Refused with the verb's own words.
    """
    opened = _read(token)
    try:
        with transaction.atomic():
            links.spend(PURPOSE, token)
            judging.decide(
                opened.comment.pk,
                opened.verb,
                by=opened.by,
                seen=opened.seen,
                batch=uuid.uuid4(),
                said="by a letter’s link",
            )
    except links.LinkSpent as spent:
        raise NoLongerWorks(judging.what_happened(opened.comment)) from spent
    except judging.DecidedAlready as decided:
        raise NoLongerWorks(str(decided)) from decided
    return opened


def _read(token: str) -> Opened:
    try:
        user_pk, verb, comment_pk, seen = json.loads(links.read(PURPOSE, token))
    except links.LinkExpired as expired:
        raise NoLongerWorks("The link was good for a week, and that is over.") from expired
    except links.LinkForged as forged:
        raise LeadsNowhere from forged
    user = User.objects.filter(pk=user_pk, is_active=True, is_staff=True).first()
    if user is None or not user.has_perm(MODERATES):
        raise LeadsNowhere
    comment = Comment.objects.select_related("article", "parent", "commenter").filter(pk=comment_pk).first()
    if comment is None:
        raise NoLongerWorks("The comment does not exist any more.")
    return Opened(verb, user, comment, seen)
