"""Where the letter to a guest leads: a page that shows the comment, and two buttons."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe

from comments import confirming, identity
from comments.findings import Refused
from comments.views.answers import GONE, UNPROCESSABLE, form_page, lead_to
from foundation import links

NO_LINK = (links.LinkForged, links.LinkExpired, links.LinkSpent)


@form_page
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET does nothing: mail programs and scanners follow links before people do."""
    try:
        asked = confirming.read(token)
        if request.method == "POST":
            return _act(request, token)
    except NO_LINK:
        return discreet(render(request, "comments/person/link_over.html", status=GONE))
    except Refused as refusal:
        trouble = {"trouble": refusal.words}
        return discreet(render(request, "comments/person/link_over.html", trouble, status=UNPROCESSABLE))
    context = {"comment": asked.comment, "words": mark_safe(asked.comment.body_html)}
    return discreet(render(request, "comments/person/confirm.html", context))


def _act(request: HttpRequest, token: str) -> HttpResponse:
    if "not_mine" in request.POST:
        confirming.disown(token)
        return discreet(render(request, "comments/person/disowned.html"))
    person = confirming.confirm(token, request)
    response = lead_to(request, f"{reverse('comments_mine')}?confirmed=1")
    identity.remember(response, person)
    return discreet(response)


def discreet(response: HttpResponse) -> HttpResponse:
    """
    The address holds the link: no other site may be told it. Not "no-referrer": then browsers would say of the form
    that it came from nowhere, and it would be refused as foreign.
    """
    response.headers["Referrer-Policy"] = "same-origin"
    return response
