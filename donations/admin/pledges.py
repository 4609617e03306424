"""Pledges and what was taken back: as Stripe told it, to be read and found."""

from operator import itemgetter

from django.contrib import admin

from donations.admin.base import Exported, MoneyAdmin, badge, day, lines, row_link, stripe_link, told, told_day
from donations.admin.payments import money_or_none, sum_or_dash
from donations.models import Adjustment, Pledge


class RunningFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [
            ("giving", "giving"),
            ("ending", "set to end"),
            ("late", "not paid"),
            ("paused", "paused"),
            ("ended", "ended"),
        ]

    def queryset(self, request, queryset):
        match self.value():
            case "giving":
                return queryset.giving().filter(ends_at=None)
            case "ending":
                return queryset.not_ended().exclude(ends_at=None)
            case "late":
                return queryset.filter(status__in=[Pledge.Status.PAST_DUE, Pledge.Status.UNPAID])
            case "paused":
                return queryset.not_ended().filter(is_paused=True)
            case "ended":
                return queryset.filter(status__in=Pledge.ENDED)
        return queryset


def state_of(pledge: Pledge):
    """The one thing about a pledge that matters most."""
    if pledge.status in Pledge.ENDED:
        return badge("ended", "withdrawn")
    if pledge.is_paused:
        return badge("paused", "scheduled")
    if pledge.status in (Pledge.Status.PAST_DUE, Pledge.Status.UNPAID):
        return badge("not paid", "alarm")
    if pledge.ends_at:
        return badge("set to end", "scheduled")
    return badge(pledge.get_status_display(), "published" if pledge.is_giving else "")


@admin.register(Pledge)
class PledgeAdmin(Exported, MoneyAdmin):
    list_display = ["money", "state", "backer", "started_on", "next_on", "at_stripe"]
    list_display_links = ["money"]
    list_filter = [RunningFilter, "currency"]
    list_select_related = ("backer",)
    search_fields = ["=stripe_id", "=customer__stripe_id", "backer__email", "backer__name"]
    date_hierarchy = "started_at"
    fieldsets = [
        (None, {"fields": ["money", "state", "whose", "at_stripe", "customer_at_stripe"]}),
        ("When", {"fields": ["started", "anchor", "next_charge", "ends", "ended", "cancel_reason"]}),
        ("What was said", {"fields": ["public_name", "message", "came_from"]}),
        ("Its charges", {"fields": ["charges"]}),
    ]
    csv_header = ["subscription", "backer", "e-mail", "amount", "currency", "state", "paused", "since", "next charge",
                  "set to end", "ended", "reason for ending"]  # fmt: skip

    def csv_row(self, pledge: Pledge):
        return [
            pledge.stripe_id, pledge.backer_id, pledge.backer.email, pledge.amount.decimal, pledge.currency,
            pledge.get_status_display(), "yes" if pledge.is_paused else "no", day(pledge.started_at),
            day(pledge.next_charge_at), day(pledge.ends_at), day(pledge.ended_at), pledge.cancel_reason,
        ]  # fmt: skip

    @admin.display(description="amount", ordering="amount_minor")
    def money(self, pledge):
        return pledge.amount.with_code

    @admin.display(description="state")
    def state(self, pledge):
        return state_of(pledge)

    @admin.display(description="backer")
    def whose(self, pledge):
        return row_link(pledge.backer)

    @admin.display(description="since", ordering="started_at")
    def started(self, pledge):
        return told(pledge.started_at)

    @admin.display(description="since", ordering="started_at")
    def started_on(self, pledge):
        return told_day(pledge.started_at)

    @admin.display(description="next charge", ordering="next_charge_at")
    def next_on(self, pledge):
        return told_day(pledge.next_charge_at) if pledge.status not in Pledge.ENDED else "—"

    @admin.display(description="anchor")
    def anchor(self, pledge):
        return told(pledge.anchor_at)

    @admin.display(description="next charge", ordering="next_charge_at")
    def next_charge(self, pledge):
        return told(pledge.next_charge_at) if pledge.status not in Pledge.ENDED else "—"

    @admin.display(description="set to end")
    def ends(self, pledge):
        return told(pledge.ends_at)

    @admin.display(description="ended")
    def ended(self, pledge):
        return told(pledge.ended_at)

    @admin.display(description="at Stripe")
    def at_stripe(self, pledge):
        return stripe_link(pledge.stripe_id)

    @admin.display(description="customer at Stripe")
    def customer_at_stripe(self, pledge):
        return stripe_link(pledge.customer.stripe_id)

    @admin.display(description="name to be shown")
    def public_name(self, pledge):
        return said(pledge.intent, "public_name")

    @admin.display(description="message")
    def message(self, pledge):
        return said(pledge.intent, "message")

    @admin.display(description="came from")
    def came_from(self, pledge):
        return said(pledge.intent, "came_from")

    @admin.display(description="charges")
    def charges(self, pledge):
        return lines(
            f"{told(invoice.period_start)}: {invoice.amount.with_code}, {invoice.get_status_display()}"
            for invoice in pledge.invoices.order_by("-period_start")
        )


