"""
Blacking out words by a court's order or after a mistake: first how many places, then the deed. Neither the log of the
admin nor the record keeps the words; they travel in the form alone.
"""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.template.defaultfilters import pluralize

from articles import takedown
from articles.admin.publication_pages import ArticlePages
from articles.models import Article, Takedown
from foundation.admin_base import ReadOnlyAdmin


class TakedownForm(forms.Form):
    words = forms.CharField(
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
        help_text="As they stand in the text. Capitals, spaces and kinds of quotation mark make no difference.",
    )
    reason = forms.CharField(
        max_length=200, help_text="Readers see it in place of the words. Do not repeat the words here."
    )
    new_slug = forms.SlugField(
        label="New address",
        required=False,
        max_length=100,
        help_text="Only if the address must change. Small letters, figures and hyphens. The old one will lead nowhere.",
    )


class TakedownPages(ArticlePages):
    def get_urls(self):
        return [self.page_of(self.takedown_view, "takedown/", "takedown"), *super().get_urls()]

    def takedown_view(self, request, object_id):
        article = self.find(request, object_id, permission="articles.takedown_article")
        form = TakedownForm(request.POST or None)
        places, address = None, ""
        if request.method == "POST" and form.is_valid():
            typed = form.cleaned_data
            address = takedown.address_with(article, words=typed["words"])
            try:
                if "_confirm" in request.POST:
                    return self._black_out(request, article, typed)
                places = takedown.count_places(article, words=typed["words"], new_slug=typed["new_slug"])
            except ValidationError as refusal:
                form.add_error(None, refusal)
        found = {"places": places, "address": address}
        return self.page(request, article, "takedown.html", "Black out words", form=form, **found)

    def _black_out(self, request, article: Article, typed: dict):
        done = takedown.black_out(article, by=request.user, **typed)
        article.refresh_from_db()
        places = f"{done.places} place{pluralize(done.places)}"
        self.log_change(request, article, f"Blacked out words in {places} (takedown {done.pk}).")
        messages.success(request, f"Removed in {places}. Copies that others made are not in our hands.")
        if done.unfetched:
            posts = "1 post" if done.unfetched == 1 else f"{done.unfetched} posts"
            messages.warning(request, f"{posts} had not been fetched and now never will be. Write the text in by hand.")
        if address := takedown.address_with(article, words=typed["words"]):
            messages.warning(request, f"The address still holds the words: {address}")
        return HttpResponseRedirect(self.address_of(article, "takedown"))


@admin.register(Takedown)
class TakedownAdmin(ReadOnlyAdmin):
    """A record, not a tool: rows are made on an article's own page and never changed."""

    list_display = ["made_at", "article", "reason", "places", "made_by"]
    list_select_related = ("article", "made_by")
    date_hierarchy = "made_at"
