"""How long things about commenters are kept, and what is deleted for good. What was rejected stays as history."""

import datetime as dt

from django.db import transaction
from django.db.models.functions import Coalesce, Greatest

from comments.models import Comment, Commenter, ServiceQuestion
from comments.moderation.locks import lock
from comments.screening import service
from foundation import clock

SPAM_KEPT = dt.timedelta(days=30)  # since it was written, edited or called spam
ASKED_FOR = dt.timedelta(days=1)  # after this no answer of the service is waited for
AT_ONCE = 500


def empty_networks() -> int:
    """Drops the digests of network addresses whose time is over. Returns of how many comments."""
    over = Comment.objects.filter(network_kept_until__lte=clock.now())
    return over.update(network_digest="", neighbourhood_digest="", network_kept_until=None)


def delete_spam() -> tuple[int, int]:
    """
    Suspected spam that nobody released in time, and people of whom then nothing is left, or never was anything: their
    only comment was refused. Spam that was answered while it was public stays as long as its answers, which would lose
    their place. Returns how many comments and people.
    """
    comments, people = 0, set()
    while deleted := _delete_some():
        comments += len(deleted)
        people.update(deleted)
    silent = Commenter.objects.filter(comments=None, created_at__lt=clock.now() - SPAM_KEPT)
    people.update(silent.values_list("pk", flat=True))
    return comments, _forget_strangers(people)


def close_questions() -> int:
    """Questions to the service whose answer never came: its task is gone, and the address with them."""
    left = ServiceQuestion.objects.filter(answer="", asked_at__lt=clock.now() - ASKED_FOR)
    rows = list(left)
    for question in rows:
        service.give_up(question, "it was not heard of for a day")
    return len(rows)


@transaction.atomic
def _delete_some() -> list[int]:
    """Who wrote what was deleted, once for each comment."""
    since = Greatest("posted_at", Coalesce("edited_at", "posted_at"), Coalesce("decided_at", "posted_at"))
    old = (
        Comment.objects.suspected()
        .alias(since=since)
        .filter(since__lt=clock.now() - SPAM_KEPT, replies=None)
        .order_by("pk")
    )
    locked = lock(comments=list(old.values_list("pk", flat=True)[:AT_ONCE]))
    # Without what was released while we waited.
    keys = dict(old.filter(pk__in=locked.comments).values_list("pk", "commenter_id"))
    gone = Comment.objects.filter(pk__in=keys)
    gone.update(root=None, parent=None, depth=0)  # a row that points at itself protects itself
    gone.delete()
    return list(keys.values())


def _forget_strangers(keys: set[int]) -> int:
    """
    People of whom nothing is kept but the address that a spammer typed. Whoever confirmed it, was banned or made to
    wait, wants no letters or has a login is remembered.
    """
    nothing_known = Commenter.objects.filter(
        pk__in=keys,
        comments=None,
        user=None,
        confirmed_at=None,
        banned_at=None,
        always_waits=False,
        mails_stopped_at=None,
        erased_at=None,
        acts=None,
    )
    number = 0
    for person in nothing_known.order_by("pk"):
        number += Commenter.objects.filter(pk=person.pk, comments=None).delete()[0] > 0
    return number
