"""
“Confirm that you wrote this”: the letter to an address that was only typed, and what its link does. The letter holds no
word of the comment and no name that was typed, or it could be used to mail things to strangers.
"""

import datetime as dt
import logging
from dataclasses import dataclass

from django.db import transaction
from django.http import HttpRequest

from comments import identity, moderation, stopping, written_here
from comments.models import Comment, Commenter
from comments.moderation.locks import lock
from foundation import clock, letter_paper, letters, limits, links
from foundation.models import Letter

logger = logging.getLogger(__name__)

KIND = "comment-confirm"
PURPOSE = "comments.confirm"
LINK_GOOD_FOR = dt.timedelta(days=7)
DAY = dt.timedelta(days=1)
PER_ADDRESS = 3
PER_NETWORK = 10
PER_NEIGHBOURHOOD = 30
SITE_WIDE = 1000
CONFIRMABLE = (Comment.Status.PENDING, Comment.Status.PUBLIC)


@dataclass(frozen=True)
class Asked:
    """What an unspent link is about."""

    commenter: Commenter
    comment: Comment


def send_confirmation(comment: Comment) -> Letter | None:
    """
    One letter per comment. None for a comment whose writer is known or that is suspected, for people who are banned or
    want no mail, and beyond the limits: then a code signs the writer in as well as the link would.
    """
    person = comment.commenter
    if comment.is_proven or comment.status not in CONFIRMABLE or not person.email:
        return None
    if person.is_banned or person.mails_stopped_at or not _is_within_limits(comment):
        return None
    stop_url = stopping.address(person, comment.root)
    words = letter_paper.render(
        "comments/letters/confirm",
        headline=comment.article.headline,
        url=letter_paper.address("comment_confirm", token_for(comment)),
        sign_in_url=letter_paper.address("account_login"),
    )
    try:
        return letters.post(
            f"{KIND}:{comment.uid}", person.email, *words, about=f"comment {comment.uid}", stop_url=stop_url
        )
    except ValueError:
        logger.warning("Comment %s: no mail can go to the address that was typed", comment.pk)
        return None


def token_for(comment: Comment) -> str:
    person = comment.commenter
    value = f"{person.uid.hex}.{person.cookie_version}.{comment.uid.hex}"
    return links.sign(PURPOSE, value, expires_at=comment.posted_at + LINK_GOOD_FOR)


def read(token: str) -> Asked:
    """Raises what `foundation.links.read` raises, and LinkSpent for a link that can do nothing any more."""
    asked = _asked(links.read(PURPOSE, token))
    if links.is_spent(PURPOSE, token) or asked is None:
        raise links.LinkSpent
    return asked


@transaction.atomic
def confirm(token: str, request: HttpRequest) -> Commenter:
    """
    The person has read mail at the address: this comment is proven, and whatever else was written under the address in
    the same browser. Raises what `foundation.links.spend` raises.
    """
    asked = _asked(links.spend(PURPOSE, token))
    if asked is None:
        raise links.LinkSpent
    person = asked.commenter
    here = Comment.objects.filter(commenter=person, is_proven=False, uid__in=written_here.uids(request))
    comments = [asked.comment, *here.exclude(pk=asked.comment.pk)]
    lock(comments=[comment.pk for comment in comments], commenters=[person.pk])  # in the order of all verbs
    Commenter.objects.filter(pk=person.pk, confirmed_at=None).update(confirmed_at=clock.now())
    person.refresh_from_db()
    for comment in comments:
        moderation.prove(comment)
    return person


@transaction.atomic
def disown(token: str) -> None:
    """Somebody else typed this address: the comment goes, and no further comment brings mail to it."""
    asked = _asked(links.spend(PURPOSE, token))
    if asked is None:
        raise links.LinkSpent
    moderation.withdraw(asked.comment, asked.commenter)
    stopping.stop(asked.commenter)


def _asked(value: str) -> Asked | None:
    """None when the person was erased since, or has made every browser forget them."""
    person_uid, version, comment_uid = value.split(".")
    people = Commenter.objects.filter(uid=person_uid, cookie_version=version, erased_at=None)
    comment = Comment.objects.select_related("article").filter(uid=comment_uid, commenter__in=people).first()
    return Asked(people.get(), comment) if comment else None


def _is_within_limits(comment: Comment) -> bool:
    """Each is counted only if the narrower ones let it through, so that one sender cannot use up what others need."""
    asked = [
        ("address", identity.address_digest(comment.commenter.email), PER_ADDRESS),
        ("network", comment.network_digest, PER_NETWORK),
        ("neighbourhood", comment.neighbourhood_digest, PER_NEIGHBOURHOOD),
        ("site", "everybody", SITE_WIDE),
    ]
    for name, who, limit in asked:
        if who and not limits.hit(f"comments.confirm.{name}", who, limit=limit, window=DAY):
            logger.warning("No confirmation was mailed for comment %s: the limit per %s is reached", comment.pk, name)
            return False
    return True
