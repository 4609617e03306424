"""What the pages of the moderation desk have in common: who may see them, and how they are laid out."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from comments import queue
from comments.findings import Refused

MODERATES = "comments.moderate_comment"
REMOVES = "comments.remove_comment"
BANS = "comments.ban_commenter"
STYLES = ["comments", "comment_acts", "comment_pages"]


class ModerationAdmin(admin.ModelAdmin):
    """Rows that no form of the admin adds, changes or deletes: the verbs do, on pages of their own."""

    list_per_page = 50
    show_full_result_count = False

    class Media:
        css = {"all": ["css/admin_article.css", *(f"css/admin_{name}.css" for name in STYLES)]}

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def page_of(self, view, route: str, name: str):
        return path(route, self.admin_site.admin_view(view), name=f"comments_{self.opts.model_name}_{name}")

    def address_of(self, name: str, *args) -> str:
        return reverse(f"admin:comments_{self.opts.model_name}_{name}", args=args)

    def find(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_queryset(request).filter(pk=pk).first()
        if row is None:
            raise Http404("No such row.")
        return row

    def page(self, request, template: str, title: str, *, status: int = 200, **context) -> TemplateResponse:
        told = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, "media": self.media}
        return TemplateResponse(request, f"admin/comments/{template}", {**told, **context}, status=status)

    def tabs(self, current: str) -> list[dict]:
        """The ways into the comments, with how much is behind each."""
        numbers, base = queue.counts(), self.admin_site.name
        address = reverse(f"{base}:comments_comment_changelist")
        found = [
            {"name": name, "address": f"{address}?tab={tab}", "count": numbers[tab], "is_current": tab == current}
            for tab, name in queue.TABS.items()
        ]
        everything = reverse(f"{base}:comments_comment_all")
        return [*found, {"name": "All", "address": everything, "count": None, "is_current": current == "all"}]

    def done(self, request, address: str, words: str) -> HttpResponseRedirect:
        messages.success(request, words)
        return HttpResponseRedirect(address)

    def refuse(self, request, address: str, refusal: Refused) -> HttpResponseRedirect:
        messages.error(request, refusal.words)
        return HttpResponseRedirect(address)


def insist(request, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied
