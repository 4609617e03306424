"""The moderators' queue: one page that is read from the top, where every entry is decided with one press."""

import uuid
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBadRequest, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse

from comments import moderation, queue
from comments.admin import acting
from comments.admin.base import BANS, MODERATES, insist
from comments.findings import Refused
from comments.models import Act, Comment

# For the ticked ones: what makes sense for everything that stands under a tab.
BULK = {
    "waiting": ("approve", "reject", "spam"),
    "reported": ("keep", "hide", "spam"),
    "suspected": ("approve", "reject"),
}
LABELS = {"approve": "Approve", "reject": "Reject", "spam": "Spam", "hide": "Hide", "keep": "Keep"}
# A key does what is nearest to its word under this tab.
KEYS = {"approve": "a", "keep": "a", "reject": "r", "hide": "h", "spam": "s"}


class QueuePages:
    def get_urls(self):
        return [
            self.page_of(self.act_view, "act/", "act"),
            self.page_of(self.undo_view, "undo/", "undo"),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        """The queue stands where the admin would have its list, which is under "All"."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        tab = _tab(request.GET)
        page = queue.page(tab, request.GET.get("after", ""))
        return self.page(
            request,
            "queue.html",
            "Comments",
            page=page,
            tabs=self.tabs(tab),
            bulk=[(verb, LABELS[verb]) for verb in BULK[tab]],
            labels=LABELS,
            keys=KEYS,
            told=acting.told(request.GET.get("done", ""), request.user),
            all_ticked=request.GET.get("all") == "1",
            batch=uuid.uuid4(),
            ban_for=acting.BAN_FOR,
            usual_ban=acting.USUAL_BAN,
            usual_reason="Spam" if tab == "suspected" else "Broke the rules of the discussion",
            may_moderate=request.user.has_perm(MODERATES),
            may_ban=request.user.has_perm(BANS),
        )

    def act_view(self, request):
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = acting.Asked.read(request.POST)
        if asked is None:
            return HttpResponseBadRequest("This is no button of ours.", content_type="text/plain")
        asked.carry_out(request.user)
        for refusal in asked.refusals:
            messages.warning(request, refusal)
        if not asked.pks:
            messages.warning(request, "Nothing was ticked, so nothing was done.")
        return HttpResponseRedirect(self._where_next(request, asked))

    def _where_next(self, request, asked) -> str:
        """The same page of the queue, at what came into the place of the one that was decided."""
        if back := self._page_of_one(request, asked.batch):
            return back
        tab = _tab(request.POST)
        last = Comment.objects.filter(pk=asked.pks[0]).first() if len(asked.pks) == 1 else None
        following = queue.next_in(tab, last) if last and not asked.refusals else None
        return self.queue_address(tab, request.POST.get("after", ""), done=asked.batch, comment=following)

    def _page_of_one(self, request, batch) -> str:
        """For buttons that stand on the page of one comment or person, that page; else nothing."""
        for name, model in (("back", "comment"), ("person", "commenter")):
            pk = request.POST.get(name, "")
            if pk.isascii() and pk.isdecimal() and len(pk) < 19:
                return reverse(f"admin:comments_{model}_change", args=[pk]) + f"?done={batch}"
        return ""

    def queue_address(self, tab: str, after: str = "", *, done=None, comment: int | None = None) -> str:
        facts = {"tab": tab, "after": after, "done": str(done or "")}
        query = urlencode({name: value for name, value in facts.items() if value})
        return f"{self.address_of('changelist')}?{query}" + (f"#comment-{comment}" if comment else "")

    def undo_view(self, request):
        """Takes back everything of one press, by whoever may decide at all."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        insist(request, MODERATES)
        try:
            batch = uuid.UUID(request.POST.get("batch", ""))
        except ValueError:
            return HttpResponseBadRequest("This is no batch of ours.", content_type="text/plain")
        if Act.objects.filter(batch=batch, verb=Act.Verb.BAN).exists():
            insist(request, BANS)
        first = Comment.objects.filter(acts__batch=batch).oldest_first().values_list("pk", flat=True).first()
        try:
            moderation.undo(batch, request.user)
        except Refused as refusal:
            messages.error(request, refusal.words)
        if back := self._page_of_one(request, batch):
            return HttpResponseRedirect(back)
        tab, after = _tab(request.POST), request.POST.get("after", "")
        return HttpResponseRedirect(self.queue_address(tab, after, done=batch, comment=first))


def _tab(data) -> str:
    return data.get("tab") if data.get("tab") in queue.TABS else "waiting"
