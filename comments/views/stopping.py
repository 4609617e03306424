"""Muting a thread and stopping all mail about comments, from a letter and without signing in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from comments import stopping
from foundation import links


# Mail programs post here by themselves (RFC 8058) and know no token of ours: the signed link is what counts.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def letters_page(request: HttpRequest, token: str) -> HttpResponse:
    """GET only offers the buttons. What a mail program posts has no word of ours in it, and stops everything."""
    try:
        person, root = stopping.whom(token)
    except (links.LinkForged, links.LinkExpired):
        return render(request, "comments/person/letters.html", {"state": "unknown"}, status=404)
    state = _act(request.POST.get("act", "stop"), person, root) if request.method == "POST" else "asked"
    response = render(request, "comments/person/letters.html", {"state": state, "root": root})
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _act(act: str, person, root) -> str:
    """Somebody who was forgotten meanwhile gets no letters anyway."""
    if act not in ("mute", "unmute", "resume"):
        act = "stop"
    if person is not None:
        if act in ("stop", "resume"):
            {"stop": stopping.stop, "resume": stopping.go_on}[act](person)
        elif root is not None:
            {"mute": stopping.mute, "unmute": stopping.unmute}[act](person, root)
    return act
