"""What every page about money has in common: who may see it, in which of Stripe's modes, and how it is laid out."""

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime

from donations import dashboard, periods
from donations.mode import is_live
from foundation import csv_files
from foundation.admin_base import PagesAdmin

HANDLES_MONEY = "donations.handle_money"


class MoneyAdmin(PagesAdmin):
    """
    Seen by those who hold `handle_money` beside the model's own permission. Nothing is added, changed or deleted by
    the admin's own forms unless a class says so: the ledger has its verbs.
    """

    empty_value_display = "—"
    mode_field = "livemode"  # rows of the other mode are not shown; empty where both are

    class Media:
        css = {"all": ["css/admin_money.css"]}

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.filter(**{self.mode_field: is_live()}) if self.mode_field else rows

    def has_module_permission(self, request):
        return request.user.has_perm(HANDLES_MONEY)

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm(HANDLES_MONEY) and super().has_view_permission(request, obj)

    def has_money_permission(self, request):
        """For actions: whoever sees money at all may handle it."""
        return request.user.has_perm(HANDLES_MONEY)

    def log_export(self, request, what: str) -> None:
        """Who took people's data out of the site, and of which list. What was searched for may name somebody."""
        LogEntry.objects.create(
            user=request.user,
            content_type=ContentType.objects.get_for_model(self.model),
            object_repr=what[:200],
            action_flag=CHANGE,
            change_message="Exported as CSV.",
        )


class Exported:
    """A button that gives the list, as it is filtered, as a CSV file. The class names `csv_header` and `csv_row`."""

    csv_related = ()  # what a row of the file needs beside the row itself
    change_list_template = "admin/donations/_exported_list.html"

    def get_urls(self):
        return [self.page_of(self.export_view, "export/", "export"), *super().get_urls()]

    def export_view(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = self.get_changelist_instance(request).get_queryset(request)
        rows = rows.select_related(*self.csv_related) if self.csv_related else rows
        self.log_export(request, self.opts.verbose_name_plural)
        name = self.opts.verbose_name_plural.replace(" ", "-")
        return csv_files.answer(name, self.csv_header, (self.csv_row(row) for row in rows.iterator(2000)))


def day(moment) -> str:
    """A date of the site's own calendar, as a spreadsheet reads it."""
    return localtime(moment, periods.zone()).date().isoformat() if moment else ""


def told(moment) -> str:
    return date_format(localtime(moment, periods.zone()), "j F Y, H:i") if moment else "—"


def told_day(moment) -> str:
    return date_format(localtime(moment, periods.zone()), "j M Y") if moment else "—"


def stripe_link(stripe_id: str, words: str = ""):
    """To Stripe's own page about it, or the bare number of what has none."""
    address = dashboard.address(stripe_id)
    if not address:
        return words or stripe_id or "—"
    return format_html('<a href="{}" target="_blank" rel="noopener">{}</a>', address, words or stripe_id)


def row_link(row, words: str = ""):
    address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    return format_html('<a href="{}">{}</a>', address, words or str(row))


def badge(words: str, kind: str = ""):
    return format_html('<span class="stage {}">{}</span>', f"stage--{kind}" if kind else "", words)


def lines(texts):
    """One under the other."""
    return format_html_join("", "<div>{}</div>", ((text,) for text in texts)) or "—"