def said(intent, field: str) -> str:
    return (getattr(intent, field) if intent else "") or "—"


class StateFilter(admin.SimpleListFilter):
    """By how Stripe calls it, told as the list tells it."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        found = set(model_admin.get_queryset(request).order_by().values_list("status", flat=True))
        return sorted(((status, Adjustment.STATES.get(status, status)) for status in found), key=itemgetter(1))

    def queryset(self, request, queryset):
        return queryset.filter(status=self.value()) if self.value() else queryset


class TakenBackFilter(admin.SimpleListFilter):
    title = "money"
    parameter_name = "money"

    def lookups(self, request, model_admin):
        return [("back", "taken back"), ("here", "still here")]

    def queryset(self, request, queryset):
        match self.value():
            case "back":
                return queryset.taking_back()
            case "here":
                return queryset.filter(takes_back=False)
        return queryset


@admin.register(Adjustment)
class AdjustmentAdmin(Exported, MoneyAdmin):
    """Refunds and disputes. They are made on a payment's own page, or at Stripe."""

    mode_field = "payment__livemode"
    list_display = ["money", "kind", "state", "counts", "payment", "occurred_on"]
    list_filter = ["kind", TakenBackFilter, StateFilter]
    list_select_related = ("payment__backer",)
    search_fields = ["=fact_key", "=payment__fact_key", "payment__backer__email"]
    date_hierarchy = "occurred_at"
    ordering = ["-occurred_at", "-pk"]  # as every other list here: what came last is looked for first
    fields = ["money", "kind", "state", "counts", "reason", "fee", "of_payment", "whose", "occurred", "at_stripe"]
    csv_header = [
        "number", "kind", "status", "taken back", "amount", "currency", "payment", "on", "reason", "fee", "fee in",
    ]  # fmt: skip

    def csv_row(self, row: Adjustment):
        return [
            row.fact_key, row.get_kind_display(), row.status, "yes" if row.takes_back else "no", row.amount.decimal,
            row.payment.currency, row.payment.fact_key, day(row.occurred_at), row.reason,
            money_or_none(row.fee_minor, row.fee_currency), row.fee_currency,
        ]  # fmt: skip

    @admin.display(description="amount", ordering="amount_minor")
    def money(self, row):
        return row.amount.with_code

    @admin.display(description="state", ordering="status")
    def state(self, row):
        return row.state_in_words

    @admin.display(description="taken back", boolean=True)
    def counts(self, row):
        return row.takes_back

    @admin.display(description="Stripe's fee")
    def fee(self, row):
        return sum_or_dash(row.fee_minor, row.fee_currency)

    @admin.display(description="payment")
    def of_payment(self, row):
        return row_link(row.payment)

    @admin.display(description="backer")
    def whose(self, row):
        return row_link(row.payment.backer)

    @admin.display(description="on", ordering="occurred_at")
    def occurred(self, row):
        return told(row.occurred_at)

    @admin.display(description="on", ordering="occurred_at")
    def occurred_on(self, row):
        return told_day(row.occurred_at)

    @admin.display(description="at Stripe")
    def at_stripe(self, row):
        return stripe_link(row.payment.fact_key, row.fact_key)
