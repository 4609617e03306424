"""What may be said, where and by whom: the site's rules, one discussion's, and words to look for."""

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html

from articles.models import Article
from comments import cache_tags
from comments.models import Comment, CommentSettings, Discussion, WordRule
from comments.rules import rules_for
from comments.screening import patterns, words
from comments.screening.reading import Candidate, Reading

# A rule is tried on what was approved lately. One that would have met so much of it is no rule.
TRIED_ON = 200
ENOUGH_TO_JUDGE = 10


class SettingsForm(forms.ModelForm):
    class Meta:
        model = CommentSettings
        fields = "__all__"  # noqa: DJ007 -- the field sets below name them
        widgets = {"mode": forms.RadioSelect}
        labels = {
            "mode": "Who may comment, and what waits",
            "closes_after_days": "Days until an article takes no more",
            "closed_words": "What is said where comments are closed",
            "longest": "Characters at most",
            "most_links": "Links at most",
            "edit_minutes": "Minutes to edit",
            "edit_after_reply": "Also after somebody has answered",
            "hide_after_reports": "Reports that hide a comment",
            "digest_minutes": "Minutes between two letters",
        }


@admin.register(CommentSettings)
class CommentSettingsAdmin(admin.ModelAdmin):
    form = SettingsForm
    fieldsets = [
        ("Who may comment, and what waits", {"fields": ["mode", "closes_after_days", "closed_words"]}),
        ("What a comment may be", {"fields": ["longest", "most_links", "edit_minutes", "edit_after_reply"]}),
        ("Names", {"fields": ["reserved_names"]}),
        ("Moderators", {"fields": ["hide_after_reports", "digest_minutes"]}),
    ]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        return HttpResponseRedirect(reverse("admin:comments_commentsettings_change", args=[1]))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return super().change_view(request, object_id, form_url, {"title": "Comment rules", "subtitle": None})

    def get_object(self, request, object_id, from_field=None):
        """A new site has no row yet; opening the form makes it, with its defaults."""
        if object_id == "1":
            CommentSettings.objects.get_or_create(pk=1)
        return super().get_object(request, object_id, from_field)


class WordRuleForm(forms.ModelForm):
    class Meta:
        model = WordRule
        fields = ["pattern", "effect", "note"]

    def clean_pattern(self):
        pattern = self.cleaned_data["pattern"].strip()
        try:
            self.met, self.tried = would_meet(patterns.parse(pattern))
        except patterns.Unusable as fault:
            raise forms.ValidationError(str(fault)) from fault
        if self.tried >= ENOUGH_TO_JUDGE and self.met * 2 > self.tried:
            raise forms.ValidationError(
                f"This would have met {self.met} of the last {self.tried} approved comments. Make it narrower."
            )
        return pattern


def would_meet(pattern: patterns.Pattern) -> tuple[int, int]:
    """How many of the comments approved last it meets, and how many those are."""
    settings = CommentSettings()
    tried = Comment.objects.public().select_related("article", "commenter").newest_first()[:TRIED_ON]
    readings = [
        Reading(Candidate(comment.article, comment.source, comment.name, comment.commenter.email), settings)
        for comment in tried.defer("article__body", "article__body_html")
    ]
    rule = words.Rules(((pattern.text, WordRule.Effect.WAITS),))
    return sum(bool(rule.met(reading)) for reading in readings), len(readings)


@admin.register(WordRule)
class WordRuleAdmin(admin.ModelAdmin):
    form = WordRuleForm
    list_display = ["pattern", "effect", "note"]
    list_filter = ["effect"]
    search_fields = ["pattern", "note"]
    list_per_page = 100

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if form.met:
            told = f"It would have met {form.met} of the last {form.tried} comments that were approved."
            self.message_user(request, told, messages.WARNING)


class DiscussionForm(forms.ModelForm):
    mode = forms.ChoiceField(required=False, label="Who may comment, and what waits", widget=forms.RadioSelect)

    class Meta:
        model = Discussion
        fields = ["mode", "closes_after_days", "closed_words"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        usual = CommentSettings.load()
        choices = [choice for choice in Discussion._meta.get_field("mode").choices if choice[0]]
        if "mode" in self.fields:
            self.fields["mode"].choices = [("", f"As everywhere: {usual.get_mode_display()}"), *choices]


@admin.register(Discussion)
class DiscussionAdmin(admin.ModelAdmin):
    """One article's own rules. The row is there as soon as somebody looks: the article's form leads here."""

    form = DiscussionForm
    list_display = ["headline", "public_count", "mode", "changed_at"]
    list_filter = ["mode"]
    list_select_related = ("article",)
    search_fields = ["article__headline"]
    ordering = ["-changed_at"]
    list_per_page = 50
    readonly_fields = ["where", "now"]
    fieldsets = [
        (None, {"fields": ["where", "now"]}),
        ("Rules of this discussion", {"fields": ["mode", "closes_after_days", "closed_words"]}),
    ]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).defer("article__body", "article__body_html")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return super().change_view(request, object_id, form_url, {"title": "Rules of one discussion"})

    def get_object(self, request, object_id, from_field=None):
        """An article nobody has commented on has no row yet."""
        if object_id.isdecimal() and len(object_id) < 19 and Article.objects.filter(pk=object_id).exists():
            Discussion.objects.get_or_create(article_id=int(object_id))
        return super().get_object(request, object_id, from_field)

    def save_model(self, request, obj, form, change):
        """Only what the form holds: readers may be commenting while it is open."""
        Discussion.objects.filter(pk=obj.pk).update(**{name: getattr(obj, name) for name in DiscussionForm.Meta.fields})
        cache_tags.purge_discussion(obj.pk)

    @admin.display(description="article", ordering="article__headline")
    def headline(self, discussion):
        return discussion.article.headline

    @admin.display(description="article")
    def where(self, discussion):
        address = reverse("admin:articles_article_change", args=[discussion.article_id])
        comments = reverse("admin:comments_comment_all")
        return format_html(
            '<a href="{}">{}</a>, <a href="{}?article={}">{} public</a>',
            address, discussion.article.headline, comments, discussion.article_id, discussion.public_count,
        )  # fmt: skip

    @admin.display(description="now")
    def now(self, discussion):
        found = rules_for(discussion.article, discussion)
        return found.why_closed or found.mode.label
