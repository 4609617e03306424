"""Bans to see, lift, add and note; visits to read; the trap's settings and the rules of robots.txt."""

import datetime as dt

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html

from bottrap import arming, bans, cache_tags, export, networks, trap_links
from bottrap.admin_forms import CrawlRuleForm, NewBanForm, SettingsForm, moment
from bottrap.models import Ban, CrawlRule, Hit, PublishedRange, TrapSettings
from foundation import clock
from foundation.admin_base import HeadedAdmin, ReadOnlyAdmin

NO_RANGES = "None: CRAWLER_RANGES names no list yet, or none could be fetched. Search engines are known by their names."


class StandingFilter(admin.SimpleListFilter):
    title = "standing"
    parameter_name = "standing"

    def lookups(self, request, model_admin):
        return [("held", "in force"), ("over", "over or lifted")]

    def queryset(self, request, queryset):
        if self.value() == "held":
            return queryset.active()
        return queryset.exclude(pk__in=Ban.objects.active().values("pk")) if self.value() == "over" else queryset


class TrapAdmin(HeadedAdmin):
    class Media:
        css = {"all": ["css/admin_trap.css"]}


@admin.register(Ban)
class BanAdmin(TrapAdmin):
    title_of_new = "Ban an address"
    change_form_template = "admin/bottrap/ban/change_form.html"
    change_list_template = "admin/bottrap/ban/change_list.html"
    list_display = ["network", "standing", "reason", "banned_at"]
    list_filter = [StandingFilter, "source", "lifted"]
    search_fields = ["network", "reason", "note"]
    search_help_text = "A part of an address, of a reason or of a note."
    date_hierarchy = "banned_at"
    list_per_page = 50
    actions = ["lift"]
    fieldsets = [
        (None, {"fields": ["standing", "reason", "source", "times", "banned_at"]}),
        ("What was seen", {"fields": ["evidence"]}),
        ("For colleagues", {"fields": ["note"]}),
    ]
    readonly_fields = ["standing", "reason", "source", "times", "banned_at", "evidence"]
    add_fieldsets = [(None, {"fields": ["address", "days", "reason", "note"]})]

    def get_urls(self):
        view = self.admin_site.admin_view(self.export_view)
        return [path("deny.conf", view, name="bottrap_ban_export"), *super().get_urls()]

    def get_list_display(self, request):
        return [*self.list_display, "act"] if self.has_lift_permission(request) else self.list_display

    def get_fieldsets(self, request, obj=None):
        return self.add_fieldsets if obj is None else self.fieldsets

    def get_readonly_fields(self, request, obj=None):
        return [] if obj is None else self.readonly_fields

    def get_form(self, request, obj=None, **kwargs):
        if obj is None:
            return type("NewBanForm", (NewBanForm,), {"request": request})
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
            evidence=f"By hand, by {request.user}.",
            source=Ban.Source.HAND,
            lasts=dt.timedelta(days=form.cleaned_data["days"]),
        )
        Ban.objects.filter(pk=made.pk).update(note=obj.note)
        obj.__dict__.update({name: value for name, value in made.__dict__.items() if name != "note"})

    @admin.display(description="standing", ordering="expires_at")
    def standing(self, ban: Ban) -> str:
        if ban.lifted:
            return f"lifted {ban.get_lifted_display()}, {moment(ban.lifted_at)}"
        word = "in force until" if ban.expires_at > clock.now() else "over since"
        return f"{word} {moment(ban.expires_at)}"

    @admin.display(description="", empty_value="")
    def act(self, ban: Ban) -> str:
        if ban.lifted or ban.expires_at <= clock.now():
            return ""
        named = f"Lift the ban of {ban.network}"
        return format_html(
            '<button type="submit" name="_lift" value="{}" aria-label="{}" class="lift">Lift</button>', ban.pk, named
        )

    @admin.action(description="Lift", permissions=["lift"])
    def lift(self, request: HttpRequest, queryset) -> None:
        lifted = [ban for ban in queryset if bans.lift(ban.network, by=Ban.Lifted.STAFF)]
        for ban in lifted:
            self.log_change(request, ban, "Lifted.")
        if len(lifted) == 1:
            words = f"{lifted[0].network} is not banned any more."
        else:
            words = f"{len(lifted)} bans lifted." if lifted else "Nothing to lift: over, or lifted already."
        self.message_user(request, words, messages.SUCCESS if lifted else messages.WARNING)

    def changelist_view(self, request, extra_context=None):
        """With a button in each row, beside the action for many."""
        if request.method == "POST" and "_lift" in request.POST:
            if not self.has_lift_permission(request):
                raise PermissionDenied
            pk = request.POST["_lift"]
            self.lift(request, self.get_queryset(request).filter(pk=pk if pk.isdecimal() else 0))
            return HttpResponseRedirect(request.get_full_path())
        return super().changelist_view(request, extra_context)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["can_lift"] = change and self.has_lift_permission(request) and Ban.objects.active().contains(obj)
        context |= {"show_save_and_add_another": add, "show_save_and_continue": False}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_change(self, request, obj):
        """The note was kept before."""
        if "_lift" not in request.POST:
            return super().response_change(request, obj)
        if not self.has_lift_permission(request):
            raise PermissionDenied
        self.lift(request, Ban.objects.filter(pk=obj.pk))
        return HttpResponseRedirect(request.path)

    def export_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        response = HttpResponse(export.nginx_lines(), content_type="text/plain; charset=utf-8")
        response["Cache-Control"] = "no-store"
        return response


