"""Less mail about comments: one thread muted, or all of it stopped, by a link that needs no signing in."""

import datetime as dt

from comments.models import Comment, Commenter, Mute
from foundation import clock, letter_paper, links

PURPOSE = "comments.letters"
LINK_LASTS = dt.timedelta(days=800)


def address(person: Commenter, root: Comment) -> str:
    """Where a letter's reader stops it. Good for as long as somebody may keep a letter."""
    token = links.sign(PURPOSE, f"{person.uid.hex}.{root.uid.hex}", expires_at=clock.now() + LINK_LASTS)
    return letter_paper.address("comment_letters", token)


def whom(token: str) -> tuple[Commenter | None, Comment | None]:
    """Of whose letters a link speaks, and about which thread. Raises links.LinkForged or links.LinkExpired."""
    person_uid, root_uid = links.read(PURPOSE, token).split(".")
    person = Commenter.objects.filter(uid=person_uid, erased_at=None).first()
    return person, Comment.objects.select_related("article").filter(uid=root_uid).first()


def mute(person: Commenter, root: Comment) -> None:
    Mute.objects.get_or_create(commenter=person, root=root)


def unmute(person: Commenter, root: Comment) -> None:
    Mute.objects.filter(commenter=person, root=root).delete()


def stop(person: Commenter) -> None:
    """All of it, letters that ask to confirm an address too."""
    Commenter.objects.filter(pk=person.pk, mails_stopped_at=None).update(mails_stopped_at=clock.now())


def go_on(person: Commenter) -> None:
    Commenter.objects.filter(pk=person.pk).update(mails_stopped_at=None)
