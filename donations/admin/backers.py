"""Backers: found by any of their addresses, and what may be done to one (`donations.admin.backer_pages`)."""

from django import forms
from django.contrib import admin
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from donations import dashboard, own_data, people
from donations.admin.backer_pages import BackerPages
from donations.admin.base import HANDLES_MONEY, Exported, MoneyAdmin, badge, day, told, told_day
from donations.models import Backer, BackerKey, Payment, Pledge


def _count(rows) -> Coalesce:
    """Counted per row of the list that is shown, not by a join over the whole ledger."""
    counted = rows.order_by().values("backer").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


class BackerForm(forms.ModelForm):
    class Meta:
        model = Backer
        fields = ["email", "name", "note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "email": "Where letters go. Earlier addresses still lead to this person.",
            "note": "For the treasurer. Forgetting the person empties it.",
        }

    def clean_email(self):
        email = self.cleaned_data["email"].strip()
        found = people.find(email, livemode=self.instance.livemode) if email else None
        if found and found.pk != self.instance.pk:
            raise forms.ValidationError(
                f"That address belongs to backer {found.pk}. If both are one person, join them."
            )
        return email


class GivesFilter(admin.SimpleListFilter):
    title = "gives"
    parameter_name = "gives"

    def lookups(self, request, model_admin):
        return [("pledge", "by a pledge"), ("once", "by gifts only"), ("forgotten", "was forgotten")]

    def queryset(self, request, queryset):
        giving = Pledge.objects.giving().values("backer")
        match self.value():
            case "pledge":
                return queryset.filter(pk__in=giving)
            case "once":
                return queryset.exclude(pk__in=giving).filter(forgotten_at=None)
            case "forgotten":
                return queryset.exclude(forgotten_at=None)
        return queryset


@admin.register(Backer)
class BackerAdmin(BackerPages, Exported, MoneyAdmin):
    form = BackerForm
    list_display = ["who", "email", "pledges_now", "payments_made", "since_day"]
    list_display_links = ["who"]
    list_filter = [GivesFilter]
    search_fields = ["email", "name", "=customers__stripe_id", "=pledges__stripe_id", "=payments__fact_key"]
    search_help_text = "Any address of theirs in any spelling, a name, or a number at Stripe."
    date_hierarchy = "created_at"
    readonly_fields = ["since", "news", "forgotten"]
    fieldsets = [(None, {"fields": ["email", "name", "note", "since", "news", "forgotten"]})]
    change_list_template = "admin/donations/backer/change_list.html"
    change_form_template = "admin/donations/backer/change_form.html"
    csv_header = ["number", "e-mail", "name", "known since", "pledges", "payments", "forgotten", "note"]

    def csv_row(self, backer: Backer):
        return [
            backer.pk, backer.email, backer.name, day(backer.created_at), backer.giving_count, backer.payment_count,
            day(backer.forgotten_at), backer.note,
        ]  # fmt: skip

    def get_queryset(self, request):
        own = OuterRef("pk")
        return (
            super()
            .get_queryset(request)
            .annotate(
                giving_count=_count(Pledge.objects.giving().filter(backer=own)),
                payment_count=_count(Payment.objects.counted().filter(backer=own)),
            )
        )

    def get_search_results(self, request, queryset, search_term):
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if "@" in search_term:
            known = BackerKey.objects.filter(email_hash=people.email_hash(search_term)).values("backer")
            found = queryset.filter(Q(pk__in=found.order_by().values("pk")) | Q(pk__in=known))
        return found, may_repeat

    def has_change_permission(self, request, obj=None):
        may_change = request.user.has_perm(HANDLES_MONEY) and request.user.has_perm("donations.change_backer")
        return may_change and not (obj and obj.forgotten_at)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        people.remember_key(obj, obj.email)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        backer = self.get_object(request, object_id)
        told = self.story_of(backer) if backer else {}
        return super().change_view(request, object_id, form_url, {**told, **(extra_context or {})})

    def story_of(self, backer: Backer) -> dict:
        pledges = backer.pledges.select_related("intent").order_by("-started_at")
        payments = backer.payments.prefetch_related("adjustments").select_related("matched").order_by("-succeeded_at")
        return {
            "pledges": list(pledges),
            "payments": list(payments[:100]),
            "customers": [(customer, dashboard.address(customer.stripe_id)) for customer in backer.customers.all()],
            "letters": list(own_data.letters_of(backer).order_by("-created_at")[:30]),
        }

    @admin.display(description="who", ordering="name")
    def who(self, backer):
        return str(backer)

    @admin.display(description="pledges", ordering="giving_count")
    def pledges_now(self, backer):
        if backer.forgotten_at:
            return badge("forgotten", "withdrawn")
        return badge(f"{backer.giving_count} giving", "published") if backer.giving_count else "—"

    @admin.display(description="payments", ordering="payment_count")
    def payments_made(self, backer):
        return backer.payment_count

    @admin.display(description="known since", ordering="created_at")
    def since_day(self, backer):
        return told_day(backer.created_at)

    @admin.display(description="known since")
    def since(self, backer):
        return told(backer.created_at)

    @admin.display(description="declined news")
    def news(self, backer):
        return told(backer.news_stopped_at) if backer.news_stopped_at else "no"

    @admin.display(description="forgotten")
    def forgotten(self, backer):
        return told(backer.forgotten_at) if backer.forgotten_at else "no"
