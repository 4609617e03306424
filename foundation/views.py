"""What is answered when something broke; and in the demo alone, the letters that a real site would have mailed."""

import sys

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.defaults import server_error

from foundation import away, demo
from foundation.models import Letter

SHOWN = 100


@never_cache
def demo_letters(request: HttpRequest) -> HttpResponse:
    """The newest letters with their links, for anybody who sits at the demo. 404 on every other site."""
    if not demo.is_demo():
        raise Http404
    found = list(Letter.objects.all()[: SHOWN + 1])
    return render(request, "foundation/letters.html", {"letters": found[:SHOWN], "is_cut": len(found) > SHOWN})


def broken(request: HttpRequest) -> HttpResponse:
    """The site's `handler500`: a database that is away is no fault of the page, and said to pass."""
    return away.page(request) if away.is_why(sys.exc_info()[1]) else server_error(request)
