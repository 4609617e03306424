"""
What is answered under /support/ while the database cannot be reached, from the beginning of a request or in the middle
of it: 503, and a page that needs none. “Nothing was charged” stands only where that is certain; what was typed waits
in the page to be sent again.
"""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from donations import payment_pages
from foundation import away
from foundation.away import ANY, Words

# Neither looking at a form nor making a payment page charges anybody.
_PLEDGING = Words(
    "We cannot take pledges right now",
    "Nothing was charged, and pledges that run already are not touched.",
)
_ON_THE_WAY = Words(
    "We cannot show this page right now",
    "Coming here charged nothing: only the payment page does, when you confirm there.",
)
_AFTERWARDS = Words(
    "We cannot look up your payment right now",
    "If you finished at the payment page, Stripe keeps it and we shall count it: please do not pay again. This page"
    " will tell you what became of it when you load it once more.",
)
_LOOKING = Words(
    "We cannot show your pledges right now",
    "They run on as they are, and looking at them charges nothing.",
)
_CHANGING = Words(
    "We cannot tell whether this was done",
    "It charges nothing either way. Please look at your pledges again in a few minutes before you repeat it.",
)


def answers_for(request: HttpRequest, error: Exception) -> bool:
    return away.is_why(error) and request.path.startswith(reverse("support"))


@payment_pages.leads_there
def page(request: HttpRequest) -> HttpResponse:
    return away.answer(request, _words(request))


def _words(request: HttpRequest) -> Words:
    match = request.resolver_match
    name = (match and match.url_name) or ""
    if name in ("support", "support_in") or (request.method == "POST" and name in ("manage_new", "manage_currency")):
        return _PLEDGING
    if name in ("support_back", "support_ready"):
        return _ON_THE_WAY
    if name == "support_thanks":
        return _AFTERWARDS
    if name.startswith("manage"):
        return _CHANGING if request.method == "POST" else _LOOKING
    return ANY
