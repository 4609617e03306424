"""Other platforms' posts at the desk: what was fetched, what was not, what vanished, and what to do about it."""

from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join

from articles.admin.choosing import ChoosesRelated
from articles.admin.embed_forms import AddressForm, ByHandForm, DecisionForm
from articles.admin.meanwhile import GuardedAdmin
from articles.embeds import snapshot, usage
from articles.embeds.answers import Unreadable, read_answer
from articles.fragments import Filler
from articles.models import Article, Embed, EmbedDecision, EmbedPicture
from foundation import clock

WORDS = frozenset({"text", "title", "author_name", "author_handle", "author_url", "language", "posted_at", "posted_on"})
PUBLISHES = "articles.publish_article"
WORDS_IN_LIST = 90
DECIDE_INSTEAD = "To hide it from readers, use “Keep, text only or remove”."


class AttentionFilter(admin.SimpleListFilter):
    """What an editor comes here for."""

    title = "attention"
    parameter_name = "attention"

    def lookups(self, request, model_admin):
        return [
            ("vanished", "vanished, nothing decided"),
            ("unfetched", "could not be fetched"),
            ("edited", "edited after it was fetched"),
            ("unused", "in no article"),
        ]

    def queryset(self, request, queryset):
        match self.value():
            case "vanished":
                return queryset.unavailable().filter(decisions=None)
            case "unfetched":
                return queryset.exclude(failure="")
            case "edited":
                return queryset.edited_after_capture()
            case "unused":
                return queryset.filter(articles=None)
        return queryset


class PictureInline(ChoosesRelated, admin.TabularInline):
    model = EmbedPicture
    autocomplete_fields = ["image"]
    extra = 0
    verbose_name = "picture"
    verbose_name_plural = "our own copies of its pictures"


