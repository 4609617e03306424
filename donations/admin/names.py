"""The names and messages that backers wish to be shown, for those who judge them. No amount stands on any page here."""

from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.db import transaction
from django.db.models import Q
from django.utils.text import Truncator

from donations import cache_tags
from donations.admin.base import badge, told_day
from donations.mode import is_live
from donations.models import Intent, PublicName
from foundation.admin_base import ReadOnlyAdmin

JUDGES_NAMES = "donations.moderate_names"
STATE_BADGES = {"pending": "alarm", "approved": "published", "rejected": "withdrawn", "hidden": ""}


def waiting():
    return PublicName.objects.filter(
        livemode=is_live(), status=Intent.Status.COMPLETED, name_status=Intent.NameStatus.PENDING
    ).order_by("completed_at")


class NamesAdmin(ReadOnlyAdmin):
    """Whoever judges names sees what there is to judge, whatever else they may see, and decides by actions alone."""

    show_full_result_count = False

    class Media:
        css = {"all": ["css/admin_money.css"]}

    def has_module_permission(self, request):
        return request.user.has_perm(JUDGES_NAMES)

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm(JUDGES_NAMES)

    def has_judge_permission(self, request):
        return request.user.has_perm(JUDGES_NAMES)


@admin.register(PublicName)
class PublicNameAdmin(NamesAdmin):
    list_display = ["name", "words", "state", "asked"]
    list_filter = ["name_status"]
    search_fields = ["public_name", "message"]
    actions = ["approve", "reject"]
    fields = ["name", "message", "state", "asked"]

    def get_queryset(self, request):
        """Of those who paid; the rest are words of nobody."""
        shown = super().get_queryset(request).filter(livemode=is_live(), status=Intent.Status.COMPLETED)
        return shown.exclude(Q(public_name="") | Q(name_status=Intent.NameStatus.HIDDEN), message="")

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": "Names of backers", **(extra_context or {})})

    def change_view(self, request, object_id, form_url="", extra_context=None):
        context = {"title": "Name of a backer", **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    @admin.action(
        description="Show the name",
        permissions=["judge"],
        location=[ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM],
    )
    def approve(self, request, queryset):
        self._judge(request, queryset, Intent.NameStatus.APPROVED, "shown on the backers’ page")

    @admin.action(
        description="Do not show the name",
        permissions=["judge"],
        location=[ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM],
    )
    def reject(self, request, queryset):
        self._judge(request, queryset, Intent.NameStatus.REJECTED, "not shown")

    def _judge(self, request, queryset, status: str, words: str) -> None:
        """Who took a name back, or never asked for it to be shown, is not shown whatever is decided here."""
        asked = [row for row in queryset if row.public_name and row.name_status != Intent.NameStatus.HIDDEN]
        for row in asked:
            changed = PublicName.objects.filter(pk=row.pk).exclude(name_status=Intent.NameStatus.HIDDEN)
            with transaction.atomic():  # so that no purge is lost: its note is written before the commit
                if changed.update(name_status=status):
                    cache_tags.names_changed()
                    self.log_change(request, row, f"Decided: {words}.")
        if asked:
            messages.success(request, f"{len(asked)} decided: {words}.")
        if len(asked) < queryset.count():
            messages.warning(request, "Left out: those who do not wish a name to be shown.")

    @admin.display(description="name", ordering="public_name")
    def name(self, row):
        return "not to be shown" if row.name_status == Intent.NameStatus.HIDDEN else row.public_name or "—"

    @admin.display(description="message")
    def words(self, row):
        return Truncator(row.message).chars(140) or "—"

    @admin.display(description="state", ordering="name_status")
    def state(self, row):
        return badge(row.get_name_status_display(), STATE_BADGES.get(row.name_status, ""))

    @admin.display(description="since", ordering="completed_at")
    def asked(self, row):
        return told_day(row.completed_at)
