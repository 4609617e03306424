"""
One commenter's own affairs: what is known of them, the badge they may show, and being forgotten. The pages of readers
and the desk use these verbs alike.
"""

import secrets

from django.db import transaction
from django.db.models import Q

from accounts import codes
from accounts.models import User
from comments import cache_tags, counting, identity, letters, moderation, names, readers, stored
from comments.findings import Refused
from comments.models import (
    Comment,
    Commenter,
    CommentSettings,
    Mute,
    Recommendation,
    Report,
    Revision,
    ServiceQuestion,
    Suspicion,
)
from comments.moderation.locks import Locked, lock, lock_all
from foundation import clock, standing
from foundation import letters as foundation_letters
from foundation.letters import fold
from foundation.models import Letter

# What stands over words whose writer was forgotten and let them stand.
UNSIGNED = "Somebody"
JUST_ERASED = "You have just been erased here as a commenter."
Status = Comment.Status


def of(person: Commenter) -> dict:
    """Plain values, ready for JSON: everything about this person and nothing about anybody else."""
    comments = person.comments.select_related("article", "parent").prefetch_related("revisions").order_by("posted_at")
    recommended = Recommendation.objects.filter(reader=readers.key_of(person)).select_related("comment")
    reported = Report.objects.filter(reader=readers.key_of(person)).select_related("comment")
    return {
        "name": person.name,
        "e-mail": person.email,
        "known since": _when(person.created_at),
        "address confirmed": _when(person.confirmed_at),
        "declined mail": _when(person.mails_stopped_at),
        "shows being a backer": person.shows_backing,
        "banned": _when(person.banned_at),
        "banned until": _when(person.banned_until),
        "always waits": person.always_waits,
        "comments": [_comment(comment) for comment in comments],
        "muted threads": [str(mute.root.uid) for mute in person.mutes.select_related("root")],
        "recommended": [str(each.comment.uid) for each in recommended],
        "reported": [
            {"comment": str(each.comment.uid), "reason": each.get_reason_display(), "words": each.words}
            for each in reported
        ],
        "letters": [
            {"subject": letter.subject, "written": _when(letter.created_at), "sent": _when(letter.sent_at)}
            for letter in letters_of(person)
        ],
    }


def letters_of(person: Commenter):
    folded = fold(person.email)
    found = Letter.objects.filter(kind__in=letters.KINDS).order_by("created_at")
    return found.filter(folded_to=folded) if folded else found.none()


@transaction.atomic
def show_backing(person: Commenter, shows: bool) -> bool:
    """
    The badge beside what this person wrote, from now on and so far, or no longer. Returns whether it stands there now:
    nobody gets it without backing.
    """
    rows = Comment.objects.filter(commenter=person, is_proven=True)
    is_backer = shows and standing.is_backer(person.email)
    changing = rows.exclude(is_backer=is_backer)
    locked = lock_all(changing, commenters=[person.pk])
    row = locked.commenters[person.pk]
    if row.erased_at:
        return False
    row.shows_backing = person.shows_backing = shows
    row.save(update_fields=["shows_backing"])
    Comment.objects.filter(pk__in=locked.comments).update(is_backer=is_backer)
    _show_changes(locked)
    return is_backer


@transaction.atomic
def rename(person: Commenter, name: str) -> None:
    """What this person signs with from now on; words that stand keep the name they were signed with. Raises Refused."""
    row = lock(commenters=[person.pk]).commenters[person.pk]
    if row.erased_at:
        raise Refused(JUST_ERASED)
    row.name = person.name = names.checked(name, reserved=CommentSettings.load().reserved_names)
    row.save(update_fields=["name"])


@transaction.atomic
def erase(person: Commenter, *, keeps_words: bool = False) -> None:
    """
    Forgets who it was: name, address, letters, network hashes, what was recommended and reported. The words go too, and
    where somebody has answered an empty place stays; or, if the person so chooses, they stand on unsigned. Somebody
    banned stays findable by a keyed hash for as long as the ban. May be repeated.
    """
    rows = Comment.objects.filter(commenter=person)
    locked = lock_all(rows, commenters=[person.pk])
    row = locked.commenters[person.pk]
    if not keeps_words:
        _take_words_away(locked.comments.values(), row)
    _unsign(rows)
    _show_changes(locked)
    for discussion in locked.discussions:
        cache_tags.take_away(discussion)
    if row.email:
        foundation_letters.forget(row.email, kinds=letters.KINDS)
    _forget_reader(row)
    Mute.objects.filter(commenter=row).delete()
    _scrub(row)
    person.refresh_from_db()


