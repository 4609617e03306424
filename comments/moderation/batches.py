"""One click on many comments."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from comments.findings import Refused
from comments.models import Comment


@dataclass
class Outcome:
    batch: uuid.UUID
    done: list[Comment] = field(default_factory=list)
    refused: list[tuple[Comment, str]] = field(default_factory=list)


def in_batch(
    verb: Callable, comments: Iterable[Comment], by, *, said: str = "", batch: uuid.UUID | None = None
) -> Outcome:
    """
    Each by itself, so that one that may not be changed holds up no other, and no two moderators' batches can block each
    other. All of it is undone by `undo(outcome.batch, by)`.
    """
    outcome = Outcome(batch or uuid.uuid4())
    for comment in sorted(comments, key=lambda comment: comment.pk):
        try:
            outcome.done.append(verb(comment, by, said=said, batch=outcome.batch))
        except Refused as refusal:
            outcome.refused.append((comment, refusal.words))
    return outcome
