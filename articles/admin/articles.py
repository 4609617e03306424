"""
The form of an article at work: what it shows to whom, how it is saved, and what its buttons do. Every change goes
through the verbs of `editing` and `publishing`.
"""

from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import Script
from django.http import HttpResponseRedirect

from articles import autosave, editing, publishing, rendering
from articles.admin.addenda import AddendumFormSet, AddendumInline
from articles.admin.after_saving import lead_back, unused_time
from articles.admin.article_form import FILING, MAIN, SEARCH, SOURCE, ArticleForm
from articles.admin.article_list import ArticleList, publish_at_once
from articles.admin.as_read import FIELDS as AS_READ
from articles.admin.as_read import AsRead
from articles.admin.bylines import BylineInline
from articles.admin.choosing import ChoosesRelated
from articles.admin.form_context import desk_context, faults
from articles.admin.preview_pages import PreviewPages
from articles.admin.publication_pages import PublicationPages
from articles.admin.takedowns import TakedownPages
from articles.admin.unsaved import discard_if_asked, keep_typed, refuse_with_text, restore_if_asked
from articles.admin.version_pages import VersionPages
from articles.models import Addendum, Article, Revision

PUBLICATION = ["publish_at", "weight", "public_note", "is_pinned", "comments_open"]
HIDDEN = ["base_version", "base_stage", "form_key"]
SCRIPTS = ["save", "autosave", "presence", "counts", "slug", "updates", "errors", "preview_links", "labels"]
NOTHING_TO_TELL = (
    "Saved. Headline, standfirst, lead note and text say what readers know already, so their date stays and your note "
    "was not kept. Tags, authors and updates do not make a new version."
)
NEEDS_PUBLISHING = ["_publish", "_schedule"]
WRITTEN = [model._meta.verbose_name_plural for model in (Article, Addendum, Revision)]


