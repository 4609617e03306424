"""A comment at the desk: found among all, read with everything that is known of it, decided and removed."""

import uuid

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.timezone import localtime

from articles import difference
from comments import judging, moderation, queue
from comments.admin import acting, finding
from comments.admin.base import BANS, MODERATES, REMOVES, ModerationAdmin, insist
from comments.admin.letter_pages import LetterPages
from comments.admin.queue_pages import KEYS, LABELS, QueuePages
from comments.findings import Refused
from comments.models import Act, Comment

# Differences of so many edits are shown; somebody who edits more often than that is trying something.
MOST_EDITS = 20
OF_STAFF = {*judging.VERBS, Act.Verb.REMOVE}


class RemovalForm(forms.Form):
    reason = forms.CharField(
        max_length=300,
        label="Why",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Who asked for it, by what right, and where that is filed. Only staff read this.",
    )


@admin.register(Comment)
class CommentAdmin(QueuePages, LetterPages, ModerationAdmin):
    list_display = ["words", "state"]
    list_display_links = None
    list_filter = [finding.SentFilter, "status", "badge", finding.ProofFilter]
    list_select_related = ("commenter", "article")
    paginator = finding.NewestPaginator
    show_facets = admin.ShowFacets.NEVER  # each number would be counted in the whole table
    search_fields = ["source"]  # shows the field; `finding` does the search
    search_help_text = finding.HELP
    ordering = ["-posted_at", "-pk"]
    actions = None

    def get_urls(self):
        return [
            self.page_of(self.all_view, "all/", "all"),
            self.page_of(self.remove_view, "<int:object_id>/remove/", "remove"),
            self.page_of(self.undo_act_view, "<int:object_id>/undo/<int:act_id>/", "undo_act"),
            *super().get_urls(),
        ]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("article__body", "article__body_html")

    # Among all

    def all_view(self, request):
        """The admin's own list, which the queue has taken the place of."""
        told = {"title": "Comments", "tabs": self.tabs("all")}
        return super(QueuePages, self).changelist_view(request, told)

    def get_search_results(self, request, queryset, search_term):
        term = search_term.strip()
        return (finding.among_all(queryset, term) if term else queryset), False

    @property
    def change_list_template(self):
        return "admin/comments/comment/all.html"

    @admin.display(description="comment", ordering="posted_at")
    def words(self, comment):
        """With who wrote it, where and when under it, so that the list fits a phone."""
        return format_html(
            '<a href="{}" dir="auto">{}</a>'
            '<div class="listed">by <a href="{}"><bdi>{}</bdi></a> on <bdi>{}</bdi>, {}</div>',
            reverse("admin:comments_comment_change", args=[comment.pk]),
            Truncator(" ".join(comment.source.split())).chars(90) or "(no words)",
            reverse("admin:comments_commenter_change", args=[comment.commenter_id]),
            comment.name,
            Truncator(comment.article.headline).chars(70),
            date_format(localtime(comment.posted_at), "j M Y, H:i"),
        )

    @admin.display(description="state", ordering="status")
    def state(self, comment):
        return format_html('<span class="stage state--{}">{}</span>', comment.status, comment.get_status_display())

    # One of them

    def change_view(self, request, object_id, form_url="", extra_context=None):
        comment = self._with_context(request, object_id)
        (entry,) = queue.described([comment])
        acts = list(comment.acts.select_related("by"))
        return self.page(
            request,
            "comment/comment.html",
            f"Comment by {comment.name}",
            entry=entry,
            comment=comment,
            reports=list(comment.reports.all()),
            acts=acts,
            undoable=self._undoable(request, acts),
            replies=comment.replies.count(),
            edits=edits_of(comment),
            told=acting.told(request.GET.get("done", ""), request.user),
            labels=LABELS,
            keys=KEYS,
            batch=uuid.uuid4(),
            ban_for=acting.BAN_FOR,
            usual_ban=acting.USUAL_BAN,
            usual_reason="Broke the rules of the discussion",
            may_moderate=request.user.has_perm(MODERATES),
            may_ban=request.user.has_perm(BANS),
            may_remove=request.user.has_perm(REMOVES) and comment.status != Comment.Status.REMOVED,
        )

    def _undoable(self, request, acts: list[Act]) -> int | None:
        """The last thing that staff did and nobody took back, if this person may take it back."""
        last = next((act for act in acts if act.verb != Act.Verb.UNDO and not act.undone_at), None)
        if last is None or last.verb not in OF_STAFF:
            return None
        return last.pk if request.user.has_perm(_permission_to_undo(last)) else None

    def _with_context(self, request, object_id) -> Comment:
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = queue.with_context(Comment.objects.all()).filter(pk=object_id) if str(object_id).isdecimal() else None
        comment = found.first() if found is not None and len(str(object_id)) < 19 else None
        if comment is None:
            raise Http404("No such comment.")
        return comment

    def remove_view(self, request, object_id):
        comment = self._with_context(request, object_id)
        insist(request, REMOVES)
        form = RemovalForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                moderation.remove(comment, request.user, said=form.cleaned_data["reason"])
            except Refused as refusal:
                form.add_error(None, refusal.words)
            else:
                self.log_change(request, comment, "Removed for legal reasons.")
                return self.done(request, self.address_of("change", comment.pk), "Removed. Readers see that it was.")
        return self.page(
            request,
            "comment/remove.html",
            "Remove for legal reasons",
            comment=comment,
            form=form,
            replies=comment.replies.count(),
        )

    def undo_act_view(self, request, object_id, act_id):
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        comment = self.find(request, object_id)
        act = Act.objects.filter(pk=act_id, comment=comment).first()
        if act is None:
            raise Http404("No such act.")
        insist(request, _permission_to_undo(act))
        address = self.address_of("change", comment.pk)
        try:
            moderation.undo(act, request.user)
        except Refused as refusal:
            return self.refuse(request, address, refusal)
        return self.done(request, address, "Taken back.")


def _permission_to_undo(act: Act) -> str:
    return REMOVES if act.verb == Act.Verb.REMOVE else MODERATES


def edits_of(comment: Comment) -> list[dict]:
    """What each edit changed, the newest first."""
    revisions = list(comment.revisions.order_by("-pk")[:MOST_EDITS])
    later = [comment.source, *(revision.source for revision in revisions)]
    return [
        {"at": revision.replaced_at, "paragraphs": difference.compare_text(revision.source, after)}
        for revision, after in zip(revisions, later, strict=False)
    ]
