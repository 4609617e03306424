"""The list of articles: where each stands, what is due next, and what can be done to many at once."""

import datetime as dt

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html

from articles import publishing
from articles.models import Article
from foundation import clock


class StageFilter(admin.SimpleListFilter):
    title = "stage"
    parameter_name = "stage"

    def lookups(self, request, model_admin):
        return [
            ("scheduled", "scheduled, next first"),
            ("draft", "draft"),
            ("published", "published"),
            ("withdrawn", "withdrawn"),
        ]

    def queryset(self, request, queryset):
        match self.value():
            case "scheduled":
                return queryset.scheduled()
            case "published":
                return queryset.published()
            case "draft" | "withdrawn":
                return queryset.filter(status=self.value())
        return queryset


class SavedFilter(admin.SimpleListFilter):
    title = "last saved"
    parameter_name = "saved"

    def lookups(self, request, model_admin):
        return [("1", "in the last day"), ("7", "in the last week"), ("30", "in the last month")]

    def queryset(self, request, queryset):
        days = self.value()
        if days not in ("1", "7", "30"):
            return queryset
        return queryset.filter(saved_at__gte=clock.now() - dt.timedelta(days=int(days)))


class ArticleList:
    """What the list shows. Mixed into `ArticleAdmin`."""

    list_display = ["headline_or_none", "stage_badge", "when", "section", "byline", "saved", "add_update"]
    list_display_links = ["headline_or_none"]
    list_filter = [
        StageFilter,
        "section",
        ("bylines__author", admin.RelatedOnlyFieldListFilter),
        SavedFilter,
        "is_pinned",
    ]
    list_select_related = ("section", "edited_by")
    list_per_page = 50
    search_fields = ["headline", "slug", "standfirst", "bylines__author__name"]
    search_help_text = "Words of the headline or standfirst, an author's name, or a part of the address."
    date_hierarchy = "published_at"
    actions = ["publish_now", "withdraw", "add_update_action"]

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": "Articles", **(extra_context or {})})

    def get_ordering(self, request):
        return ["published_at"] if request.GET.get("stage") == "scheduled" else ["-saved_at"]

    @admin.display(description="headline", ordering="headline")
    def headline_or_none(self, article: Article):
        headline = article.headline
        return headline if len(headline) <= 120 else f"{headline[:119]}…"

    @admin.display(description="stage", ordering="status")
    def stage_badge(self, article: Article):
        return format_html('<span class="stage stage--{}">{}</span>', article.stage, article.stage)

    @admin.display(description="by")
    def byline(self, article: Article):
        return ", ".join(byline.author.name for byline in article.bylines.all()) or "—"

    @admin.display(description="published", ordering="published_at")
    def when(self, article: Article):
        return in_site_time(article.published_at) if article.published_at else "—"

    @admin.display(description="last saved", ordering="saved_at")
    def saved(self, article: Article):
        by = f"by {article.edited_by}" if article.edited_by else ""
        return format_html('{}<br><span class="quiet">{}</span>', in_site_time(article.saved_at), by)

    @admin.display(description="update")
    def add_update(self, article: Article):
        if article.status != Article.Status.PUBLISHED:
            return "—"
        return format_html('<a href="{}">Add update</a>', address_for_update(article))

    def has_publish_permission(self, request):
        return request.user.has_perm("articles.publish_article")

    @admin.action(description="Publish now", permissions=["publish"])
    def publish_now(self, request, queryset: QuerySet[Article]):
        self._each(request, queryset, lambda article: publish_at_once(article, by=request.user), "published")

    @admin.action(description="Withdraw from the site", permissions=["publish"])
    def withdraw(self, request, queryset: QuerySet[Article]):
        self._each(request, queryset, lambda article: publishing.withdraw(article, by=request.user), "withdrawn")

    @admin.action(description="Add an update to it", permissions=["publish"])
    def add_update_action(self, request, queryset: QuerySet[Article]):
        if queryset.count() != 1:
            self.message_user(request, "Choose one article to add an update to.", messages.WARNING)
            return None
        return HttpResponseRedirect(address_for_update(queryset.get()))

    def _each(self, request, queryset, verb, done: str) -> None:
        """Every article is judged by itself: one that is refused holds up none of the others."""
        count = 0
        for article in queryset:
            try:
                verb(article)
            except publishing.CannotPublish as refusal:
                self.message_user(request, f"{article}: {' '.join(refusal.messages)}", messages.ERROR)
            else:
                count += 1
                self.log_change(request, article, [{"changed": {"fields": [done]}}])
        if count:
            self.message_user(request, f"{count} {'article' if count == 1 else 'articles'} {done}.", messages.SUCCESS)


def in_site_time(moment: dt.datetime) -> str:
    return date_format(timezone.localtime(moment, timezone.get_default_timezone()), "j F Y, H:i")


def publish_at_once(article: Article, *, by) -> None:
    """A scheduled article is published already, as the verbs count it: its time is what changes."""
    if article.is_scheduled:
        publishing.reschedule(article, by=by, at=clock.now())
    else:
        publishing.publish(article, by=by)


def address_for_update(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk]) + "?add=update#addenda-group"