class DecisionInline(admin.TabularInline):
    """The log: read, never written here."""

    model = EmbedDecision
    fields = readonly_fields = ["choice", "reason", "made_by", "made_at"]
    can_delete = False
    extra = 0
    verbose_name_plural = "decisions"

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Embed)
class EmbedAdmin(GuardedAdmin, admin.ModelAdmin):
    list_display = ["post", "words", "provider", "condition", "in_articles"]
    list_filter = [AttentionFilter, "provider", "availability", "choice"]
    list_per_page = 50
    date_hierarchy = "created_at"
    search_fields = ["author_name", "author_handle", "text", "title", "=external_id", "url"]
    search_help_text = "Author, handle, words, number or address"
    autocomplete_fields = ["quoted", "parent"]
    inlines = [PictureInline, DecisionInline]
    actions = ["fetch_again"]
    form = ByHandForm
    readonly_fields = ["preview", "condition", "address", "as_fetched", "stands_in", "captured_at", "last_checked_at"]
    fieldsets = [
        (None, {"fields": ["condition", "address", "preview", "seen"]}),
        ("The words", {"fields": ["text", "language", "title", "as_fetched"]}),
        ("Who and when", {"fields": ["author_name", "author_handle", "author_url", ("posted_at", "posted_on")]}),
        ("Shown with it", {"fields": ["quoted", "parent", "is_sample"]}),
        ("About this snapshot", {"fields": ["stands_in", "captured_at", "last_checked_at"]}),
    ]
    change_form_template = "admin/articles/embed/change_form.html"

    class Media:
        css = {"all": ["css/embed.css", "css/focus.css", "css/admin_article.css", "css/admin_embeds.css"]}

    def get_urls(self):
        decide = self.admin_site.admin_view(self.decide_view)
        return [path("<int:object_id>/decide/", decide, name="articles_embed_decide"), *super().get_urls()]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(article_count=Count("articles", distinct=True))

    def get_object(self, request, object_id, from_field=None):
        """Fields that are only shown are not told who looks."""
        embed = super().get_object(request, object_id, from_field)
        if embed is not None:
            embed.seen_by = request.user
        return embed

    # Adding by address

    def get_form(self, request, obj=None, **kwargs):
        return super().get_form(request, obj, **kwargs) if obj else AddressForm

    def get_fieldsets(self, request, obj=None):
        return super().get_fieldsets(request, obj) if obj else [(None, {"fields": ["url"]})]

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return []
        told_by_number = ["posted_at"] if snapshot.time_in_id(snapshot.match_of(obj)) else []
        return [*super().get_readonly_fields(request, obj), *told_by_number]

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def response_add(self, request, obj, post_url_continue=None):
        response = super().response_add(request, obj, post_url_continue)
        messages.info(request, "Its words are being fetched: reload the page in a moment, or write them in by hand.")
        return response

    # Writing by hand

    def save_model(self, request, obj, form, change):
        if not change:
            return  # the form has remembered it already, together with its task
        if WORDS.intersection(form.changed_data):
            obj.state, obj.failure = Embed.State.BY_HAND, ""
            obj.captured_at = obj.captured_at or clock.now()
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        """Pictures are saved last, and what readers see is written from everything together."""
        super().save_related(request, form, formsets, change)
        if change:
            snapshot.write_html(form.instance)

    @admin.action(
        description="Fetch again",
        permissions=["change"],
        location=[ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM],
    )
    def fetch_again(self, request, queryset):
        asked = 0
        for embed in queryset:
            try:
                snapshot.fetch_again(embed)
                asked += 1
            except snapshot.NothingToFetch as refusal:
                messages.warning(request, f"{embed}: {' '.join(refusal.messages)}")
        if asked:
            messages.success(request, "Being fetched again. Reload the page in a moment to see what came of it.")

    # Deciding

    def decide_view(self, request, object_id):
        embed = self.get_object(request, str(object_id))
        if embed is None:
            raise Http404("No such post.")
        if not self.has_change_permission(request, embed):
            raise PermissionDenied
        form = DecisionForm(request.POST or None, initial={"choice": embed.choice})
        if form.is_valid() and self._decided(request, embed, form):
            return HttpResponseRedirect(reverse("admin:articles_embed_change", args=[embed.pk]))
        context = {"opts": self.opts, "embed": embed, "form": form, "title": "What readers see of it"}
        template = "admin/articles/embed/decide.html"
        return TemplateResponse(request, template, {**self.admin_site.each_context(request), **context})

    @transaction.atomic
    def _decided(self, request, embed, form) -> bool:
        try:
            decision = snapshot.decide(embed, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error("reason", refusal)
            return False
        self.log_change(request, embed, f"Decided: {decision}")
        messages.success(request, f"Decided: {decision.get_choice_display()}. Every page that holds it shows so now.")
        return True

    # Removing: what an article shows is decided about, never deleted under it

    def has_delete_permission(self, request, obj=None):
        is_shown = obj is not None and (obj.articles.exists() or obj.quoted_by.exists() or obj.replies.exists())
        return super().has_delete_permission(request, obj) and not is_shown

    def delete_view(self, request, object_id, extra_context=None):
        """A post may have vanished from its platform: what an earlier text or a page shows of it is all there is."""
        embed = self.get_object(request, object_id)
        kept_text = usage.kept_text_with(embed) if embed and self.has_delete_permission(request, embed) else ""
        if kept_text:
            messages.error(request, f"Not deleted: {kept_text} holds this post. {DECIDE_INSTEAD}")
            return HttpResponseRedirect(reverse("admin:articles_embed_change", args=[embed.pk]))
        return super().delete_view(request, object_id, extra_context)

    def get_actions(self, request, action_location=ActionLocation.CHANGE_LIST):
        actions = super().get_actions(request, action_location)
        actions.pop("delete_selected", None)
        return actions

    # What the list and the form show

    @admin.display(description="post", ordering="author_name")
    def post(self, embed):
        return embed.author_name or embed.author_handle or embed.external_id

    @admin.display(description="words")
    def words(self, embed):
        said = " ".join((embed.text or embed.title).split())
        return said if len(said) <= WORDS_IN_LIST else f"{said[:WORDS_IN_LIST].rstrip()}…"

    @admin.display(description="articles", ordering="article_count")
    def in_articles(self, embed):
        return embed.article_count

    @admin.display(description="condition", ordering="state")
    def condition(self, embed):
        """Everything that is not in order, in one sentence each."""
        said = [embed.get_state_display().capitalize() + "."]
        if embed.is_edited_after_capture:
            said = ["Edited after it was fetched."]
        if embed.failure:
            said.append(embed.failure)
        if embed.availability != Embed.Availability.AVAILABLE:
            said.append(f"{embed.get_availability_display().capitalize()} since {embed.unavailable_since:%-d %B %Y}.")
        if embed.choice != Embed.Choice.KEEP:
            said.append(f"Decided: {embed.get_choice_display()}.")
        return " ".join(said)

    @admin.display(description="original")
    def address(self, embed):
        return format_html('<a href="{0}" rel="noopener noreferrer" target="_blank">{0}</a>', embed.url)

    @admin.display(description="what readers see")
    def preview(self, embed):
        pictures = snapshot.pictures_of(snapshot.with_posts_shown_inside([embed]))
        filler = Filler(embeds=[embed], pictures=pictures, texts=[])
        return filler.fill(format_html('<div data-embed="{}"></div>', embed.key)) or "Nothing."

    @admin.display(description="as the platform told it")
    def as_fetched(self, embed):
        """Staff see what was changed by hand; readers see the changed words only."""
        if not embed.raw_reply:
            return "Nothing was fetched."
        try:
            post = read_answer(snapshot.match_of(embed), embed.raw_reply.encode())
        except Unreadable:
            return "What was fetched cannot be read any more."
        said = post.text or post.title or "It told no words."
        return format_html('<div dir="auto">{}<br>{} {}</div>', said, post.author_name, post.author_handle)

    @admin.display(description="stands in")
    def stands_in(self, embed):
        addresses = [(page_for(embed.seen_by, row), row.headline) for row in articles_known_to(embed.seen_by, embed)]
        if addresses:
            return format_html_join("; ", '<a href="{}">{}</a>', addresses)
        return "No article that you may see." if embed.article_count else "No article."


def articles_known_to(user, embed: Embed) -> QuerySet[Article]:
    """Those that show the post. A headline is secret until it is out, except to its writers and to who publishes."""
    shown_in = Article.objects.filter(embeds=embed)
    if user.has_perm(PUBLISHES):
        return shown_in
    own = Article.objects.written_by(user).values("pk")
    return shown_in.filter(Q(pk__in=own) | Q(pk__in=Article.objects.published().values("pk")))


def page_for(user, article: Article) -> str:
    """The article's form, or its public page where the form would be refused."""
    if article.is_live and not user.has_perm(PUBLISHES):
        return article.get_absolute_url()
    return reverse("admin:articles_article_change", args=[article.pk])
