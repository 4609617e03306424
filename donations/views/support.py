"""
The support page: what is asked, and what leads to the payment page. It is never stored anywhere, since every
rendering carries an intent of its own; an answer to it is kept by the browser alone, for its Back.
"""

import uuid
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from donations import (
    browser,
    came_from,
    checkout,
    confirmation,
    defence,
    doubles,
    payment_pages,
    periods,
    stamps,
    wording,
)
from donations.defence import Verdict
from donations.forms import OTHER, OnBehalfMixin, PledgeForm
from donations.mode import pledging_is_possible
from donations.models import Currency, Intent
from donations.money import NotAnAmount, parse
from donations.stripe_gateway import StripeDown, StripeRefused
from donations.views.words import STRIPE_DOWN, STRIPE_REFUSED

CARRIED = ("kind", "choice", "amount", "show_name", "public_name", "message", *OnBehalfMixin.WISH, "came_from")
UNPROCESSABLE, TOO_MANY, UNAVAILABLE = 422, 429, 503


@dataclass(frozen=True)
class Trouble:
    """Why the form is shown again although nothing in it is wrong."""

    words: str
    status: int


TOO_OFTEN = Trouble(
    "That was tried very often from your connection. Please wait ten minutes and send the form again; what you typed"
    " is still here. Nothing was charged.",
    TOO_MANY,
)
FORM_TOO_OLD = Trouble(
    "This form was open for a long time, so we made a new one with what you typed. Please look it over and send it"
    " again. Nothing was charged.",
    UNPROCESSABLE,
)
SENT_TWICE = Trouble(
    "The form was sent twice with different amounts. Please check what stands here and send it again. Nothing was"
    " charged.",
    UNPROCESSABLE,
)
DOWN = Trouble(STRIPE_DOWN, UNAVAILABLE)
REFUSED = Trouble(STRIPE_REFUSED, UNAVAILABLE)


@payment_pages.met_again_by_back
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@payment_pages.leads_there
def support(request: HttpRequest, code: str = "") -> HttpResponse:
    """In the base currency, or in the one that the address names."""
    if code.upper() == settings.BASE_CURRENCY:
        return redirect("support")
    currency = _currency_or_404(code.upper() or settings.BASE_CURRENCY)
    if not pledging_is_possible():
        return closed(request)
    if request.method == "POST":
        return _receive(request, currency)
    form = PledgeForm(currency=currency, initial=_asked_by_link(request, currency))
    return page(request, currency, form, stamps.new())


def closed(request: HttpRequest) -> HttpResponse:
    return render(request, "donations/closed.html")


def page(
    request: HttpRequest,
    currency: Currency,
    form: PledgeForm,
    stamp: str,
    trouble: Trouble | None = None,
    *,
    is_back: bool = False,
) -> HttpResponse:
    """The form. `is_back` says that it was left for the payment page and nothing was paid there."""
    status = trouble.status if trouble else UNPROCESSABLE if form.is_bound and form.errors else 200
    others = [each for each in Currency.objects.offered() if each != currency]
    context = {
        "form": form,
        "stamp": stamp,
        "currency": currency,
        "months": wording.months(periods.next_quarter()),
        "has_words": any(form[name].value() for name in ("show_name", "public_name", "message")),
        "is_on_behalf": any(form[name].value() for name in form.WISH),
        "trouble": trouble,
        "is_back": is_back,
        "action": address_in(currency.code),
        "other_addresses": [(each.code, address_in(each.code)) for each in others],
    }
    return render(request, "donations/support.html", context, status=status)


def address_in(code: str) -> str:
    if code == settings.BASE_CURRENCY:
        return reverse("support")
    return reverse("support_in", args=[code.lower()])


def thanks_for(intent: Intent) -> HttpResponse:
    return redirect(f"{reverse('support_thanks')}?session_id={intent.session_id or ''}")


def _to_ready_page(intent_id: uuid.UUID) -> HttpResponse:
    """The step answers a form. Between it and the payment page stands one to be fetched, for the browser's Back."""
    address = f"{reverse('support_ready')}?{urlencode({'intent': stamps.name(intent_id)})}"
    return HttpResponse(status=303, headers={"Location": address})


def _currency_or_404(code: str) -> Currency:
    currency = Currency.objects.offered().filter(pk=code).first()
    if currency is None:
        raise Http404
    return currency