@admin.register(Article)
class ArticleAdmin(
    ArticleList, AsRead, ChoosesRelated, PreviewPages, VersionPages, PublicationPages, TakedownPages, admin.ModelAdmin
):
    form = ArticleForm
    inlines = [BylineInline, AddendumInline]
    autocomplete_fields = ["section", "tags", "related", "lead_image"]
    change_form_template = "admin/articles/article/change_form.html"

    class Media:
        css = {"all": ["css/admin_article.css", "css/admin_article_pages.css"]}
        js = [Script(f"js/desk/{name}.js", type="module") for name in SCRIPTS]

    # Who sees and changes what

    def get_queryset(self, request):
        rows = super().get_queryset(request).prefetch_related("bylines__author")
        if self.has_publish_permission(request):
            return rows
        if not request.user.has_perm("articles.add_article"):
            return rows.published()
        # A writer may point to anything that readers can see, too.
        return rows.known_to(request.user) if is_autocomplete(request) else rows.written_by(request.user)

    def has_change_permission(self, request, obj=None):
        may = super().has_change_permission(request, obj)
        if not may or obj is None or self.has_publish_permission(request):
            return may
        return (
            obj.status == Article.Status.DRAFT and Article.objects.written_by(request.user).filter(pk=obj.pk).exists()
        )

    def has_delete_permission(self, request, obj=None):
        """Readers may have linked to what was published once: it can be withdrawn, not deleted."""
        return super().has_delete_permission(request, obj) and not (obj and obj.first_published_at)

    def get_deleted_objects(self, objs, request):
        """Names what somebody wrote; rows of the index, of links and of who is editing are no loss to be weighed."""
        _, counts, missing, protected = super().get_deleted_objects(objs, request)
        written = {name: count for name, count in counts.items() if name in WRITTEN}
        shown = [part for obj in objs for part in (str(obj), [str(row) for row in obj.addenda.all()]) if part]
        return shown, written, missing, protected + [str(obj) for obj in objs if obj.first_published_at]

    # What the form shows

    def get_fieldsets(self, request, obj=None):
        may_change = obj is None or self.has_change_permission(request, obj)
        main = [*MAIN, *HIDDEN] if may_change else [AS_READ.get(name, name) for name in MAIN]
        return [
            (None, {"fields": main}),
            ("Publication", {"fields": self._publication(request, obj, may_change=may_change)}),
            ("Filed under", {"fields": FILING}),
            ("First published elsewhere", {"fields": SOURCE, "classes": ["collapse"]}),
            ("Search engines and sharing", {"fields": SEARCH, "classes": ["collapse"]}),
        ]

    def _publication(self, request, article, *, may_change: bool) -> list[str]:
        """Only what this person can use now: how a save counts is asked of nobody who cannot save."""
        may_publish = self.has_publish_permission(request)
        usable = {
            "publish_at": may_change and may_publish and not (article and article.is_live),
            "weight": may_change and bool(article and article.first_published_at),
            "public_note": may_change and bool(article and article.first_published_at),
            "is_pinned": may_publish,
            "comments_open": True,
        }
        return [name for name in PUBLICATION if usable[name]]

    def get_readonly_fields(self, request, obj=None):
        return [*AS_READ.values(), *(["slug"] if obj and obj.public_path else [])]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.redisplay_only = getattr(request, "is_restoring", False)
        form.chosen_time = request.GET.get("publish_at", "")
        # Fields that a form class declares are in every form made from it, shown or not.
        shown = flatten_fieldsets(self.get_fieldsets(request, obj))
        for name in PUBLICATION:
            if name not in shown:
                form.base_fields.pop(name, None)
        return form

    def get_formset_kwargs(self, request, obj, inline, prefix):
        """A new article offers its writer's own name as the first author."""
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        author = getattr(request.user, "author", None)
        if inline.__class__ is BylineInline and not obj.pk and author and request.method == "GET":
            kwargs["initial"] = [{"author": author.pk}]
        return kwargs

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form = context["adminform"].form
        if request.method == "POST" and not form.redisplay_only:
            keep_typed(request, obj)
        is_only_a_conflict = bool(form.conflict) and len(context["errors"]) == 1
        if form.redisplay_only or is_only_a_conflict:
            context["errors"] = []  # A notice of its own says what this is about.
        inlines = [inline.formset for inline in context["inline_admin_formsets"]]
        context["desk"] = desk_context(self, request, form, addenda_among(inlines), obj)
        if context["errors"]:
            context["desk"]["faults"] = faults(form, inlines)
        return super().render_change_form(request, context, add, change, form_url, obj)

    # Saving

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        if response := discard_if_asked(request):
            return response
        restore_if_asked(request)
        with transaction.atomic():
            # Locked before it is read, so that what this form is compared with cannot change meanwhile.
            if object_id and object_id.isdecimal():
                list(Article.objects.select_for_update().filter(pk=object_id))
            if came_too_late := refuse_with_text(self, request, object_id):
                return came_too_late
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request, obj, form, change):
        asked = [name for name in NEEDS_PUBLISHING if name in request.POST]
        if asked and not self.has_publish_permission(request):
            raise PermissionDenied
        recorded = editing.save(
            obj,
            by=request.user,
            meaningful=form.is_meaningful,
            note=form.cleaned_data.get("public_note", ""),
            base_version=form.seen_version if change else None,
        )
        if form.is_meaningful and recorded is None:
            self.message_user(request, NOTHING_TO_TELL, messages.WARNING)

    def save_related(self, request, form, formsets, change):
        """The article goes out before its updates do: an update cannot be older than what it adds to."""
        article = form.instance
        form.save_m2m()
        addenda = addenda_among(formsets)
        for formset in formsets:
            if formset is addenda:
                formset.save_rows(by=request.user)
            else:
                formset.save()
        if addenda and addenda.has_unrendered_rows:
            rendering.render_article(article)
        self._follow_button(request, article, form)
        request.unused_time = unused_time(article, form.cleaned_data.get("publish_at"))
        for refusal in addenda.follow_rows(by=request.user) if addenda else []:
            self.message_user(request, refusal, messages.ERROR)
        autosave.discard(request.user, article if change else None, form_key=form.cleaned_data.get("form_key", ""))

    def _follow_button(self, request, article, form) -> None:
        try:
            if "_publish" in request.POST:
                publish_at_once(article, by=request.user)
                self.log_change(request, article, [{"changed": {"fields": ["published"]}}])
                self.message_user(request, "Published. Readers can see it now.", messages.SUCCESS)
            elif "_schedule" in request.POST and form.cleaned_data.get("publish_at"):
                schedule(article, by=request.user, at=form.cleaned_data["publish_at"])
                self.log_change(request, article, [{"changed": {"fields": ["scheduled"]}}])
                self.message_user(request, "Scheduled. It appears by itself at its time.", messages.SUCCESS)
        except publishing.CannotPublish as refusal:
            told = ["Your text is saved.", *refusal.messages]
            if "_schedule" in request.POST:
                told.append("The time that you chose still stands in its field.")
            self.message_user(request, " ".join(told), messages.ERROR)

    def response_add(self, request, obj, post_url_continue=None):
        response = self._stay(request, obj) or super().response_add(request, obj, post_url_continue)
        return self._led_back(request, obj, response)

    def response_change(self, request, obj):
        return self._led_back(request, obj, self._stay(request, obj) or super().response_change(request, obj))

    def _led_back(self, request, article, response):
        return lead_back(response, self.address_of(article, "change"), chosen_time=request.unused_time)

    def _stay(self, request, article):
        """Publishing and overwriting lead back to the form, which shows what came of it."""
        if not any(name in request.POST for name in (*NEEDS_PUBLISHING, "_overwrite")):
            return None
        if "_overwrite" in request.POST:
            self.message_user(request, "Saved. The text before yours stands among the versions.", messages.SUCCESS)
        return HttpResponseRedirect(self.address_of(article, "change"))


def schedule(article: Article, *, by, at) -> None:
    if article.status == Article.Status.PUBLISHED:
        publishing.reschedule(article, by=by, at=at)
    else:
        publishing.publish(article, by=by, at=at)


def addenda_among(formsets) -> AddendumFormSet | None:
    """Whoever may not see addenda has a form without them."""
    return next((formset for formset in formsets if isinstance(formset, AddendumFormSet)), None)


def is_autocomplete(request) -> bool:
    return request.resolver_match is not None and request.resolver_match.url_name == "autocomplete"
