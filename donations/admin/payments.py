"""Payments: read-only but for what their own pages ask first (`donations.admin.gifts`, `donations.admin.refunds`)."""

from decimal import Decimal

from django.conf import settings
from django.contrib import admin
from django.db.models import Q

from donations import people
from donations.admin.base import Exported, MoneyAdmin, badge, day, lines, row_link, stripe_link, told, told_day
from donations.admin.gifts import GiftPages
from donations.admin.refunds import RefundPages, left_of
from donations.figures import to_the_cent
from donations.models import BackerKey, Payment
from donations.money import Money
from donations.quarters import Quarter

YEARS = range(2000, 3000)


class QuarterFilter(admin.SimpleListFilter):
    title = "quarter it backs"
    parameter_name = "backs"

    def lookups(self, request, model_admin):
        quarters = model_admin.get_queryset(request).order_by().values_list("quarter", flat=True).distinct()
        return [(quarter.ordinal, str(quarter)) for quarter in sorted(quarters, reverse=True)]

    def queryset(self, request, queryset):
        value = self.value() or ""
        number = int(value) if value.isdecimal() and len(value) < 6 else 0
        quarter = Quarter.from_ordinal(number)
        return queryset.filter(quarter=quarter) if quarter.year in YEARS else queryset


class TroubleFilter(admin.SimpleListFilter):
    title = "trouble"
    parameter_name = "trouble"

    def lookups(self, request, model_admin):
        return [
            ("warned", "warned of fraud"),
            ("disputed", "disputed"),
            ("returned", "something returned"),
            ("rate", "without a rate"),
        ]

    def queryset(self, request, queryset):
        match self.value():
            case "warned":
                return queryset.exclude(fraud_warned_at=None)
            case "disputed":
                return queryset.filter(adjustments__kind="dispute").distinct()
            case "returned":
                return queryset.filter(adjustments__takes_back=True).distinct()
            case "rate":
                return queryset.without_rate()
        return queryset


