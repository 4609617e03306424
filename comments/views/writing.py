"""
The form for a comment: its own page, never stored, whatever the article's page is. A form that comes back holds all
that was typed, and says why it came back.
"""

import uuid
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from accounts.models import User
from articles.models import Article
from comments import formatting, identity, moderation, names, networks, places, rules, screening, written_here
from comments.findings import Refused
from comments.forms import CommentForm, read_uuid
from comments.models import Comment, Commenter
from comments.moderation.submitting import PARENT_GONE
from comments.screening import stamp
from comments.views.answers import GONE, UNPROCESSABLE, form_page, lead_to
from comments.views.finding import answered_comment
from foundation import remote_addr

FORM_UNKNOWN = "We could not recognise this form, so we made a new one with what you typed. Please send it again."
WITHDRAWN = "This article was withdrawn, so nothing can be added to it. What you typed stands below, to be copied."


@dataclass
class Sheet:
    """One form as it is shown: to whom, about what, and under which signs it is taken back."""

    request: HttpRequest
    article: Article
    person: Commenter | None
    parent: Comment | None = None
    stamp: str = ""
    submission: uuid.UUID | None = None
    trouble: str = ""
    preview: SafeString = SafeString()

    def __post_init__(self):
        self.rules = rules.rules_for(self.article)

    def form(self, data=None, **options) -> CommentForm:
        longest, asks_name = self.rules.settings.longest, bool(data and "name" in data and self._has_lost_its_name())
        is_preview = bool(data and "preview" in data)
        return CommentForm(
            data, person=self.person, longest=longest, asks_name=asks_name, is_preview=is_preview, **options
        )

    def _has_lost_its_name(self) -> bool:
        """Whether somebody known may no longer sign as before: an author bears that name by now."""
        user = _signed_in(self.request)
        try:
            names.checked(
                self.person.name if self.person else "", user=user, reserved=self.rules.settings.reserved_names
            )
        except Refused:
            return True
        return False

    def renew(self, trouble: str) -> None:
        self.stamp, self.submission, self.trouble = "", None, trouble

    def show(self, form: CommentForm, *, status: int = 200) -> HttpResponse:
        context = {
            "article": self.article,
            "parent": self.parent,
            "person": self.person,
            "form": form,
            "rules": self.rules,
            "stamp": self.stamp or stamp.make(self.article.pk),
            "submission": self.submission or uuid.uuid4(),
            "trouble": self.trouble,
            "preview": self.preview,
            "action": reverse("comment_write", args=[self.article.uid]),
        }
        return render(self.request, "comments/write.html", context, status=status)


@form_page
def write(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    article = Article.objects.filter(uid=uid).first()
    if article is None or not (article.is_live or article.is_gone):
        raise Http404("No such article.")
    sheet = Sheet(request, article, identity.person_of(request))
    if article.is_gone:
        return _nothing_more(sheet, WITHDRAWN, status=GONE)
    if request.method == "POST":
        return _receive(sheet)
    if not sheet.rules.is_open:
        return _nothing_more(sheet, sheet.rules.why_closed)
    if "parent" in request.GET:
        sheet.parent = answered_comment(article, request.GET["parent"])
        if sheet.parent is None:
            raise Http404("No such comment.")
    return sheet.show(sheet.form())


def _receive(sheet: Sheet) -> HttpResponse:
    """Takes the form apart. Whatever is wrong, the first reason is told and nothing of the text is lost."""
    sent = sheet.request.POST
    form = sheet.form(sent)
    if not sheet.rules.is_open:
        return _nothing_more(sheet, sheet.rules.why_closed, status=UNPROCESSABLE)
    age = _read_signs(sheet)
    if sent.get("parent"):
        sheet.parent = answered_comment(sheet.article, sent["parent"])
        if sheet.parent is None:
            sheet.trouble = PARENT_GONE
    if not form.is_valid():
        return sheet.show(form, status=UNPROCESSABLE)
    try:
        if "preview" in sent:
            return _preview(sheet, form)
        if sheet.trouble:
            return sheet.show(form, status=UNPROCESSABLE)
        return _lead_on(sheet, _submit(sheet, form, age))
    except Refused as refusal:
        if refusal.field == "parent":
            sheet.parent = None
        form.refuse(refusal)
        return sheet.show(form, status=UNPROCESSABLE)


def _read_signs(sheet: Sheet) -> float:
    """The form's age. One whose signs are of no use gets new ones and is shown once more."""
    sent = sheet.request.POST
    sheet.stamp, sheet.submission = sent.get("stamp", ""), read_uuid(sent.get("submission", ""))
    try:
        age = stamp.age(sheet.stamp, sheet.article.pk)
    except (stamp.Forged, stamp.TooOld) as refusal:
        sheet.renew(refusal.words)
    else:
        if sheet.submission is not None:
            return age
        sheet.renew(FORM_UNKNOWN)
    return 0.0


def _preview(sheet: Sheet, form: CommentForm) -> HttpResponse:
    text = formatting.checked(form.cleaned_data["text"], longest=form.longest)
    sheet.preview = mark_safe(formatting.render(text).body_html)
    return sheet.show(form)


def _submit(sheet: Sheet, form: CommentForm, age: float) -> Comment:
    typed, request = form.cleaned_data, sheet.request
    name = typed.get("name") or sheet.person.name
    if sheet.person is None:  # before a person is kept under it
        name = names.checked(name, reserved=sheet.rules.settings.reserved_names)
    commenter = sheet.person or identity.commenter_for(typed["email"], name)
    address = remote_addr.client_address(request)
    candidate = screening.Candidate(
        article=sheet.article,
        source=typed["text"],
        name=name,
        email=commenter.email,
        address=address,
        user_agent=request.headers.get("User-Agent", ""),
        form_age_seconds=age,
        honeypot=typed["website"],
        commenter=commenter,
        is_proven=sheet.person is not None,
        parent=sheet.parent,
        user=_signed_in(request),
    )
    findings = [] if _is_sent_again(sheet, candidate) else screening.examine(candidate)
    network, neighbourhood, kept_until = networks.digests(address)
    comment = moderation.submit(
        moderation.Submission(
            article=sheet.article,
            parent=sheet.parent,
            commenter=commenter,
            is_proven=candidate.is_proven,
            name=candidate.name,
            source=candidate.source,
            submission=sheet.submission,
            wants_replies=typed["wants_replies"],
            suspicions=findings,
            network_digest=network,
            neighbourhood_digest=neighbourhood,
            network_kept_until=kept_until,
            user=candidate.user,
        )
    )
    screening.ask_about(comment, candidate)
    return comment


def _signed_in(request: HttpRequest) -> User | None:
    return request.user if request.user.is_authenticated else None


def _is_sent_again(sheet: Sheet, candidate: screening.Candidate) -> bool:
    """A form sent twice as it was is one comment, and must not be refused as a second one that came too fast."""
    return Comment.objects.filter(
        submission=sheet.submission,
        article=candidate.article,
        parent=sheet.parent,
        commenter=candidate.commenter,
        source=formatting.normalise(candidate.source),
    ).exists()


def _lead_on(sheet: Sheet, comment: Comment) -> HttpResponse:
    response = lead_to(sheet.request, places.place_for_author(comment))
    written_here.remember(sheet.request, response, comment.uid)
    return response


def _nothing_more(sheet: Sheet, why: str, *, status: int = 200) -> HttpResponse:
    """No form, but whatever was typed into one."""
    context = {"article": sheet.article, "why": why, "text": sheet.request.POST.get("text", "")}
    return render(sheet.request, "comments/closed.html", context, status=status)
