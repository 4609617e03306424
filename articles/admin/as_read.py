"""Texts for whoever may open a form and not change it: as prose, where a field would show its markup."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from articles import html

FIELDS = {"lead_note": "lead_note_as_read", "body": "body_as_read"}


class AsRead:
    """Mixed into what shows articles or addenda at the desk."""

    @admin.display(description="lead note")
    def lead_note_as_read(self, row) -> SafeString | str:
        return prose(html.clean_note(row.lead_note))

    @admin.display(description="text")
    def body_as_read(self, row) -> SafeString | str:
        return prose(html.clean_body(row.body))


def prose(clean: str) -> SafeString | str:
    return format_html('<div class="as-read" dir="auto">{}</div>', mark_safe(clean)) if clean else "—"
