"""
Where the payment page leads: to the thanks page, before or after Stripe's own word has arrived, or back to the form
with what was typed. None of these pages tells anything of earlier pledges.
"""

import datetime as dt
import functools
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from donations import (
    backing_cookie,
    browser,
    defence,
    doubles,
    ground,
    ledger,
    managing,
    payment_pages,
    periods,
    stamps,
    stripe_gateway,
    sync,
)
from donations.forms import PledgeForm, typed
from donations.mode import is_live, pledging_is_possible
from donations.models import Contribution, Currency, Intent, Pledge
from donations.quarters import Quarter
from donations.stripe_gateway import StripeDown, StripeRefused
from donations.views import support
from foundation import clock, limits, remote_addr

logger = logging.getLogger(__name__)

_SESSION = re.compile(r"cs_[A-Za-z0-9_]{8,240}\Z")
ASKED_PER_NETWORK = 30  # of Stripe, in ten minutes: whoever reloads more often is shown what we know


@dataclass(frozen=True)
class Outcome:
    """What the page tells of one intent. `state` is done, settling, bounced, gone, open, expired or unknown."""

    state: str
    quarter: Quarter | None = None
    starts_at: dt.datetime | None = None  # of a pledge whose first charge is still to come
    twin: Intent | None = None


@never_cache
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    session_id = request.GET.get("session_id", "")
    if not _SESSION.match(session_id):
        raise Http404
    intent = Intent.objects.filter(session_id=session_id, livemode=is_live()).select_related("replaces").first()
    if intent is None:
        raise Http404
    state = ""
    if not _is_counted(intent):
        state = _ask_stripe(request, intent)
        intent.refresh_from_db()
    outcome = _outcome(request, intent, state)
    response = render(request, "donations/thanks.html", {"outcome": outcome, "intent": intent})
    _spare(request, response, intent, outcome)
    return response


def _spare(request: HttpRequest, response: HttpResponse, intent: Intent, outcome: Outcome) -> None:
    """The ask: as long as is paid or promised, and only for some days while a bank may still refuse."""
    if outcome.state == "settling":
        until = clock.now() + managing.SPARED_WHILE_SETTLING
        known = backing_cookie.backs_until(request)
        if known is None or known < timezone.localtime(until, periods.zone()).date():
            backing_cookie.remember(response, until)
    elif outcome.quarter:
        ahead = managing.QUARTERS_AHEAD if intent.kind == Intent.Kind.QUARTERLY else 0
        backing_cookie.remember(response, periods.end_of(outcome.quarter.plus(ahead)) - managing.ONE_SECOND)


@never_cache
@require_safe
@payment_pages.leads_there
def back(request: HttpRequest) -> HttpResponse:
    """The form again, for the same intent: sending it unchanged leads to the payment page that is still open."""
    return _gone_on_with(request, functools.partial(support.page, is_back=True))


@never_cache
@require_safe
@payment_pages.leads_there
def ready(request: HttpRequest) -> HttpResponse:
    """After the slower step: what was typed, and the button to the payment page that was made for it."""
    return _gone_on_with(request, _ready)


def _ready(request: HttpRequest, currency: Currency, form: PledgeForm, stamp: str) -> HttpResponse:
    intent = stamps.read(stamp).intent_id
    context = {
        "intent": Intent.objects.get(pk=intent),
        "stamp": stamp,
        "action": support.address_in(currency.code),
        "carried": [(name, "on" if value is True else value) for name, value in form.initial.items() if value],
        "change": f"{reverse('support_back')}?{urlencode({'intent': stamps.name(intent)})}",
    }
    return render(request, "donations/ready.html", context)


def _gone_on_with(request: HttpRequest, show: Callable[..., HttpResponse]) -> HttpResponse:
    """A page of the intent that the address names, in the browser that it was begun in and while nothing is paid."""
    try:
        intent = Intent.objects.filter(pk=stamps.named(request.GET.get("intent", ""))).first()
    except stamps.StampUnusable:
        intent = None
    if intent is None or not intent.browser_hash or intent.browser_hash != browser.hash_of(request):
        return redirect("support")
    if intent.status == Intent.Status.COMPLETED:
        return support.thanks_for(intent)
    currency = Currency.objects.offered().filter(pk=intent.currency).first()
    if currency is None or not pledging_is_possible():
        return redirect("support")
    form = PledgeForm(currency=currency, initial=typed(intent, currency))
    return show(request, currency, form, stamps.new(intent.pk))


def _is_counted(intent: Intent) -> bool:
    """Whether the ledger has it already: then Stripe need not be asked."""
    return intent.status == Intent.Status.COMPLETED and _contributions(intent).exists()


def _contributions(intent: Intent):
    of_pledge = Contribution.objects.filter(pledge__intent=intent)
    return of_pledge if of_pledge.exists() else Contribution.objects.filter(payment__intent=intent)


def _ask_stripe(request: HttpRequest, intent: Intent) -> str:
    """
    Brings what Stripe knows into the ledger. `unknown` when it cannot be asked; `settling` for a debit from a bank
    account, which is finished at the payment page and no money yet.
    """
    who = remote_addr.network(remote_addr.client_address(request))
    if not limits.hit("support.thanks", who, limit=ASKED_PER_NETWORK, window=defence.SPAN):
        return "unknown"
    try:
        with stripe_gateway.hurried():
            session = sync.sync_session(intent.session_id)
    except (StripeDown, StripeRefused):
        return "unknown"
    except (ledger.Refused, ledger.NotOurs, ledger.PledgeMissing, ledger.PaymentMissing, ground.GroundMoved):
        logger.exception("What Stripe says of intent %s does not fit what was asked", intent.pk)
        return "unknown"
    if session.has_bounced:
        return "bounced"
    return "settling" if session.status == "complete" and session.is_processing else ""


def _outcome(request: HttpRequest, intent: Intent, state: str) -> Outcome:
    brought = _contributions(intent)
    found = brought.exclude(state=Contribution.State.GONE).order_by("quarter").first()
    if found:
        starts_at = _starts_at(intent)
        has_paid = found.state == Contribution.State.PAID
        twin = doubles.twin_of(intent) if intent.browser_hash == browser.hash_of(request) else None
        return Outcome("done" if has_paid or starts_at else "settling", found.quarter, starts_at, twin)
    if intent.status == Intent.Status.COMPLETED:
        return Outcome(_without_money(intent) if brought.exists() else "settling")
    return Outcome(state or ("expired" if intent.status == Intent.Status.EXPIRED else "open"))


def _without_money(intent: Intent) -> str:
    """Why nothing of a completed intent counts: a first debit may still come, or have bounced."""
    pledge = getattr(intent, "pledge", None)
    if pledge is None or pledge.payments.exists() or not pledge.invoices.exists():
        return "gone"
    return "settling" if pledge.invoices.filter(is_processing=True).exists() else "bounced"


def _starts_at(intent: Intent) -> dt.datetime | None:
    pledge = getattr(intent, "pledge", None)
    if pledge and pledge.status == Pledge.Status.TRIALING:
        return pledge.next_charge_at
    return None
