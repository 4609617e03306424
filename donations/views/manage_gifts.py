"""What a backer has given so far: every payment with what became of it, receipts, the name shown for it, all data."""

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from donations import cache_tags, own_data
from donations.forms import NameForm
from donations.manage_access import for_backer
from donations.models import Backer, Intent
from donations.views.support import UNPROCESSABLE
from foundation import clock


@require_safe
@for_backer
def history(request: HttpRequest, backer: Backer) -> HttpResponse:
    payments = _payments(backer).select_related("intent__dedication", "pledge", "invoice")
    payments = payments.prefetch_related("adjustments")
    return render(request, "donations/manage_history.html", {"backer": backer, "payments": payments})


@require_safe
@for_backer
def receipt(request: HttpRequest, backer: Backer, number: int) -> HttpResponse:
    payment = get_object_or_404(_payments(backer).prefetch_related("adjustments"), pk=number)
    told = {"backer": backer, "payment": payment, "tax_wording": settings.RECEIPT_TAX_WORDING}
    return render(request, "donations/manage_receipt.html", told)


@require_http_methods(["GET", "HEAD", "POST"])
@for_backer
def name(request: HttpRequest, backer: Backer, intent_id) -> HttpResponse:
    """The name and the message of one gift or pledge. What is new or changed waits for an editor again."""
    intent = _own_intent_or_404(backer, intent_id)
    if request.method == "POST":
        form = NameForm(request.POST)
        if form.is_valid():
            _keep(intent, form.cleaned_data)
            return redirect(f"{reverse('manage_pledges')}?done=name")
    else:
        form = NameForm(
            initial={
                "show_name": intent.name_status in (Intent.NameStatus.PENDING, Intent.NameStatus.APPROVED),
                "public_name": intent.public_name,
                "message": intent.message,
            }
        )
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "donations/manage_name.html", {"form": form, "intent": intent}, status=status)


@require_safe
@for_backer
def export(request: HttpRequest, backer: Backer) -> HttpResponse:
    """Everything known of this person, for keeping."""
    response = JsonResponse(own_data.of(backer), json_dumps_params={"indent": 2, "ensure_ascii": False})
    response.headers["Content-Disposition"] = f'attachment; filename="your-pledges-{clock.now():%Y-%m-%d}.json"'
    return response


def _payments(backer: Backer):
    """Newest first; an offline gift that turned out to be a payment at Stripe stands there once."""
    return backer.payments.filter(livemode=backer.livemode).counted()


def _own_intent_or_404(backer: Backer, intent_id) -> Intent:
    of_pledge = Intent.objects.filter(pledge__backer=backer)
    of_gift = Intent.objects.filter(payments__backer=backer)
    return get_object_or_404((of_pledge | of_gift).distinct(), pk=intent_id, livemode=backer.livemode)


@transaction.atomic
def _keep(intent: Intent, told: dict) -> None:
    is_changed = (told["public_name"], told["message"]) != (intent.public_name, intent.message)
    status = intent.name_status
    if not told["show_name"]:
        status = Intent.NameStatus.HIDDEN
    elif is_changed or status == Intent.NameStatus.HIDDEN:
        status = Intent.NameStatus.PENDING
    intent.public_name, intent.message, intent.name_status = told["public_name"], told["message"], status
    intent.save(update_fields=["public_name", "message", "name_status"])
    cache_tags.names_changed()  # of one that is empty now its row does not tell that it was shown
