"""
Blacking out words by a court's order or after a mistake: first how many places, then the deed. Neither the log of the
admin nor the record keeps the words; they travel in the form alone.
"""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect

from articles import takedown
from articles.admin.publication_pages import ArticlePages
from articles.models import Article, Takedown


class TakedownForm(forms.Form):
    words = forms.CharField(
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
        help_text="Exactly as they stand in the text. Capitals and spaces make no difference.",
    )
    reason = forms.CharField(
        max_length=200, help_text="Readers see it in place of the words. Do not repeat the words here."
    )


class TakedownPages(ArticlePages):
    def get_urls(self):
        return [self.page_of(self.takedown_view, "takedown/", "takedown"), *super().get_urls()]

    def takedown_view(self, request, object_id):
        article = self.find(request, object_id, permission="articles.takedown_article")
        form = TakedownForm(request.POST or None)
        places = None
        if request.method == "POST" and form.is_valid():
            try:
                if "_confirm" in request.POST:
                    return self._black_out(request, article, form.cleaned_data)
                places = takedown.count_places(article, words=form.cleaned_data["words"])
            except ValidationError as refusal:
                form.add_error(None, refusal)
        return self.page(request, article, "takedown.html", "Black out words", form=form, places=places)

    def _black_out(self, request, article: Article, cleaned: dict):
        done = takedown.black_out(article, by=request.user, **cleaned)
        forget_in_log(Article.objects.get(pk=article.pk))
        self.log_change(request, Article.objects.get(pk=article.pk), [{"changed": {"fields": [f"takedown {done.pk}"]}}])
        messages.success(request, f"Removed in {done.places} places. Copies that others made are not in our hands.")
        return HttpResponseRedirect(self.address_of(article, "takedown"))


def forget_in_log(article: Article) -> None:
    """The admin's log repeats headlines as they once were."""
    content_type = ContentType.objects.get_for_model(Article)
    LogEntry.objects.filter(content_type=content_type, object_id=str(article.pk)).update(object_repr=str(article)[:200])


@admin.register(Takedown)
class TakedownAdmin(admin.ModelAdmin):
    """A record, not a tool: rows are made on an article's own page and never changed."""

    list_display = ["made_at", "article", "reason", "places", "made_by"]
    list_select_related = ("article", "made_by")
    date_hierarchy = "made_at"

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
