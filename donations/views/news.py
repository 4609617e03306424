"""Declining the letters that are no receipts: by the link in the letter, or by the mail program's own button."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from donations import regular_letters
from foundation import links


# Mail programs post here by themselves (RFC 8058) and know no token of ours: the signed link is what counts.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_news(request: HttpRequest, token: str) -> HttpResponse:
    """GET only offers the button: scanners follow links before people do. Tells nothing of whose letters they are."""
    try:
        links.read(regular_letters.STOP_PURPOSE, token)
        if request.method == "POST":
            regular_letters.stop_news(token)
    except (links.LinkForged, links.LinkExpired):
        return render(request, "donations/stop_news.html", {"state": "unknown"}, status=404)
    return render(request, "donations/stop_news.html", {"state": "done" if request.method == "POST" else "asked"})
