"""
A reader's own comments: whether they wait, and editing and withdrawing them. Only the browser in which one was written
and the person who proved to be its author get here; to everybody else there is nothing at these addresses.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from comments import identity, moderation, places, screening
from comments.findings import Refused
from comments.forms import TextForm
from comments.models import Comment, CommentSettings
from comments.moderation.writers import refuse_edit
from comments.views.answers import UNPROCESSABLE, form_page, lead_to
from comments.views.finding import live_article, own_comment, own_comments
from foundation import remote_addr

Status = Comment.Status
# What its author is told of a comment. Suspected spam is told as waiting: whoever sends it learns nothing from us.
WAITS = (
    "Your comment waits for a moderator",
    "It appears under the article when a moderator has read it. Until then nobody but you and the moderators sees it.",
)
TOLD = {
    Status.PENDING: WAITS,
    Status.SPAM: WAITS,
    Status.PUBLIC: ("Your comment is published", "It stands under the article, where everybody can read it."),
    Status.HELD: (
        "Your comment is hidden for now",
        "Several readers reported it. A moderator reads it and decides whether it comes back.",
    ),
    Status.REJECTED: ("Your comment was not published", "A moderator has read it and decided against it."),
    Status.HIDDEN: ("Your comment was taken off the page", "A moderator has hidden it."),
    Status.WITHDRAWN: ("You have withdrawn this comment", "Nobody can read it any more."),
    Status.REMOVED: ("Your comment was removed", "It was removed for legal reasons."),
}


@dataclass(frozen=True)
class Own:
    """One comment as its author sees it."""

    comment: Comment
    can_edit: bool

    @property
    def state(self) -> str:
        return TOLD[self.comment.status][0]

    @property
    def words(self) -> str:
        return TOLD[self.comment.status][1]

    @property
    def waits(self) -> bool:
        return TOLD[self.comment.status] is WAITS

    @property
    def can_withdraw(self) -> bool:
        return self.comment.status in WITHDRAWABLE

    @property
    def is_to_be_confirmed(self) -> bool:
        """
        Whether to look for our letter. Told alike of an address that is known here already, or anybody could ask which
        are.
        """
        return self.waits and not self.comment.is_proven

    @property
    def address(self) -> str:
        """The permalink: to look for the page of each in a list of them would be a question for each."""
        is_there = self.comment.is_public and self.comment.article.is_live
        return reverse("comment", args=[self.comment.uid]) if is_there else ""


WITHDRAWABLE = {Status.PENDING, Status.SPAM, Status.PUBLIC, Status.HELD}


@form_page
def own(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One comment: where its author is led when it is not public, or no longer."""
    comment = own_comment(request, uid)
    context = {"article": comment.article, "own": _own(comment), "is_known": identity.person_of(request) is not None}
    return render(request, "comments/own.html", context)


@form_page
def own_on(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """All of a reader's comments on one article. Our script takes from here what it adds to the article's page."""
    article = live_article(uid)
    context = {
        "article": article,
        "all_own": listed(own_comments(request, article)),
        "person": identity.person_of(request),
    }
    return render(request, "comments/own_on.html", context)


@form_page
def edit(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    comment = own_comment(request, uid, is_to_change=True)
    settings = CommentSettings.load()
    form = TextForm(request.POST or None, longest=settings.longest, initial={"text": comment.source})
    status = 200
    if request.method == "POST":
        form = TextForm(request.POST, longest=settings.longest)
        status = UNPROCESSABLE
        if form.is_valid() and (done := _edit(request, comment, form)):
            return done
    context = {
        "article": comment.article,
        "comment": comment,
        "form": form,
        "why": why_no_edit(comment),
        "settings": settings,
    }
    return render(request, "comments/edit.html", context, status=status)


@form_page
def withdraw(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    comment = own_comment(request, uid)
    trouble = ""
    if request.method == "POST":
        try:
            moderation.withdraw(comment, comment.commenter)
        except Refused as refusal:
            trouble = refusal.words
        else:
            return lead_to(request, reverse("comment_own", args=[comment.uid]))
    context = {"article": comment.article, "comment": comment, "own": _own(comment), "trouble": trouble}
    return render(request, "comments/withdraw.html", context, status=UNPROCESSABLE if trouble else 200)


def _edit(request: HttpRequest, comment: Comment, form: TextForm) -> HttpResponse | None:
    source = form.cleaned_data["text"]
    candidate = screening.Candidate(
        article=comment.article,
        source=source,
        name=comment.name,
        email=comment.commenter.email,
        address=remote_addr.client_address(request),
        user_agent=request.headers.get("User-Agent", ""),
        form_age_seconds=None,
        honeypot="",
        commenter=comment.commenter,
        is_proven=comment.is_proven,
        is_edit=True,
        comment=comment,
        parent=comment.parent,
        user=request.user if request.user.pk and request.user.pk == comment.commenter.user_id else None,
    )
    try:
        edited = moderation.edit(
            comment, source, by_commenter=comment.commenter, suspicions=screening.examine(candidate)
        )
    except Refused as refusal:
        form.refuse(refusal)
        return None
    screening.ask_about(edited, candidate)
    return lead_to(request, places.place_for_author(edited))


def listed(comments: Iterable[Comment]) -> list[Own]:
    settings = CommentSettings.load()
    return [_own(comment, settings) for comment in comments]


def _own(comment: Comment, settings: CommentSettings | None = None) -> Own:
    return Own(comment, can_edit=comment.article.is_live and not why_no_edit(comment, settings))


def why_no_edit(comment: Comment, settings: CommentSettings | None = None) -> str:
    """In words for its author; empty while it can be edited."""
    try:
        refuse_edit(comment, by_commenter=comment.commenter, settings=settings)
    except Refused as refusal:
        return refusal.words
    return ""