@admin.register(Payment)
class PaymentAdmin(GiftPages, RefundPages, Exported, MoneyAdmin):
    list_display = ["money", "state", "backer", "kind", "came_on", "backs"]
    list_display_links = ["money"]
    list_filter = [QuarterFilter, TroubleFilter, "kind", "method", "currency"]
    list_select_related = ("backer",)
    search_fields = ["=fact_key", "=payment_intent", "=customer__stripe_id", "backer__email", "backer__name"]
    search_help_text = "An e-mail, a name, or a number at Stripe (ch_…, pi_…, cus_…)."
    date_hierarchy = "succeeded_at"
    change_list_template = "admin/donations/payment/change_list.html"
    change_form_template = "admin/donations/payment/change_form.html"
    fieldsets = [
        (None, {"fields": ["money", "state", "whose", "kind", "method", "at_stripe"]}),
        ("When, and what it backs", {"fields": ["came", "backs", "of_pledge", "noted"]}),
        ("In the base currency", {"fields": ["rate_told", "base"]}),
        ("At Stripe", {"fields": ["settled", "fee", "warned"]}),
        ("Taken back", {"fields": ["taken_back", "twin"]}),
        ("What was said", {"fields": ["public_name", "message", "came_from", "note"]}),
    ]
    csv_related = ("backer", "pledge", "matched")
    csv_header = [
        "number", "backer", "e-mail", "amount", "currency", "returned", "kind", "method", "paid", "backs", "pledge",
        "rate", "rate dated", "in the base currency", "settled", "settled in", "fee", "matched with", "note",
    ]  # fmt: skip

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("adjustments")

    def get_search_results(self, request, queryset, search_term):
        """An address finds its person however it is spelled, and whatever it was when the payment was made."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if "@" in search_term:
            known = BackerKey.objects.filter(email_hash=people.email_hash(search_term)).values("backer")
            found = queryset.filter(Q(pk__in=found.values("pk")) | Q(backer__in=known))
        return found, may_repeat

    def change_view(self, request, object_id, form_url="", extra_context=None):
        payment = self.get_object(request, object_id)
        context = {"has_match_permission": self.has_add_permission(request)}
        context["can_give_back"] = payment is not None and bool(left_of(payment))
        return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})

    def csv_row(self, payment: Payment):
        return [
            payment.fact_key, payment.backer_id, payment.backer.email, payment.amount.decimal, payment.currency,
            returned(payment).decimal, payment.get_kind_display(), payment.get_method_display(),
            day(payment.succeeded_at), str(payment.quarter), payment.pledge.stripe_id if payment.pledge_id else "",
            payment.rate, payment.rate_dated_on.isoformat() if payment.rate_dated_on else "", in_base(payment),
            money_or_none(payment.settled_minor, payment.settled_currency), payment.settled_currency,
            money_or_none(payment.fee_minor, payment.settled_currency),
            payment.matched.fact_key if payment.matched_id else "", payment.note,
        ]  # fmt: skip

    # What the list and the page show

    @admin.display(description="amount", ordering="amount_minor")
    def money(self, payment):
        return payment.amount.with_code

    @admin.display(description="state")
    def state(self, payment):
        return state_of(payment)

    @admin.display(description="backer")
    def whose(self, payment):
        return row_link(payment.backer)

    @admin.display(description="paid", ordering="succeeded_at")
    def came(self, payment):
        return told(payment.succeeded_at)

    @admin.display(description="paid", ordering="succeeded_at")
    def came_on(self, payment):
        return told_day(payment.succeeded_at)

    @admin.display(description="backs", ordering="quarter")
    def backs(self, payment):
        return str(payment.quarter)

    @admin.display(description="pledge")
    def of_pledge(self, payment):
        return row_link(payment.pledge) if payment.pledge else "—"

    @admin.display(description="recorded")
    def noted(self, payment):
        by = f" by {payment.recorded_by}" if payment.recorded_by else ""
        return f"{told(payment.recorded_at)}{by}"

    @admin.display(description="at Stripe")
    def at_stripe(self, payment):
        return stripe_link(payment.fact_key) if payment.kind != Payment.Kind.OFFLINE else "not through Stripe"

    @admin.display(description="rate")
    def rate_told(self, payment):
        if payment.rate is None:
            return "none yet: the amount is shown apart until there is one"
        return f"{payment.rate.normalize():f}, of {payment.rate_dated_on:%-d %B %Y}"

    @admin.display(description="comes to")
    def base(self, payment):
        if payment.base_micro is None:
            return "—"
        return to_the_cent(payment.base_micro, settings.BASE_CURRENCY).with_code

    @admin.display(description="settled")
    def settled(self, payment):
        return sum_or_dash(payment.settled_minor, payment.settled_currency)

    @admin.display(description="fee")
    def fee(self, payment):
        return sum_or_dash(payment.fee_minor, payment.settled_currency)

    @admin.display(description="warned of fraud")
    def warned(self, payment):
        return told(payment.fraud_warned_at)

    @admin.display(description="taken back")
    def taken_back(self, payment):
        return lines(
            f"{told_day(each.occurred_at)}: {each.amount.with_code}, {each.get_kind_display()}, {each.state_in_words}"
            for each in payment.adjustments.all()
        )

    @admin.display(description="the same gift as")
    def twin(self, payment):
        if payment.matched:
            return row_link(payment.matched)
        twin = payment.offline_twins.first()
        return row_link(twin, f"the offline gift {twin}") if twin else "—"

    @admin.display(description="name to be shown")
    def public_name(self, payment):
        return (payment.intent.public_name if payment.intent else "") or "—"

    @admin.display(description="message")
    def message(self, payment):
        return (payment.intent.message if payment.intent else "") or "—"

    @admin.display(description="came from")
    def came_from(self, payment):
        return (payment.intent.came_from if payment.intent else "") or "—"


def returned(payment: Payment) -> Money:
    """From rows that are loaded already; never more than was paid."""
    back = sum(each.amount_minor for each in payment.adjustments.all() if each.takes_back)
    return Money(min(back, payment.amount_minor), payment.currency)


def in_base(payment: Payment):
    return None if payment.base_micro is None else Decimal(payment.base_micro).scaleb(-6)


def money_or_none(minor: int | None, currency: str):
    return None if minor is None else Money(minor, currency).decimal


def sum_or_dash(minor: int | None, currency: str) -> str:
    return "—" if minor is None else Money(minor, currency).with_code


def state_of(payment: Payment):
    back = returned(payment)
    if payment.matched_id:
        return badge("matched, counts there", "scheduled")
    if back.minor == payment.amount_minor:
        return badge("returned", "withdrawn")
    if any(each.is_open for each in payment.adjustments.all()):
        return badge("disputed", "alarm")
    if payment.fraud_warned_at and not back:
        return badge("warned of fraud", "alarm")
    if back:
        return badge(f"{back} returned", "scheduled")
    return badge("no rate yet", "alarm") if payment.rate is None else badge("paid", "published")
