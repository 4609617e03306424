"""
One moderator's decision about one comment, however it was reached: from the queue, a comment's page or a letter's link.
It counts only for the comment as that moderator saw it, so that nobody overwrites a colleague or approves words that
were edited meanwhile. The verbs themselves are `comments.moderation`.
"""

import datetime as dt
import uuid
from collections.abc import Callable

from django.db import transaction
from django.utils.timezone import localtime

from comments import moderation
from comments.models import Act, Comment, Commenter

VERBS: dict[str, Callable] = {
    Act.Verb.APPROVE: moderation.approve,
    Act.Verb.REJECT: moderation.reject,
    Act.Verb.SPAM: moderation.mark_spam,
    Act.Verb.HIDE: moderation.hide,
    Act.Verb.KEEP: moderation.keep,
}
# What makes sense for a comment of each state, the likeliest first.
OFFERED = {
    Comment.Status.PENDING: ("approve", "reject", "spam"),
    Comment.Status.HELD: ("keep", "hide", "spam"),
    Comment.Status.PUBLIC: ("hide", "spam"),
    Comment.Status.SPAM: ("approve", "reject"),
    Comment.Status.REJECTED: ("approve", "spam"),
    Comment.Status.HIDDEN: ("approve", "spam"),
}
# Told of a comment to somebody who came second.
_TOLD = {
    Act.Verb.APPROVE: "approved it",
    Act.Verb.REJECT: "rejected it",
    Act.Verb.SPAM: "called it spam",
    Act.Verb.HIDE: "hid it",
    Act.Verb.HOLD: "hid it after readers’ reports",
    Act.Verb.REMOVE: "removed it for legal reasons",
    Act.Verb.WITHDRAW: "withdrew it",
    Act.Verb.EDIT: "edited it",
    Act.Verb.KEEP: "looked at its reports and kept it",
    Act.Verb.UNDO: "took a decision about it back",
}
_BY_NOBODY = {Act.Verb.EDIT: "Its author", Act.Verb.WITHDRAW: "Its author", Act.Verb.HOLD: "A rule"}


class DecidedAlready(Exception):
    """It is no longer as this moderator saw it. The text says what happened, for that moderator."""


def offered(comment: Comment) -> tuple[str, ...]:
    if comment.status == Comment.Status.PUBLIC and comment.open_reports:
        return ("keep", "hide", "spam")
    return OFFERED.get(comment.status, ())


def seen(comment: Comment) -> str:
    """The comment as it stands, in short, to travel in a form or a link: a decision, an edit or a report changes it."""
    return ".".join([comment.status, _stamp(comment.edited_at), _stamp(comment.decided_at), str(comment.open_reports)])


def is_as_seen(comment: Comment, seen_before: str, verb: str) -> bool:
    """A further report changes nothing for whoever has not come to settle the reports."""
    now, before = seen(comment), seen_before
    if verb != Act.Verb.KEEP:
        now, before = now.rpartition(".")[0], before.rpartition(".")[0]
    return now == before


def decide(pk: int, verb: str, *, by, seen: str, batch: uuid.UUID, said: str = "") -> Comment:
    """
    The same batch twice, as a button pressed twice sends it, is done once. Raises DecidedAlready, what the verb itself
    refuses, and KeyError for a verb that is none.
    """
    act = VERBS[verb]
    with transaction.atomic():
        comment = (
            Comment.objects.select_for_update(of=["self"], no_key=True)
            .select_related("article", "commenter")
            .get(pk=pk)
        )
        if is_done(batch, comment=comment, verb=verb):
            return comment
        if not is_as_seen(comment, seen, verb):
            raise DecidedAlready(what_happened(comment))
        act(comment, by, said=said, batch=batch)
        return comment


def ban(commenter_pk: int, *, by, until: dt.datetime | None, reason: str, batch: uuid.UUID) -> Commenter:
    with transaction.atomic():
        commenter = Commenter.objects.select_for_update(of=["self"], no_key=True).get(pk=commenter_pk)
        if is_done(batch, commenter=commenter, verb=Act.Verb.BAN):
            return commenter
        if commenter.is_banned:
            last = commenter.acts.filter(verb=Act.Verb.BAN).select_related("by").first()
            who = str(last.by) if last and last.by else "Somebody"
            raise DecidedAlready(f"{who} has banned {commenter} already.")
        moderation.ban_person(commenter, by, until=until, reason=reason, batch=batch)
        return commenter


def is_done(batch: uuid.UUID, **what) -> bool:
    return Act.objects.filter(batch=batch, undone_at=None, **what).exists()


def what_happened(comment: Comment) -> str:
    """The last thing done to it, as one sentence."""
    last = comment.acts.select_related("by").first()
    if last is None or last.verb not in _TOLD:
        return f"It has changed meanwhile: it is {comment.get_status_display()} now."
    who = str(last.by) if last.by else _BY_NOBODY.get(last.verb, "A rule")
    return f"{who} {_TOLD[last.verb]} at {localtime(last.happened_at):%H:%M on %-d %B}."


def _stamp(moment: dt.datetime | None) -> str:
    return str(int(moment.timestamp() * 1_000_000)) if moment else "0"
