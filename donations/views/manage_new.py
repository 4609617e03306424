"""
New payment pages from within: a further pledge or gift, and a pledge in another currency that takes an old one's place.
Only from here is a customer at Stripe used again: whoever is here has shown to be that person.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from donations import browser, checkout, managing, payment_pages, stamps
from donations.forms import AmountForm, OnBehalfMixin, PledgeForm, typed
from donations.manage_access import for_backer
from donations.models import Backer, Currency, Intent, Pledge
from donations.stripe_gateway import StripeDown, StripeRefused
from donations.views.manage_pledges import overview_address, own_pledge
from donations.views.support import (
    DOWN,
    FORM_TOO_OLD,
    REFUSED,
    SENT_TWICE,
    TOO_OFTEN,
    UNPROCESSABLE,
    Trouble,
    thanks_for,
)
from foundation import limits

PER_BACKER = 5
SPAN = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class _Page:
    """One of the two forms of this module, with what it leads to."""

    template: str
    currency: Currency
    context: dict
    replaces: Pledge | None = None
    trial_end: dt.datetime | None = None

    def open(self, request: HttpRequest, backer: Backer, form: type[AmountForm]) -> HttpResponse:
        """Empty, or after the payment page's own “back” with what was typed before it."""
        left = _left(request, backer, self)
        if left is None:
            return self.show(request, form(currency=self.currency), stamps.new())
        if left.status == Intent.Status.COMPLETED:
            return thanks_for(left)
        self.context["is_back"] = True
        return self.show(request, form(currency=self.currency, initial=typed(left, self.currency)), stamps.new(left.pk))

    def show(self, request: HttpRequest, form: AmountForm, stamp: str, trouble: Trouble | None = None) -> HttpResponse:
        status = trouble.status if trouble else UNPROCESSABLE if form.is_bound and form.errors else 200
        told = {"form": form, "currency": self.currency, "stamp": stamp, "trouble": trouble, **self.context}
        told["is_on_behalf"] = isinstance(form, OnBehalfMixin) and any(form[name].value() for name in form.WISH)
        return render(request, self.template, told, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_backer
@payment_pages.leads_there
def new(request: HttpRequest, backer: Backer, code: str) -> HttpResponse:
    currency = get_object_or_404(Currency.objects.offered(), pk=code.upper())
    others = [each.code.lower() for each in Currency.objects.offered() if each != currency]
    page = _Page("donations/manage_new.html", currency, {"others": others})
    if request.method != "POST":
        return page.open(request, backer, PledgeForm)
    return _receive(request, backer, page, PledgeForm(request.POST, currency=currency))


@require_safe
@for_backer
def currencies(request: HttpRequest, backer: Backer, number: int) -> HttpResponse:
    """Which currency the pledge is to be in from now on."""
    pledge = own_pledge(backer, number)
    if not managing.standing(pledge).may_be_changed:
        return redirect(overview_address("unchanged"))
    try:
        managing.first_charge_of_successor(pledge)
    except managing.TOO_LATE as reason:
        return _come_later(request, pledge, reason)
    others = [each.code.lower() for each in Currency.objects.offered() if each.code != pledge.currency]
    return render(request, "donations/manage_currencies.html", {"pledge": pledge, "others": others})


def _come_later(request: HttpRequest, pledge: Pledge, reason: Exception) -> HttpResponse:
    told = {
        "pledge": pledge,
        "charged_at": getattr(reason, "at", None),
        "successor": getattr(reason, "successor", None),
    }
    return render(request, "donations/manage_currency_later.html", told)


@require_http_methods(["GET", "HEAD", "POST"])
@for_backer
@payment_pages.leads_there
def currency(request: HttpRequest, backer: Backer, number: int, code: str) -> HttpResponse:
    pledge = own_pledge(backer, number)
    wanted = get_object_or_404(Currency.objects.offered().exclude(pk=pledge.currency), pk=code.upper())
    if not managing.standing(pledge).may_be_changed:
        return redirect(overview_address("unchanged"))
    try:
        trial_end = managing.first_charge_of_successor(pledge)
    except managing.TOO_LATE as reason:
        return _come_later(request, pledge, reason)
    told = {"pledge": pledge, "starts_at": trial_end}
    page = _Page("donations/manage_currency.html", wanted, told, replaces=pledge, trial_end=trial_end)
    if request.method != "POST":
        return page.open(request, backer, AmountForm)
    return _receive(request, backer, page, AmountForm(request.POST, currency=wanted))


def _left(request: HttpRequest, backer: Backer, page: _Page) -> Intent | None:
    """The intent that the address names, if it was begun on this page, by this backer and in this browser."""
    try:
        number = stamps.named(request.GET.get("intent", ""))
    except stamps.StampUnusable:
        return None
    own = Q(customer__backer=backer) | Q(replaces__backer=backer)
    begun_here = {"currency": page.currency.pk, "replaces": page.replaces, "browser_hash": browser.hash_of(request)}
    return Intent.objects.filter(own, pk=number, livemode=backer.livemode, **begun_here).first()


def _receive(request: HttpRequest, backer: Backer, page: _Page, form: AmountForm) -> HttpResponse:
    try:
        stamp = stamps.read(request.POST.get("stamp", ""))
    except stamps.StampUnusable:
        return page.show(request, form, stamps.new(), None if form.errors else FORM_TOO_OLD)
    if not form.is_valid():
        return page.show(request, form, stamps.new(stamp.intent_id))
    if not limits.hit("manage.sessions", str(backer.pk), limit=PER_BACKER, window=SPAN):
        return page.show(request, form, stamps.new(stamp.intent_id), TOO_OFTEN)
    again = stamps.new(stamp.intent_id)
    try:
        return payment_pages.go_to(request, _start(request, backer, page, form, stamp))
    except checkout.AlreadyCompleted as done:
        return thanks_for(done.intent)
    except checkout.NotYours:
        return page.show(request, form, stamps.new(), FORM_TOO_OLD)
    except checkout.Overtaken:
        return page.show(request, form, again, SENT_TWICE)
    except StripeDown:
        return page.show(request, form, again, DOWN)
    except StripeRefused:
        return page.show(request, form, again, REFUSED)


def _start(request: HttpRequest, backer: Backer, page: _Page, form: AmountForm, stamp: stamps.Stamp) -> str:
    asked = form.cleaned_data
    return checkout.start_pledge(
        intent_id=stamp.intent_id,
        kind=asked.get("kind", Intent.Kind.QUARTERLY),
        money=asked["money"],
        public_name=asked.get("public_name", "") or _name_of(page.replaces),
        is_name_shown=asked.get("show_name", True),
        message=asked.get("message", ""),
        wish=asked.get("wish"),
        browser=browser.hash_of(request),
        customer=managing.customer_for(backer, page.currency.pk),
        replaces=page.replaces,
        trial_end=page.trial_end,
    )


def _name_of(replaced: Pledge | None) -> str:
    """Who wished to be named stays named; an editor sees the name once more."""
    intent = replaced.intent if replaced else None
    shown = (Intent.NameStatus.PENDING, Intent.NameStatus.APPROVED)
    return intent.public_name if intent and intent.name_status in shown else ""
