"""
Where Stripe's own pages are: Checkout and the portal, or those of the stand-in. A browser follows a form's answer only
to where the page's policy lets forms lead, so a page with such a form must name them. No other page does.
"""

import functools
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override

AT_STRIPE = ("https://checkout.stripe.com", "https://billing.stripe.com")


def origins() -> list[str]:
    if settings.STRIPE_PAGES:
        return [_origin(address) for address in settings.STRIPE_PAGES]
    return [_origin(settings.STRIPE_API_BASE)] if settings.STRIPE_API_BASE else list(AT_STRIPE)


def leads_there(view: Callable) -> Callable:
    """For views whose pages hold a form that ends at a payment page."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        policy = {**settings.SECURE_CSP, "form-action": [CSP.SELF, *origins()]}
        return csp_override(policy)(view)(request, *args, **kwargs)

    return wrapped


def met_again_by_back(view: Callable) -> Callable:
    """
    The way back from a payment page may lead over an answer to a form. A browser that was told to store nothing has to
    ask whether to send that form again; so it may keep such an answer, for itself and for this alone.
    """

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.method == "POST" and not response.has_header("Location"):
            response.headers["Cache-Control"] = "private, no-cache"
        return response

    return wrapped


def go_to(request: HttpRequest, address: str) -> HttpResponse:
    """
    Sends the browser there (303). To a place that the policy does not name, as a payment page under a domain of one's
    own before STRIPE_PAGES was set, a link leads where no form may.
    """
    if _origin(address) in origins():
        return HttpResponse(status=303, headers={"Location": address})
    return render(request, "donations/onward.html", {"address": address})


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
