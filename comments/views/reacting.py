"""What any reader may do about a public comment: recommend it, and report it, each once."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from comments import identity, moderation, places, readers, written_here
from comments.findings import Refused
from comments.forms import ReportForm
from comments.models import Comment, Recommendation
from comments.views.answers import UNPROCESSABLE, form_page, lead_to
from comments.views.finding import article_named, public_comment


@form_page
def recommend(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Or take it back. The button says which; pressed twice it is done once."""
    comment = public_comment(uid)
    trouble = ""
    if request.method == "POST":
        try:
            return _recommend(request, comment)
        except Refused as refusal:
            trouble = refusal.words
    reader = identity.reader_key(request, None)
    context = {
        "article": comment.article,
        "comment": comment,
        "is_recommended": Recommendation.objects.filter(comment=comment, reader=reader).exists(),
        "trouble": trouble,
    }
    return render(request, "comments/recommend.html", context, status=UNPROCESSABLE if trouble else 200)


@form_page
def report(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    comment = public_comment(uid)
    form = ReportForm(request.POST or None)
    if request.method == "POST":
        form = ReportForm(request.POST)
        if form.is_valid() and (done := _report(request, comment, form)):
            return done
    context = {"article": comment.article, "comment": comment, "form": form}
    return render(request, "comments/report.html", context, status=UNPROCESSABLE if form.errors else 200)


@form_page
def reported(request: HttpRequest) -> HttpResponse:
    """Where a report leads, and back to the article. It names no comment, which may be hidden by now."""
    article = article_named(request.GET.get("on", ""))
    return render(request, "comments/reported.html", {"article": article})


def _recommend(request: HttpRequest, comment: Comment) -> HttpResponse:
    carrier = HttpResponse()  # of the cookie that a reader who is nobody is known by
    reader = _author(request, comment) or identity.reader_key(request, carrier)
    if "take_back" in request.POST:
        moderation.unrecommend(comment, reader)
    else:
        moderation.recommend(comment, reader)
    told = {"recommends": comment.recommends, "is_recommended": "take_back" not in request.POST}
    response = lead_to(request, places.address_of(comment), **told)
    response.cookies.update(carrier.cookies)
    return response


def _report(request: HttpRequest, comment: Comment, form: ReportForm) -> HttpResponse | None:
    response = lead_to(request, f"{reverse('comment_reported')}?on={comment.article.uid}")
    reader = _author(request, comment) or identity.reporter_key(request, response)
    try:
        moderation.report(comment, reader, form.cleaned_data["reason"], form.cleaned_data["words"])
    except Refused as refusal:
        form.add_error(None, refusal.words)
        return None
    return response


def _author(request: HttpRequest, comment: Comment) -> str:
    """The author's key: whoever wrote the comment in this browser is its author, proven or not. Empty for others."""
    return readers.key_of(comment.commenter) if written_here.holds(request, comment.uid) else ""
