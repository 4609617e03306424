"""What a moderator's letter leads to: one comment with one button, and the end of such letters."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from comments import digests, mail_links
from comments.findings import Refused
from foundation import links

# What the button says, and what is said once it is done.
BUTTONS = {
    "approve": "Approve this comment",
    "keep": "Keep this comment",
    "reject": "Reject this comment",
    "hide": "Hide this comment",
    "spam": "Call this comment spam",
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def moderate(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows, POST does; after that the same address says what was done."""
    try:
        if request.method == "POST":
            mail_links.follow(token)
            return HttpResponseRedirect(request.path)
        opened = mail_links.open_link(token)
    except mail_links.LeadsNowhere as nowhere:
        raise Http404("No such link.") from nowhere
    except mail_links.NoLongerWorks as ended:
        return render(request, "comments/by_letter_ended.html", {"words": str(ended)}, status=410)
    except Refused as refusal:
        return render(request, "comments/by_letter_ended.html", {"words": refusal.words}, status=409)
    context = {
        "comment": opened.comment,
        "words": mark_safe(opened.comment.body_html),
        "button": BUTTONS[opened.verb],
        "moderator": opened.by,
    }
    return render(request, "comments/by_letter.html", context)


# Mail programs post here by themselves (RFC 8058) and know no token of ours: the signed link is what counts.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_letters(request: HttpRequest, token: str) -> HttpResponse:
    """GET only offers the button. Tells nothing of whose letters they are."""
    try:
        links.read(digests.STOP_PURPOSE, token)
        if request.method == "POST":
            digests.stop(token)
    except (links.LinkForged, links.LinkExpired):
        return render(request, "comments/stop_moderators_letters.html", {"state": "unknown"}, status=404)
    state = "done" if request.method == "POST" else "asked"
    return render(request, "comments/stop_moderators_letters.html", {"state": state})
