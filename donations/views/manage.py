"""The door to a backer's own pledges: the address, the letter's link, and the way out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from donations import manage_access
from donations.forms import ManageForm
from donations.mode import pledging_is_possible
from donations.views.support import UNPROCESSABLE, closed
from foundation import links


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def manage(request: HttpRequest) -> HttpResponse:
    if not pledging_is_possible():
        return closed(request)
    if request.method != "POST":
        if manage_access.backer_of(request):
            return redirect("manage_pledges")
        return render(request, "donations/manage.html", {"form": ManageForm(), "is_over": "over" in request.GET})
    form = ManageForm(request.POST)
    if not form.is_valid():
        return render(request, "donations/manage.html", {"form": form}, status=UNPROCESSABLE)
    manage_access.ask_for_link(request, form.cleaned_data["email"])
    return render(request, "donations/manage_sent.html", {"email": form.cleaned_data["email"]})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def manage_link(request: HttpRequest, token: str) -> HttpResponse:
    """GET only offers the button: mail programs and scanners follow links before people do."""
    try:
        if request.method == "POST":
            backer = manage_access.spend(token)
            return _let_in(backer) if backer else _refused(request)
        links.read(manage_access.PURPOSE, token)
        if links.is_spent(manage_access.PURPOSE, token):
            return _refused(request)
    except (links.LinkForged, links.LinkExpired, links.LinkSpent):
        return _refused(request)
    return _discreet(render(request, "donations/manage_link.html"))


@never_cache
@require_POST
def manage_leave(request: HttpRequest) -> HttpResponse:
    response = redirect("manage")
    manage_access.let_out(response)
    return response


def _let_in(backer) -> HttpResponse:
    response = redirect("manage_pledges")
    manage_access.let_in(response, backer)
    return _discreet(response)


def _refused(request: HttpRequest) -> HttpResponse:
    """One answer for forged, spent and expired links: none of them tells whether there is such a person."""
    return _discreet(render(request, "donations/manage_link_over.html", status=410))


def _discreet(response: HttpResponse) -> HttpResponse:
    """
    The address holds the link: no other site may be told it. Not "no-referrer": then browsers would say of the form
    that it came from nowhere, and it would be refused as foreign.
    """
    response.headers["Referrer-Policy"] = "same-origin"
    return response
