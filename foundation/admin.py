"""The letters that went out and the log of who did what, to be read and found. Nobody writes or changes one here."""

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.csp import CSP
from django.utils.text import capfirst
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django_tasks_db.admin import DBTaskResultAdmin
from django_tasks_db.models import DBTaskResult

from foundation import letters
from foundation.admin_base import ReadOnlyAdmin
from foundation.models import Letter

# Letters carry their style in themselves, since mail programs load none. They run nothing and load nothing.
LETTER_POLICY = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, *settings.MEDIA_ORIGINS, "data:"],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.NONE],
    "frame-ancestors": [CSP.SELF],
    "sandbox": True,
}


@admin.register(Letter)
class LetterAdmin(ReadOnlyAdmin):
    list_display = ["subject", "to", "state", "created_at", "sent_at"]
    list_filter = ["kind", ("sent_at", admin.EmptyFieldListFilter)]
    search_fields = ["key", "to", "subject", "about"]
    date_hierarchy = "created_at"
    actions = ["try_again"]
    fieldsets = [
        (None, {"fields": ["to", "subject", "text"]}),
        ("How it went", {"fields": ["state", "created_at", "sent_at", "attempts", "last_error", "key", "about"]}),
    ]

    class Media:
        css = {"all": ["css/letters.css"]}

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Under its subject; the log goes on naming a letter by its key, in which no name of a person stands."""
        letter = self.get_object(request, object_id)
        named = {"subtitle": letter and letter.subject, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, named)

    def get_urls(self):
        view = self.admin_site.admin_view(self.html_view)
        return [path("<int:letter_id>/html/", view, name="foundation_letter_html"), *super().get_urls()]

    def has_send_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("foundation.change_letter")

    @admin.display(description="state")
    def state(self, letter: Letter) -> str:
        return letter.state

    @admin.action(description="Try again to send what was not sent", permissions=["send"])
    def try_again(self, request: HttpRequest, queryset) -> None:
        asked = [letter.key for letter in queryset if letters.try_again(letter)]
        if asked:
            self.log_change_of(request, queryset, asked)
            self.message_user(request, f"Being sent again: {', '.join(asked)}.")
        left = queryset.count() - len(asked)
        if left:
            words = f"{left} not sent again: already sent, or the person was forgotten."
            self.message_user(request, words, messages.WARNING)

    def log_change_of(self, request: HttpRequest, queryset, keys: list[str]) -> None:
        for letter in queryset.filter(key__in=keys):
            self.log_change(request, letter, "Asked for it to be sent again.")

    def html_view(self, request: HttpRequest, letter_id: int) -> HttpResponse:
        """The HTML form, alone, as a mail program would draw it; shown inside the letter's page."""
        letter = get_object_or_404(Letter, pk=letter_id)
        if not self.has_view_permission(request, letter):
            return HttpResponse(status=403)
        return _as_written(request, letter)


@xframe_options_sameorigin
@csp_override(LETTER_POLICY)
def _as_written(request: HttpRequest, letter: Letter) -> HttpResponse:
    return HttpResponse(letter.html)


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    """Everything that was done at the desk. Each row's own page has the same under "History"."""

    list_display = ["action_time", "who", "object_repr", "kind", "what"]
    # Only what the log names: the list of everything that a site has is longer than a page.
    list_filter = [("content_type", admin.RelatedOnlyFieldListFilter), ("user", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ("user", "content_type")
    search_fields = ["object_repr", "=object_id"]
    date_hierarchy = "action_time"
    fields = ["action_time", "who", "object_repr", "kind", "what"]

    @admin.display(description="who", ordering="user__email")
    def who(self, entry: LogEntry) -> str:
        return str(entry.user)

    @admin.display(description="of the kind")
    def kind(self, entry: LogEntry) -> str:
        return capfirst(entry.content_type.name) if entry.content_type else "—"

    @admin.display(description="what was done")
    def what(self, entry: LogEntry) -> str:
        return entry.get_change_message() or entry.get_action_flag_display()


admin.site.unregister(DBTaskResult)


@admin.register(DBTaskResult)
class BackgroundWorkAdmin(DBTaskResultAdmin):
    """What was to be done and what came of it; the library's own list begins with a number and is wider than a page."""

    list_display = ["work", "status", "enqueued_at", "finished_at"]
    list_filter = ["status"]
    search_fields = ["task_path"]
    date_hierarchy = "enqueued_at"

    @admin.display(description="work", ordering="task_path")
    def work(self, row: DBTaskResult) -> str:
        return row.task_path

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": "Background work", **(extra_context or {})})

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row = self.get_object(request, object_id)
        named = {"title": "Background work", "subtitle": row and row.task_path}
        return super().change_view(request, object_id, form_url, {**named, **(extra_context or {})})
