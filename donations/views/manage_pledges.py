"""
A backer's pledges: how they stand and what may be done with them. Every view finds its pledge among the backer's own;
anybody else's is not found at all.
"""

import logging
from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from donations import backing_cookie, doubles, ground, ledger, managing, payment_pages, replacing, stripe_gateway
from donations.forms import OTHER, AmountForm, CancelForm
from donations.manage_access import for_backer
from donations.models import Backer, Currency, Customer, Pledge
from donations.stripe_gateway import StripeDown, StripeRefused
from donations.views.support import UNAVAILABLE, UNPROCESSABLE
from donations.views.words import CHANGE_NOT_SO, CHANGE_REFUSED, CHANGE_UNKNOWN

logger = logging.getLogger(__name__)

DONE = {
    "amount": "The amount is changed, from the next payment on.",
    "ending": "Your pledge is set to end.",  # the pledge itself tells what may still come
    "kept": "Your pledge goes on.",
    "paused": "Your pledge is paused until you resume it.",
    "resumed": "Your pledge goes on from its next date.",
    "name": "Saved. A new name or message is shown once an editor has seen it.",
    "unchanged": "Nothing had to be changed.",
}
# What is said of a pledge, only while it is so: an address can be opened again when it is no longer.
_SO_WHILE = {
    "ending": ("ends", "ended"),
    "kept": ("gives", "starts", "fails"),
    "paused": ("paused",),
    "resumed": ("gives", "starts", "fails"),
}


@require_safe
@for_backer
@payment_pages.leads_there
def pledges(request: HttpRequest, backer: Backer) -> HttpResponse:
    return _overview(request, backer)


def _overview(request: HttpRequest, backer: Backer, *, trouble: str = "") -> HttpResponse:
    found = managing.standings(backer)
    context = {
        "backer": backer,
        "standings": found,
        "customers": _customers(found),
        "doubles": doubles.recent(backer),
        "both": replacing.charged_by_both(livemode=backer.livemode, backer=backer),
        "done": "" if trouble else _done(request, found),
        "trouble": trouble,
        "base_currency": settings.BASE_CURRENCY.lower(),
    }
    response = render(request, "donations/manage_pledges.html", context, status=UNAVAILABLE if trouble else 200)
    until = managing.backs_until(backer, found)
    if until:
        backing_cookie.remember(response, until)
    else:
        backing_cookie.forget(response)
    return response


def _done(request: HttpRequest, found: list[managing.Standing]) -> str:
    name = request.GET.get("done", "")
    of = [each.state for each in found if str(each.pledge.pk) == request.GET.get("pledge")]
    is_so = name not in _SO_WHILE or any(state in _SO_WHILE[name] for state in of)
    return DONE.get(name, "") if is_so else ""


def _customers(found: list[managing.Standing]) -> list[Customer]:
    """Of each pledge that goes on: Stripe keeps a card for every one of them."""
    going_on = {each.pledge.customer_id: each.pledge.customer for each in found if not each.is_over}
    return list(going_on.values())


@require_http_methods(["GET", "HEAD", "POST"])
@for_backer
def amount(request: HttpRequest, backer: Backer, number: int) -> HttpResponse:
    pledge = own_pledge(backer, number)
    currency = get_object_or_404(Currency, pk=pledge.currency)
    if not managing.standing(pledge).may_be_changed:
        return redirect(overview_address("unchanged"))
    if request.method == "POST":
        form = AmountForm(request.POST, currency=currency)
        if form.is_valid():
            money = form.cleaned_data["money"]
            return _act(request, pledge, "amount", lambda: managing.change_amount(pledge, money))
    else:
        form = AmountForm(currency=currency, initial=_present(pledge, currency))
    context = {"form": form, "currency": currency, "pledge": pledge}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "donations/manage_amount.html", context, status=status)


def _present(pledge: Pledge, currency: Currency) -> dict:
    if pledge.amount in currency.preset_amounts():
        return {"choice": str(pledge.amount_minor)}
    return {"choice": OTHER, "amount": pledge.amount.typed}


@require_http_methods(["GET", "HEAD", "POST"])
@for_backer
def cancel(request: HttpRequest, backer: Backer, number: int) -> HttpResponse:
    """One page, one button. The reason is asked beside it and may stay empty."""
    pledge = own_pledge(backer, number)
    standing = managing.standing(pledge)
    if standing.state in ("ended", "ends"):
        return redirect(overview_address("unchanged"))
    form = CancelForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        reason = form.cleaned_data["reason"]
        return _act(request, pledge, "ending", lambda: managing.end(pledge, reason))
    context = {"form": form, "pledge": pledge, "standing": standing}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "donations/manage_cancel.html", context, status=status)


@require_POST
@for_backer
def keep(request: HttpRequest, backer: Backer, number: int) -> HttpResponse:
    pledge = own_pledge(backer, number)
    may = managing.standing(pledge).state == "ends"
    return _act(request, pledge, "kept", lambda: managing.keep(pledge), may=may)


@require_POST
@for_backer
def pause(request: HttpRequest, backer: Backer, number: int) -> HttpResponse:
    pledge = own_pledge(backer, number)
    may = managing.standing(pledge).may_be_paused
    return _act(request, pledge, "paused", lambda: managing.pause(pledge), may=may)


@require_POST
@for_backer
def resume(request: HttpRequest, backer: Backer, number: int) -> HttpResponse:
    pledge = own_pledge(backer, number)
    may = pledge.is_paused and pledge.status not in Pledge.ENDED
    return _act(request, pledge, "resumed", lambda: managing.resume(pledge), may=may)


@require_POST
@for_backer
@payment_pages.leads_there
def card(request: HttpRequest, backer: Backer, number: int) -> HttpResponse:
    """To Stripe's own page for the card and the address of one customer, and back again."""
    customer = get_object_or_404(Customer, pk=number, backer=backer, livemode=backer.livemode)
    try:
        with stripe_gateway.hurried():
            address = managing.card_page(customer, managing.return_address(reverse("manage_pledges")))
    except StripeDown:
        return _overview(request, backer, trouble=CHANGE_UNKNOWN)
    except StripeRefused:
        return _overview(request, backer, trouble=CHANGE_REFUSED)
    return payment_pages.go_to(request, address)


def own_pledge(backer: Backer, number: int) -> Pledge:
    """404 for a pledge of somebody else, as for one that does not exist."""
    return get_object_or_404(backer.pledges.select_related("customer", "intent"), pk=number, livemode=backer.livemode)


def overview_address(done: str, pledge: Pledge | None = None) -> str:
    return f"{reverse('manage_pledges')}?{urlencode({'done': done} | ({'pledge': pledge.pk} if pledge else {}))}"


def _act(
    request: HttpRequest, pledge: Pledge, name: str, verb: Callable[[], None], *, may: bool = True
) -> HttpResponse:
    """Does it, unless it was done before or cannot be; a second click changes nothing."""
    if not may:
        return redirect(overview_address("unchanged"))
    backer = pledge.backer
    try:
        with stripe_gateway.hurried():
            verb()
    except StripeDown:
        return _overview(request, backer, trouble=CHANGE_UNKNOWN)
    except managing.NotSo:
        logger.error("Stripe took “%s” of %s, and tells otherwise", name, pledge.stripe_id)
        return _overview(request, backer, trouble=CHANGE_NOT_SO)
    except (StripeRefused, ledger.Refused, ledger.NotOurs, ground.GroundMoved):
        logger.exception("A change of %s's pledge was not taken", backer.pk)
        return _overview(request, backer, trouble=CHANGE_REFUSED)
    return redirect(overview_address(name, pledge))
