"""Taking back what staff did, as it was before; refused where something later stands on it."""

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import Q

from comments.findings import Refused
from comments.models import Act, Commenter, Report
from comments.moderation import changing
from comments.moderation.locks import Locked, lock
from foundation import clock

Verb = Act.Verb
OF_COMMENTS = {Verb.APPROVE, Verb.REJECT, Verb.SPAM, Verb.HIDE, Verb.REMOVE, Verb.KEEP}
OF_BANS, OF_WAITING = {Verb.BAN, Verb.UNBAN}, {Verb.WAIT_ALWAYS, Verb.WAIT_NO_MORE}
INSTANTS = ("banned_at", "banned_until")


@transaction.atomic
def undo(act_or_batch: Act | uuid.UUID, by) -> list[Act]:
    """
    Takes one act back, or all of a batch or none: all that it has done by now, should it still be at work. What is
    undone already stays so. Returns the acts taken back now. Raises Refused with what stands in the way.
    """
    which = Q(pk=act_or_batch.pk) if isinstance(act_or_batch, Act) else Q(batch=act_or_batch)
    found = list(Act.objects.filter(which).values_list("pk", "comment_id", "commenter_id"))
    if not found:
        raise Refused("There is nothing to undo.")
    locked = lock(comments={pk for _, pk, _ in found if pk}, commenters={pk for _, _, pk in found if pk})
    undone = list(Act.objects.filter(pk__in=[pk for pk, _, _ in found], undone_at=None).order_by("-pk"))
    for act in undone:
        _undo_one(act, locked, by)
    return undone


def _undo_one(act: Act, locked: Locked, by) -> None:
    if act.comment_id:
        _undo_on_comment(act, locked, by)
    else:
        _undo_on_person(act, locked.commenters[act.commenter_id])
    act.undone_at = clock.now()
    act.save(update_fields=["undone_at"])
    Act.objects.create(
        verb=Verb.UNDO,
        comment_id=act.comment_id,
        commenter_id=act.commenter_id,
        by=by,
        said=f"was: {act.get_verb_display()}",
        before={"act": act.pk},
    )


def _undo_on_comment(act: Act, locked: Locked, by) -> None:
    _refuse_unless_ours(act, OF_COMMENTS)
    comment = locked.comments[act.comment_id]
    later = Act.objects.filter(comment=comment, pk__gt=act.pk, undone_at=None).exclude(verb=Verb.UNDO).first()
    if later:
        raise Refused(f"The comment of {comment.name} has changed since: it was {later.get_verb_display()} later.")
    if comment.status != act.before["became"]:
        raise Refused(f"This comment is {comment.get_status_display()} by now.")
    changing.restore_state(comment, act.before)
    Report.objects.filter(pk__in=act.before.get("settled", [])).update(settled_at=None)
    comment.open_reports = comment.reports.filter(settled_at=None).count()
    changing.become(comment, locked.discussions[comment.article_id], act.before["status"])


def _undo_on_person(act: Act, commenter: Commenter) -> None:
    family = OF_BANS if act.verb in OF_BANS else OF_WAITING
    _refuse_unless_ours(act, family)
    later = Act.objects.filter(commenter=commenter, verb__in=family, pk__gt=act.pk, undone_at=None).first()
    if later:
        raise Refused(f"{commenter}: {later.get_verb_display()} later. Undo that first.")
    for name, value in act.before.items():
        is_instant = name in INSTANTS and value
        setattr(commenter, name, dt.datetime.fromisoformat(value) if is_instant else value)
    commenter.save(update_fields=list(act.before))


def _refuse_unless_ours(act: Act, family: set) -> None:
    if act.verb in family:
        return
    if act.verb == Verb.HOLD:
        raise Refused("Readers’ reports did this. Keep the comment, and they are settled.")
    if act.verb == Verb.UNDO:
        raise Refused("Do again what was undone instead.")
    raise Refused("The comment’s author did this, and nobody else takes it back.")
