"""What only the demo answers: the letters that a real site would have mailed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from foundation import demo
from foundation.models import Letter

SHOWN = 100


@never_cache
def demo_letters(request: HttpRequest) -> HttpResponse:
    """The newest letters with their links, for anybody who sits at the demo. 404 on every other site."""
    if not demo.is_demo():
        raise Http404
    found = list(Letter.objects.all()[: SHOWN + 1])
    return render(request, "foundation/letters.html", {"letters": found[:SHOWN], "is_cut": len(found) > SHOWN})