@admin.register(Hit)
class HitAdmin(TrapAdmin, ReadOnlyAdmin):
    list_display = ["when", "network", "link", "outcome", "reason", "agent"]
    list_filter = ["outcome"]
    search_fields = ["network", "agent", "reason"]
    search_help_text = "A part of an address, of a User-Agent or of a reason."
    fields = ["when", "address", "network", "link", "outcome", "reason", "agent"]
    empty_value_display = ""
    readonly_fields = ["when", "link"]

    @admin.display(description="when", ordering="at")
    def when(self, hit: Hit) -> str:
        """By the site's clock, as everything else that is shown."""
        return moment(hit.at + clock.offset())

    @admin.display(description="link", ordering="step")
    def link(self, hit: Hit) -> str:
        return trap_links.NAMES.get(hit.step, str(hit.step))


@admin.register(PublishedRange)
class PublishedRangeAdmin(ReadOnlyAdmin):
    list_display = ["network", "feed", "fetched_at"]
    list_filter = ["feed"]
    search_fields = ["network"]

    def changelist_view(self, request, extra_context=None):
        told = {} if PublishedRange.objects.exists() else {"subtitle": NO_RANGES}
        return super().changelist_view(request, {**told, **(extra_context or {})})


@admin.register(CrawlRule)
class CrawlRuleAdmin(TrapAdmin):
    title_of_new = "Add a rule for crawlers"
    form = CrawlRuleForm
    list_display = ["agent", "verdict", "path"]
    list_filter = ["verdict"]


@admin.register(TrapSettings)
class TrapSettingsAdmin(TrapAdmin):
    form = SettingsForm
    readonly_fields = ["state"]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        return super().changeform_view(request, object_id, form_url, {"subtitle": "", **(extra_context or {})})

    def get_fieldsets(self, request, obj=None):
        """The breaker is only there while it is open."""
        breaker = ["close_breaker"] if obj and obj.tripped_at else []
        about = format_html(
            '<a href="{}">As crawlers read it now</a>. Single paths: <a href="{}">rules for crawlers</a>.',
            reverse("robots"),
            reverse("admin:bottrap_crawlrule_changelist"),
        )
        return [
            ("The trap", {"fields": ["state", *breaker, "is_on", "dry_run"]}),
            ("robots.txt", {"fields": ["refuse_ai_crawlers", "ai_crawlers"], "description": about}),
        ]

    @admin.display(description="state")
    def state(self, kept: TrapSettings) -> str:
        if not kept.is_on:
            return "Not laid: no page carries its links, and nobody is banned."
        if kept.forbidden_since is None:
            return "It bites three days after robots.txt is first asked for."
        since, armed = moment(kept.forbidden_since), moment(kept.forbidden_since + arming.AFTER)
        if not arming.bites(kept):
            return f"It bites from {armed}, three days after robots.txt first forbade it ({since})."
        if kept.tripped_at:
            return f"The breaker is open since {moment(kept.tripped_at)}: nobody is banned."
        said = "Dry run: it writes down whom it would ban, and bans nobody." if kept.dry_run else "It bites."
        return f"{said} Armed since {armed}; robots.txt has forbidden it since {since}."

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
        if form.cleaned_data.get("close_breaker"):
            names |= {"tripped_at": None, "counted_from": clock.real_now()}
        TrapSettings.objects.filter(pk=1).update(**names)
        arming.remember(TrapSettings.load())
        cache_tags.settings_changed()
