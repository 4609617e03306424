"""Bans to see, lift, add and note; visits to read; the trap's settings and the rules of robots.txt."""

import datetime as dt

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse

from bottrap import arming, bans, cache_tags, export, networks, never
from bottrap.models import Ban, CrawlRule, Hit, PublishedRange, TrapSettings
from foundation import clock

LONGEST_DAYS = 365


class NewBanForm(forms.ModelForm):
    address = forms.GenericIPAddressField(
        help_text="One address. Of an IPv6 address the whole /64 is banned, since one visitor commands all of it."
    )
    days = forms.IntegerField(min_value=1, max_value=LONGEST_DAYS, initial=1)

    class Meta:
        model = Ban
        fields = ["reason", "note"]

    def clean_address(self):
        address = self.cleaned_data["address"]
        network = networks.of_client(address)
        if why := never.reason(address, network):
            raise forms.ValidationError(f"{address} is never banned: {why}.")
        if Ban.objects.active().filter(network=network).exists():
            raise forms.ValidationError(f"{network} is banned already.")
        return address


class StandingFilter(admin.SimpleListFilter):
    title = "standing"
    parameter_name = "standing"

    def lookups(self, request, model_admin):
        return [("held", "in force"), ("over", "over or lifted")]

    def queryset(self, request, queryset):
        if self.value() == "held":
            return queryset.active()
        return queryset.exclude(pk__in=Ban.objects.active().values("pk")) if self.value() == "over" else queryset


@admin.register(Ban)
class BanAdmin(admin.ModelAdmin):
    change_list_template = "admin/bottrap/ban/change_list.html"
    list_display = ["network", "standing", "reason", "source", "times", "banned_at", "expires_at"]
    list_filter = [StandingFilter, "source", "lifted"]
    search_fields = ["network", "reason", "note"]
    date_hierarchy = "banned_at"
    list_per_page = 50
    actions = ["lift"]
    fields = [
        "network", "standing", "reason", "source", "times", "banned_at", "expires_at", "lifted", "lifted_at",
        "evidence", "note",
    ]  # fmt: skip
    add_fields = ["address", "days", "reason", "note"]

    def get_urls(self):
        view = self.admin_site.admin_view(self.export_view)
        return [path("deny.conf", view, name="bottrap_ban_export"), *super().get_urls()]

    def get_fields(self, request, obj=None):
        return self.add_fields if obj is None else self.fields

    def get_readonly_fields(self, request, obj=None):
        return [] if obj is None else [name for name in self.fields if name != "note"]

    def get_form(self, request, obj=None, **kwargs):
        if obj is None:
            return NewBanForm
        return super().get_form(request, obj, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Ban | None = None) -> bool:
        """A ban is lifted, and forgotten by the timer; deleted in between it would hold on in no list."""
        return False

    def has_lift_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("bottrap.change_ban")

    def save_model(self, request, obj, form, change):
        """Adding is the verb's business; of a ban that stands only the note is changed."""
        if change:
            Ban.objects.filter(pk=obj.pk).update(note=obj.note)
            return
        made = bans.ban(
            networks.of_client(form.cleaned_data["address"]),
            reason=obj.reason,
            evidence=f"by hand, by {request.user.pk}",
            source=Ban.Source.HAND,
            lasts=dt.timedelta(days=form.cleaned_data["days"]),
        )
        Ban.objects.filter(pk=made.pk).update(note=obj.note)
        obj.__dict__.update({name: value for name, value in made.__dict__.items() if name != "note"})

    @admin.display(description="standing")
    def standing(self, ban: Ban) -> str:
        if ban.lifted:
            return f"lifted {ban.get_lifted_display()}"
        return "in force" if ban.expires_at > clock.now() else "over"

    @admin.action(description="Lift", permissions=["lift"])
    def lift(self, request: HttpRequest, queryset) -> None:
        lifted = [ban for ban in queryset if bans.lift(ban.network, by=Ban.Lifted.STAFF)]
        for ban in lifted:
            self.log_change(request, ban, "Lifted.")
        self.message_user(request, f"{len(lifted)} lifted.", messages.SUCCESS if lifted else messages.WARNING)

    def export_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        response = HttpResponse(export.nginx_lines(), content_type="text/plain; charset=utf-8")
        response["Cache-Control"] = "no-store"
        return response


class ReadOnlyAdmin(admin.ModelAdmin):
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False


@admin.register(Hit)
class HitAdmin(ReadOnlyAdmin):
    list_display = ["at", "network", "step", "outcome", "reason", "agent"]
    list_filter = ["outcome", "step"]
    search_fields = ["network", "agent", "reason"]
    date_hierarchy = "at"


@admin.register(PublishedRange)
class PublishedRangeAdmin(ReadOnlyAdmin):
    list_display = ["network", "feed", "fetched_at"]
    list_filter = ["feed"]
    search_fields = ["network"]


@admin.register(CrawlRule)
class CrawlRuleAdmin(admin.ModelAdmin):
    list_display = ["agent", "verdict", "path"]
    list_filter = ["verdict"]


class SettingsForm(forms.ModelForm):
    close_breaker = forms.BooleanField(
        required=False, label="close the breaker", help_text="Ban again, after too many would have been banned at once."
    )

    class Meta:
        model = TrapSettings
        fields = ["is_on", "dry_run", "refuse_ai_crawlers", "ai_crawlers"]


@admin.register(TrapSettings)
class TrapSettingsAdmin(admin.ModelAdmin):
    form = SettingsForm
    fieldsets = [
        ("The trap", {"fields": ["is_on", "dry_run", "forbidden_since", "tripped_at", "close_breaker"]}),
        ("robots.txt", {"fields": ["refuse_ai_crawlers", "ai_crawlers"]}),
    ]
    readonly_fields = ["forbidden_since", "tripped_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def changelist_view(self, request, extra_context=None):
        return HttpResponseRedirect(reverse("admin:bottrap_trapsettings_change", args=[1]))

    def get_object(self, request, object_id, from_field=None):
        """A new site has no row yet; opening the form makes it, with its defaults."""
        if object_id == "1":
            TrapSettings.objects.get_or_create(pk=1)
        return super().get_object(request, object_id, from_field)

    def save_model(self, request, obj, form, change):
        """Only what the form holds: the breaker may trip while it is open."""
        names = {name: getattr(obj, name) for name in SettingsForm.Meta.fields}
        if form.cleaned_data["close_breaker"]:
            names["tripped_at"] = None
        TrapSettings.objects.filter(pk=1).update(**names)
        arming.remember(TrapSettings.load())
        cache_tags.settings_changed()
