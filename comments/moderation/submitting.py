"""A reader's comment is taken: where it may stand, whether it waits, and what it looks like."""

import uuid
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils.timezone import localtime

from accounts.models import User
from articles.models import Article
from comments import formatting, mailboxes, names, signals
from comments.findings import Finding, Refused
from comments.models import Comment, Commenter, Mode, Suspicion
from comments.moderation import changing
from comments.moderation.locks import lock, lock_comment, tell_caller
from comments.rules import Rules, rules_for
from foundation import standing

BANNED = "You cannot comment here{until}."
FORGOTTEN = "You have just been erased here as a commenter. Send this again, and it is a stranger’s comment."
FOR_BACKERS = "Comments here are for backers. Sign in with the address that you give with, and your comment is taken."
BAN_LAYER = "ban"
OF_SOMEBODY_BANNED = "The address of a banned person was typed, and not proven to be the writer’s"
SAME_MAILBOX = "Its address leads to the same mailbox as that of a banned person"
PARENT_GONE = "The comment you answer is no longer there. You can post your text as a comment of its own."
Status = Comment.Status


@dataclass(frozen=True)
class Submission:
    """
    `submission` is made per form: the same sent twice is kept once. `is_proven`: this browser is the commenter's, by a
    session or a signed cookie. `user` is who is signed in, for badges.
    """

    article: Article
    parent: Comment | None
    commenter: Commenter
    is_proven: bool
    name: str
    source: str
    submission: uuid.UUID
    wants_replies: bool = False
    suspicions: list[Finding] = field(default_factory=list)
    network_digest: str = ""
    neighbourhood_digest: str = ""
    network_kept_until: object = None
    user: User | None = None

    @property
    def is_of_staff(self) -> bool:
        """By the desk's password: an editor's mailbox alone speaks for nobody but a reader."""
        return bool(self.user and self.user.is_at_desk and self.is_proven)


@transaction.atomic
def submit(said: Submission) -> Comment:
    """
    The comment as it stands, `public` or waiting. The same words sent again by the same form are the comment they were
    before. Raises Refused.
    """
    source = formatting.normalise(said.source)
    parents = [said.parent.pk] if said.parent else []
    locked = lock(comments=parents, articles=[said.article.pk], commenters=[said.commenter.pk])
    commenter = locked.commenters.get(said.commenter.pk)
    if commenter is None or commenter.erased_at:
        raise Refused(FORGOTTEN)
    known = Comment.objects.filter(submission=said.submission).first()
    if known and _is_the_same(known, said, source):
        return known
    article = Article.objects.defer("body", "body_html", "lead_note", "lead_note_html").get(pk=said.article.pk)
    rules = rules_for(article, locked.discussions[article.pk])
    parent = locked.comments.get(said.parent.pk) if said.parent else None
    _refuse_place(said, article, parent)
    badge = _badge(said, article)
    refuse_writer(commenter, rules, is_proven=said.is_proven, works_here=bool(badge))
    source = formatting.checked(source, longest=rules.settings.longest)
    name = names.checked(said.name, user=said.user if said.is_proven else None, reserved=rules.settings.reserved_names)
    submission = None if known else said.submission
    comment = _create(said, article, parent, commenter, badge=badge, name=name, source=source, submission=submission)
    findings = [*said.suspicions, *findings_of_bans(commenter, is_proven=said.is_proven)]
    keep_findings(comment, findings)
    _sign(commenter, comment)
    status = status_for(comment, rules, findings)
    changing.become(comment, locked.discussions[article.pk], status)
    signals.tell(signals.submitted, comment)
    return comment


@transaction.atomic
def prove(comment: Comment) -> Comment:
    """
    The letter's link has shown that the address is the writer's. What only waited for that becomes public: nothing
    was found in it, and a moderator has approved something of this person before.
    """
    row, discussion = lock_comment(comment, with_writer=True)
    if not row.is_proven:
        row.is_proven = True
        _sign(row.commenter, row)
        rules = rules_for(row.article, discussion)
        if row.status == Status.PENDING and row.decided_at is None and _waits_for_proof_alone(row, rules):
            changing.become(row, discussion, status_for(row, rules, []))
        else:
            row.save(update_fields=["is_proven"])
    tell_caller(row, comment)
    return comment


def _waits_for_proof_alone(row: Comment, rules: Rules) -> bool:
    try:
        refuse_writer(row.commenter, rules, is_proven=True, works_here=bool(row.badge))
    except Refused:
        return False
    return not (row.suspicions.exists() or row.acts.exists())