def _show_changes(locked: Locked) -> None:
    for discussion in locked.discussions.values():
        counting.note_change(discussion)
        of_it = [comment for comment in locked.comments.values() if comment.article_id == discussion.pk]
        stored.rewrite(discussion.pk, {comment.root_id for comment in of_it})


def collect_for(user: User) -> dict:
    """For the export of an account."""
    people = _people_of(user)
    return of(people[0]) if people else {}


def erase_for(user: User) -> None:
    """With an account its comments go."""
    for person in _people_of(user):
        erase(person)


def trouble_with_name(name: str, user: User) -> str:
    """Why an account may not have this name, in words for whoever typed it; nothing for a good one."""
    try:
        names.checked(name, user=user, reserved=CommentSettings.load().reserved_names)
    except Refused as refusal:
        return refusal.words
    return ""


def _people_of(user: User) -> list[Commenter]:
    """Of the address first: whoever wrote as a guest may have signed in and opened no page of comments since."""
    which = Q(user=user)
    if codes.is_proven(user):
        is_theirs = Q(folded_email=fold(user.email)) | Q(address_digest=identity.address_digest(user.email))
        which |= is_theirs & Q(erased_at=None)
    return sorted(Commenter.objects.filter(which), key=lambda person: person.folded_email != fold(user.email))


def _take_words_away(comments, person: Commenter) -> None:
    """All but what was removed for legal reasons: that is kept for whoever must account for it, and shown to nobody."""
    taken = [comment for comment in comments if comment.status != Status.REMOVED]
    for comment in taken:
        moderation.withdraw(comment, person)
    keys = [comment.pk for comment in taken]
    Revision.objects.filter(comment__in=keys).delete()
    Suspicion.objects.filter(comment__in=keys).delete()
    Comment.objects.filter(pk__in=keys).update(source="", body_html="", fingerprint="")


def _unsign(rows) -> None:
    ServiceQuestion.objects.filter(comment__in=rows).delete()
    rows.update(
        name=UNSIGNED,
        badge="",
        is_backer=False,
        wants_replies=False,
        submission=None,
        network_digest="",
        neighbourhood_digest="",
        network_kept_until=None,
    )


def _forget_reader(person: Commenter) -> None:
    """The counts stay true: each mark remains, under a key that leads to nobody. Words of reports go."""
    key = readers.key_of(person)
    Report.objects.filter(reader=key).update(words="")
    for model in (Recommendation, Report):
        for mark in model.objects.filter(reader=key):
            model.objects.filter(pk=mark.pk).update(reader=secrets.token_hex(32))


def _scrub(person: Commenter) -> None:
    stays_findable = person.is_banned or person.always_waits
    person.email, person.folded_email, person.name = "", None, ""
    person.user, person.confirmed_at, person.mails_stopped_at, person.shows_backing = None, None, None, False
    person.cookie_version += 1
    person.erased_at = clock.now()
    if not stays_findable:
        person.address_digest = secrets.token_hex(32)
        person.ban_reason = person.banned_mailbox = ""
    person.save()


def _comment(comment: Comment) -> dict:
    return {
        "id": str(comment.uid),
        "article": comment.article.headline,
        "answers": str(comment.parent.uid) if comment.parent else None,
        "signed": comment.name,
        "words": comment.source,
        "earlier words": [revision.source for revision in comment.revisions.all()],
        # As its writer sees it everywhere: whoever sends spam learns nothing from us.
        "state": Status.PENDING.label if comment.status == Status.SPAM else comment.get_status_display(),
        "written": _when(comment.posted_at),
        "published": _when(comment.published_at),
        "edited": _when(comment.edited_at),
        "address confirmed": comment.is_proven,
        "recommended by": comment.recommends,
        "network address kept as a hash until": _when(comment.network_kept_until),
    }


def _when(moment) -> str | None:
    return moment.isoformat() if moment else None
