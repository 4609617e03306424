"""Gifts that did not come through Stripe: entering one, and saying that it is a payment at Stripe after all, or not."""

import datetime as dt

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.utils.html import format_html

from donations import letters, offline, periods
from donations.admin.base import HANDLES_MONEY
from donations.admin.forms import AmountField, BackerField, CurrencyField, DayInput, KeyField, read_amount, read_backer
from donations.mode import is_live
from donations.models import Payment
from foundation import clock

ABOUT_THE_SAME_TIME = dt.timedelta(days=14)
SHOWN = 25
LONG_AGO = dt.timedelta(days=366)


def today() -> dt.date:
    return clock.now().astimezone(periods.zone()).date()


class GiftForm(forms.Form):
    amount = AmountField(help_text="As it arrived: 25, 10.50 or 1.000,00.")
    currency = CurrencyField()
    received_on = forms.DateField(
        label="Received on",
        initial=today,
        widget=DayInput,
        help_text="It backs the quarter after the one in which this day lies.",
    )
    method = forms.ChoiceField(
        label="Came by", choices=[choice for choice in Payment.Method.choices if choice[0] != Payment.Method.STRIPE]
    )
    backer = BackerField(
        required=False,
        label="From the backer",
        help_text="The number or an e-mail of somebody who is known. Leave it empty for somebody new.",
    )
    email = forms.EmailField(
        required=False, label="E-mail", help_text="Of somebody new; empty if nobody knows who it was."
    )
    name = forms.CharField(required=False, max_length=200, help_text="For letters. It is never shown to the public.")
    note = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="For the treasurer: the bank’s reference, who took the cash.",
    )
    is_sure = forms.BooleanField(
        required=False,
        label="The day is right",
        help_text="Needed only for a day more than a year ago: the figures begin with the first quarter of all.",
    )
    thank = forms.BooleanField(
        required=False,
        initial=True,
        label="Write thanks with a receipt",
        help_text="To the e-mail, if the gift is not older than a week.",
    )
    key = KeyField()

    def clean_received_on(self):
        received_on = self.cleaned_data["received_on"]
        if received_on > today():
            raise forms.ValidationError("That day has not come yet.")
        if received_on.year < 2000:
            raise forms.ValidationError("Is the year right?")
        return received_on

    def clean(self):
        cleaned = super().clean()
        self.money = self.backer = None
        if "amount" in cleaned and "currency" in cleaned:
            self.money = read_amount(self, "amount", cleaned["currency"])
            if self.money and self.money.minor >= offline.TOO_MUCH:
                self.add_error("amount", f"{self.money.with_code}? That is more than anybody has given. Look again.")
        received_on = cleaned.get("received_on")
        if received_on and today() - received_on > LONG_AGO and not cleaned.get("is_sure"):
            self.add_error("received_on", "That is more than a year ago. Check it, and say below that it is right.")
        if cleaned.get("backer"):
            self.backer = read_backer(self, "backer")
            if cleaned.get("email") or cleaned.get("name"):
                self.add_error("backer", "Either somebody known, or a new e-mail and name.")
        return cleaned

    def record(self, by) -> Payment:
        typed = self.cleaned_data
        fields = {name: typed[name] for name in ("email", "name", "received_on", "method", "note", "key")}
        return offline.record_offline_gift(backer=self.backer, money=self.money, by=by, **fields)


class GiftPages:
    def get_urls(self):
        return [
            self.page_of(self.match_view, "<int:object_id>/match/", "match"),
            *super().get_urls(),
        ]

    def has_add_permission(self, request):
        may_add = request.user.has_perm("donations.add_payment")
        return may_add and request.user.has_perm(HANDLES_MONEY)

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = GiftForm(request.POST or None, initial={"backer": request.GET.get("backer", "")})
        if request.method == "POST" and form.is_valid():
            payment = form.record(request.user)
            self.log_addition(request, payment, f"Entered an offline gift of {payment.amount.with_code}.")
            if form.cleaned_data["thank"]:
                letters.payment_recorded(payment)
            self._tell_of_gift(request, payment)
            return HttpResponseRedirect(self.address_of("change", payment.pk))
        return self.page(request, "payment/gift.html", "Enter a gift", form=form, media=self.media + form.media)

    def _tell_of_gift(self, request, payment: Payment) -> None:
        messages.success(request, f"Entered: {payment.amount.with_code}, which back {payment.quarter}.")
        if likely_twins(payment).exists():
            words = 'A payment of the same amount came through Stripe at that time. <a href="{}">Are they one gift?</a>'
            messages.warning(request, format_html(words, self.address_of("match", payment.pk)))

    def match_view(self, request, object_id):
        gift = self.find(request, object_id)
        if not self.has_add_permission(request) or gift.kind != Payment.Kind.OFFLINE:
            raise PermissionDenied
        if request.method == "POST" and self._matched(request, gift):
            return HttpResponseRedirect(self.address_of("change", gift.pk))
        context = {"gift": gift, "candidates": candidates(gift)[:SHOWN]}
        return self.page(request, "payment/match.html", "Is it a payment at Stripe?", **context)

    def _matched(self, request, gift: Payment) -> bool:
        if "_unmatch" in request.POST:
            offline.unmatch(gift)
            self.log_change(request, gift, "Parted from the payment at Stripe.")
            messages.success(request, "They are two gifts again, and both count.")
            return True
        chosen = request.POST.get("payment", "")
        payment = self.get_queryset(request).filter(pk=chosen).first() if chosen.isdecimal() else None
        if payment is None:
            messages.error(request, "Choose one of the payments.")
            return False
        try:
            offline.match(gift, payment)
        except offline.CannotMatch as refusal:
            messages.error(request, str(refusal))
            return False
        self.log_change(request, gift, f"Matched with the payment {payment.fact_key}.")
        messages.success(request, "They are one gift: it counts once, as the payment at Stripe.")
        return True


def candidates(gift: Payment):
    """Payments through Stripe of that amount which are nobody else's twin, the nearest in time first by their order."""
    return (
        Payment.objects.filter(livemode=is_live(), amount_minor=gift.amount_minor, currency=gift.currency)
        .exclude(kind=Payment.Kind.OFFLINE)
        .filter(offline_twins=None)
        .select_related("backer")
    )


def likely_twins(gift: Payment):
    around = (gift.succeeded_at - ABOUT_THE_SAME_TIME, gift.succeeded_at + ABOUT_THE_SAME_TIME)
    return candidates(gift).filter(succeeded_at__range=around)
