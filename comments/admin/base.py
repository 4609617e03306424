"""What the pages of the moderation desk have in common: who may see them, and how they are laid out."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import reverse

from comments import queue
from comments.findings import Refused
from foundation.admin_base import PagesAdmin

MODERATES = "comments.moderate_comment"
REMOVES = "comments.remove_comment"
BANS = "comments.ban_commenter"
STYLES = ["comments", "comment_acts", "comment_pages"]


class ModerationAdmin(PagesAdmin):
    """Rows that no form of the admin adds, changes or deletes: the verbs do, on pages of their own."""

    class Media:
        css = {"all": ["css/admin_article.css", *(f"css/admin_{name}.css" for name in STYLES)]}

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
