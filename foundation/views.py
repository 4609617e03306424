"""What is answered when something broke; and in the demo alone, the letters that a real site would have mailed."""

import datetime as dt
import sys

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.defaults import server_error

from foundation import away, clock, demo
from foundation.models import Letter

SHOWN = 100
TOLD_FOR = dt.timedelta(days=180)


@never_cache
def demo_letters(request: HttpRequest) -> HttpResponse:
    """The newest letters with their links, for anybody who sits at the demo. 404 on every other site."""
    if not demo.is_demo():
        raise Http404
    found = list(Letter.objects.all()[: SHOWN + 1])
    return render(request, "foundation/letters.html", {"letters": found[:SHOWN], "is_cut": len(found) > SHOWN})


def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness (RFC 9116). It says of itself for how long it may be believed."""
    today = clock.real_now().replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [f"Contact: {address}" for address in settings.SECURITY_CONTACT]
    lines += [f"Expires: {(today + TOLD_FOR).strftime('%Y-%m-%dT%H:%M:%SZ')}", "Preferred-Languages: en"]
    lines += [f"Canonical: {settings.SITE_URL}{request.path}"]
    lines += [f"Policy: {settings.SECURITY_POLICY}"] if settings.SECURITY_POLICY else []
    response = HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def broken(request: HttpRequest) -> HttpResponse:
    """The site's `handler500`: a database that is away is no fault of the page, and said to pass."""
    return away.page(request) if away.is_why(sys.exc_info()[1]) else server_error(request)
