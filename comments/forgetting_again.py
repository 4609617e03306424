"""Commenters who were forgotten, for the list beside the backups; and forgetting them once more in a restored copy."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Exists, OuterRef

from comments import persons
from comments.models import Comment, Commenter

WITH_WORDS, WITHOUT = "words", "empty"


def listed() -> Iterator[str]:
    """The random number of each, and whether their words were left to stand unsigned."""
    left = Comment.objects.filter(commenter=OuterRef("pk"), status=Comment.Status.PUBLIC)
    people = Commenter.objects.exclude(erased_at=None).annotate(stand=Exists(left)).order_by("uid")
    for uid, stand in people.values_list("uid", "stand"):
        yield f"{uid.hex} {WITH_WORDS if stand else WITHOUT}"


def again(keys: list[str]) -> list[str]:
    wanted = dict(key.split(" ", 1) for key in keys)
    for person in Commenter.objects.filter(uid__in=[UUID(uid) for uid in wanted], erased_at=None):
        persons.erase(person, keeps_words=wanted[person.uid.hex] == WITH_WORDS)
    return []
