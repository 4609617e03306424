"""Names in which gifts were made, for those who judge names. No amount stands on any page here."""

from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.db import transaction

from donations import cache_tags, dedications
from donations.admin.base import badge, told_day
from donations.admin.names import STATE_BADGES, NamesAdmin
from donations.mode import is_live
from donations.models import Dedication, Intent

_BOTH_PLACES = [ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM]


def waiting():
    return Dedication.objects.filter(
        intent__livemode=is_live(), intent__status=Intent.Status.COMPLETED, name_status=Intent.NameStatus.PENDING
    ).order_by("intent__completed_at")


@admin.register(Dedication)
class DedicationAdmin(NamesAdmin):
    list_display = ["honoured", "given_by", "state", "given"]
    list_filter = ["name_status"]
    list_select_related = ("intent",)
    search_fields = ["name", "giver"]
    ordering = ["-intent__completed_at"]
    actions = ["approve", "reject", "forget"]
    fields = ["honoured", "given_by", "words", "state", "given", "letter"]

    def get_queryset(self, request):
        """Of gifts that were paid; the rest are words of nobody."""
        paid = {"intent__livemode": is_live(), "intent__status": Intent.Status.COMPLETED}
        return super().get_queryset(request).filter(**paid)

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": "Gifts in somebody’s name", **(extra_context or {})})

    def change_view(self, request, object_id, form_url="", extra_context=None):
        context = {"title": "Gift in somebody’s name", **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    @admin.action(description="Show the name", permissions=["judge"], location=_BOTH_PLACES)
    def approve(self, request, queryset):
        self._judge(request, queryset, Intent.NameStatus.APPROVED, "shown on the backers’ page")

    @admin.action(description="Do not show the name", permissions=["judge"], location=_BOTH_PLACES)
    def reject(self, request, queryset):
        self._judge(request, queryset, Intent.NameStatus.REJECTED, "not shown")

    @admin.action(
        description="Forget this person, and write to them no more", permissions=["judge"], location=_BOTH_PLACES
    )
    def forget(self, request, queryset):
        """For somebody who asks us: the link in their letter does the same."""
        for gift in queryset:
            dedications.forget_person(gift)
            self.log_change(request, Dedication.objects.get(pk=gift.pk), "Forgot in whose name it was given.")
        messages.success(request, "Forgotten, here and in every other gift to the same address.")

    def _judge(self, request, queryset, status: str, words: str) -> None:
        """A name that was taken back, or never meant to be shown, is not shown whatever is decided here."""
        decided = 0
        for gift in queryset.exclude(name="").exclude(name_status=Intent.NameStatus.HIDDEN):
            asked = Dedication.objects.filter(pk=gift.pk).exclude(name_status=Intent.NameStatus.HIDDEN)
            with transaction.atomic():
                if asked.update(name_status=status):
                    cache_tags.names_changed()
                    self.log_change(request, gift, f"Decided: {words}.")
                    decided += 1
        if decided:
            messages.success(request, f"{decided} decided: {words}.")
        if decided < queryset.count():
            messages.warning(request, "Left out: names that are not meant to be shown.")

    @admin.display(description="in the name of", ordering="name")
    def honoured(self, gift):
        return gift.name or "forgotten"

    @admin.display(description="given by", ordering="giver")
    def given_by(self, gift):
        return gift.giver or "—"

    @admin.display(description="state", ordering="name_status")
    def state(self, gift):
        return badge(gift.get_name_status_display(), STATE_BADGES.get(gift.name_status, ""))

    @admin.display(description="given", ordering="intent__completed_at")
    def given(self, gift):
        return told_day(gift.intent.completed_at)

    @admin.display(description="letter")
    def letter(self, gift):
        if gift.told_at:
            return told_day(gift.told_at)
        return "not written" if gift.wants_letter else "none asked for"
