"""What a press of a button in the queue asked for, carried out for one comment after the other, and told afterwards."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.template.defaultfilters import pluralize
from django.utils.text import Truncator

from comments import judging
from comments.admin.base import BANS, MODERATES
from comments.findings import Refused
from comments.models import Act, Comment
from foundation import clock

BAN_FOR = {"1": "a day", "7": "a week", "30": "a month", "365": "a year", "ever": "good"}
USUAL_BAN = "30"
MOST_AT_ONCE = 200
NO_REASON = "No reason was written down."
TOLD = {
    Act.Verb.APPROVE: "Approved",
    Act.Verb.REJECT: "Rejected",
    Act.Verb.SPAM: "Called spam",
    Act.Verb.HIDE: "Hid",
    Act.Verb.KEEP: "Kept",
    Act.Verb.REMOVE: "Removed",
    Act.Verb.BAN: "Banned",
    Act.Verb.UNBAN: "Lifted the ban of",
    Act.Verb.WAIT_ALWAYS: "Made to wait:",
    Act.Verb.WAIT_NO_MORE: "No longer made to wait:",
}
_OF_PEOPLE = {Act.Verb.BAN, Act.Verb.UNBAN, Act.Verb.WAIT_ALWAYS, Act.Verb.WAIT_NO_MORE}


@dataclass
class Asked:
    """
    One press: a verb for one comment (`approve:12`) or for the ticked ones (`approve`). The form's own `batch` makes
    two presses of one button one act, and names what an undo takes back.
    """

    verb: str
    pks: list[int]
    batch: uuid.UUID
    seen: dict[int, str]
    ban_for: str = USUAL_BAN
    reason: str = ""
    ban_rejects: bool = False
    refusals: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, data) -> "Asked | None":
        """None for what no button of ours sends."""
        verb, _, one = data.get("act", "").partition(":")
        pks = [int(pk) for pk in ([one] if one else data.getlist("ticked")) if _is_number(pk)][:MOST_AT_ONCE]
        try:
            batch = uuid.UUID(data.get("batch", ""))
        except ValueError:
            return None
        if verb != Act.Verb.BAN and verb not in judging.VERBS:
            return None
        seen = {pk: data.get(f"seen-{pk}", "") for pk in pks}
        asked = cls(verb, pks, batch, seen)
        if verb == Act.Verb.BAN and one and pks:
            asked.ban_for = data.get(f"ban-for-{one}", USUAL_BAN)
            asked.reason = data.get(f"ban-reason-{one}", "").replace("\0", "").strip()[:300]
            asked.ban_rejects = bool(data.get(f"ban-rejects-{one}"))
        return asked

    def carry_out(self, by) -> None:
        if not by.has_perm(BANS if self.verb == Act.Verb.BAN else MODERATES):
            raise PermissionDenied
        for pk in self.pks:
            try:
                self._one(pk, by)
            except Comment.DoesNotExist:
                self.refusals.append("One of them does not exist any more.")
            except (judging.DecidedAlready, Refused) as refusal:
                self.refusals.append(f"{named(pk)}: {refusal} You changed nothing.")

    def _one(self, pk: int, by) -> None:
        if self.verb != Act.Verb.BAN:
            judging.decide(pk, self.verb, by=by, seen=self.seen[pk], batch=self.batch)
            return
        person = Comment.objects.values_list("commenter_id", flat=True).get(pk=pk)
        judging.ban(person, by=by, until=ban_until(self.ban_for), reason=self.reason or NO_REASON, batch=self.batch)
        if self.ban_rejects and by.has_perm(MODERATES):
            waiting = Comment.objects.waiting().filter(commenter=person)
            self.refusals += all_of(waiting, Act.Verb.REJECT, by=by, batch=self.batch)


def all_of(comments: Iterable[Comment], verb: str, *, by, batch: uuid.UUID) -> list[str]:
    """The verb for comments that nobody looked at one by one. Returns what was refused, in words."""
    refusals = []
    for comment in comments:
        try:
            judging.decide(comment.pk, verb, by=by, seen=judging.seen(comment), batch=batch)
        except (judging.DecidedAlready, Refused) as refusal:
            refusals.append(f"{named(comment.pk)}: {refusal}")
    return refusals


def ban_until(choice: str) -> dt.datetime | None:
    """None is for good, and chosen by that word alone."""
    if choice == "ever":
        return None
    return clock.now() + dt.timedelta(days=int(choice if choice in BAN_FOR else USUAL_BAN))


def named(pk: int) -> str:
    comment = Comment.objects.get(pk=pk)
    return f"“{Truncator(' '.join(comment.source.split())).chars(50)}” by {comment.name}"


@dataclass(frozen=True)
class Told:
    """The line after an act: what was done, and what takes it back."""

    words: str
    batch: uuid.UUID
    is_undone: bool


def told(batch: str, user) -> Told | None:
    """What this person did in that batch; None for nothing, and for what somebody else did."""
    try:
        number = uuid.UUID(batch)
    except ValueError:
        return None
    acts = list(Act.objects.filter(batch=number, by=user).exclude(verb=Act.Verb.UNDO).values_list("verb", "undone_at"))
    if not acts:
        return None
    counted = Counter(verb for verb, _ in acts)
    parts = [
        _part(verb, number) for verb, number in sorted(counted.items(), key=lambda item: item[0] not in _OF_PEOPLE)
    ]
    return Told("; ".join(parts) + ".", number, all(undone for _, undone in acts))


def _part(verb: str, number: int) -> str:
    people = f" {pluralize(number, 'person,people')}" if verb in _OF_PEOPLE else ""
    return f"{TOLD.get(verb, 'Changed')} {number}{people}"


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19
