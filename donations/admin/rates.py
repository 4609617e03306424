"""Exchange rates: what the bank told, what waits for a person, which days are missing, and entering one by hand."""

from decimal import Decimal

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from donations import ledger, rates
from donations.admin.base import HANDLES_MONEY, MoneyAdmin, badge, told
from donations.admin.forms import DayInput
from donations.models import ExchangeRate
from foundation import clock

_BADGES = {"accepted": "published", "waiting": "alarm", "refused": "withdrawn"}
GAPS_SHOWN = 40
NO_RATE = "A rate is a number above zero, for example 1.0821."


class RateForm(forms.Form):
    currency = forms.ChoiceField(choices=lambda: [(code, code) for code in rates.wanted()])
    dated_on = forms.DateField(label="Of the day", widget=DayInput)
    rate = forms.DecimalField(
        min_value=Decimal("0.0000000001"),
        max_digits=20,
        decimal_places=10,
        error_messages={"required": NO_RATE, "invalid": NO_RATE, "min_value": NO_RATE},
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "vMoneyField", "autocomplete": "off"}),
    )
    is_sure = forms.BooleanField(
        required=False,
        label="I have checked it",
        help_text="Needed only when it is far from the rate before it.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rate"].help_text = f"What one unit was worth in {settings.BASE_CURRENCY}, for example 1.0821."


@admin.register(ExchangeRate)
class ExchangeRateAdmin(MoneyAdmin):
    mode_field = ""
    list_display = ["day", "currency", "value", "state", "source"]
    list_display_links = ["day"]
    list_filter = ["status", "currency", "source"]
    list_select_related = ("recorded_by",)
    date_hierarchy = "dated_on"
    actions = ["accept", "refuse"]
    fields = ["day", "currency", "base", "value", "state", "source", "written", "entered"]
    change_list_template = "admin/donations/exchangerate/change_list.html"

    def get_urls(self):
        return [self.page_of(self.fetch_view, "fetch/", "fetch"), *super().get_urls()]

    def get_queryset(self, request):
        """The demo's invented rates reach years ahead."""
        return super().get_queryset(request).known_on(clock.now().date())

    def has_add_permission(self, request):
        return request.user.has_perm(HANDLES_MONEY) and request.user.has_perm("donations.add_exchangerate")

    def has_decide_permission(self, request):
        return self.has_add_permission(request)

    def changelist_view(self, request, extra_context=None):
        gaps = rates.gaps() if self.has_view_permission(request) else []
        context = {
            "gaps": gaps[:GAPS_SHOWN],
            "more_gaps": max(0, len(gaps) - GAPS_SHOWN),
            "can_fetch": bool(settings.ECB_DAILY_URL) and self.has_add_permission(request),
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        initial = {name: request.GET[name] for name in ("currency", "dated_on") if name in request.GET}
        form = RateForm(request.POST or None, initial=initial)
        if request.method == "POST" and form.is_valid() and self._entered(request, form):
            return HttpResponseRedirect(self.address_of("changelist"))
        return self.page(request, "exchangerate/enter.html", "Enter a rate", form=form, media=self.media + form.media)

    def _entered(self, request, form: RateForm) -> bool:
        typed = form.cleaned_data
        try:
            row = rates.enter(
                typed["currency"], typed["dated_on"], typed["rate"], by=request.user, is_sure=typed["is_sure"]
            )
        except rates.NotEntered as refusal:
            form.add_error("rate", str(refusal))
            return False
        self.log_addition(request, row, f"Entered: {row}.")
        messages.success(request, f"Entered: {row}.{self._pinned()}")
        return True

    @method_decorator(require_POST)
    def fetch_view(self, request):
        if not self.has_add_permission(request):
            raise PermissionDenied
        try:
            stored = rates.fetch_daily()
        except rates.NotFetched as trouble:
            messages.error(request, f"Nothing was changed: {trouble}")
        else:
            waiting = f" {stored.waiting} wait for you." if stored.waiting else ""
            messages.success(request, f"{stored.accepted} new rates.{waiting}{self._pinned()}")
        return HttpResponseRedirect(self.address_of("changelist"))

    @admin.action(
        description="The rate is right",
        permissions=["decide"],
        location=[ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM],
    )
    def accept(self, request, queryset):
        self._decide(request, queryset, rates.accept, "accepted")

    @admin.action(
        description="The rate is wrong",
        permissions=["decide"],
        location=[ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM],
    )
    def refuse(self, request, queryset):
        self._decide(request, queryset, rates.refuse, "refused")

    def _decide(self, request, queryset, verb, word: str) -> None:
        decided = 0
        for row in queryset.order_by("dated_on"):
            try:
                verb(row, by=request.user)
            except rates.NotEntered as refusal:
                messages.warning(request, f"{row}: {refusal}")
            else:
                self.log_change(request, row, f"Decided: {word}.")
                decided += 1
        if decided:
            messages.success(request, f"{decided} {word}.{self._pinned()}")

    def _pinned(self) -> str:
        """Payments that waited for this have their rate at once."""
        pinned = ledger.pin_rates()
        if not pinned:
            return ""
        return " 1 payment has its rate now." if pinned == 1 else f" {pinned} payments have their rate now."

    @admin.display(description="day", ordering="dated_on")
    def day(self, row):
        return f"{row.dated_on:%-d %b %Y}"

    @admin.display(description="rate", ordering="rate")
    def value(self, row):
        return "no figure" if row.rate is None else f"1 {row.currency} = {row.rate.normalize():f} {row.base}"

    @admin.display(description="state", ordering="status")
    def state(self, row):
        return badge(row.get_status_display(), _BADGES[row.status])

    @admin.display(description="entered")
    def entered(self, row):
        return f"{told(row.recorded_at)}{f' by {row.recorded_by}' if row.recorded_by else ''}"
