"""Stripe's events: what came, what became of it, and having one worked on again."""

from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.utils.html import format_html

from donations import inbox
from donations.admin.base import MoneyAdmin, badge, stripe_link, told
from donations.models import StripeEvent

_BADGES = {"waiting": "scheduled", "failed": "alarm", "quarantined": "alarm", "done": "published", "not_ours": ""}


@admin.register(StripeEvent)
class StripeEventAdmin(MoneyAdmin):
    mode_field = ""  # one of the wrong mode is what quarantine is for
    list_display = ["type", "state", "object_id", "created", "received", "attempts"]
    list_filter = ["status", "livemode", "type"]
    search_fields = ["=stripe_id", "=object_id", "type"]
    search_help_text = "A number at Stripe (evt_…, in_…, ch_…), or a type."
    date_hierarchy = "received_at"
    actions = ["replay"]
    fieldsets = [
        (None, {"fields": ["type", "state", "reason_told", "about", "at_stripe"]}),
        ("When", {"fields": ["created", "received", "attempts", "next_attempt", "handled"]}),
        ("As it came", {"fields": ["livemode", "account", "api_version", "raw"]}),
    ]

    @admin.action(
        description="Work on it again",
        permissions=["money"],
        location=[ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM],
    )
    def replay(self, request, queryset):
        events = list(queryset)
        for event in events:
            inbox.replay(event)
            self.log_change(request, event, "Had it worked on again.")
        many = "1 event is" if len(events) == 1 else f"{len(events)} events are"
        messages.success(request, f"{many} being worked on again. Repeating what was done changes nothing.")

    @admin.display(description="state", ordering="status")
    def state(self, event):
        return badge(event.get_status_display(), _BADGES.get(event.status, ""))

    @admin.display(description="why")
    def reason_told(self, event):
        return format_html('<pre class="trouble">{}</pre>', event.reason) if event.reason else "—"

    @admin.display(description="about")
    def about(self, event):
        return stripe_link(event.object_id)

    @admin.display(description="at Stripe")
    def at_stripe(self, event):
        return stripe_link(event.stripe_id)

    @admin.display(description="Stripe’s time", ordering="created_at")
    def created(self, event):
        return told(event.created_at)

    @admin.display(description="received", ordering="received_at")
    def received(self, event):
        return told(event.received_at)

    @admin.display(description="next attempt")
    def next_attempt(self, event):
        return told(event.next_attempt_at)

    @admin.display(description="settled")
    def handled(self, event):
        return told(event.handled_at)

    @admin.display(description="body")
    def raw(self, event):
        if not event.body:
            return "emptied: bodies are kept for 60 days, and not at all of people who were forgotten"
        return format_html('<pre class="trouble">{}</pre>', event.body)