def _asked_by_link(request: HttpRequest, currency: Currency) -> dict:
    """A link may name an amount and how often: `?amount=25&kind=once`. What it names wrongly is passed over."""
    asked = {"came_from": came_from.of(request)}
    if request.GET.get("kind") in Intent.Kind.values:
        asked["kind"] = request.GET["kind"]
    try:
        money = parse(request.GET.get("amount", "")[:40], currency.code)
    except NotAnAmount:
        return asked
    if money in currency.preset_amounts():
        return asked | {"choice": str(money.minor)}
    return asked | {"choice": OTHER, "amount": money.typed}


def _receive(request: HttpRequest, currency: Currency) -> HttpResponse:
    form = PledgeForm(request.POST, currency=currency)
    try:
        stamp = stamps.read(request.POST.get("stamp", ""))
    except stamps.StampUnusable:
        return page(request, currency, form, stamps.new(), None if form.errors else FORM_TOO_OLD)
    if not form.is_valid():
        return page(request, currency, form, stamps.new(stamp.intent_id))
    money, kind = form.cleaned_data["money"], form.cleaned_data["kind"]
    if checkout.is_begun(stamp.intent_id, kind, money):
        if not defence.may_repeat(stamp):
            return page(request, currency, form, stamps.new(stamp.intent_id), TOO_OFTEN)
    else:
        answer = _hold_up(request, currency, form, stamp)
        if answer is not None:
            return answer
    return _lead_on(request, currency, form, stamp.intent_id)


def _hold_up(request: HttpRequest, currency: Currency, form: PledgeForm, stamp: stamps.Stamp) -> HttpResponse | None:
    """The step before the payment page for those who have to take it; None for everybody else."""
    subject = confirmation.Subject(stamp, form.terms, browser.hash_of(request))
    confirmed = confirmation.read(request.POST.get("confirmation", ""), subject)
    if "change" in request.POST:
        return page(request, currency, form, stamps.new(stamp.intent_id))
    twin = doubles.before(subject.browser, form.terms.kind, form.terms.money)
    verdict, answer = Verdict.ASK, request.POST.get("answer", "")
    if confirmed is not None or twin is None:
        is_trapped = bool(form.cleaned_data["homepage"])
        verdict = defence.judge(request, stamp, is_trapped=is_trapped, confirmed=confirmed, answer=answer)
    if verdict is Verdict.GO_ON:
        return None
    if verdict is Verdict.REFUSE:
        return page(request, currency, form, stamps.new(stamp.intent_id), TOO_OFTEN)
    return _ask(request, currency, form, subject, confirmed, twin)


def _ask(
    request: HttpRequest,
    currency: Currency,
    form: PledgeForm,
    subject: confirmation.Subject,
    before: confirmation.Confirmation | None,
    twin: Intent | None,
) -> HttpResponse:
    """The question, the same again for somebody who did not wait, and another for whoever chose something else."""
    is_early = before is not None and before.seconds_left > 0
    text = request.POST["confirmation"] if is_early else defence.ask(request, subject, is_twin=twin is not None)
    question = confirmation.read(text, subject)
    context = {
        "form": form,
        "currency": currency,
        "action": address_in(currency.code),
        "stamp": request.POST["stamp"],
        "carried": [(name, request.POST.get(name, "")) for name in CARRIED if name in request.POST],
        "twin": twin,
        "is_early": is_early,
        "is_other": before is not None and not is_early,
        "confirmation": text,
        "question": question,
        "chosen": request.POST.get("answer", "") if is_early else "",
    }
    return render(request, "donations/confirm.html", context, status=UNPROCESSABLE)


def _lead_on(request: HttpRequest, currency: Currency, form: PledgeForm, intent_id: uuid.UUID) -> HttpResponse:
    asked = form.cleaned_data
    try:
        address = checkout.start_pledge(
            intent_id=intent_id,
            kind=asked["kind"],
            money=asked["money"],
            public_name=asked["public_name"],
            is_name_shown=asked["show_name"],
            message=asked["message"],
            wish=asked["wish"],
            came_from=asked["came_from"],
            browser=browser.hash_of(request),
        )
    except checkout.AlreadyCompleted as done:
        return thanks_for(done.intent)
    except checkout.NotYours:
        return page(request, currency, form, stamps.new(), FORM_TOO_OLD)
    except checkout.Overtaken:
        return page(request, currency, form, stamps.new(intent_id), SENT_TWICE)
    except StripeDown:
        return page(request, currency, form, stamps.new(intent_id), DOWN)
    except StripeRefused:
        return page(request, currency, form, stamps.new(intent_id), REFUSED)
    if request.POST.get("confirmation"):
        return _to_ready_page(intent_id)
    return payment_pages.go_to(request, address)