def refuse_writer(commenter: Commenter, rules: Rules, *, is_proven: bool, works_here: bool) -> None:
    """Only whoever has proven the address is told of its ban, or anybody could ask who is banned, and until when."""
    if commenter.is_banned and is_proven:
        until = f" until {localtime(commenter.banned_until):%-d %B %Y}" if commenter.banned_until else ""
        raise Refused(BANNED.format(until=until))
    if not rules.is_open:
        raise Refused(rules.why_closed)
    if rules.is_for_backers and not works_here and not (is_proven and standing.is_backer(commenter.email)):
        raise Refused(FOR_BACKERS)


def findings_of_bans(commenter: Commenter, *, is_proven: bool) -> list[Finding]:
    """What moderators are told where nobody else is: a ban of the typed address, or of another of the same mailbox."""
    if commenter.is_banned:
        return [] if is_proven else [Finding(BAN_LAYER, OF_SOMEBODY_BANNED, is_spam=True)]
    if not commenter.email:
        return []
    digest = mailboxes.digest(commenter.email)
    alike = Commenter.objects.exclude(banned_at=None).filter(banned_mailbox=digest).exclude(pk=commenter.pk)
    return [Finding(BAN_LAYER, SAME_MAILBOX)] if any(person.is_banned for person in alike) else []


def status_for(comment: Comment, rules: Rules, findings: list[Finding]) -> str:
    """Findings first, then the person, then the article's rule. Who wears a badge works here and waits for nobody."""
    if findings:
        return Status.SPAM if any(finding.is_spam for finding in findings) else Status.PENDING
    if comment.commenter.always_waits:
        return Status.PENDING
    if comment.badge or rules.mode == Mode.NONE_WAITS:
        return Status.PUBLIC
    if rules.mode == Mode.ALL_WAIT:
        return Status.PENDING
    approved = Comment.objects.approved().filter(commenter_id=comment.commenter_id).exclude(pk=comment.pk)
    return Status.PUBLIC if comment.is_proven and approved.exists() else Status.PENDING


def keep_findings(comment: Comment, findings: list[Finding]) -> None:
    Suspicion.objects.bulk_create(
        Suspicion(comment=comment, layer=found.layer[:20], reason=found.reason[:300], is_spam=found.is_spam)
        for found in findings
    )


def _is_the_same(known: Comment, said: Submission, source: str) -> bool:
    """One form, one person, one text. Another text from the same form is another comment: nothing typed is lost."""
    parent = said.parent.pk if said.parent else None
    if (known.commenter_id, known.article_id, known.parent_id) != (said.commenter.pk, said.article.pk, parent):
        return False
    return known.source == source or known.revisions.filter(source=source).exists()


def _refuse_place(said: Submission, article: Article, parent: Comment | None) -> None:
    if said.parent and (parent is None or parent.article_id != article.pk or not parent.is_public):
        raise Refused(PARENT_GONE, field="parent")


def _create(
    said: Submission,
    article: Article,
    parent: Comment | None,
    commenter: Commenter,
    *,
    badge: str,
    name: str,
    source: str,
    submission: uuid.UUID | None,
) -> Comment:
    comment = Comment(
        submission=submission,
        article=article,
        parent=parent,
        root_id=parent.root_id if parent else None,
        depth=parent.depth + 1 if parent else 0,
        commenter=commenter,
        is_proven=said.is_proven,
        name=name,
        badge=badge,
        is_backer=bool(said.is_proven and commenter.shows_backing and standing.is_backer(commenter.email)),
        wants_replies=said.wants_replies,
        source=source,
        body_html=formatting.render(source).body_html,
        fingerprint=formatting.fingerprint(source),
        network_digest=said.network_digest,
        neighbourhood_digest=said.neighbourhood_digest,
        network_kept_until=said.network_kept_until,
    )
    try:
        with transaction.atomic():
            comment.save(force_insert=True)
    except IntegrityError:  # the same form sent at once under another article or by somebody else: another comment
        comment.submission = None
        comment.save(force_insert=True)
    if parent is None:
        comment.root = comment
    return comment


def _badge(said: Submission, article: Article) -> str:
    if not (said.user and said.is_proven) or said.user.signed_in_by_code and said.user.is_staff:
        return ""
    if article.authors.filter(user=said.user).exists():
        return Comment.Badge.AUTHOR
    return Comment.Badge.STAFF if said.is_of_staff else ""


def _sign(commenter: Commenter, comment: Comment) -> None:
    """Who only typed an address does not rename the person it belongs to."""
    if commenter.name != comment.name and (comment.is_proven or not commenter.name):
        commenter.name = comment.name
        commenter.save(update_fields=["name"])
